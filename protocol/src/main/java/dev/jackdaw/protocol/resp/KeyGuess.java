package dev.jackdaw.protocol.resp;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by one thread: where the second word of a request lies, which mostly is its key, found without decoding the request. It
 * is for who wants to fetch something ahead of time, and may be wrong.
 *
 * <pre>
 *   *3 \r\n $3 \r\n SET \r\n $4 \r\n name \r\n ...
 *                                    address, length
 * </pre>
 */
public final class KeyGuess {
    /** A star, a digit, and the end of the line. */
    private static final int FIRST_WORD = 4;

    private static final int LINE_END = 2;
    /** Digits of a length; a longer word is no key to be fetched for. */
    private static final int MOST_DIGITS = 5;

    private long at;
    private long end;
    private int length;

    /** Looks into a request of so many bytes; returns whether there is such a word. */
    public boolean find(long request, int bytes) {
        at = request + FIRST_WORD;
        end = request + bytes;
        if (!word()) {
            return false;
        }
        at += length + LINE_END;
        return word();
    }

    /** Where it begins. */
    public long address() {
        return at;
    }

    /** How many bytes it has. */
    public int length() {
        return length;
    }

    /** Reads the length of a word, and goes to where that begins. */
    private boolean word() {
        if (at >= end || Raw.getByte(at) != '$') {
            return false;
        }
        at++;
        length = 0;
        for (int digits = 0; digits <= MOST_DIGITS && at < end; digits++) {
            int digit = Raw.getByte(at) - '0';
            if (digit < 0 || digit > 9) {
                at += LINE_END;
                return digits > 0 && end - at >= length;
            }
            length = 10 * length + digit;
            at++;
        }
        return false;
    }
}
