package dev.jackdaw.protocol.route;

/** Immutable: which shards a command is for, as its row in the command table says. */
public sealed interface Route {
    Route LOCAL = new Local();
    Route ANY_NODE = new AnyNode();
    Route BY_KEY = new ByKey();
    Route PINNED = new Pinned();

    /** Concerns the connection or the door itself: whoever received it answers. */
    record Local() implements Route {}

    /** Every node gives the same answer: one is asked. */
    record AnyNode() implements Route {}

    /** The shard of its keys, which all have to be in one slot. */
    record ByKey() implements Route {}

    /** Each shard receives the part that has its keys. */
    record SplitByKey(Merge merge) implements Route {}

    /** Every shard receives the whole command. */
    record EveryNode(Merge merge) implements Route {}

    /** Binds the client to one node connection for as long as its state there lasts. */
    record Pinned() implements Route {}

    static Route split(Merge merge) {
        return new SplitByKey(merge);
    }

    static Route everyNode(Merge merge) {
        return new EveryNode(merge);
    }
}
