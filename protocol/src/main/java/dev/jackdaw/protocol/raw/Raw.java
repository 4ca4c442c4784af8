package dev.jackdaw.protocol.raw;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Shared and stateless: loads and stores at absolute native addresses, in bytes, little-endian, at any alignment.
 *
 * <p>One {@code static final} segment spans the whole address space, so that the JIT folds its bounds to constants and an
 * access costs one machine instruction. Nothing here checks an address: the caller owns the memory that it names.
 */
public final class Raw {
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int SHORT_RUN = 16;
    /** A call of the JVM's copy, with its checks, costs as much as some eight loads and stores. */
    private static final int MEDIUM_RUN = 64;

    private static final int LONG_FILL = 8 << 10;

    private Raw() {}

    public static byte getByte(long address) {
        return ALL.get(BYTE, address);
    }

    /** The byte at {@code address} as 0 to 255. */
    public static int getUnsignedByte(long address) {
        return ALL.get(BYTE, address) & 0xff;
    }

    public static short getShort(long address) {
        return ALL.get(SHORT, address);
    }

    public static int getUnsignedShort(long address) {
        return ALL.get(SHORT, address) & 0xffff;
    }

    public static int getInt(long address) {
        return ALL.get(INT, address);
    }

    public static long getLong(long address) {
        return ALL.get(LONG, address);
    }

    public static double getDouble(long address) {
        return Double.longBitsToDouble(getLong(address));
    }

    public static void putByte(long address, int value) {
        ALL.set(BYTE, address, (byte) value);
    }

    public static void putShort(long address, int value) {
        ALL.set(SHORT, address, (short) value);
    }

    public static void putInt(long address, int value) {
        ALL.set(INT, address, value);
    }

    public static void putLong(long address, long value) {
        ALL.set(LONG, address, value);
    }

    public static void putDouble(long address, double value) {
        putLong(address, Double.doubleToRawLongBits(value));
    }

    /** Copies {@code length} bytes; the ranges may overlap. */
    public static void copy(long from, long to, long length) {
        if (length <= SHORT_RUN) {
            copyShort(from, to, (int) length);
        } else if (length <= MEDIUM_RUN) {
            copyMedium(from, to, (int) length);
        } else {
            MemorySegment.copy(ALL, from, ALL, to, length);
        }
    }

    private static void copyShort(long from, long to, int length) {
        if (length >= 8) {
            long head = getLong(from);
            long tail = getLong(from + length - 8);
            putLong(to, head);
            putLong(to + length - 8, tail);
        } else if (length >= 4) {
            int head = getInt(from);
            int tail = getInt(from + length - 4);
            putInt(to, head);
            putInt(to + length - 4, tail);
        } else if (length > 0) {
            byte first = getByte(from);
            byte middle = getByte(from + (length >> 1));
            byte last = getByte(from + length - 1);
            putByte(to, first);
            putByte(to + (length >> 1), middle);
            putByte(to + length - 1, last);
        }
    }

    /** Both halves from their outer ends inwards, each in words; everything is loaded before anything is stored. */
    private static void copyMedium(long from, long to, int length) {
        long fromEnd = from + length;
        long toEnd = to + length;
        long first = getLong(from);
        long second = getLong(from + 8);
        long beforeLast = getLong(fromEnd - 16);
        long last = getLong(fromEnd - 8);
        if (length > 32) {
            long third = getLong(from + 16);
            long fourth = getLong(from + 24);
            long fourthToLast = getLong(fromEnd - 32);
            long thirdToLast = getLong(fromEnd - 24);
            putLong(to + 16, third);
            putLong(to + 24, fourth);
            putLong(toEnd - 32, fourthToLast);
            putLong(toEnd - 24, thirdToLast);
        }
        putLong(to, first);
        putLong(to + 8, second);
        putLong(toEnd - 16, beforeLast);
        putLong(toEnd - 8, last);
    }

    public static void copy(byte[] from, int offset, long to, int length) {
        MemorySegment.copy(from, offset, ALL, BYTE, to, length);
    }

    public static void copy(long from, byte[] to, int offset, int length) {
        MemorySegment.copy(ALL, BYTE, from, to, offset, length);
    }

    public static void fill(long address, long length, int value) {
        if (length > LONG_FILL) {
            ALL.asSlice(address, length).fill((byte) value);
            return;
        }
        // Without a slice, which is an object until the JIT has seen it often enough.
        long word = (value & 0xff) * 0x0101010101010101L;
        long at = 0;
        for (; at + 8 <= length; at += 8) {
            putLong(address + at, word);
        }
        for (; at < length; at++) {
            putByte(address + at, value);
        }
    }

    /** Whether the {@code length} bytes at both addresses are the same. */
    public static boolean equal(long a, long b, int length) {
        if (length < 8) {
            return equalShort(a, b, length);
        }
        for (int at = 0; at + 8 <= length; at += 8) {
            if (getLong(a + at) != getLong(b + at)) {
                return false;
            }
        }
        return getLong(a + length - 8) == getLong(b + length - 8);
    }

    private static boolean equalShort(long a, long b, int length) {
        if (length >= 4) {
            return getInt(a) == getInt(b) && getInt(a + length - 4) == getInt(b + length - 4);
        }
        if (length >= 2) {
            return getShort(a) == getShort(b) && getShort(a + length - 2) == getShort(b + length - 2);
        }
        return length == 0 || getByte(a) == getByte(b);
    }

    /** Orders two byte strings as {@code memcmp} does, a shorter prefix first: negative, zero or positive. */
    public static int compare(long a, int lengthA, long b, int lengthB) {
        int common = Math.min(lengthA, lengthB);
        int at = 0;
        for (; at + 8 <= common; at += 8) {
            long wordA = getLong(a + at);
            long wordB = getLong(b + at);
            if (wordA != wordB) {
                return Long.compareUnsigned(Long.reverseBytes(wordA), Long.reverseBytes(wordB));
            }
        }
        for (; at < common; at++) {
            int difference = getUnsignedByte(a + at) - getUnsignedByte(b + at);
            if (difference != 0) {
                return difference;
            }
        }
        return lengthA - lengthB;
    }

    /** A copy of the bytes on the heap. */
    public static byte[] bytes(long address, int length) {
        byte[] copy = new byte[length];
        copy(address, copy, 0, length);
        return copy;
    }

    /** The bytes as a string, one character each (ISO 8859-1). */
    public static String latin1(long address, int length) {
        return new String(bytes(address, length), StandardCharsets.ISO_8859_1);
    }
}
