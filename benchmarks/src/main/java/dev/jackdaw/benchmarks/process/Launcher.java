package dev.jackdaw.benchmarks.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * Owned by one command line: starts the servers under measurement by their templates, in which <code>{port}</code>,
 * <code>{dir}</code>, <code>{nodes}</code> and <code>{config}</code> stand for what is known only then.
 */
public final class Launcher {
    private static final int STORES_BEHIND_PROXY = 3;

    @Option(
            names = "--peer",
            defaultValue = "redis-server",
            paramLabel = "BINARY",
            description = "the Redis-compatible server to compare with (default: ${DEFAULT-VALUE})")
    private String peer;

    @Option(
            names = "--node-command",
            defaultValue = "./jackdaw node --port {port}",
            paramLabel = "COMMAND",
            description = "starts a node; must exec it, so that the pid stays (default: ${DEFAULT-VALUE})")
    private String nodeCommand;

    @Option(
            names = "--proxy-command",
            defaultValue = "./jackdaw proxy --port {port} --nodes {nodes}",
            paramLabel = "COMMAND",
            description = "starts a proxy (default: ${DEFAULT-VALUE})")
    private String proxyCommand;

    @Option(
            names = "--peer-proxy-command",
            defaultValue = "nutcracker --conf-file {config} --stats-port {stats} --mbuf-size 16384",
            paramLabel = "COMMAND",
            description = "starts the proxy to compare with (default: ${DEFAULT-VALUE})")
    private String peerProxyCommand;

    @Option(
            names = "--measured-core",
            defaultValue = "0",
            paramLabel = "N",
            description = "core of the measured process (default: ${DEFAULT-VALUE})")
    private int measuredCore;

    @Option(
            names = "--load-core",
            defaultValue = "1",
            paramLabel = "N",
            description = "core of the load and all else; the same as --measured-core: nothing is pinned (default: 1)")
    private int loadCore;

    /** Asked before this process is pinned: then it would be one. */
    private final int processors = Runtime.getRuntime().availableProcessors();

    private final Path home = Path.of(System.getenv().getOrDefault("JACKDAW_HOME", "."));

    public Cores cores() {
        return new Cores(measuredCore, processors == 1 ? measuredCore : loadCore);
    }

    /** The measured peer, empty, without persistence. */
    public Deployment peer() throws IOException {
        return Deployment.alone(peerOn(measuredCore));
    }

    /** A measured Jackdaw node, empty. */
    public Deployment node() throws IOException {
        return Deployment.alone(nodeOn(measuredCore));
    }

    /** The same peer, whose data lie in a directory that outlives it. */
    public Deployment peer(Path data) throws IOException {
        return Deployment.alone(peerOn(measuredCore, data.toString()));
    }

    /** The same node, whose data lie in a directory that outlives it. */
    public Deployment node(Path data) throws IOException {
        return Deployment.alone(nodeOn(measuredCore, data.toString()));
    }

    /** A measured Jackdaw proxy before three nodes. */
    public Deployment proxy() throws IOException {
        List<ServerProcess> stores = new ArrayList<>();
        try {
            for (int i = 0; i < STORES_BEHIND_PROXY; i++) {
                stores.add(nodeOn(loadCore));
            }
            Path directory = Files.createTempDirectory("jackdaw-bench");
            int port = freePort();
            String command = proxyCommand.replace("{nodes}", String.join(",", addresses(stores)));
            return Deployment.behind(start("jackdaw proxy", measuredCore, command, port, directory), stores);
        } catch (IOException e) {
            throw closing(stores, e);
        }
    }

    /** A measured nutcracker before three peers. */
    public Deployment peerProxy() throws IOException {
        List<ServerProcess> stores = new ArrayList<>();
        try {
            for (int i = 0; i < STORES_BEHIND_PROXY; i++) {
                stores.add(peerOn(loadCore));
            }
            Path directory = Files.createTempDirectory("jackdaw-bench");
            int port = freePort();
            Path config = Files.writeString(directory.resolve("config.yml"), proxyConfig(port, addresses(stores)));
            String command = peerProxyCommand
                    .replace("{config}", config.toString())
                    .replace("{stats}", Integer.toString(freePort()));
            String name = Path.of(command.split(" ")[0]).getFileName().toString();
            return Deployment.behind(start(name, measuredCore, command, port, directory), stores);
        } catch (IOException e) {
            throw closing(stores, e);
        }
    }

    private ServerProcess peerOn(int core) throws IOException {
        return peerOn(core, "{dir}");
    }

    private ServerProcess peerOn(int core, String data) throws IOException {
        String name = Path.of(peer).getFileName().toString();
        String command = peer + " --port {port} --bind 127.0.0.1 --dir " + data + " --save --appendonly no";
        return start(name, core, command, freePort(), Files.createTempDirectory("jackdaw-bench"));
    }

    private ServerProcess nodeOn(int core) throws IOException {
        return nodeOn(core, "{dir}");
    }

    private ServerProcess nodeOn(int core, String data) throws IOException {
        String command = nodeCommand + " --dir " + data;
        return start("jackdaw", core, command, freePort(), Files.createTempDirectory("jackdaw-bench"));
    }

    private ServerProcess start(String name, int core, String template, int port, Path directory) throws IOException {
        List<String> command = Arrays.stream(template.split(" "))
                .map(word -> word.replace("{port}", Integer.toString(port)).replace("{dir}", directory.toString()))
                .toList();
        return ServerProcess.start(name, cores().pin(core, command), port, home, directory);
    }

    private static List<String> addresses(List<ServerProcess> servers) {
        return servers.stream()
                .map(server -> "127.0.0.1:" + server.endpoint().getPort())
                .toList();
    }

    private static String proxyConfig(int port, List<String> stores) {
        StringBuilder config = new StringBuilder("bench:\n")
                .append("  listen: 127.0.0.1:" + port + "\n")
                .append("  hash: fnv1a_64\n  distribution: ketama\n  redis: true\n  servers:\n");
        stores.forEach(store -> config.append("    - " + store + ":1\n"));
        return config.toString();
    }

    private static IOException closing(List<ServerProcess> started, IOException cause) {
        for (ServerProcess server : started) {
            try {
                server.close();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
        return cause;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
