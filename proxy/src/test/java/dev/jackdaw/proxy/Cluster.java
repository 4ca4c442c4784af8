package dev.jackdaw.proxy;

import static org.awaitility.Awaitility.await;

import dev.jackdaw.protocol.oracle.Ports;
import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.route.Slot;
import dev.jackdaw.protocol.topology.Node;
import dev.jackdaw.protocol.topology.Shard;
import dev.jackdaw.protocol.topology.SlotPlanner;
import dev.jackdaw.protocol.topology.Topology;
import dev.jackdaw.proxy.config.ProxyOptions;
import dev.jackdaw.server.net.RunningNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Owned by one test: nodes, each behind a relay that can break, and a proxy in front of them. */
public final class Cluster implements AutoCloseable {
    /** What the nodes are. */
    public enum Nodes {
        /** Real redis-servers, which do not know of one another. */
        REDIS,
        /** Our own, on a bus. */
        JACKDAW
    }

    private static final int SIZE = 3;

    private final List<AutoCloseable> servers = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    private final List<Relay> relays = new ArrayList<>();
    private final List<Proxy> proxies = new ArrayList<>();
    private final ProxyOptions options;
    private final Topology topology;

    private Cluster(Nodes nodes, ProxySettings settings) {
        switch (nodes) {
            case REDIS -> startRedis();
            case JACKDAW -> startJackdaw();
        }
        ports.forEach(port -> relays.add(new Relay(port)));
        options = settings.to(relays.stream()
                .map(relay -> new Node("127.0.0.1", relay.port()))
                .toList());
        topology = SlotPlanner.first(
                options.nodes().stream().map(node -> Shard.of(node, 1)).toList());
        addProxy();
    }

    public static Cluster start() {
        return start(Nodes.REDIS);
    }

    public static Cluster start(Nodes nodes) {
        return start(nodes, new ProxySettings());
    }

    static Cluster start(ProxySettings settings) {
        return start(Nodes.REDIS, settings);
    }

    static Cluster start(Nodes nodes, ProxySettings settings) {
        return new Cluster(nodes, settings);
    }

    private void startRedis() {
        for (int i = 0; i < SIZE; i++) {
            RedisServer server = RedisServer.start();
            servers.add(server);
            ports.add(server.port());
        }
    }

    /** Ports are chosen before, as every node must know the others'. */
    private void startJackdaw() {
        for (int i = 0; i < SIZE; i++) {
            ports.add(Ports.free());
        }
        String peers = ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(" "));
        for (int port : ports) {
            servers.add(RunningNode.with("--port", "" + port, "--bus-peers", peers));
        }
        ports.forEach(Cluster::awaitBus);
    }

    /** Until then a message published at one node does not reach the others. */
    private static void awaitBus(int port) {
        try (RespConnection node = RespConnection.to(port)) {
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> node.ask("INFO", "cluster").toString().contains("bus_peers_up:" + (SIZE - 1)));
        }
    }

    public int addProxy() {
        proxies.add(Proxy.start(options));
        return proxies.size() - 1;
    }

    public int port() {
        return proxies.getFirst().port();
    }

    public RespConnection connect() {
        return connect(0);
    }

    public RespConnection connect(int proxy) {
        return RespConnection.to(proxies.get(proxy).port());
    }

    /** A connection past the proxy and past the relay. */
    public RespConnection connectToNode(int node) {
        return RespConnection.to(ports.get(node));
    }

    public int size() {
        return SIZE;
    }

    /** The process of a node that is one. */
    public long pid(int node) {
        return ((RedisServer) servers.get(node)).pid();
    }

    public List<Relay> relays() {
        return relays;
    }

    /** A key that {@code node}, counted from 0, owns; another one for each number. */
    public String key(int node, int number) {
        String name = options.nodes().get(node).toString();
        for (int i = 0; ; i++) {
            String key = "key:" + number + ":" + i;
            if (topology.shard(slot(key)).name().equals(name)) {
                return key;
            }
        }
    }

    private static int slot(String key) {
        Request request = new Request();
        request.set(key.getBytes(StandardCharsets.ISO_8859_1));
        return Slot.of(request.address(0), request.length(0));
    }

    /** Empties all nodes. */
    public void flush() {
        for (int node = 0; node < SIZE; node++) {
            try (RespConnection connection = connectToNode(node)) {
                connection.ask("FLUSHALL");
            }
        }
    }

    @Override
    public void close() {
        proxies.forEach(Proxy::close);
        relays.forEach(Relay::close);
        servers.forEach(Cluster::close);
    }

    private static void close(AutoCloseable server) {
        try {
            server.close();
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }
}
