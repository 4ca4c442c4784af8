package dev.jackdaw.protocol.resp;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Shared and stateless: 64-bit integers in decimal, in native memory. Only the one canonical form is an integer: no plus, no
 * leading zero, no {@code -0}, no blanks.
 */
public final class Integers {
    /** The most bytes that {@link #write} writes. */
    public static final int MAX_BYTES = 20;

    private static final int MAX_DIGITS = 19;
    private static final short[] PAIRS = pairs();

    private Integers() {}

    /** Whether the bytes are a 64-bit integer, so that {@link #parse} can read them. */
    public static boolean isInteger(long address, int length) {
        if (length == 0 || length > MAX_BYTES) {
            return false;
        }
        boolean negative = Raw.getByte(address) == '-';
        long first = negative ? address + 1 : address;
        int digits = negative ? length - 1 : length;
        if (digits == 0 || digits > MAX_DIGITS) {
            return false;
        }
        if (Raw.getByte(first) == '0') {
            return length == 1;
        }
        for (int i = 0; i < digits; i++) {
            int digit = Raw.getByte(first + i) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
        }
        return digits < MAX_DIGITS || fits(first, negative);
    }

    /** Nineteen digits never overflow an unsigned long, so their sign bit tells. */
    private static boolean fits(long first, boolean negative) {
        long magnitude = magnitude(first, MAX_DIGITS);
        return magnitude >= 0 || (negative && magnitude == Long.MIN_VALUE);
    }

    /** The integer that the bytes hold; they must be one. */
    public static long parse(long address, int length) {
        assert isInteger(address, length);
        boolean negative = Raw.getByte(address) == '-';
        return negative ? -magnitude(address + 1, length - 1) : magnitude(address, length);
    }

    private static long magnitude(long address, int digits) {
        long magnitude = 0;
        for (int i = 0; i < digits; i++) {
            magnitude = magnitude * 10 + (Raw.getByte(address + i) - '0');
        }
        return magnitude;
    }

    /** How many bytes {@link #write} writes for {@code value}. */
    public static int length(long value) {
        if (value == Long.MIN_VALUE) {
            return MAX_BYTES;
        }
        return value < 0 ? 1 + digits(-value) : digits(value);
    }

    private static int digits(long magnitude) {
        int digits = 1;
        for (long bound = 10; digits < MAX_DIGITS && magnitude >= bound; bound *= 10) {
            digits++;
        }
        return digits;
    }

    /** Writes {@code value} at {@code address} and returns the address after its last digit. */
    public static long write(long value, long address) {
        if (value >= 0 && value < 10) {
            Raw.putByte(address, '0' + (int) value);
            return address + 1;
        }
        long end = address + length(value);
        if (value < 0) {
            Raw.putByte(address, '-');
        }
        // Counted down below zero, where the smallest long has room too.
        long rest = value < 0 ? value : -value;
        long at = end;
        while (rest <= -100) {
            long tail = rest / 100;
            at -= 2;
            Raw.putShort(at, PAIRS[(int) (tail * 100 - rest)]);
            rest = tail;
        }
        if (rest <= -10) {
            Raw.putShort(at - 2, PAIRS[(int) -rest]);
        } else {
            Raw.putByte(at - 1, '0' - (int) rest);
        }
        return end;
    }

    /** The same of an unsigned integer. */
    public static long writeUnsigned(long value, long address) {
        if (value >= 0) {
            return write(value, address);
        }
        long lastDigit = write(Long.divideUnsigned(value, 10), address);
        return write(Long.remainderUnsigned(value, 10), lastDigit);
    }

    /** The two digits of 00 to 99, the first in the lower byte. */
    private static short[] pairs() {
        short[] pairs = new short[100];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = (short) (('0' + i / 10) | ('0' + i % 10) << 8);
        }
        return pairs;
    }
}
