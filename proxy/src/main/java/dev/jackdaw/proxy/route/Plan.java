package dev.jackdaw.proxy.route;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.Keys;
import dev.jackdaw.protocol.route.Merge;
import dev.jackdaw.protocol.route.Splitter;

/** Owned by one event loop and used again for each request: what is to be done with it. Good until the next request is planned. */
public final class Plan {
    /** What is to be done. */
    public enum Kind {
        /** Reply {@link #error}. */
        REFUSED,
        /** The proxy answers from what it knows. */
        LOCAL,
        /** The proxy's own subscriptions change or are asked about. */
        SUBSCRIPTIONS,
        /** One node gets the request as it is. */
        NODE,
        /** One node gets the request as it is, over a connection of the client's own: the reply may take its time. */
        OWN_CONNECTION,
        /** It begins or ends a transaction, or watches keys in {@link #slot}. */
        TRANSACTION,
        /** It is kept for EXEC; its keys are in {@link #slot}. */
        QUEUED,
        /** Any node that is up gets the request as it is. */
        ANY_NODE,
        /** Each node gets the part with its keys, as {@link #splitter} says. */
        SPLIT,
        /** Every node gets the request as it is. */
        EVERY_NODE,
        /** One node after the other, by the cursor. */
        SCAN,
        /** A node chosen by how many keys it has. */
        RANDOM_KEY,
        /** The node of the channel's slot; the proxy knows better who listens behind it. */
        PUBLISH,
        /** What the nodes say, added up by the proxy. */
        INFO
    }

    private final Splitter splitter = new Splitter();
    private Kind kind;
    private Command command;
    private int node;
    private int slot;
    private int step;
    private Merge merge;
    private String error;

    public Kind kind() {
        return kind;
    }

    /** The row of the command; null if there is none, which is refused. */
    public Command command() {
        return command;
    }

    /** The node's index in the topology. */
    public int node() {
        return node;
    }

    /** The slot of all keys of a part of a transaction, or {@link Keys#NO_SLOT}. */
    public int slot() {
        return slot;
    }

    public Splitter splitter() {
        return splitter;
    }

    /** How many arguments of a split command belong to one key, the key included. */
    public int step() {
        return step;
    }

    public Merge merge() {
        return merge;
    }

    public String error() {
        return error;
    }

    void begin(Command of) {
        command = of;
    }

    Plan refuse(String text) {
        kind = Kind.REFUSED;
        error = text;
        return this;
    }

    Plan of(Kind what) {
        kind = what;
        return this;
    }

    Plan node(int index) {
        kind = Kind.NODE;
        node = index;
        return this;
    }

    Plan ownConnection(int index) {
        kind = Kind.OWN_CONNECTION;
        node = index;
        return this;
    }

    Plan inSlot(Kind what, int keySlot) {
        kind = what;
        slot = keySlot;
        return this;
    }

    Plan publish(int index) {
        kind = Kind.PUBLISH;
        node = index;
        return this;
    }

    Plan split(int argumentsPerKey, Merge by) {
        kind = Kind.SPLIT;
        step = argumentsPerKey;
        merge = by;
        return this;
    }

    Plan everyNode(Merge by) {
        kind = Kind.EVERY_NODE;
        merge = by;
        return this;
    }
}
