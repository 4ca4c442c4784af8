package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.memory.StreamLog;

/**
 * Owned by the event loop: the ID of an entry of a stream, {@code milliseconds-sequence}, both unsigned; read from one
 * argument after the other.
 */
final class StreamId {
    private static final Refusal INVALID = new Refusal(CommandError.INVALID_STREAM_ID);
    private static final Refusal NO_START = new Refusal(CommandError.INVALID_RANGE_START);
    private static final Refusal NO_END = new Refusal(CommandError.INVALID_RANGE_END);
    /** Digits of an unsigned long, and some zeros before them. */
    private static final int MAX_DIGITS = 60;

    private static final long MAX_TENTH = Long.divideUnsigned(-1, 10);

    private long upper;
    private long lower;
    private boolean anyLower;
    private long parsed;

    long upper() {
        return upper;
    }

    long lower() {
        return lower;
    }

    /** Whether the ID was {@code milliseconds-*}, which leaves the sequence number open. */
    boolean isAnyLower() {
        return anyLower;
    }

    boolean isZero() {
        return upper == 0 && lower == 0;
    }

    boolean isLast() {
        return upper == -1 && lower == -1;
    }

    void set(long newUpper, long newLower) {
        upper = newUpper;
        lower = newLower;
    }

    int compareTo(long otherUpper, long otherLower) {
        return StreamLog.compare(upper, lower, otherUpper, otherLower);
    }

    /** Reads a complete ID; without a sequence number that is 0. */
    void read(Call call, int i) {
        if (!parse(call.address(i), call.length(i), 0) || anyLower) {
            throw INVALID;
        }
    }

    /** Whether the argument is a complete ID, which then is this one. */
    boolean isId(Call call, int i) {
        return parse(call.address(i), call.length(i), 0) && !anyLower;
    }

    /** The same, but the sequence number may be left open. */
    void readOpen(Call call, int i) {
        if (!parse(call.address(i), call.length(i), 0)) {
            throw INVALID;
        }
    }

    /** Reads the ID with which a range begins: {@code -}, {@code +}, an ID, or one that is not in it after a parenthesis. */
    void readStart(Call call, int i) {
        if (readBound(call, i, 0) && !increment()) {
            throw NO_START;
        }
    }

    /** Reads the ID with which a range ends. */
    void readEnd(Call call, int i) {
        if (readBound(call, i, -1) && !decrement()) {
            throw NO_END;
        }
    }

    /** Reads a bound; returns whether it is not in the range itself. */
    private boolean readBound(Call call, int i, long missingLower) {
        long address = call.address(i);
        int length = call.length(i);
        boolean exclusive = length > 1 && Raw.getByte(address) == '(';
        if (readEdge(call, i)) {
            return false;
        }
        if (!parse(exclusive ? address + 1 : address, exclusive ? length - 1 : length, missingLower) || anyLower) {
            throw INVALID;
        }
        return exclusive;
    }

    /** Whether the argument is {@code -} or {@code +}, the least or the greatest ID, which then is this one. */
    boolean readEdge(Call call, int i) {
        int sign = call.length(i) == 1 ? Raw.getByte(call.address(i)) : 0;
        if (sign != '-' && sign != '+') {
            return false;
        }
        long all = sign == '+' ? -1 : 0;
        set(all, all);
        return true;
    }

    /** Goes on to the next ID; false if there is none. */
    boolean increment() {
        lower++;
        if (lower == 0) {
            upper++;
        }
        return !isZero();
    }

    private boolean decrement() {
        if (lower == 0) {
            upper--;
        }
        lower--;
        return !isLast();
    }

    private boolean parse(long address, int length, long missingLower) {
        int dash = 0;
        while (dash < length && Raw.getByte(address + dash) != '-') {
            dash++;
        }
        if (!parseNumber(address, dash)) {
            return false;
        }
        upper = parsed;
        lower = missingLower;
        anyLower = false;
        if (dash == length) {
            return true;
        }
        long rest = address + dash + 1;
        int restLength = length - dash - 1;
        anyLower = restLength == 1 && Raw.getByte(rest) == '*';
        if (anyLower) {
            lower = 0;
            return true;
        }
        if (!parseNumber(rest, restLength)) {
            return false;
        }
        lower = parsed;
        return true;
    }

    private boolean parseNumber(long address, int length) {
        if (length == 0 || length > MAX_DIGITS) {
            return false;
        }
        parsed = 0;
        for (int i = 0; i < length; i++) {
            int digit = Raw.getByte(address + i) - '0';
            if (digit < 0 || digit > 9 || Long.compareUnsigned(parsed, MAX_TENTH) > 0) {
                return false;
            }
            parsed = parsed * 10 + digit;
            if (Long.compareUnsigned(parsed, digit) < 0) {
                return false;
            }
        }
        return true;
    }
}
