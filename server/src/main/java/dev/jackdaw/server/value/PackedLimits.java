package dev.jackdaw.server.value;

/**
 * Owned by an event loop: how far a collection is packed, as its two directives say. Redis unpacks one that has too many
 * elements, and one with an element that is too long. Of the latter only its entry's mark tells here, as long as the whole is
 * short: it is unpacked for its encoding alone.
 */
final class PackedLimits {
    private static final int DEFAULT_LENGTH = 64;

    /** The most bytes of a collection with a long element: beyond, what a large one has besides its elements is little. */
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

    /** Whether a collection with a long element may have so many bytes. */
    boolean allowsMarked(long bytes) {
        return bytes <= markedBytes;
    }
}
