package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Shared and stateless: numbers of any width side by side in native memory. A bit is named by eight times its address plus
 * its place in the byte, the lowest first.
 *
 * <p>Words of eight bytes end where they must, so they begin up to eight bytes before the first bit that is meant; what is
 * there is read and, where the bits are written, written back. What is shifted out of one word into another is shifted
 * twice, since a shift by 64, for a width of 0, would be none.
 */
final class PackedBits {
    /** The most bits that surely lie in one word, wherever they begin. */
    private static final int WORD_BITS = Long.SIZE - Byte.SIZE + 1;

    private PackedBits() {}

    static long mask(int width) {
        return (1L << width) - 1;
    }

    /** The {@code width} bits from {@code bit} on. */
    static long get(long bit, int width) {
        if (width > WORD_BITS) {
            return get(bit, Integer.SIZE) | get(bit + Integer.SIZE, width - Integer.SIZE) << Integer.SIZE;
        }
        long word = (bit + width - 1 >>> 3) - (Long.BYTES - 1);
        return Raw.getLong(word) >>> bit - (word << 3) & mask(width);
    }

    /** Writes the lowest {@code width} bits of a number to {@code bit} and those after it. */
    static void put(long bit, int width, long number) {
        if (width > WORD_BITS) {
            put(bit, Integer.SIZE, number);
            put(bit + Integer.SIZE, width - Integer.SIZE, number >>> Integer.SIZE);
            return;
        }
        long word = (bit + width - 1 >>> 3) - (Long.BYTES - 1);
        long shift = bit - (word << 3);
        long mask = mask(width) << shift;
        Raw.putLong(word, Raw.getLong(word) & ~mask | number << shift & mask);
    }

    /** Makes room for {@code width} bits at {@code bit}: what follows, up to an address, moves; what is in the room is arbitrary. */
    static void open(long end, long bit, int width) {
        long word = end - Long.BYTES;
        long bits = Raw.getLong(word);
        while (word << 3 > bit) {
            long before = Raw.getLong(word - Long.BYTES);
            Raw.putLong(word, bits << width | before >>> 1 >>> Long.SIZE - 1 - width);
            word -= Long.BYTES;
            bits = before;
        }
        long moved = -1L << bit - (word << 3);
        Raw.putLong(word, bits & ~moved | (bits & moved) << width);
    }

    /** Takes {@code width} bits at {@code bit} out: what follows, up to an address, moves, and zeros come after it. */
    static void close(long end, long bit, int width) {
        long word = end - ((end << 3) - bit + Long.SIZE - 1 >>> 6 << 3);
        long moved = -1L << bit - (word << 3);
        while (word < end) {
            long bits = Raw.getLong(word);
            long after = word + Long.BYTES < end ? Raw.getLong(word + Long.BYTES) : 0;
            long shifted = bits >>> width | after << 1 << Long.SIZE - 1 - width;
            Raw.putLong(word, bits & ~moved | shifted & moved);
            moved = -1;
            word += Long.BYTES;
        }
    }
}
