package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;
import java.util.Arrays;

/**
 * Owned by one event loop: tables that lead from the hash of a member to the leaves of a {@link SortedTree} that may hold
 * it, in six bytes a member. Which of the leaf's entries it is, the leaf tells. One object serves any number of tables.
 *
 * <pre>
 *   table     | buckets 4 | segment 8 | segment 8 | ...
 *   segment   64 buckets, the last segment fewer
 *   bucket    | slot 6 x 10 | used 1 | - | overflow 2 |      64 bytes
 *   slot      | leaf 39 bits | fingerprint 9 bits |
 * </pre>
 *
 * The upper half of the hash, scaled to the number of buckets, names the bucket, so that buckets lie in the order of
 * hashes whatever their number. A full bucket overflows into the next one, and counts how many members went past it.
 * Slots of equal content stand for one another: which of two members owns which of them never matters.
 */
final class MemberIndex {
    private static final int BUCKET_SHIFT = 6;
    private static final int SLOT = 6;
    private static final int SLOTS = 10;
    private static final int USED = 60;
    private static final int OVERFLOW = 62;
    /** A count that is so high stays so. */
    private static final int MAX_OVERFLOW = 0xffff;

    private static final int SEGMENT_SHIFT = 6;
    private static final int SEGMENT_BUCKETS = 1 << SEGMENT_SHIFT;
    private static final int HEADER = 4;

    private static final int LEAF_BITS = 39;
    private static final long LEAF_MASK = (1L << LEAF_BITS) - 1;
    private static final long SLOT_MASK = (1L << 8 * SLOT) - 1;
    private static final int FINGERPRINT_MASK = (1 << 8 * SLOT - LEAF_BITS) - 1;

    /** Tables are made for this many members a bucket. */
    private static final int INITIAL_LOAD = 6;
    /** Eighths of a member a bucket: where a table has become too small, and where too large. */
    private static final int MAX_LOAD_8 = 69;

    private static final int MIN_LOAD_8 = 32;

    private final Heap heap;
    private final long seed;
    private final Prefetch prefetch = new Prefetch();
    private long leaf;
    /** The hashes of the members of a stretch of a leaf, all of whose places are loaded before the first is used. */
    private long[] hashes = new long[64];

    MemberIndex(Heap heap, long seed) {
        this.heap = heap;
        this.seed = seed;
    }

