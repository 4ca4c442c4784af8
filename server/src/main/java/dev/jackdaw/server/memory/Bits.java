package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Shared and stateless: bits in native memory, numbered from the highest bit of the first byte on. Long runs are worked
 * through in words of eight bytes.
 */
public final class Bits {
    private Bits() {}

    public static boolean get(long address, long bit) {
        return (Raw.getByte(address + (bit >>> 3)) & highest(bit)) != 0;
    }

    public static void put(long address, long bit, boolean on) {
        long at = address + (bit >>> 3);
        int others = Raw.getByte(at) & ~highest(bit);
        Raw.putByte(at, on ? others | highest(bit) : others);
    }

    /** The bit's place in its byte. */
    private static int highest(long bit) {
        return 0x80 >>> (bit & 7);
    }

    // --- Ranges ---

    /** How many bits are set from one to another, the latter not included. */
    public static long count(long address, long from, long to) {
        if (from >= to) {
            return 0;
        }
        long first = address + (from >>> 3);
        long last = address + (to >>> 3);
        return countBytes(first, last - first) - countHighest(first, from) + countHighest(last, to);
    }

    private static long countBytes(long address, long length) {
        long count = 0;
        long at = address;
        long end = address + length;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            count += Long.bitCount(Raw.getLong(at));
        }
        for (; at < end; at++) {
            count += Integer.bitCount(Raw.getUnsignedByte(at));
        }
        return count;
    }

    /** Counts those bits of a byte that are before {@code bit}. */
    private static int countHighest(long at, long bit) {
        int bits = (int) bit & 7;
        return bits == 0 ? 0 : Integer.bitCount(Raw.getUnsignedByte(at) >>> (8 - bits));
    }

    /** The first bit from one to another, the latter not included, that is set, or else clear; -1 if there is none. */
    public static long first(long address, long from, long to, boolean set) {
        long without = set ? 0 : -1;
        long bit = from;
        while (bit < to) {
            long at = address + (bit >>> 3);
            boolean whole = (bit & 7) == 0;
            if (whole && to - bit >= Long.SIZE && Raw.getLong(at) == without) {
                bit += Long.SIZE;
            } else if (whole && to - bit >= Byte.SIZE && Raw.getByte(at) == (byte) without) {
                bit += Byte.SIZE;
            } else if (get(address, bit) == set) {
                return bit;
            } else {
                bit++;
            }
        }
        return -1;
    }

    // --- Integers ---

    /** The {@code width} bits from {@code bit} on as an unsigned number; what is past {@code length} bytes counts as zero. */
    public static long number(long address, long length, long bit, int width) {
        long number = 0;
        for (long at = bit; at < bit + width; ) {
            int skipped = (int) at & 7;
            int taken = (int) Math.min(8 - skipped, bit + width - at);
            int octet = at >>> 3 < length ? Raw.getUnsignedByte(address + (at >>> 3)) : 0;
            number = number << taken | octet >>> (8 - skipped - taken) & (1 << taken) - 1;
            at += taken;
        }
        return number;
    }

    /** Writes the lowest {@code width} bits of a number to {@code bit} and those after it. */
    public static void putNumber(long address, long bit, int width, long number) {
        long end = bit + width;
        for (long at = bit; at < end; ) {
            int skipped = (int) at & 7;
            int taken = (int) Math.min(8 - skipped, end - at);
            int shift = 8 - skipped - taken;
            int mask = (1 << taken) - 1 << shift;
            int octet = (int) (number >>> (end - at - taken)) << shift;
            long place = address + (at >>> 3);
            Raw.putByte(place, Raw.getByte(place) & ~mask | octet & mask);
            at += taken;
        }
    }

    // --- Whole strings ---

    /** Leaves those bits set that are set in both. */
    public static void and(long to, long from, long length) {
        long at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            Raw.putLong(to + at, Raw.getLong(to + at) & Raw.getLong(from + at));
        }
        for (; at < length; at++) {
            Raw.putByte(to + at, Raw.getByte(to + at) & Raw.getByte(from + at));
        }
    }

    /** Sets those bits too that are set in {@code from}. */
    public static void or(long to, long from, long length) {
        long at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            Raw.putLong(to + at, Raw.getLong(to + at) | Raw.getLong(from + at));
        }
        for (; at < length; at++) {
            Raw.putByte(to + at, Raw.getByte(to + at) | Raw.getByte(from + at));
        }
    }

    /** Turns those bits over that are set in {@code from}. */
    public static void xor(long to, long from, long length) {
        long at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            Raw.putLong(to + at, Raw.getLong(to + at) ^ Raw.getLong(from + at));
        }
        for (; at < length; at++) {
            Raw.putByte(to + at, Raw.getByte(to + at) ^ Raw.getByte(from + at));
        }
    }

    /** Leaves at {@code to} the bits that are not at {@code from}. */
    public static void andNot(long to, long from, long length) {
        long at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            Raw.putLong(to + at, Raw.getLong(to + at) & ~Raw.getLong(from + at));
        }
        for (; at < length; at++) {
            Raw.putByte(to + at, Raw.getByte(to + at) & ~Raw.getByte(from + at));
        }
    }

    /** Adds the bits at {@code from} to {@code some}, and those that were there before to {@code several}. */
    public static void orCounting(long some, long several, long from, long length) {
        long at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            long bits = Raw.getLong(from + at);
            long before = Raw.getLong(some + at);
            Raw.putLong(several + at, Raw.getLong(several + at) | before & bits);
            Raw.putLong(some + at, before | bits);
        }
        for (; at < length; at++) {
            int bits = Raw.getByte(from + at);
            int before = Raw.getByte(some + at);
            Raw.putByte(several + at, Raw.getByte(several + at) | before & bits);
            Raw.putByte(some + at, before | bits);
        }
    }

    /** Turns every bit over. */
    public static void not(long to, long length) {
        long at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            Raw.putLong(to + at, ~Raw.getLong(to + at));
        }
        for (; at < length; at++) {
            Raw.putByte(to + at, ~Raw.getByte(to + at));
        }
    }
}
