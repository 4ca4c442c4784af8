package dev.jackdaw.server.memory;

import static dev.jackdaw.server.memory.Index.ADDRESS;
import static dev.jackdaw.server.memory.Index.BUCKET;
import static dev.jackdaw.server.memory.Index.OVERFLOW;
import static dev.jackdaw.server.memory.Index.POSITION;
import static dev.jackdaw.server.memory.Index.POSITION_BITS;
import static dev.jackdaw.server.memory.Index.POSITION_SHIFT;
import static dev.jackdaw.server.memory.Index.SLOTS;
import static dev.jackdaw.server.memory.Index.USE;

import dev.jackdaw.protocol.raw.Raw;

/** Immutable and stateless: how the slots of one segment of the {@link Index} are taken and given up. */
final class Segment {
    private Segment() {}

    /** The slot in the key's home bucket that remembers it, or 0. */
    static long ghost(long bucket, long position) {
        for (int i = 0; i < BUCKET; i += Long.BYTES) {
            long slot = Raw.getLong(bucket + i);
            if ((slot & (POSITION | ADDRESS)) == position && (slot & USE) != 0) {
                return bucket + i;
            }
        }
        return 0;
    }

    /** Empties a slot. */
    static void clear(long slot) {
        Raw.putLong(slot, Raw.getLong(slot) & OVERFLOW);
    }

    /** Lets two slots have each what the other one has. */
    static void exchange(long a, long b) {
        long wordA = Raw.getLong(a);
        long wordB = Raw.getLong(b);
        Raw.putLong(a, wordA & OVERFLOW | wordB & ~OVERFLOW);
        Raw.putLong(b, wordB & OVERFLOW | wordA & ~OVERFLOW);
    }

    /** Fills the hole with a key that was carried past it, and so on along the chain. */
    static void pullBack(long segment, int buckets, long hole) {
        long slot = hole;
        int bucket = (int) ((slot - segment) / BUCKET);
        while (Raw.getLong(segment + (long) bucket * BUCKET) < 0) {
            int next = bucket;
            long found = 0;
            do {
                next = next + 1 == buckets ? 0 : next + 1;
                found = carriedPast(segment, buckets, bucket, next);
            } while (found == 0 && next != bucket && Raw.getLong(segment + (long) next * BUCKET) < 0);
            if (found == 0) {
                long first = segment + (long) bucket * BUCKET;
                Raw.putLong(first, Raw.getLong(first) & ~OVERFLOW);
                return;
            }
            Raw.putLong(slot, Raw.getLong(slot) & OVERFLOW | Raw.getLong(found) & ~OVERFLOW);
            clear(found);
            slot = found;
            bucket = next;
        }
    }

    /** A slot in bucket {@code in} whose home lies at or before {@code past}, going round; or 0. */
    private static long carriedPast(long segment, int buckets, int past, int in) {
        int distance = in - past + (in < past ? buckets : 0);
        for (int i = 0; i < SLOTS; i++) {
            long at = segment + (long) in * BUCKET + (long) i * Long.BYTES;
            long word = Raw.getLong(at);
            if ((word & ADDRESS) != 0) {
                int home = home((word & POSITION) >>> POSITION_SHIFT, buckets);
                int carried = in - home + (in < home ? buckets : 0);
                if (carried >= distance) {
                    return at;
                }
            }
        }
        return 0;
    }

    /** Puts a word without overflow bit into the first free slot at or after its home; returns the slot. */
    static long place(long segment, int buckets, long word) {
        int bucket = home((word & POSITION) >>> POSITION_SHIFT, buckets);
        while (true) {
            long at = segment + (long) bucket * BUCKET;
            for (int i = 0; i < BUCKET; i += Long.BYTES) {
                long slot = Raw.getLong(at + i);
                if ((slot & ADDRESS) == 0) {
                    Raw.putLong(at + i, slot & OVERFLOW | word);
                    return at + i;
                }
            }
            Raw.putLong(at, Raw.getLong(at) | OVERFLOW);
            bucket = bucket + 1 == buckets ? 0 : bucket + 1;
        }
    }

    /** Puts all that one segment holds into another that is empty. */
    static void move(long old, int oldBuckets, long fresh, int newBuckets) {
        for (long at = old; at < old + (long) oldBuckets * BUCKET; at += Long.BYTES) {
            long slot = Raw.getLong(at);
            if ((slot & ADDRESS) != 0) {
                place(fresh, newBuckets, slot & ~OVERFLOW);
            }
        }
    }

    /** The bucket where a search for the position begins. */
    static int home(long position, int buckets) {
        return (int) (position * buckets >>> POSITION_BITS);
    }
}