    static int bucketsFor(long members) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, members / INITIAL_LOAD + 1));
    }

    static boolean tooSmall(long table, long members) {
        return members * 8 > (long) buckets(table) * MAX_LOAD_8;
    }

    static boolean tooLarge(long table, long members) {
        return buckets(table) > 1 && members * 8 < (long) buckets(table) * MIN_LOAD_8;
    }

    static int tableBytes(int buckets) {
        return HEADER + 8 * segments(buckets);
    }

    static int segments(int buckets) {
        return (buckets + SEGMENT_BUCKETS - 1) >>> SEGMENT_SHIFT;
    }

    static int segmentBytes(int buckets, int segment) {
        return Math.min(SEGMENT_BUCKETS, buckets - (segment << SEGMENT_SHIFT)) << BUCKET_SHIFT;
    }

    /** A table without segments: those come when they are needed. */
    long create(int buckets) {
        long table = heap.allocate(tableBytes(buckets));
        Raw.fill(table, tableBytes(buckets), 0);
        Raw.putInt(table, buckets);
        return table;
    }

    static int buckets(long table) {
        return Raw.getInt(table);
    }

    /** All bytes of the table. */
    static long bytes(long table) {
        int buckets = buckets(table);
        long bytes = Heap.taken(tableBytes(buckets));
        for (int i = 0; i < segments(buckets); i++) {
            bytes += Raw.getLong(segmentAt(table, i)) == 0 ? 0 : Heap.taken(segmentBytes(buckets, i));
        }
        return bytes;
    }

    /**
     * Frees at most {@code budget} segments of the table to which a word refers, and the table when they are all gone: then the
     * word is 0, as it is where there is no table. Returns whether it is.
     */
    static boolean freeStep(Heap heap, long word, int budget) {
        long table = Raw.getLong(word);
        if (table == 0) {
            return true;
        }
        int buckets = buckets(table);
        int left = budget;
        for (int i = 0; i < segments(buckets); i++) {
            long segment = Raw.getLong(segmentAt(table, i));
            if (segment != 0) {
                if (left-- == 0) {
                    return false;
                }
                heap.free(segment, segmentBytes(buckets, i));
                Raw.putLong(segmentAt(table, i), 0);
            }
        }
        heap.free(table, tableBytes(buckets));
        Raw.putLong(word, 0);
        return true;
    }

    /** The segments of the table to which a word refers, if to any. */
    static int segmentsOf(long word) {
        long table = Raw.getLong(word);
        return table == 0 ? 0 : segments(buckets(table));
    }

    /**
     * Moves blocks of the table to which a word refers, if to any, from where the walk is; returns whether it is at the end.
     *
     * @param from the place in the walk of the first segment
     */
    static boolean compact(long word, long from, BlockWalk walk) {
        long end = from + segmentsOf(word);
        if (walk.place == from && end > from) {
            walk.settle(word, tableBytes(buckets(Raw.getLong(word))));
        }
        for (; walk.place < end; walk.place++) {
            if (walk.isOver()) {
                return false;
            }
            long table = Raw.getLong(word);
            int segment = (int) (walk.place - from);
            if (Raw.getLong(segmentAt(table, segment)) != 0) {
                walk.settle(segmentAt(table, segment), segmentBytes(buckets(table), segment));
            }
        }
        return true;
    }

    static long segmentAt(long table, int segment) {
        return table + HEADER + 8L * segment;
    }

    // --- Hashes ---

    /** The place of a hash in the order of all: 32 bits. */
    static long position(long hash) {
        return hash >>> 32;
    }

    private static int home(long hash, int buckets) {
        return (int) (position(hash) * buckets >>> 32);
    }

    /** The bucket that has the place. */
    static int bucketAt(long table, long position) {
        return (int) (position * buckets(table) >>> 32);
    }

    /** The first place that belongs to a bucket behind {@code bucket}. */
    static long positionAfter(long table, int bucket) {
        long buckets = buckets(table);
        return ((bucket + 1L << 32) + buckets - 1) / buckets;
    }

    static int fingerprint(long hash) {
        return (int) hash & FINGERPRINT_MASK;
    }

    private static long slot(long hash, long leaf) {
        return (long) fingerprint(hash) << LEAF_BITS | leaf >>> SortedLeaf.GRANULE_SHIFT;
    }

    private static int following(int bucket, int buckets) {
        return bucket + 1 == buckets ? 0 : bucket + 1;
    }

    /** Where a bucket lies, or 0 if its segment has not been needed yet. */
    static long bucket(long table, int bucket) {
        long segment = Raw.getLong(segmentAt(table, bucket >>> SEGMENT_SHIFT));
        return segment == 0 ? 0 : segment + ((long) (bucket & (SEGMENT_BUCKETS - 1)) << BUCKET_SHIFT);
    }

    private static long slotAt(long at, int i) {
        return Raw.getLong(at + (long) i * SLOT) & SLOT_MASK;
    }

    private static void slotAt(long at, int i, long slot) {
        Raw.putInt(at + (long) i * SLOT, (int) slot);
        Raw.putShort(at + (long) i * SLOT + 4, (int) (slot >>> 32));
    }

    static int used(long at) {
        return Raw.getByte(at + USED);
    }

    private static int overflow(long at) {
        return Raw.getUnsignedShort(at + OVERFLOW);
    }

    /** Counts what goes past a bucket. As slots stand for one another, a count may come to be too high; it never becomes too low. */
    private static void countOverflow(long at, int change) {
        if (overflow(at) < MAX_OVERFLOW) {
            Raw.putShort(at + OVERFLOW, overflow(at) + change);
        }
    }

    // --- Members ---

    void add(long table, long hash, long leaf) {
        int buckets = buckets(table);
        int bucket = home(hash, buckets);
        long at = touch(table, bucket);
        while (used(at) == SLOTS) {
            countOverflow(at, 1);
            bucket = following(bucket, buckets);
            at = touch(table, bucket);
        }
        slotAt(at, used(at), slot(hash, leaf));
        Raw.putByte(at + USED, used(at) + 1);
    }

    private long touch(long table, int bucket) {
        long at = bucket(table, bucket);
        if (at != 0) {
            return at;
        }
        int segment = bucket >>> SEGMENT_SHIFT;
        int bytes = segmentBytes(buckets(table), segment);
        long fresh = heap.allocate(bytes);
        Raw.fill(fresh, bytes, 0);
        Raw.putLong(segmentAt(table, segment), fresh);
        return bucket(table, bucket);
    }

    static void remove(long table, long hash, long leaf) {
        int buckets = buckets(table);
        long wanted = slot(hash, leaf);
        for (int bucket = home(hash, buckets); ; bucket = following(bucket, buckets)) {
            long at = bucket(table, bucket);
            int i = find(at, wanted);
            if (i >= 0) {
                int last = used(at) - 1;
                slotAt(at, i, slotAt(at, last));
                Raw.putByte(at + USED, last);
                return;
            }
            // It went past this bucket, and no longer does.
            assert overflow(at) > 0 : "a member that is not in the index";
            countOverflow(at, -1);
        }
    }

    /** Notes that the members of a stretch of a leaf have gone to another; returns how many they are. */
    int move(long table, long first, long end, long from, long to) {
        int count = hashAll(first, end);
        fetch(table, count);
        for (int i = 0; i < count; i++) {
            move(table, hashes[i], from, to);
        }
        return count;
    }

    private static void move(long table, long hash, long from, long to) {
        int buckets = buckets(table);
        long wanted = slot(hash, from);
        for (int bucket = home(hash, buckets); ; bucket = following(bucket, buckets)) {
            long at = bucket(table, bucket);
            int i = find(at, wanted);
            if (i >= 0) {
                slotAt(at, i, slot(hash, to));
                return;
            }
            assert overflow(at) > 0 : "a member that is not in the index";
        }
    }

    /** Takes all members of a leaf from one table to another. */
    void carry(long from, long to, long leaf) {
        int count = hashAll(SortedLeaf.start(leaf), SortedLeaf.end(leaf));
        fetch(from, count);
        fetch(to, count);
        for (int i = 0; i < count; i++) {
            remove(from, hashes[i], leaf);
            add(to, hashes[i], leaf);
        }
    }

    private int hashAll(long first, long end) {
        int count = 0;
        for (long at = first; at != end; at = SortedRun.next(at)) {
            if (count == hashes.length) {
                hashes = Arrays.copyOf(hashes, 2 * count);
            }
            hashes[count++] = hash(SortedRun.member(at), SortedRun.length(at));
        }
        return count;
    }

    /** Begins to load the buckets of the members of a stretch. */
    void fetch(long table, long first, long end) {
        fetch(table, hashAll(first, end));
    }

    /** The same of what was hashed last. */
    private void fetch(long table, int count) {
        int buckets = buckets(table);
        for (int i = 0; i < count; i++) {
            long at = bucket(table, home(hashes[i], buckets));
            if (at != 0) {
                prefetch.line(at);
            }
        }
    }

    private static int find(long at, long slot) {
        for (int i = used(at) - 1; i >= 0; i--) {
            if (slotAt(at, i) == slot) {
                return i;
            }
        }
        return -1;
    }

    long hash(long member, int length) {
        return Hash.of(member, length, seed);
    }

    /** The entry of the member, or 0; {@link #leaf} is where it lies. */
    long find(long table, long hash, long member, int length) {
        int buckets = buckets(table);
        long fingerprint = fingerprint(hash);
        int home = home(hash, buckets);
        int bucket = home;
        do {
            long at = bucket(table, bucket);
            if (at == 0) {
                return 0;
            }
            for (int i = used(at) - 1; i >= 0; i--) {
                long slot = slotAt(at, i);
                if (slot >>> LEAF_BITS == fingerprint) {
                    leaf = leafOf(slot);
                    prefetch.lines(leaf, SortedLeaf.GRANULE);
                    long entry = SortedRun.find(SortedLeaf.start(leaf), SortedLeaf.end(leaf), member, length);
                    if (entry != 0) {
                        return entry;
                    }
                }
            }
            if (overflow(at) == 0) {
                return 0;
            }
            bucket = following(bucket, buckets);
        } while (bucket != home);
        return 0;
    }

    /** The leaf of the entry that was found last. */
    long leaf() {
        return leaf;
    }

    private static long leafOf(long slot) {
        return (slot & LEAF_MASK) << SortedLeaf.GRANULE_SHIFT;
    }

    /**
     * Visits the entries of the members that belong to a bucket and whose hashes have their places from {@code first} to
     * before {@code end}.
     */
    void visit(long table, int home, long first, long end, EntryStore.Visitor visitor) {
        int buckets = buckets(table);
        int bucket = home;
        do {
            long at = bucket(table, bucket);
            if (at == 0) {
                return;
            }
            for (int i = 0; i < used(at); i++) {
                long slot = slotAt(at, i);
                if (!wasMet(table, home, bucket, i, slot)) {
                    visit(slot, home, buckets, entry -> {
                        long position = position(hash(SortedRun.member(entry), SortedRun.length(entry)));
                        if (position >= first && position < end) {
                            visitor.visit(entry);
                        }
                    });
                }
            }
            if (overflow(at) == 0) {
                return;
            }
            bucket = following(bucket, buckets);
        } while (bucket != home);
    }

    /** Whether a slot of the same content lies between the home bucket and this one. */
    private static boolean wasMet(long table, int home, int bucket, int i, long slot) {
        int buckets = buckets(table);
        for (int b = home; b != bucket; b = following(b, buckets)) {
            if (find(bucket(table, b), slot) >= 0) {
                return true;
            }
        }
        return find(bucket(table, bucket), slot) > i;
    }

    /** Visits all entries that a slot may stand for if it belongs to the bucket {@code home}. */
    private void visit(long slot, int home, int buckets, EntryStore.Visitor visitor) {
        long from = leafOf(slot);
        long end = SortedLeaf.end(from);
        for (long entry = SortedLeaf.start(from); entry != end; entry = SortedRun.next(entry)) {
            long hash = hash(SortedRun.member(entry), SortedRun.length(entry));
            if (fingerprint(hash) == slot >>> LEAF_BITS && home(hash, buckets) == home) {
                visitor.visit(entry);
            }
        }
    }
}
