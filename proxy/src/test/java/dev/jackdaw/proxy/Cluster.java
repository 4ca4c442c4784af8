package dev.jackdaw.proxy;

import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.route.Slot;
import dev.jackdaw.protocol.topology.Node;
import dev.jackdaw.protocol.topology.Shard;
import dev.jackdaw.protocol.topology.SlotPlanner;
import dev.jackdaw.protocol.topology.Topology;
import dev.jackdaw.proxy.config.ProxyOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Owned by one test: real redis-servers as nodes, each behind a relay that can break, and a proxy in front of them. */
public final class Cluster implements AutoCloseable {
    private final List<RedisServer> servers = new ArrayList<>();
    private final List<Relay> relays = new ArrayList<>();
    private final List<Proxy> proxies = new ArrayList<>();
    private final ProxyOptions options;
    private final Topology topology;

    private Cluster(int nodes, UnaryOperator<ProxyOptions> change) {
        for (int i = 0; i < nodes; i++) {
            servers.add(RedisServer.start());
            relays.add(new Relay(servers.get(i).port()));
        }
        ProxyOptions defaults = ProxyOptions.to(relays.stream()
                .map(relay -> new Node("127.0.0.1", relay.port()))
                .toList());
        options = change.apply(defaults);
        topology = SlotPlanner.first(
                options.nodes().stream().map(node -> Shard.of(node, 1)).toList());
        addProxy();
    }

    public static Cluster start() {
        return start(options -> options);
    }

    public static Cluster start(UnaryOperator<ProxyOptions> change) {
        return new Cluster(3, change);
    }

    /** For tests of nodes that do not answer; too short where the machine is busy and nodes are not meant to fail. */
    public static ProxyOptions impatient(ProxyOptions options) {
        return new ProxyOptions(options.bind(), 0, options.nodes(), options.nearCacheBytes(), "", "", 1, 16, 1000, 500);
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

    public List<RedisServer> servers() {
        return servers;
    }

    public List<Relay> relays() {
        return relays;
    }

    /** A key that {@code node}, counted as {@link #servers} are, owns; another one for each number. */
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
        for (RedisServer server : servers) {
            try (RespConnection connection = server.connect()) {
                connection.ask("FLUSHALL");
            }
        }
    }

    @Override
    public void close() {
        proxies.forEach(Proxy::close);
        relays.forEach(Relay::close);
        servers.forEach(RedisServer::close);
    }
}
