package dev.jackdaw.server.memory;

import java.util.HashSet;
import java.util.Set;

/**
 * Owned by one event loop: off-heap blocks for large collections. The owner of a block remembers its size; addresses
 * stay until the block is freed.
 */
public final class Heap {
    /** Slabs that are less than fifteen sixteenths full are sparse. */
    private static final int SPARSE_SHIFT = 4;

    private final Slabs slabs;
    private final SlabMover mover;
    /** Working room that is kept. */
    final Set<NativeMemory.Range> reserved = new HashSet<>();

    Heap(Slabs slabs) {
        this.slabs = slabs;
        this.mover = new SlabMover(slabs, SPARSE_SHIFT);
    }

    /** The address of at least {@code bytes} bytes of arbitrary content. */
    public long allocate(int bytes) {
        return slabs.allocate(bytes, Slabs.NEVER, 0);
    }

    /** The same, for working room that is kept from one command to the next: a check of the store knows such blocks. */
    public long reserve(int bytes) {
        long address = allocate(bytes);
        reserved.add(new NativeMemory.Range(address, bytes));
        return address;
    }

    /** Frees what {@link #reserve} gave for the same number of bytes. */
    public void unreserve(long address, int bytes) {
        reserved.remove(new NativeMemory.Range(address, bytes));
        free(address, bytes);
    }

    /** Frees what {@link #allocate} gave for the same number of bytes. */
    public void free(long address, int bytes) {
        slabs.free(address, bytes);
    }

    /** The bytes that an allocation of {@code bytes} may really use, and takes. */
    public static long taken(long bytes) {
        return SizeClasses.taken(bytes);
    }

    /** Bytes of live blocks, slack included. */
    public long usedBytes() {
        return slabs.usedBytes();
    }

    /** Bytes of the pages that hold them. */
    public long heldBytes() {
        return slabs.slabBytes();
    }

    /** Bytes of those pages that hold no block. */
    public long wasteBytes() {
        return slabs.wasteBytes();
    }

    /** Changes whether blocks that move are packed. */
    public void packs(boolean packs) {
        mover.packs(packs);
    }

    /** Whether the block should move: its slab could be given back then. */
    public boolean isSparse(long address) {
        return mover.moves(address);
    }

    /** Moves a block; returns where it is. */
    long move(long address, int bytes) {
        return mover.move(address, bytes, Slabs.ALIGNMENT, Slabs.NEVER, 0);
    }

    /** Room for what its owner moves there itself, at a multiple of the alignment. */
    long allocateMoved(int bytes, int alignment) {
        return mover.allocate(bytes, alignment, Slabs.NEVER, 0);
    }

    Slabs slabs() {
        return slabs;
    }
}
