package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Shared and stateless: a listpack, integers and texts one after the other that can be walked in both directions. Who
 * writes a text that is the canonical form of an integer writes the integer instead. The format is the well-known one, so that a listpack can leave as it is.
 *
 * <pre>
 *   | bytes 4 | elements 2 | element | element | ... | ff |        element  | form and value | length of it, backwards |
 *
 *   0xxxxxxx  7 bits     110xxxxx +1  13 bits, signed     f1 +2, f2 +3, f3 +4, f4 +8  signed
 *   10xxxxxx  text below 64 bytes    1110xxxx +1  below 4096    f0 +4  longer
 * </pre>
 */
public final class Listpack {
    /** The bytes of a listpack without elements. */
    public static final int EMPTY_BYTES = 7;

    static final int HEADER = 6;
    static final int END_BYTES = 1;

    private static final int END = 0xff;
    private static final int TEXT_6 = 0x80;
    private static final int INT_13 = 0xc0;
    private static final int TEXT_12 = 0xe0;
    private static final int TEXT_32 = 0xf0;
    private static final int INT_16 = 0xf1;
    private static final int INT_24 = 0xf2;
    private static final int INT_32 = 0xf3;
    private static final int INT_64 = 0xf4;
    private static final int UNCOUNTED = 0xffff;

    private Listpack() {}

    /** Makes it empty. */
    public static void init(long pack) {
        Raw.putInt(pack, HEADER + END_BYTES);
        Raw.putShort(pack + 4, 0);
        Raw.putByte(pack + HEADER, END);
    }

    /** All bytes, those of the header and the end too. */
    public static int bytes(long pack) {
        return Raw.getInt(pack);
    }

    public static long first(long pack) {
        return pack + HEADER;
    }

    /** Where the next element is to be appended. */
    public static long end(long pack) {
        return pack + bytes(pack) - END_BYTES;
    }

    /** Notes that {@code elements} were written at the end, which is at {@code end} now. */
    public static void appended(long pack, long end, int elements) {
        Raw.putByte(end, END);
        Raw.putInt(pack, (int) (end + END_BYTES - pack));
        Raw.putShort(pack + 4, Math.min(UNCOUNTED, Raw.getUnsignedShort(pack + 4) + elements));
    }

    /**
     * Whether so many bytes, of which nothing is believed, are a listpack that can be read: every element lies within, and
     * ends with its length.
     */
    public static boolean isSound(long pack, long packBytes) {
        if (packBytes < EMPTY_BYTES || Integer.toUnsignedLong(bytes(pack)) != packBytes) {
            return false;
        }
        long end = pack + packBytes - END_BYTES;
        long at = first(pack);
        int elements = 0;
        while (at < end) {
            long bytes = checkedBytes(at, end);
            if (bytes == 0 || at + bytes > end || previous(at + bytes) != at) {
                return false;
            }
            at += bytes;
            elements++;
        }
        int counted = Raw.getUnsignedShort(pack + 4);
        return Raw.getUnsignedByte(end) == END && (counted == UNCOUNTED || counted == elements);
    }

    /** The bytes of an element with the length at its end, or 0 if it has no form, or its head lies beyond the end. */
    private static long checkedBytes(long at, long end) {
        int form = Raw.getUnsignedByte(at);
        long head = form < INT_13 ? 1 : form < TEXT_32 ? 2 : 5;
        if (form > INT_64 || form >= TEXT_12 && form <= TEXT_32 && at + head > end) {
            return 0;
        }
        long bytes = form == TEXT_32 ? head + Integer.toUnsignedLong(Raw.getInt(at + 1)) : formAndValueBytes(at);
        return bytes > end - at ? 0 : bytes + backwardsBytes((int) bytes);
    }

    // --- Reading ---

    public static boolean isInteger(long at) {
        int form = Raw.getUnsignedByte(at);
        return form < TEXT_6 || form >= INT_13 && form < TEXT_12 || form >= INT_16;
    }

    public static long integer(long at) {
        int form = Raw.getUnsignedByte(at);
        if (form < TEXT_6) {
            return form;
        }
        if (form < TEXT_12) {
            int bits = (form & 0x1f) << 8 | Raw.getUnsignedByte(at + 1);
            return bits << 19 >> 19;
        }
        return switch (form) {
            case INT_16 -> Raw.getShort(at + 1);
            case INT_24 -> Raw.getInt(at) >> 8;
            case INT_32 -> Raw.getInt(at + 1);
            default -> Raw.getLong(at + 1);
        };
    }

    /** Where the bytes of a text are. */
    public static long text(long at) {
        int form = Raw.getUnsignedByte(at);
        return at + (form < INT_13 ? 1 : form < TEXT_32 ? 2 : 5);
    }

