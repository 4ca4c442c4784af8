package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Shared and stateless: a double in 1 to 9 bytes, integers in few of them. The leading ones of the first byte say which
 * form it is.
 *
 * <pre>
 *   0 x7                 0 to 127
 *   10 x6    +1 byte     0 to 2^14 - 1
 *   110 x5   +2          -2^20 to 2^20 - 1, and so on, counted from the least
 *   1110 x4  +3          28 bits
 *   11110 x3 +4          35 bits
 *   111110 x2 +6         50 bits
 *   11111100 +4          a float
 *   11111110 +8          a double
 * </pre>
 */
final class Score {
    static final int MAX_BYTES = 9;

    /** Bytes by number of leading ones, four bits each. */
    private static final long SIZES = 0x95754321L;

    private static final int FLOAT = 0xfc;
    private static final int DOUBLE = 0xfe;
    private static final long BIAS_3 = 1L << 20;
    private static final long BIAS_4 = 1L << 27;
    private static final long BIAS_5 = 1L << 34;
    private static final long BIAS_7 = 1L << 49;

    private Score() {}

    static int bytes(double value) {
        long integer = (long) value;
        if (!isInteger(value, integer)) {
            return (float) value == value && isPlain(value) ? 5 : 9;
        }
        if (integer >= 0 && integer < 1 << 14) {
            return integer < 1 << 7 ? 1 : 2;
        }
        if (fits(integer, BIAS_4)) {
            return fits(integer, BIAS_3) ? 3 : 4;
        }
        return fits(integer, BIAS_5) ? 5 : fits(integer, BIAS_7) ? 7 : 9;
    }

    private static boolean isInteger(double value, long integer) {
        return integer == value && (integer != 0 || isPlain(value));
    }

    /** Not the negative zero, which only the whole double tells from zero. */
    private static boolean isPlain(double value) {
        return value != 0 || 1 / value > 0;
    }

    private static boolean fits(long integer, long bias) {
        return integer >= -bias && integer < bias;
    }

    static int bytesAt(long at) {
        return (int) (SIZES >>> (leadingOnes(Raw.getByte(at)) << 2)) & 15;
    }

    private static int leadingOnes(int first) {
        return Integer.numberOfLeadingZeros(~(first << 24));
    }

    static double get(long at) {
        int first = Raw.getUnsignedByte(at);
        return switch (leadingOnes(first)) {
            case 0 -> first;
            case 1 -> (first & 0x3f) << 8 | Raw.getUnsignedByte(at + 1);
            case 2 -> ((first & 0x1f) << 16 | Raw.getUnsignedShort(at + 1)) - BIAS_3;
            case 3 -> ((first & 0x0f) << 24 | Raw.getUnsignedShort(at + 1) << 8 | Raw.getUnsignedByte(at + 3)) - BIAS_4;
            case 4 -> ((first & 0x07L) << 32 | Raw.getInt(at + 1) & 0xffffffffL) - BIAS_5;
            case 5 ->
                ((first & 0x03L) << 48 | (Raw.getInt(at + 1) & 0xffffffffL) << 16 | Raw.getUnsignedShort(at + 5))
                        - BIAS_7;
            case 6 -> Float.intBitsToFloat(Raw.getInt(at + 1));
            default -> Raw.getDouble(at + 1);
        };
    }

    /** Writes {@code value} and returns the address after it. */
    static long put(long at, double value) {
        int bytes = bytes(value);
        long integer = (long) value;
        boolean whole = isInteger(value, integer);
        switch (bytes) {
            case 1 -> Raw.putByte(at, (int) integer);
            case 2 -> {
                Raw.putByte(at, 0x80 | (int) (integer >> 8));
                Raw.putByte(at + 1, (int) integer);
            }
            case 3 -> {
                long biased = integer + BIAS_3;
                Raw.putByte(at, 0xc0 | (int) (biased >> 16));
                Raw.putShort(at + 1, (int) biased);
            }
            case 4 -> {
                long biased = integer + BIAS_4;
                Raw.putByte(at, 0xe0 | (int) (biased >> 24));
                Raw.putShort(at + 1, (int) (biased >> 8));
                Raw.putByte(at + 3, (int) biased);
            }
            case 5 -> {
                long biased = integer + BIAS_5;
                Raw.putByte(at, whole ? 0xf0 | (int) (biased >> 32) : FLOAT);
                Raw.putInt(at + 1, whole ? (int) biased : Float.floatToRawIntBits((float) value));
            }
            case 7 -> {
                long biased = integer + BIAS_7;
                Raw.putByte(at, 0xf8 | (int) (biased >> 48));
                Raw.putInt(at + 1, (int) (biased >> 16));
                Raw.putShort(at + 5, (int) biased);
            }
            default -> {
                Raw.putByte(at, DOUBLE);
                Raw.putDouble(at + 1, value);
            }
        }
        return at + bytes;
    }
}
