package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Shared and stateless: the layout of an inner node of a {@link SortedTree}. For each child it has the number of entries
 * below it and the score of the first of them; the first entry's member is looked up where scores are the same.
 *
 * <pre>
 *   | count 2 | level 2 | child 8 x 51 | score 8 x 51 | size 4 x 51 |      level 1 has leaves as children
 * </pre>
 */
final class SortedBranch {
    static final int BYTES = 1 << 10;
    static final int MAX = 51;

    private static final int LEVEL = 2;
    private static final int CHILDREN = 4;
    private static final int SCORES = CHILDREN + 8 * MAX;
    private static final int SIZES = SCORES + 8 * MAX;

    private SortedBranch() {}

    static void init(long node, int level) {
        Raw.putShort(node, 0);
        Raw.putShort(node + LEVEL, level);
    }

    static int count(long node) {
        return Raw.getUnsignedShort(node);
    }

    static void count(long node, int count) {
        Raw.putShort(node, count);
    }

    static int level(long node) {
        return Raw.getUnsignedShort(node + LEVEL);
    }

    static long child(long node, int i) {
        return Raw.getLong(childWord(node, i));
    }

    static long childWord(long node, int i) {
        return node + CHILDREN + 8L * i;
    }

    static void child(long node, int i, long child) {
        Raw.putLong(node + CHILDREN + 8L * i, child);
    }

    static double score(long node, int i) {
        return Raw.getDouble(node + SCORES + 8L * i);
    }

    static void score(long node, int i, double score) {
        Raw.putDouble(node + SCORES + 8L * i, score);
    }

    static long size(long node, int i) {
        return Raw.getInt(node + SIZES + 4L * i) & 0xffffffffL;
    }

    static void grow(long node, int i, long change) {
        Raw.putInt(node + SIZES + 4L * i, (int) (size(node, i) + change));
    }

    /** The entries below all children before {@code end}. */
    static long sizes(long node, int end) {
        long sum = 0;
        for (int i = 0; i < end; i++) {
            sum += size(node, i);
        }
        return sum;
    }

    static void insert(long node, int i, long child, double score, long size) {
        int count = count(node);
        shift(node, i, i + 1, count - i);
        count(node, count + 1);
        child(node, i, child);
        score(node, i, score);
        Raw.putInt(node + SIZES + 4L * i, (int) size);
    }

    static void remove(long node, int i) {
        int count = count(node);
        shift(node, i + 1, i, count - i - 1);
        count(node, count - 1);
    }

    private static void shift(long node, int from, int to, int count) {
        Raw.copy(node + CHILDREN + 8L * from, node + CHILDREN + 8L * to, 8L * count);
        Raw.copy(node + SCORES + 8L * from, node + SCORES + 8L * to, 8L * count);
        Raw.copy(node + SIZES + 4L * from, node + SIZES + 4L * to, 4L * count);
    }

    /** Moves the children from {@code from} on to the end of another node. */
    static void moveTail(long node, int from, long to) {
        int moved = count(node) - from;
        int at = count(to);
        Raw.copy(node + CHILDREN + 8L * from, to + CHILDREN + 8L * at, 8L * moved);
        Raw.copy(node + SCORES + 8L * from, to + SCORES + 8L * at, 8L * moved);
        Raw.copy(node + SIZES + 4L * from, to + SIZES + 4L * at, 4L * moved);
        count(to, at + moved);
        count(node, from);
    }

    /** The first entry below the node. */
    static long firstEntry(long node, int level) {
        long at = node;
        for (int i = level; i > 0; i--) {
            at = child(at, 0);
        }
        return SortedLeaf.start(at);
    }

    /** The child that has the place of an entry: the last whose first entry is not above it. */
    static int childFor(long node, int level, double score, long member, int length) {
        int low = 0;
        int high = count(node);
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            double found = score(node, middle);
            boolean above = found == score
                    ? SortedRun.compare(firstEntry(child(node, middle), level - 1), score, member, length) > 0
                    : found > score;
            if (above) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return low;
    }

    /** The last child whose first score is below {@code score}, or equal to it if {@code orEqual}; or the first child. */
    static int childBelow(long node, double score, boolean orEqual) {
        int low = 0;
        int high = count(node);
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (SortedRun.isBelow(score(node, middle), score, orEqual)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The same by member. */
    static int childBelow(long node, int level, long member, int length, boolean orEqual) {
        int low = 0;
        int high = count(node);
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (SortedRun.isBelow(firstEntry(child(node, middle), level - 1), member, length, orEqual)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