    public static int textLength(long at) {
        int form = Raw.getUnsignedByte(at);
        if (form < INT_13) {
            return form & 0x3f;
        }
        return form < TEXT_32 ? (form & 0x0f) << 8 | Raw.getUnsignedByte(at + 1) : Raw.getInt(at + 1);
    }

    public static long next(long at) {
        int bytes = formAndValueBytes(at);
        return at + bytes + backwardsBytes(bytes);
    }

    static long previous(long at) {
        long last = at - 1;
        int bytes = 0;
        int shift = 0;
        int each;
        do {
            each = Raw.getUnsignedByte(last--);
            bytes |= (each & 0x7f) << shift;
            shift += 7;
        } while ((each & 0x80) != 0);
        return last + 1 - bytes;
    }

    static boolean holds(long at, long text, int length) {
        return !isInteger(at) && textLength(at) == length && Raw.equal(text(at), text, length);
    }

    private static int formAndValueBytes(long at) {
        int form = Raw.getUnsignedByte(at);
        if (form < TEXT_6) {
            return 1;
        }
        if (form < INT_13) {
            return 1 + (form & 0x3f);
        }
        if (form < TEXT_12) {
            return 2;
        }
        return switch (form) {
            case INT_16 -> 3;
            case INT_24 -> 4;
            case INT_32 -> 5;
            case INT_64 -> 9;
            case TEXT_32 -> 5 + Raw.getInt(at + 1);
            default -> 2 + textLength(at);
        };
    }

    /** The bytes of a length that is stored backwards, seven bits in each. */
    private static int backwardsBytes(int length) {
        return length <= 127 ? 1 : length < 16_383 ? 2 : length < 2_097_151 ? 3 : length < 268_435_455 ? 4 : 5;
    }

    // --- Writing ---

    public static int elementBytes(long value) {
        return integerBytes(value) + 1;
    }

    private static int integerBytes(long value) {
        if (value >= 0 && value <= 127) {
            return 1;
        }
        if (value >= -4096 && value <= 4095) {
            return 2;
        }
        if (value == (short) value) {
            return 3;
        }
        return value == (value << 40 >> 40) ? 4 : value == (int) value ? 5 : 9;
    }

    public static int textElementBytes(int length) {
        int bytes = textBytes(length);
        return bytes + backwardsBytes(bytes);
    }

    private static int textBytes(int length) {
        return length + (length < 64 ? 1 : length < 4096 ? 2 : 5);
    }

    /** Writes an element; returns where it ends. */
    public static long write(long at, long value) {
        int bytes = integerBytes(value);
        switch (bytes) {
            case 1 -> Raw.putByte(at, (int) value);
            case 2 -> {
                Raw.putByte(at, INT_13 | (int) (value >> 8) & 0x1f);
                Raw.putByte(at + 1, (int) value);
            }
            case 3 -> {
                Raw.putByte(at, INT_16);
                Raw.putShort(at + 1, (int) value);
            }
            case 4 -> {
                Raw.putByte(at, INT_24);
                Raw.putShort(at + 1, (int) value);
                Raw.putByte(at + 3, (int) (value >> 16));
            }
            case 5 -> {
                Raw.putByte(at, INT_32);
                Raw.putInt(at + 1, (int) value);
            }
            default -> {
                Raw.putByte(at, INT_64);
                Raw.putLong(at + 1, value);
            }
        }
        Raw.putByte(at + bytes, bytes);
        return at + bytes + 1;
    }

    /** Writes an element; returns where it ends. */
    public static long write(long at, long text, int length) {
        if (length < 64) {
            Raw.putByte(at, TEXT_6 | length);
        } else if (length < 4096) {
            Raw.putByte(at, TEXT_12 | length >> 8);
            Raw.putByte(at + 1, length);
        } else {
            Raw.putByte(at, TEXT_32);
            Raw.putInt(at + 1, length);
        }
        int bytes = textBytes(length);
        Raw.copy(text, at + bytes - length, length);
        return writeBackwards(at + bytes, bytes);
    }

    private static long writeBackwards(long at, int length) {
        int bytes = backwardsBytes(length);
        for (int i = 0; i < bytes; i++) {
            int each = length >>> 7 * (bytes - 1 - i) & 0x7f;
            Raw.putByte(at + i, i == 0 ? each : each | 0x80);
        }
        return at + bytes;
    }

    /** Puts an integer in the place of another; there must be room for some bytes more. */
    static void replace(long pack, long at, long value) {
        long next = next(at);
        int grown = elementBytes(value) - (int) (next - at);
        if (grown != 0) {
            long all = pack + bytes(pack);
            Raw.copy(next, next + grown, all - next);
            Raw.putInt(pack, bytes(pack) + grown);
        }
        write(at, value);
    }
}
