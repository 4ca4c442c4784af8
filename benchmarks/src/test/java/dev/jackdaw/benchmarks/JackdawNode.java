package dev.jackdaw.benchmarks;

import dev.jackdaw.benchmarks.process.Deployment;
import dev.jackdaw.server.NodeMain;
import java.io.IOException;

/** Owned by one test: a node of the classes under test, started as the benchmarks start it. */
public final class JackdawNode {
    /** For {@code --node-command}. */
    public static final String COMMAND = String.join(
            " ",
            ProcessHandle.current().info().command().orElseThrow(),
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            NodeMain.class.getName(),
            "--port {port} --bind 127.0.0.1");

    private JackdawNode() {}

    public static Deployment start() throws IOException {
        return RedisServer.launcher("--node-command", COMMAND, "--measured-core=0", "--load-core=0")
                .node();
    }
}
