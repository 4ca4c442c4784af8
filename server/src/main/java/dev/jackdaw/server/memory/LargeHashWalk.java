package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by one event loop: a way through the elements of a {@link LargeHash} table, reusable. The table must not change
 * between two steps.
 */
public final class LargeHashWalk {
    private static final int CURSOR_SHIFT = 16;

    private long root;
    private long bucket;
    private long buckets;
    private long element;
    private long next;
    private long end;

    /** Begins a walk through all elements. */
    public void all(long newRoot) {
        begin(newRoot, 0, LargeHashBuckets.count(newRoot));
    }

    /**
     * Begins a walk through the elements of the bucket at the cursor. Whatever grows or shrinks between such walks:
     * if each takes the cursor that the one before returned, they visit what was there throughout at least once,
     * because the cursor is a place in the order of reversed hashes, in which a bucket is one range at any size.
     *
     * @param cursor 0 to begin; below 2^48
     * @return the cursor of the next bucket, 0 at the end
     */
    public long scan(long newRoot, long cursor) {
        long hash = Long.reverse(cursor << CURSOR_SHIFT);
        long here = LargeHashBuckets.of(newRoot, hash);
        long count = LargeHashBuckets.count(newRoot);
        begin(newRoot, here, here + 1);
        long half = Long.highestOneBit(count);
        int bits = Long.numberOfTrailingZeros(half) + ((here | half) < count ? 1 : 0);
        long range = bits == 0 ? 0 : 1L << (Long.SIZE - bits);
        return (Long.reverse(here) + range) >>> CURSOR_SHIFT;
    }

    private void begin(long newRoot, long from, long to) {
        root = newRoot;
        bucket = from;
        buckets = to;
        next = 0;
        end = 0;
    }

    /** Steps on; false if there is no more. */
    public boolean next() {
        while (next == end) {
            if (bucket == buckets) {
                return false;
            }
            long block = Raw.getLong(LargeHashBuckets.word(root, bucket++));
            if (block != 0) {
                next = block + LargeHash.BLOCK_HEAD;
                end = block + Raw.getInt(block);
            }
        }
        element = next;
        next += LargeHash.elementBytes(element);
        return true;
    }

    /** The element that the last {@link #next} came to. */
    public long element() {
        return element;
    }
}
