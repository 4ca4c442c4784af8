package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by one event loop: takes an index down bucket by bucket and hands over its entries. Once it has begun nothing else may be
 * asked of the index.
 */
final class IndexDrain {
    /** What becomes of an entry. */
    interface EntryVisitor {
        /** Returns how much work that was, of which an entry has 1 at least. */
        int visit(long entry);
    }

    private final Index index;
    private final Prefetch prefetch = new Prefetch();
    /** The place in the directory to which it has come, and the bucket of the segment that this leads to. */
    private long place;

    private int bucket;

    IndexDrain(Index index) {
        this.index = index;
    }

    /** Hands over entries until that was about so much work; returns whether the index is gone. */
    boolean step(int work, EntryVisitor visitor) {
        long places = 1L << index.depth;
        int left = work;
        while (left > 0 && place < places) {
            long word = Raw.getLong(index.directory + place * Long.BYTES);
            long segment = index.segment(word);
            left -= 1 + drain(segment + (long) bucket * Index.BUCKET, visitor);
            bucket++;
            if (bucket == Index.buckets(word)) {
                index.freeSegment(segment, bucket);
                place += 1L << (index.depth - Index.depthOf(word));
                bucket = 0;
            }
        }
        if (place < places) {
            return false;
        }
        index.freeDirectory(index.directory, index.depth);
        return true;
    }

    /** Hands over the entries of a bucket, which are loaded together; returns how much work that was. */
    private int drain(long bucket, EntryVisitor visitor) {
        for (long slot = bucket; slot < bucket + Index.BUCKET; slot += Long.BYTES) {
            if (Index.isTaken(slot)) {
                prefetch.line(index.entry(slot));
            }
        }
        int work = 0;
        for (long slot = bucket; slot < bucket + Index.BUCKET; slot += Long.BYTES) {
            if (Index.isTaken(slot)) {
                work += visitor.visit(index.entry(slot));
            }
        }
        return work;
    }
}
