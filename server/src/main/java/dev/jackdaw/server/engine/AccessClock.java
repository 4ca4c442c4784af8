package dev.jackdaw.server.engine;

import dev.jackdaw.server.memory.EntryStore;

/**
 * Owned by its engine's event loop: numbers spans of time, so that "used last" fits the few bits that the index has for
 * it. A span ends when a 64th of the keys may have been used in it, so ages tell entries apart at any rate of use.
 */
final class AccessClock {
    private static final int SPANS = EntryStore.MAX_RECENCY + 1;
    private static final int SHARE_SHIFT = 6;
    private static final int MIN_USES = 16;
    private static final long MAX_SPAN_MILLIS = 1000;

    private final long[] begins = new long[SPANS];
    private int current;
    private long usesLeft = MIN_USES;

    AccessClock(long nowMillis) {
        java.util.Arrays.fill(begins, nowMillis);
    }

    /** The number of the span that a use falls into. */
    int stamp(long keys, long nowMillis) {
        if (--usesLeft <= 0 || nowMillis - begins[current] >= MAX_SPAN_MILLIS) {
            usesLeft = Math.max(MIN_USES, keys >> SHARE_SHIFT);
            current = (current + 1) & EntryStore.MAX_RECENCY;
            begins[current] = nowMillis;
        }
        return current;
    }

    int now() {
        return current;
    }

    /** How many spans ago the stamp was given. */
    int age(int stamp) {
        return (current - stamp) & EntryStore.MAX_RECENCY;
    }

    long idleMillis(int stamp, long nowMillis) {
        return Math.max(0, nowMillis - begins[stamp]);
    }
}
