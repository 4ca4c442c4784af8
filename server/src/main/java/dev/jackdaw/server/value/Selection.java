package dev.jackdaw.server.value;

/**
 * Owned by one event loop: chooses some of the elements that pass by one after the other, so that each choice is as
 * likely as any other (Knuth's algorithm S).
 */
final class Selection {
    private long wanted;
    private long left;

    /** Begins to choose {@code wanted} of {@code count} elements. */
    void begin(long newWanted, long count) {
        wanted = newWanted;
        left = count;
    }

    /** Whether none is wanted any more. */
    boolean isOver() {
        return wanted == 0;
    }

    /** Counts one that was chosen otherwise. */
    void take() {
        wanted--;
    }

    /** Whether the next element is one of them. */
    boolean takes(long randomBits) {
        boolean takes = Long.remainderUnsigned(randomBits, left--) < wanted;
        wanted -= takes ? 1 : 0;
        return takes;
    }
}
