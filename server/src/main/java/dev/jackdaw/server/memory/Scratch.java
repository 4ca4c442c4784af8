package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by one event loop: off-heap memory that is taken piece by piece and given back all at once, as one command needs
 * it. Counts as memory used.
 *
 * <pre>
 *   block  | next block 8 | bytes 4 | pieces |
 * </pre>
 */
public final class Scratch implements AutoCloseable {
    private static final int HEAD = Long.BYTES + Integer.BYTES;
    private static final int BLOCK_BYTES = 32 << 10;
    /** A piece of this size gets a block of its own, so that little is left unused at the end of others. */
    private static final int LARGE_PIECE = BLOCK_BYTES >> 3;

    private final Heap heap;
    private long blocks;
    private long free;
    private long end;

    public Scratch(Heap heap) {
        this.heap = heap;
    }

    /** The address of {@code bytes} bytes of arbitrary content, good until {@link #close}. */
    public long allocate(int bytes) {
        if (bytes >= LARGE_PIECE) {
            return block(Math.addExact(HEAD, bytes)) + HEAD;
        }
        if (end - free < bytes) {
            long block = block(BLOCK_BYTES);
            free = block + HEAD;
            end = block + BLOCK_BYTES;
        }
        long piece = free;
        free += bytes;
        return piece;
    }

    private long block(int bytes) {
        long block = heap.allocate(bytes);
        Raw.putLong(block, blocks);
        Raw.putInt(block + Long.BYTES, bytes);
        blocks = block;
        return block;
    }

    /** Gives everything back; it can be used again. */
    @Override
    public void close() {
        while (blocks != 0) {
            long block = blocks;
            blocks = Raw.getLong(block);
            heap.free(block, Raw.getInt(block + Long.BYTES));
        }
        free = 0;
        end = 0;
    }
}
