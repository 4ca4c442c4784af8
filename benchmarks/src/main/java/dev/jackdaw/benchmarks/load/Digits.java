package dev.jackdaw.benchmarks.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Shared and stateless: writes numbers as decimal digits of a fixed width, leading zeros included. */
public final class Digits {
    /** The greatest number that {@link #putEight} can write, plus one. */
    public static final int MAX = 100_000_000;

    private static final int[] FOUR = new int[10_000];

    static {
        ByteBuffer digits = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < FOUR.length; i++) {
            put(digits, 0, 4, i);
            FOUR[i] = digits.getInt(0);
        }
    }

    private Digits() {}

    /** Eight digits at {@code index} of a little-endian buffer. */
    public static void putEight(ByteBuffer into, int index, int number) {
        assert into.order() == ByteOrder.LITTLE_ENDIAN;
        into.putInt(index, FOUR[number / 10_000]);
        into.putInt(index + 4, FOUR[number % 10_000]);
    }

    /** {@code width} digits at {@code index}. */
    static void put(ByteBuffer into, int index, int width, long number) {
        long rest = number;
        for (int at = index + width - 1; at >= index; at--) {
            into.put(at, (byte) ('0' + rest % 10));
            rest /= 10;
        }
    }
}
