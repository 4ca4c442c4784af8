package dev.jackdaw.protocol.route;

/** Immutable: how the replies of several shards become the one reply of a client. */
public enum Merge {
    /** Arrays whose elements go back to the positions that their keys had in the command. */
    KEY_ORDER,
    /** Integers are added; arrays of the same shape are added element by element, other elements kept from the first. */
    SUM,
    /** The smallest integer. */
    MIN,
    /** OK when every shard said OK, otherwise the first error. */
    ALL_OK,
    /** The first reply that is neither an error nor null; when there is none, the first reply. */
    ANY_OK,
    /** Arrays of 0 and 1: 1 only where every shard has 1. */
    ALL_TRUE,
    /** Arrays (or sets) one after the other. */
    CONCAT,
    /** One shard after the other; the cursor carries the shard. */
    CURSOR
}
