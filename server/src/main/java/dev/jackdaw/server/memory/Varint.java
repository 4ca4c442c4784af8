package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Shared and stateless: lengths of up to 30 bits in 1, 2 or 4 bytes, the form in the two highest bits of the first byte.
 *
 * <pre>
 *   0xxxxxxx   10xxxxxx +1 byte   11xxxxxx +3 bytes      big-endian
 * </pre>
 */
final class Varint {
    static final int MAX = (1 << 30) - 1;

    private static final int ONE = 1 << 7;
    private static final int TWO = 1 << 14;

    private Varint() {}

    /** How many bytes {@code value} takes. */
    static int bytes(int value) {
        assert value >= 0 && value <= MAX;
        return value < ONE ? 1 : value < TWO ? 2 : 4;
    }

    /** How many bytes the value at {@code at} takes. */
    static int bytesAt(long at) {
        int first = Raw.getByte(at);
        return first >= 0 ? 1 : (first & 0x40) == 0 ? 2 : 4;
    }

    static int get(long at) {
        int first = Raw.getByte(at);
        if (first >= 0) {
            return first;
        }
        if ((first & 0x40) == 0) {
            return (first & 0x3f) << 8 | Raw.getUnsignedByte(at + 1);
        }
        return Integer.reverseBytes(Raw.getInt(at)) & MAX;
    }

    /** Writes {@code value} and returns the address after it. */
    static long put(long at, int value) {
        if (value < ONE) {
            Raw.putByte(at, value);
            return at + 1;
        }
        if (value < TWO) {
            Raw.putByte(at, 0x80 | value >> 8);
            Raw.putByte(at + 1, value);
            return at + 2;
        }
        Raw.putInt(at, Integer.reverseBytes(value | 3 << 30));
        return at + 4;
    }

    /** The value whose mirror image ends before {@code end}: the same bytes, the last first. */
    static int getBackwards(long end) {
        int last = Raw.getByte(end - 1);
        if (last >= 0) {
            return last;
        }
        if ((last & 0x40) == 0) {
            return (last & 0x3f) << 8 | Raw.getUnsignedByte(end - 2);
        }
        return Raw.getInt(end - 4) & MAX;
    }

    /** Writes the mirror image of {@code value} and returns the address after it. */
    static long putBackwards(long at, int value) {
        if (value < ONE) {
            Raw.putByte(at, value);
            return at + 1;
        }
        if (value < TWO) {
            Raw.putByte(at, value);
            Raw.putByte(at + 1, 0x80 | value >> 8);
            return at + 2;
        }
        Raw.putInt(at, value | 3 << 30);
        return at + 4;
    }
}
