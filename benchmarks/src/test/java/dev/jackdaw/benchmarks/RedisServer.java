package dev.jackdaw.benchmarks;

import dev.jackdaw.benchmarks.process.Deployment;
import dev.jackdaw.benchmarks.process.Launcher;
import java.io.IOException;
import java.net.InetSocketAddress;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Owned by one test: a redis-server, started as the benchmarks start their peer. */
public final class RedisServer implements AutoCloseable {
    private final Deployment deployment;

    private RedisServer(Deployment deployment) {
        this.deployment = deployment;
    }

    public static RedisServer start() throws IOException {
        return new RedisServer(launcher().peer());
    }

    /** A launcher with the options of a command line. */
    public static Launcher launcher(String... options) {
        Options command = new Options();
        new CommandLine(command).parseArgs(options);
        return command.launcher;
    }

    public InetSocketAddress endpoint() {
        return deployment.endpoint();
    }

    @Override
    public void close() throws IOException {
        deployment.close();
    }

    @Command
    private static final class Options {
        @Mixin
        private Launcher launcher;
    }
}
