package dev.jackdaw.protocol.resp;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Shared and stateless: the usual form of a line such as {@code $16\r\n}, read in one pass.
 *
 * <p>A header is returned as one long, to keep the caller's loop in registers: the offset of the byte after the line in the
 * upper half, the number in the lower.
 */
final class Header {
    /** The line is incomplete, not a plain number below a thousand million, or wrong; the caller finds out which. */
    static final long UNUSUAL = -1;

    private static final int SHORTEST = 4;
    private static final int CRLF = '\r' | '\n' << 8;
    private static final int MAX_DIGITS = 9;

    private Header() {}

    static long pack(int next, int number) {
        return (long) next << 32 | (number & 0xffffffffL);
    }

    static int next(long header) {
        return (int) (header >>> 32);
    }

    static int number(long header) {
        return (int) header;
    }

    /** Reads the line that begins with {@code type} at {@code base + at} and may reach up to {@code base + limit}. */
    static long read(long base, int at, int limit, int type) {
        if (limit - at < SHORTEST) {
            return UNUSUAL;
        }
        int line = Raw.getInt(base + at);
        int number = (line >> 8 & 0xff) - '0';
        if ((line & 0xff) != type || number < 0 || number > 9) {
            return UNUSUAL;
        }
        if (line >>> 16 == CRLF) {
            return pack(at + SHORTEST, number);
        }
        // A leading zero is only good alone.
        int end = Math.min(limit - 1, number == 0 ? at + 3 : at + 2 + MAX_DIGITS);
        for (int next = at + 2; next < end; next++) {
            int digit = Raw.getByte(base + next) - '0';
            if (digit == '\r' - '0') {
                return pack(next + 2, number);
            }
            if (digit < 0 || digit > 9) {
                return UNUSUAL;
            }
            number = number * 10 + digit;
        }
        return UNUSUAL;
    }
}
