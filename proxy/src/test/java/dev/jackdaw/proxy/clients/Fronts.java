package dev.jackdaw.proxy.clients;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.jackdaw.proxy.Cluster;
import dev.jackdaw.server.net.RunningNode;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Owned by one test class: what a client may be connected to. */
final class Fronts implements AutoCloseable {
    enum Front {
        NODE,
        PROXY
    }

    private final RunningNode node = RunningNode.with();
    private final Cluster cluster = Cluster.start(Cluster.Nodes.JACKDAW);

    /** Every front in both protocol versions. */
    static Stream<Arguments> all() {
        return Stream.of(Front.values()).flatMap(front -> Stream.of(arguments(front, 2), arguments(front, 3)));
    }

    int port(Front front) {
        return switch (front) {
            case NODE -> node.port();
            case PROXY -> cluster.port();
        };
    }

    @Override
    public void close() {
        node.close();
        cluster.close();
    }
}
