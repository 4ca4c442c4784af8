package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Glob;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.server.acl.UserLines;
import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.config.ConfigException;
import dev.jackdaw.server.config.ConfigFile;
import dev.jackdaw.server.config.Directive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owned by the event loop: the bodies of CONFIG. Rarely asked, so they allocate. */
final class ConfigCommands {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigCommands.class);

    private final Node node;

    ConfigCommands(Node node) {
        this.node = node;
    }

    void get(Call call) {
        Map<String, String> found = new LinkedHashMap<>();
        for (int i = 2; i < call.count(); i++) {
            found.putAll(matching(call, i));
        }
        call.reply().map(found.size());
        found.forEach((name, value) -> {
            call.reply().bulkText(name);
            call.reply().bulkText(value);
        });
    }

    /** A word that is no pattern is answered under the name that the client used. */
    private Map<String, String> matching(Call call, int i) {
        String asked = call.text(i);
        if (asked.chars().noneMatch(letter -> "*?[".indexOf(letter) >= 0)) {
            Directive directive = Directive.named(asked);
            return directive == null || directive.isHidden()
                    ? Map.of()
                    : Map.of(asked, node.config().text(directive));
        }
        Request name = new Request();
        Glob pattern = new Glob().at(call.address(i), call.length(i), true);
        return node.config().matching(each -> {
            name.set(each.getBytes(StandardCharsets.ISO_8859_1));
            return pattern.matches(name.address(0), name.length(0));
        });
    }

    void set(Call call) {
        if (call.count() % 2 != 0) {
            throw Refusal.SYNTAX;
        }
        List<Config.Assignment> assignments = new ArrayList<>();
        for (int i = 2; i < call.count(); i += 2) {
            assignments.add(new Config.Assignment(call.text(i), call.text(i + 1)));
        }
        if (node.loading().isActive() && assignments.stream().anyMatch(ConfigCommands::concernsLoading)) {
            throw new Refusal(CommandError.LOADING);
        }
        try {
            node.config().change(assignments, node.allows(Directive.ENABLE_PROTECTED_CONFIGS, call.session()));
        } catch (Config.Rejection rejection) {
            throw new Refusal(
                    rejection.reason() == null
                            ? CommandError.configUnknown(rejection.name())
                            : CommandError.configFailed(rejection.name(), rejection.reason()));
        }
        call.reply().ok();
    }

    /** Whether it says where the data is that is being loaded. */
    private static boolean concernsLoading(Config.Assignment assignment) {
        Directive directive = Directive.named(assignment.name());
        return directive == Directive.DIR || directive == Directive.APPENDONLY;
    }

    /** The file is small, and whoever asks wants to know that it is on the disk: so the node waits for it. */
    void rewrite(Call call) {
        Path file = node.config().file();
        if (file == null) {
            throw new Refusal(CommandError.NO_CONFIG_FILE);
        }
        try {
            UserLines users = new UserLines(node.acl());
            new ConfigFile(file, node.config(), users::rewritten).rewrite();
        } catch (IOException | ConfigException failed) {
            LOG.warn("CONFIG REWRITE failed", failed);
            throw new Refusal(CommandError.rewriteFailed(failed.getMessage()));
        }
        LOG.info("CONFIG REWRITE has written {}", file);
        call.reply().ok();
    }

    void resetStat(Call call) {
        node.engine().stats().reset();
        node.observer().stats().reset(call.command());
        node.observer().hotKeys().reset();
        call.reply().ok();
    }
}
