package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Shared and stateless: lengths of up to 30 bits in 1, 2 or 5 bytes; the first byte tells which.
 *
 * <pre>
 *   0 to 223        the value itself
 *   224 to 254      of 224 + n: 224 + 256 n + the next byte, up to 8,159
 *   255             the value in four bytes
 * </pre>
 *
 * Nearly all lengths of keys, values, fields and members take one byte.
 */
final class Varint {
    static final int MAX = (1 << 30) - 1;

    private static final int TWO_BYTES = 224;
    private static final int FIVE_BYTES = 255;
    private static final int MAX_IN_TWO = TWO_BYTES + ((FIVE_BYTES - TWO_BYTES) << 8) - 1;

    private Varint() {}

    /** How many bytes {@code value} takes. */
    static int bytes(int value) {
        assert value >= 0 && value <= MAX;
        return value < TWO_BYTES ? 1 : value <= MAX_IN_TWO ? 2 : 5;
    }

    /** How many bytes the value at {@code at} takes. */
    static int bytesAt(long at) {
        int first = Raw.getUnsignedByte(at);
        return first < TWO_BYTES ? 1 : first < FIVE_BYTES ? 2 : 5;
    }

    static int get(long at) {
        int first = Raw.getUnsignedByte(at);
        if (first < TWO_BYTES) {
            return first;
        }
        return first < FIVE_BYTES ? inTwo(first, Raw.getUnsignedByte(at + 1)) : Raw.getInt(at + 1);
    }

    private static int inTwo(int first, int second) {
        return TWO_BYTES + (first - TWO_BYTES << 8) + second;
    }

    private static int firstOfTwo(int value) {
        return TWO_BYTES + (value - TWO_BYTES >> 8);
    }

    private static int secondOfTwo(int value) {
        return value - TWO_BYTES & 0xff;
    }

    /** Writes {@code value} and returns the address after it. */
    static long put(long at, int value) {
        if (value < TWO_BYTES) {
            Raw.putByte(at, value);
            return at + 1;
        }
        if (value <= MAX_IN_TWO) {
            Raw.putByte(at, firstOfTwo(value));
            Raw.putByte(at + 1, secondOfTwo(value));
            return at + 2;
        }
        Raw.putByte(at, FIVE_BYTES);
        Raw.putInt(at + 1, value);
        return at + 5;
    }

    /** The value that was written backwards and ends before {@code end}: its first byte comes last. */
    static int getBackwards(long end) {
        int first = Raw.getUnsignedByte(end - 1);
        if (first < TWO_BYTES) {
            return first;
        }
        return first < FIVE_BYTES ? inTwo(first, Raw.getUnsignedByte(end - 2)) : Raw.getInt(end - 5);
    }

    /** Writes {@code value} such that it can be read from its end, and returns the address after it. */
    static long putBackwards(long at, int value) {
        if (value < TWO_BYTES) {
            Raw.putByte(at, value);
            return at + 1;
        }
        if (value <= MAX_IN_TWO) {
            Raw.putByte(at, secondOfTwo(value));
            Raw.putByte(at + 1, firstOfTwo(value));
            return at + 2;
        }
        Raw.putInt(at, value);
        Raw.putByte(at + 4, FIVE_BYTES);
        return at + 5;
    }
}
