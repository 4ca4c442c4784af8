package dev.jackdaw.server.memory;

/**
 * Owned by one event loop: off-heap blocks for large collections. The owner of a block remembers its size; addresses
 * stay until the block is freed.
 */
public final class Heap {
    private final Slabs slabs;

    Heap(Slabs slabs) {
        this.slabs = slabs;
    }

    /** The address of at least {@code bytes} bytes of arbitrary content. */
    public long allocate(int bytes) {
        return slabs.allocate(bytes, Slabs.NEVER, 0);
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

    Slabs slabs() {
        return slabs;
    }
}
