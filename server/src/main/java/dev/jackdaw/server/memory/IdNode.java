package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Shared and stateless: the layout of a node of an {@link IdTree}: records of one size, in the order of their ids. A
 * branch has the addresses of its children as payload.
 *
 * <pre>
 *   | count 2 | capacity 2 | record | record | ...        record  | id, upper 8 | id, lower 8 | payload |
 * </pre>
 */
final class IdNode {
    static final int ID_BYTES = 16;

    private static final int CAPACITY = 2;
    private static final int HEADER = 4;
    private static final int MAX_BYTES = 1 << 10;

    private IdNode() {}

    static int bytes(int capacity, int recordBytes) {
        return HEADER + capacity * recordBytes;
    }

    /** The most records that a node has. */
    static int most(int recordBytes) {
        return (MAX_BYTES - HEADER) / recordBytes;
    }

    static void init(long node, int capacity) {
        Raw.putShort(node, 0);
        Raw.putShort(node + CAPACITY, capacity);
    }

    static int count(long node) {
        return Raw.getUnsignedShort(node);
    }

    static void count(long node, int count) {
        Raw.putShort(node, count);
    }

    static int capacity(long node) {
        return Raw.getUnsignedShort(node + CAPACITY);
    }

    static long record(long node, int i, int recordBytes) {
        return node + HEADER + (long) i * recordBytes;
    }

    static long upper(long record) {
        return Raw.getLong(record);
    }

    static long lower(long record) {
        return Raw.getLong(record + 8);
    }

    static void id(long record, long upper, long lower) {
        Raw.putLong(record, upper);
        Raw.putLong(record + 8, lower);
    }

    static long child(long branch, int i) {
        return Raw.getLong(record(branch, i, IdTree.BRANCH_RECORD) + ID_BYTES);
    }

    static void child(long branch, int i, long child) {
        Raw.putLong(record(branch, i, IdTree.BRANCH_RECORD) + ID_BYTES, child);
    }

    /** Opens a gap for a record, which is still to be written; there must be room. Returns its address. */
    static long open(long node, int i, int recordBytes) {
        int count = count(node);
        long at = record(node, i, recordBytes);
        Raw.copy(at, at + recordBytes, (long) (count - i) * recordBytes);
        count(node, count + 1);
        return at;
    }

    static void remove(long node, int i, int recordBytes) {
        int left = count(node) - 1;
        long at = record(node, i, recordBytes);
        Raw.copy(at + recordBytes, at, (long) (left - i) * recordBytes);
        count(node, left);
    }

    /** Moves the records from {@code from} on to the end of another node. */
    static void moveTail(long node, int from, long to, int recordBytes) {
        int moved = count(node) - from;
        int at = count(to);
        Raw.copy(record(node, from, recordBytes), record(to, at, recordBytes), (long) moved * recordBytes);
        count(to, at + moved);
        count(node, from);
    }

    /** The number of records whose id is below this one, or equal to it if {@code orEqual}. */
    static int below(long node, long upper, long lower, boolean orEqual, int recordBytes) {
        int low = 0;
        int high = count(node);
        while (low < high) {
            int middle = (low + high) >>> 1;
            long at = record(node, middle, recordBytes);
            int order = compare(upper(at), lower(at), upper, lower);
            if (order < 0 || orEqual && order == 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Orders ids as unsigned numbers of 128 bits. */
    static int compare(long upperA, long lowerA, long upperB, long lowerB) {
        return upperA == upperB ? Long.compareUnsigned(lowerA, lowerB) : Long.compareUnsigned(upperA, upperB);
    }
}
