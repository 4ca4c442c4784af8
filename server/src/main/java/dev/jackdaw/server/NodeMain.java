package dev.jackdaw.server;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Versions;
import dev.jackdaw.server.command.Node;
import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.config.ConfigException;
import dev.jackdaw.server.config.ConfigLoader;
import dev.jackdaw.server.config.Directive;
import dev.jackdaw.server.engine.Clock;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.net.Server;
import dev.jackdaw.server.observe.ProcessFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shared and stateless: the program of a node: settings, log, server, and an orderly end. */
public final class NodeMain {
    private static final String USAGE = """
            Usage: jackdaw node [FILE] [--NAME VALUE ...] ...
            One node: a server that speaks Redis's protocol.

              FILE            settings in the syntax of redis.conf
              --NAME VALUE    any directive of redis.conf, such as --port 7000 or --maxmemory 1gb; wins over FILE
              --version       prints the version
              --help          prints this text""";

    private static final Logger LOG = LoggerFactory.getLogger(NodeMain.class);
    private static final int FILES_OF_OUR_OWN = 64;

    private NodeMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (List.of("--help", "-h").contains(firstOf(arguments))) {
            System.out.println(USAGE);
        } else if (List.of("--version", "-v").contains(firstOf(arguments))) {
            System.out.println("Jackdaw " + Versions.JACKDAW);
        } else {
            try {
                run(ConfigLoader.load(arguments));
            } catch (ConfigException | IOException wrong) {
                System.err.println("jackdaw node: " + wrong.getMessage());
                System.exit(1);
            }
        }
    }

    private static String firstOf(String[] arguments) {
        return arguments.length == 0 ? "" : arguments[0];
    }

    private static void run(Config config) throws IOException, InterruptedException {
        if (!Files.isDirectory(config.path(Directive.DIR))) {
            throw new ConfigException("dir: there is no directory " + config.text(Directive.DIR));
        }
        NodeLog.open(config);
        config.ineffective().forEach(each -> LOG.warn("{} is accepted but has no effect here", each.wireName()));
        fitToOpenFiles(config);
        Engine engine = new Engine(Clock.SYSTEM, config.databases(), new SecureRandom().nextLong());
        try (Server server = new Server(new Node(engine, config));
                PidFile _ = PidFile.of(config)) {
            int port = server.start();
            server.watchResidentBytes();
            LOG.info(
                    "Jackdaw {} listens on port {}, PID: {}",
                    Versions.JACKDAW,
                    port,
                    ProcessHandle.current().pid());
            new Signals(server::stop).obey();
            server.awaitLoaded();
            LOG.info("Ready to accept connections on port {}", port);
            server.awaitStop();
            LOG.info("Stopping");
        } finally {
            NodeLog.close();
        }
    }

    /** Every client takes a file; one that cannot be accepted would not even learn why. */
    private static void fitToOpenFiles(Config config) {
        long most = Math.max(1, ProcessFacts.openFileLimit() - FILES_OF_OUR_OWN);
        if (config.maxClients() > most) {
            LOG.warn("maxclients is {} instead of {}: no more files may be open", most, config.maxClients());
            config.change(List.of(new Config.Assignment(Directive.MAXCLIENTS.wireName(), Long.toString(most))), false);
        }
        config.tryBefore(Set.of(Directive.MAXCLIENTS), values -> {
            if (Long.parseLong(values.apply(Directive.MAXCLIENTS)) > most) {
                throw new ConfigException(CommandError.tooManyFiles(most));
            }
            return () -> {};
        });
    }
}
