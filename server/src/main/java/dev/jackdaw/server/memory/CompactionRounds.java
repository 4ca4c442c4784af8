package dev.jackdaw.server.memory;

/**
 * Owned by a compaction: whether another round of it is worth its while. What most rounds cannot help is the rest of one slab for
 * each size. That is much in a small store, where one more round packs.
 */
public final class CompactionRounds {
    /** Waste that is no matter in a store of any size. */
    private static final long MIN_WASTE = 8L << 10;

    /** After a round that could not help, or seemed not to as much was removed meanwhile, the next is a millisecond away for so many bytes, as a shift: it takes some hundredth of that. */
    private static final int REST_SHIFT = 14;

    /** As waste: that there is no such. */
    private static final long NONE = -1;

    private final int wasteShift;
    private boolean isPacking;
    /** What there was before the round that packs. */
    private long usualWaste;
    /** What the last round that packed both found and left, if so: then nothing is to be done until that changes. */
    private long helplessWaste = NONE;

    private long toleratedWaste;
    private long endedMillis;
    private long restMillis;

    /** @param wasteShift the share of the slabs that may be waste, as a shift */
    public CompactionRounds(int wasteShift) {
        this.wasteShift = wasteShift;
    }

    /** Whether there is something to gain, of so many bytes that hold so much waste. If so, any rest is over. */
    public boolean isDue(long waste, long heldBytes, long nowMillis) {
        boolean rests =
                waste == helplessWaste || waste < toleratedWaste && Math.abs(nowMillis - endedMillis) < restMillis;
        if (rests || waste <= (heldBytes >> wasteShift) + MIN_WASTE) {
            return false;
        }
        toleratedWaste = 0;
        helplessWaste = NONE;
        return true;
    }

    /** Whether the round is one that packs, in a store of so many bytes. */
    public boolean isPacking(long heldBytes) {
        return isPacking && heldBytes < Slabs.SMALL_BYTES;
    }

    /** Ends a round; returns whether the next one should follow at once. */
    public boolean end(boolean hasGained, long waste, long heldBytes, long nowMillis) {
        if (hasGained && !isPacking) {
            return true;
        }
        boolean isSmall = heldBytes < Slabs.SMALL_BYTES;
        if (isSmall && !isPacking) {
            isPacking = true;
            usualWaste = waste;
            return true;
        }
        // It cannot be helped, or comes to be as fast as it goes, as the rests of slabs do that have been packed.
        long usual = isPacking ? usualWaste : waste;
        toleratedWaste = usual + usual / 4;
        helplessWaste = isPacking && waste == usualWaste ? waste : NONE;
        isPacking = false;
        endedMillis = nowMillis;
        restMillis = heldBytes >> REST_SHIFT;
        return false;
    }
}
