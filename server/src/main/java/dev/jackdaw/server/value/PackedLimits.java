package dev.jackdaw.server.value;

/**
 * Owned by an event loop: up to where a hash, set or sorted set is packed, as its two directives say. Redis unpacks one with too
 * many elements or with one that is too long. Here the latter stays packed while the whole is short, and its entry is marked, so
 * that the encoding that clients are told is that of Redis.
 */
final class PackedLimits {
    private static final int DEFAULT_LENGTH = 64;

    /** The most bytes of a marked collection: beyond, what a large one has besides its elements is little. */
    private static final int MOST_MARKED_BYTES = 2048;

    private final int mostCount;
    private int count;
    private long length = DEFAULT_LENGTH;
    private long markedBytes;

    /** @param mostCount how many elements can be packed, whatever is configured */
    PackedLimits(int defaultCount, int mostCount) {
        this.mostCount = mostCount;
        count(defaultCount);
    }

    /** What {@code *-max-listpack-entries} says. */
    void count(long newCount) {
        count = (int) Math.min(mostCount, newCount);
        limitMarked();
    }

    /** What {@code *-max-listpack-value} says. */
    void length(long newLength) {
        length = newLength;
        limitMarked();
    }

    /** What could be packed by the directives can be marked too, but no more: small thresholds make small ones large, for tests. */
    private void limitMarked() {
        markedBytes = Math.min(MOST_MARKED_BYTES, count * Math.min(length, MOST_MARKED_BYTES));
    }

    /** Whether a packed collection may have so many elements. */
    boolean allowsCount(long elements) {
        return elements <= count;
    }

    /** Whether Redis would pack an element of so many bytes. */
    boolean isShort(long bytes) {
        return bytes <= length;
    }

    /** Whether a marked collection may have so many bytes. */
    boolean allowsMarked(long bytes) {
        return bytes <= markedBytes;
    }
}
