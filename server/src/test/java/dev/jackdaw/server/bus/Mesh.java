package dev.jackdaw.server.bus;

import static org.awaitility.Awaitility.await;

import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.server.command.Node;
import dev.jackdaw.server.config.ConfigLoader;
import dev.jackdaw.server.engine.Clock;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.net.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Owned by one test: some nodes in this process, each joined to each by a wire in either direction that can be cut. */
final class Mesh implements AutoCloseable {
    private final List<Node> nodes = new ArrayList<>();
    private final List<Server> servers = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    private final List<Integer> busPorts = new ArrayList<>();
    /** Of each node, in the order of the others, the wires that it dials. */
    private final List<List<Wire>> wires = new ArrayList<>();

    /** @param secrets one for each node */
    Mesh(String... secrets) {
        try {
            for (int i = 0; i < secrets.length; i++) {
                start(i, secrets);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int from = 0; from < nodes.size(); from++) {
            for (int to = 0; to < nodes.size(); to++) {
                wires.get(from).get(to).to(busPorts.get(to));
            }
        }
    }

    private void start(int i, String[] secrets) throws IOException {
        List<Wire> dialed = new ArrayList<>();
        List<BusPeer> peers = new ArrayList<>();
        for (int to = 0; to < secrets.length; to++) {
            // One of them leads back to the node itself, as a list of peers does that all nodes share.
            dialed.add(new Wire());
            peers.add(new BusPeer("127.0.0.1", dialed.get(to).port()));
        }
        Engine engine = new Engine(Clock.SYSTEM, 16, 42);
        Node node = new Node(engine, ConfigLoader.load(new String[] {"--port", "0", "--bind", "127.0.0.1"}));
        Server server = new Server(node);
        nodes.add(node);
        servers.add(server);
        wires.add(dialed);
        ports.add(server.start());
        busPorts.add(server.joinBus(new BusSettings("127.0.0.1", 0, peers, () -> secrets[i], () -> true)));
    }

    /** Waits until every node is heard by every other. */
    Mesh awaitWhole() {
        // A node that has not noticed yet that a wire was cut takes its peer for one that hears.
        await().until(() -> wires.stream().flatMap(List::stream).allMatch(Wire::isConnected)
                && nodes.stream().allMatch(node -> peersUp(node) == nodes.size() - 1));
        return this;
    }

    int peersUp(int i) {
        return peersUp(nodes.get(i));
    }

    private static int peersUp(Node node) {
        return node.bus().peersUp();
    }

    long missed(int i) {
        return nodes.get(i).bus().missed();
    }

    int busPort(int i) {
        return busPorts.get(i);
    }

    /** The wire over which one node tells another. */
    Wire wire(int from, int to) {
        return wires.get(from).get(to);
    }

    RespConnection connect(int i) {
        return RespConnection.to(ports.get(i));
    }

    @Override
    public void close() {
        servers.forEach(Server::close);
        wires.forEach(each -> each.forEach(Wire::close));
    }
}
