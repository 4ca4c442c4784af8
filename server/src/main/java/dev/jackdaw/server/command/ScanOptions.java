package dev.jackdaw.server.command;

import dev.jackdaw.protocol.Glob;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.raw.Raw;

/** Owned by the event loop: the cursor and the options that SCAN, HSCAN, SSCAN and ZSCAN have in common. */
final class ScanOptions {
    private static final int DEFAULT_COUNT = 10;

    private final Glob pattern = new Glob();
    private boolean hasPattern;
    private boolean withoutValues;
    private long count;

    /** The cursor in argument {@code i}: 64 bits without sign. */
    static long cursor(Call call, int i) {
        long cursor = 0;
        boolean valid = call.length(i) > 0;
        for (int at = 0; at < call.length(i) && valid; at++) {
            int digit = Raw.getByte(call.address(i) + at) - '0';
            long next = cursor * 10 + digit;
            valid = digit >= 0
                    && digit <= 9
                    && Long.compareUnsigned(cursor, Long.divideUnsigned(-1, 10)) <= 0
                    && Long.compareUnsigned(next, cursor) >= 0;
            cursor = next;
        }
        if (!valid) {
            throw Refusal.INVALID_CURSOR;
        }
        return cursor;
    }

    /** Reads MATCH and COUNT from argument {@code i} on, where nothing else may stand. */
    void read(Call call, int first) {
        clear();
        for (int i = first; i < call.count(); i += 2) {
            if (!readOne(call, i)) {
                throw Refusal.SYNTAX;
            }
        }
    }

    /** Forgets what was read. */
    void clear() {
        hasPattern = false;
        withoutValues = false;
        count = DEFAULT_COUNT;
    }

    /** Reads the option in argument {@code i} and the value after it; false if it is none of these. */
    boolean readOne(Call call, int i) {
        boolean hasValue = i + 1 < call.count();
        if (hasValue && call.is(i, "COUNT")) {
            count = call.integer(i + 1);
            if (count < 1) {
                throw Refusal.SYNTAX;
            }
            return true;
        }
        if (hasValue && call.is(i, "MATCH")) {
            match(call, i + 1);
            return true;
        }
        return false;
    }

    /** Takes the pattern in argument {@code i}. */
    void match(Call call, int i) {
        pattern.at(call.address(i), call.length(i), false);
        hasPattern = true;
    }

    /** Fields of a hash are wanted alone. */
    void leaveValuesOut() {
        withoutValues = true;
    }

    boolean withoutValues() {
        return withoutValues;
    }

    /** How many elements to look at. */
    long count() {
        return count;
    }

    boolean matches(long address, int length) {
        return !hasPattern || pattern.matches(address, length);
    }
}
