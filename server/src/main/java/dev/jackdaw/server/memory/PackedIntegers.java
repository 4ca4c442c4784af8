package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Shared and stateless: how a set of integers lies in one run of bytes: sorted, all as wide as the widest needs. Who
 * owns the run makes room.
 *
 * <pre>
 *   run   | width 1 | integer | integer | ...        width 2, 4 or 8
 * </pre>
 */
public final class PackedIntegers {
    /** The bytes of a run without integers. */
    public static final int EMPTY_BYTES = 1;

    private PackedIntegers() {}

    /** Makes the run one without integers. */
    public static void clear(long run) {
        Raw.putByte(run, Short.BYTES);
    }

    public static int count(long run, int runBytes) {
        return (runBytes - EMPTY_BYTES) / Raw.getByte(run);
    }

    public static long get(long run, int i) {
        return get(run, Raw.getByte(run), i);
    }

    private static long get(long run, int width, int i) {
        long at = run + EMPTY_BYTES + (long) i * width;
        return width == Short.BYTES ? Raw.getShort(at) : width == Integer.BYTES ? Raw.getInt(at) : Raw.getLong(at);
    }

    private static void put(long run, int width, int i, long value) {
        long at = run + EMPTY_BYTES + (long) i * width;
        if (width == Short.BYTES) {
            Raw.putShort(at, (int) value);
        } else if (width == Integer.BYTES) {
            Raw.putInt(at, (int) value);
        } else {
            Raw.putLong(at, value);
        }
    }

    /** The place of the value among {@code count}; where it is not there, minus the place that it would have, minus 1. */
    public static int find(long run, int count, long value) {
        int width = Raw.getByte(run);
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = get(run, width, middle);
            if (found < value) {
                low = middle + 1;
            } else if (found > value) {
                high = middle - 1;
            } else {
                return middle;
            }
        }
        return -low - 1;
    }

    /** The bytes of the run when the value is added to {@code count} others. */
    public static int bytesWith(long run, int count, long value) {
        return Math.addExact(EMPTY_BYTES, Math.multiplyExact(count + 1, Math.max(Raw.getByte(run), width(value))));
    }

    private static int width(long value) {
        return value == (short) value ? Short.BYTES : value == (int) value ? Integer.BYTES : Long.BYTES;
    }

    /** Puts the value at place {@code i} of {@code count}, in a run that has got its new number of bytes. */
    public static void insert(long run, int count, int i, long value) {
        int oldWidth = Raw.getByte(run);
        int width = Math.max(oldWidth, width(value));
        if (width == oldWidth) {
            long at = run + EMPTY_BYTES + (long) i * width;
            Raw.copy(at, at + width, (long) (count - i) * width);
        } else {
            for (int from = count - 1; from >= 0; from--) {
                put(run, width, from < i ? from : from + 1, get(run, oldWidth, from));
            }
            Raw.putByte(run, width);
        }
        put(run, width, i, value);
    }

    /** Takes the value at place {@code i} out and returns how many bytes the run has left. */
    public static int remove(long run, int count, int i) {
        int width = Raw.getByte(run);
        long at = run + EMPTY_BYTES + (long) i * width;
        Raw.copy(at + width, at, (long) (count - 1 - i) * width);
        return EMPTY_BYTES + (count - 1) * width;
    }
}
