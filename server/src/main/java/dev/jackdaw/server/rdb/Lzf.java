package dev.jackdaw.server.rdb;

import dev.jackdaw.protocol.raw.Raw;
import java.util.Arrays;

/**
 * Owned by one thread: the LZF compression of RDB strings.
 *
 * <pre>
 *   000xxxxx                                  x + 1 bytes follow as they are
 *   nnnxxxxx [m if n = 7] yyyyyyyy            n + m + 2 bytes as they stand x * 256 + y + 1 before
 * </pre>
 */
final class Lzf {
    /** No run of bytes becomes longer by more than this when it is decompressed. */
    static final int MAX_RATIO = 88;

    private static final int MAX_LITERALS = 32;
    private static final int MAX_DISTANCE = 1 << 13;
    private static final int MAX_MATCH = 264;
    private static final int MIN_MATCH = 3;
    private static final int LONG_MATCH = 7;
    private static final int HASH_BITS = 13;
    private static final int HASH_FACTOR = 0x9e3779b1;
    /** What one step may write at most: literals' count, match, and the place of the next count. */
    private static final int STEP_BYTES = 5;

    /** Where three bytes stood last, by their hash: counted from {@link #origin}, below which earlier texts are. */
    private final int[] places = new int[1 << HASH_BITS];

    private int origin = 1;

    private int nextOrigin = 1;

    /** Compresses into {@code room} bytes; returns how many it took, 0 if there were too few. */
    int compress(long from, int length, long to, int room) {
        if (Integer.MAX_VALUE - nextOrigin <= length) {
            Arrays.fill(places, 0);
            nextOrigin = 1;
        }
        origin = nextOrigin;
        nextOrigin += length;
        int at = 0;
        int literals = 0;
        int out = 1;
        while (at < length) {
            if (out + STEP_BYTES > room) {
                return 0;
            }
            int distance = at + MIN_MATCH <= length ? distance(from, at) : 0;
            if (distance == 0) {
                Raw.putByte(to + out++, Raw.getByte(from + at++));
                literals++;
                if (literals == MAX_LITERALS) {
                    out = endLiterals(to, out, literals);
                    literals = 0;
                }
                continue;
            }
            // Without literals before it, the match takes the place of their count.
            out = literals == 0 ? out - 1 : endLiterals(to, out, literals) - 1;
            literals = 0;
            int match = matchLength(from, at, distance, Math.min(length - at, MAX_MATCH));
            int high = distance - 1 >> Byte.SIZE;
            if (match - 2 < LONG_MATCH) {
                Raw.putByte(to + out++, match - 2 << 5 | high);
            } else {
                Raw.putByte(to + out++, LONG_MATCH << 5 | high);
                Raw.putByte(to + out++, match - 2 - LONG_MATCH);
            }
            Raw.putByte(to + out++, distance - 1);
            out++;
            at += match;
        }
        return (literals == 0 ? out : endLiterals(to, out, literals)) - 1;
    }

    /** How far before it the three bytes at a place stand too, or 0; notes the place. */
    private int distance(long from, int at) {
        int three = three(from + at);
        int i = three * HASH_FACTOR >>> Integer.SIZE - HASH_BITS;
        int candidate = places[i] - origin;
        places[i] = origin + at;
        boolean matches = candidate >= 0 && at - candidate <= MAX_DISTANCE && three(from + candidate) == three;
        return matches ? at - candidate : 0;
    }

    private static int three(long at) {
        return Raw.getUnsignedShort(at) | Raw.getUnsignedByte(at + 2) << Short.SIZE;
    }

    private static int matchLength(long from, int at, int distance, int most) {
        int match = MIN_MATCH;
        while (match < most && Raw.getByte(from + at + match) == Raw.getByte(from + at + match - distance)) {
            match++;
        }
        return match;
    }

    private static int endLiterals(long to, int out, int literals) {
        Raw.putByte(to + out - literals - 1, literals - 1);
        return out + 1;
    }

    /** Decompresses exactly {@code outLength} bytes; false if the input is not sound. */
    static boolean decompress(long from, int length, long to, int outLength) {
        int in = 0;
        int out = 0;
        while (in < length) {
            int control = Raw.getUnsignedByte(from + in++);
            if (control < MAX_LITERALS) {
                int literals = control + 1;
                if (in + literals > length || out + literals > outLength) {
                    return false;
                }
                Raw.copy(from + in, to + out, literals);
                in += literals;
                out += literals;
                continue;
            }
            int match = control >> 5;
            if (match == LONG_MATCH && in < length) {
                match += Raw.getUnsignedByte(from + in++);
            }
            match += 2;
            if (in == length) {
                return false;
            }
            int distance = ((control & 0x1f) << Byte.SIZE | Raw.getUnsignedByte(from + in++)) + 1;
            if (distance > out || out + match > outLength) {
                return false;
            }
            // Byte by byte: what is copied may be what has just been written.
            for (int i = 0; i < match; i++, out++) {
                Raw.putByte(to + out, Raw.getByte(to + out - distance));
            }
        }
        return out == outLength;
    }
}
