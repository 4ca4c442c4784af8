package dev.jackdaw.protocol.topology;

import java.util.List;

/**
 * Immutable: a part of the data and the nodes that hold it, the primary first.
 *
 * @param name identifies the shard over all epochs; plans depend on it, never on the order in which shards were listed
 * @param weight its share of the slots in proportion to the other shards' weights; zero drains it
 */
public record Shard(String name, int weight, List<Node> nodes) {
    public Shard {
        nodes = List.copyOf(nodes);
        if (weight < 0 || nodes.isEmpty()) {
            throw new IllegalArgumentException("shard " + name + " needs a node and a weight that is not negative");
        }
    }

    /** A shard of one node, named by its address. */
    public static Shard of(Node node, int weight) {
        return new Shard(node.toString(), weight, List.of(node));
    }

    public Node primary() {
        return nodes.getFirst();
    }
}
