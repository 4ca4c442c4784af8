package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Shared and stateless: the layout of a leaf of a {@link SortedTree}: a {@link SortedRun} and its neighbours.
 *
 * <pre>
 *   | next 8 | previous 8 | bytes 4 | used 4 | count 2 | epoch 1 | run ... room |
 * </pre>
 *
 * A leaf's bytes are a multiple of {@link #GRANULE}, and so is its address: the {@link MemberIndex} names it by fewer bits.
 */
final class SortedLeaf {
    static final int GRANULE_SHIFT = 9;
    static final int GRANULE = 1 << GRANULE_SHIFT;
    static final int HEADER = 27;

    private static final int PREVIOUS = 8;
    private static final int BYTES = 16;
    private static final int USED = 20;
    private static final int COUNT = 24;
    private static final int EPOCH = 26;
    /** From here on size classes are multiples of twice the granule. */
    private static final int COARSE = 16 << 10;
    /** One with fewer entries is enlarged, not split. */
    private static final int MIN_TO_SPLIT = 4;
    /** One with so many bytes is split if it can be. */
    private static final int HUGE_BYTES = 1 << 20;

    private SortedLeaf() {}

    /**
     * The bytes of a leaf that has room for {@code used} bytes of entries.
     *
     * @throws ArithmeticException if they are too many
     */
    static int bytesFor(int used) {
        int bytes = Math.addExact(used, HEADER);
        int step = bytes > COARSE ? 2 * GRANULE : GRANULE;
        return Math.addExact(bytes, step - 1) & -step;
    }

    /** Whether it is enlarged when it is full, not split. */
    static boolean hasFew(long leaf) {
        return count(leaf) < (used(leaf) < HUGE_BYTES ? MIN_TO_SPLIT : 2);
    }

    static void init(long leaf, int bytes, int epoch) {
        assert (leaf & (GRANULE - 1)) == 0 : "a leaf that the index cannot name";
        Raw.putLong(leaf, 0);
        Raw.putLong(leaf + PREVIOUS, 0);
        Raw.putInt(leaf + BYTES, bytes);
        Raw.putInt(leaf + USED, 0);
        Raw.putShort(leaf + COUNT, 0);
        Raw.putByte(leaf + EPOCH, epoch);
    }

    static long next(long leaf) {
        return Raw.getLong(leaf);
    }

    static void next(long leaf, long next) {
        Raw.putLong(leaf, next);
    }

    static long previous(long leaf) {
        return Raw.getLong(leaf + PREVIOUS);
    }

    static void previous(long leaf, long previous) {
        Raw.putLong(leaf + PREVIOUS, previous);
    }

    static int bytes(long leaf) {
        return Raw.getInt(leaf + BYTES);
    }

    static int used(long leaf) {
        return Raw.getInt(leaf + USED);
    }

    static int room(long leaf) {
        return bytes(leaf) - HEADER - used(leaf);
    }

    static int count(long leaf) {
        return Raw.getUnsignedShort(leaf + COUNT);
    }

    static int epoch(long leaf) {
        return Raw.getByte(leaf + EPOCH);
    }

    static void epoch(long leaf, int epoch) {
        Raw.putByte(leaf + EPOCH, epoch);
    }

    static long start(long leaf) {
        return leaf + HEADER;
    }

    static long end(long leaf) {
        return leaf + HEADER + used(leaf);
    }

    /** Half of what the leaf has more than another. */
    static int surplus(long leaf, long other) {
        return (used(leaf) - used(other)) / 2;
    }

    /** The entry that begins at an offset in the run or next to it; neither the first nor beyond the last. */
    static long entryNear(long leaf, int offset) {
        long start = start(leaf);
        long at = SortedRun.next(start);
        for (long next = SortedRun.next(at); at - start < offset && next != end(leaf); ) {
            at = next;
            next = SortedRun.next(at);
        }
        return at;
    }

    /** Adds an entry at a place in the run, for which there must be room. */
    static void insert(long leaf, long at, double score, long member, int length) {
        int size = SortedRun.entryBytes(score, length);
        Raw.copy(at, at + size, end(leaf) - at);
        SortedRun.write(at, score, member, length);
        resize(leaf, size, 1);
    }

    static void remove(long leaf, long entry) {
        long next = SortedRun.next(entry);
        Raw.copy(next, entry, end(leaf) - next);
        resize(leaf, (int) (entry - next), -1);
    }

    /** Moves a stretch of {@code count} entries to a place in another leaf with room. */
    static void move(long leaf, long from, long end, int count, long to, long at) {
        int size = (int) (end - from);
        Raw.copy(at, at + size, end(to) - at);
        Raw.copy(from, at, size);
        resize(to, size, count);
        Raw.copy(end, from, end(leaf) - end);
        resize(leaf, -size, -count);
    }

    private static void resize(long leaf, int bytes, int count) {
        Raw.putInt(leaf + USED, used(leaf) + bytes);
        Raw.putShort(leaf + COUNT, count(leaf) + count);
    }
}
