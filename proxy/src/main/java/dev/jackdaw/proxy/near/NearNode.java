package dev.jackdaw.proxy.near;

/** Owned by one event loop: how far one node's values can be trusted, how often its keys have changed, and what it forgets. */
final class NearNode {
    /** This share of its keys, as a shift, may be written before the node is told of a use again. */
    private static final int UNTOLD_SHIFT = 4;

    private static final int LEAST_UNTOLD = 8;

    /** By place of the key: fills that have begun before a change are told by it. */
    private final int[] versions = new int[WriteMarks.PLACES];

    private final boolean[] beingFilled = new boolean[WriteMarks.PLACES];
    private boolean known;
    private long freshUntilNanos;
    private int versionOfAll;
    private long keys;
    private long writes;
    private long untoldWrites;
    private long untoldReads;
    private long span = Popularity.WINDOW;

    boolean isFresh(long nowNanos) {
        return known && freshUntilNanos - nowNanos > 0;
    }

    boolean hasExpired(long nowNanos) {
        return known && freshUntilNanos - nowNanos <= 0;
    }

    void freshUntil(long nanos) {
        known = true;
        freshUntilNanos = nanos;
    }

    void stale() {
        known = false;
    }

    void change(long hash) {
        versions[WriteMarks.place(hash)]++;
    }

    void changeAll() {
        versionOfAll++;
    }

    int version(long hash) {
        return versions[WriteMarks.place(hash)] + versionOfAll;
    }

    /** How many keys the node has. */
    void keys(long count) {
        keys = count;
    }

    /** How many keys of it this proxy has written. */
    long writes() {
        return writes;
    }

    /** @param reads that this proxy has had for all nodes */
    void written(long reads) {
        writes++;
        if (shouldHear(untoldWrites)) {
            span = (span + reads - untoldReads) / 2;
            untoldWrites = writes;
            untoldReads = reads;
        }
    }

    /** About how many reads there are until the node should hear of a use again: it pays to keep what is read several times. */
    long span(long reads) {
        return Math.max(span, reads - untoldReads);
    }

    /**
     * Whether the node should be told of a use of a key, of which it heard last when {@link #writes} was that. A full
     * node drops a key for each that it takes in, and must not think that those are idle which are only read here.
     */
    boolean shouldHear(long toldAtWrites) {
        return writes - toldAtWrites >= Math.max(LEAST_UNTOLD, keys >> UNTOLD_SHIFT);
    }

    /** Whether no other key of that place is being filled. */
    boolean beginFill(long hash) {
        int place = WriteMarks.place(hash);
        if (beingFilled[place]) {
            return false;
        }
        beingFilled[place] = true;
        return true;
    }

    void endFill(long hash) {
        beingFilled[WriteMarks.place(hash)] = false;
    }
}
