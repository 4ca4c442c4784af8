package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Shared and stateless: the registers of a HyperLogLog as runs of equal ones, of one or two bytes each.
 *
 * <pre>
 *   00llllll            l+1 registers are zero
 *   01llllll llllllll   l+1 registers are zero
 *   1vvvvvll            l+1 registers have the value v+1
 * </pre>
 */
public final class SparseRegisters {
    /** The highest value that a run can have. */
    public static final int MAX_VALUE = 32;

    private static final int MAX_VALUE_LENGTH = 4;
    private static final int MAX_SHORT_ZEROS = 64;
    private static final int LONG_ZEROS = 0x40;
    private static final int VALUE = 0x80;
    /** How many runs are looked at for equal neighbours after a change. */
    private static final int MERGE_RUNS = 5;

    private SparseRegisters() {}

    /** The bytes of a run. */
    public static int bytes(long run) {
        return (Raw.getByte(run) & (VALUE | LONG_ZEROS)) == LONG_ZEROS ? 2 : 1;
    }

    public static boolean isZeros(long run) {
        return (Raw.getByte(run) & VALUE) == 0;
    }

    /** What each of a run's registers has. */
    public static int value(long run) {
        return isZeros(run) ? 0 : (Raw.getByte(run) >>> 2 & 0x1f) + 1;
    }

    /** How many registers a run has. */
    public static int length(long run) {
        int first = Raw.getUnsignedByte(run);
        if (!isZeros(run)) {
            return (first & 3) + 1;
        }
        return bytes(run) == 1 ? first + 1 : ((first & 0x3f) << 8 | Raw.getUnsignedByte(run + 1)) + 1;
    }

    /** The bytes of a run of so many registers of a value; none for none. */
    public static int runBytes(int value, int length) {
        return length == 0 ? 0 : value > 0 || length <= MAX_SHORT_ZEROS ? 1 : 2;
    }

    /** Writes a run at {@code at} and returns the address after it; of no registers, nothing. */
    public static long write(long at, int value, int length) {
        if (length == 0) {
            return at;
        }
        if (value > 0) {
            assert value <= MAX_VALUE && length <= MAX_VALUE_LENGTH;
            Raw.putByte(at, VALUE | value - 1 << 2 | length - 1);
            return at + 1;
        }
        if (length <= MAX_SHORT_ZEROS) {
            Raw.putByte(at, length - 1);
            return at + 1;
        }
        Raw.putByte(at, LONG_ZEROS | length - 1 >>> 8);
        Raw.putByte(at + 1, length - 1);
        return at + 2;
    }

    /**
     * Makes one run of neighbours that are equal and short enough, in a few runs from one on.
     *
     * @return the new end of all runs
     */
    public static long merge(long from, long end) {
        long at = from;
        long newEnd = end;
        for (int i = 0; i < MERGE_RUNS && at < newEnd; i++) {
            long next = at + bytes(at);
            if (!isZeros(at) && next < newEnd && !isZeros(next) && value(at) == value(next)) {
                int length = length(at) + length(next);
                if (length <= MAX_VALUE_LENGTH) {
                    write(next, value(at), length);
                    Raw.copy(next, at, newEnd - next);
                    newEnd--;
                    next = at;
                }
            }
            at = next;
        }
        return newEnd;
    }
}
