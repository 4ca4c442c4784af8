package dev.jackdaw.proxy.near;

/** Owned by one event loop: how far one node's values can be trusted, and how often its keys have changed. */
final class NearNode {
    /** By place of the key: fills that have begun before a change are told by it. */
    private final int[] versions = new int[WriteMarks.PLACES];

    private final boolean[] beingFilled = new boolean[WriteMarks.PLACES];
    private boolean known;
    private long freshUntilNanos;
    private int versionOfAll;

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
