package dev.jackdaw.server.memory;

/**
 * Owned by a compaction: whether another round of it is worth its while. What rounds cannot help is the rest of one slab for each
 * size. That is much in a small store, where one more round, which settles, has these slabs take fewer pages.
 */
public final class CompactionRounds {
    /** With less than so many bytes the rests of slabs matter, and few pages are huge ones that would be split. */
    private static final long SMALL_BYTES = 64L << 20;

    /** Waste that is no matter in a store of any size. */
    private static final long MIN_WASTE = 32L << 10;

    /** A small store is left alone for a millisecond for so many bytes, as a shift: its rounds take some hundredth of that. */
    private static final int REST_SHIFT = 13;

    private final int wasteShift;
    private boolean isSettling;
    /** What there was before the slabs were settled. */
    private long usualWaste;

    private long toleratedWaste;
    private long restUntilMillis;

    /** @param wasteShift the share of the slabs that may be waste, as a shift */
    public CompactionRounds(int wasteShift) {
        this.wasteShift = wasteShift;
    }

    /** Whether there is something to gain, of so many bytes that hold so much waste. If so, any rest is over. */
    public boolean isDue(long waste, long heldBytes, long nowMillis) {
        boolean rests = waste < toleratedWaste && nowMillis < restUntilMillis;
        if (rests || waste <= (heldBytes >> wasteShift) + MIN_WASTE) {
            return false;
        }
        toleratedWaste = 0;
        return true;
    }

    /** Whether the round is the one that has slabs with room take fewer pages. */
    public boolean isSettling() {
        return isSettling;
    }

    /** Ends a round; returns whether the next one should follow at once. */
    public boolean end(boolean hasGained, long waste, long heldBytes, long nowMillis) {
        if (hasGained && !isSettling) {
            return true;
        }
        boolean isSmall = heldBytes < SMALL_BYTES;
        if (isSmall && !isSettling) {
            isSettling = true;
            usualWaste = waste;
            return true;
        }
        // It cannot be helped, or comes to be as fast as it goes, as the rests of slabs that have been settled do.
        long usual = isSettling ? usualWaste : waste;
        toleratedWaste = usual + usual / 4;
        isSettling = false;
        restUntilMillis = isSmall ? nowMillis + (heldBytes >> REST_SHIFT) : Long.MAX_VALUE;
        return false;
    }
}
