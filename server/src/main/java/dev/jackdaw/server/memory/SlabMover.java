package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by one event loop: moves allocations that would lie better elsewhere, so that slabs can be given back: those in sparse slabs
 * to slabs of their size with room; or, when it packs, all in slabs that are too large for what they hold, side by side.
 */
final class SlabMover {
    private final Slabs slabs;
    private final int sparseShift;
    private boolean packs;

    /** @param sparseShift what {@link Slabs#isSparse} wants to know */
    SlabMover(Slabs slabs, int sparseShift) {
        this.slabs = slabs;
        this.sparseShift = sparseShift;
    }

    /** Changes whether it packs. */
    void packs(boolean newPacks) {
        packs = newPacks;
    }

    /** Whether the allocation is to move. */
    boolean moves(long address) {
        return packs ? slabs.isLoose(address) : slabs.isSparse(address, sparseShift);
    }

    /** Moves it, to an address that is a multiple of the alignment; returns that. */
    long move(long address, int bytes, int alignment, long expireAtMillis, long nowMillis) {
        long moved = isPacking(bytes)
                ? slabs.pack(bytes, alignment, expireAtMillis, nowMillis)
                : slabs.allocateBeside(address, bytes, expireAtMillis);
        Raw.copy(address, moved, bytes);
        slabs.free(address, bytes);
        return moved;
    }

    /** Room for what moves there, and does not expire. */
    long allocate(int bytes, int alignment) {
        return isPacking(bytes) ? slabs.pack(bytes, alignment, Slabs.NEVER, 0) : slabs.allocate(bytes, Slabs.NEVER, 0);
    }

    private boolean isPacking(int bytes) {
        return packs || slabs.isMixing(bytes);
    }
}
