package dev.jackdaw.server.command;

import dev.jackdaw.protocol.Glob;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.raw.Raw;

/** Owned by the event loop: what SCAN, HSCAN, SSCAN and ZSCAN have in common: cursor, options, and when a page is full. */
final class ScanPage {
    private static final int DEFAULT_COUNT = 10;
    /** Steps of the walk for each element that COUNT says, after which a page is over, as in Redis. */
    private static final int STEPS = 10;

    private final Glob pattern = new Glob();
    private boolean hasPattern;
    private long count;
    private long seen;
    private long steps;
    private int taken;

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

    /** Begins a page with the MATCH and COUNT from argument {@code first} on, where nothing else may stand. */
    void read(Call call, int first) {
        begin();
        for (int i = first; i < call.count(); i += 2) {
            if (!readOption(call, i)) {
                throw Refusal.SYNTAX;
            }
        }
    }

    /** Begins a page without options. */
    void begin() {
        hasPattern = false;
        count = DEFAULT_COUNT;
        seen = 0;
        steps = 0;
        taken = 0;
    }

    /** Reads the option in argument {@code i} and the value after it; false if it is none of these. */
    boolean readOption(Call call, int i) {
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

    /** How many elements to look at. */
    long count() {
        return count;
    }

    boolean matches(long address, int length) {
        return !hasPattern || pattern.matches(address, length);
    }

    /** Looks at the next element: whether it matches, so that the page has it. */
    boolean takes(long address, int length) {
        boolean matches = matches(address, length);
        seen++;
        taken += matches ? 1 : 0;
        return matches;
    }

    /** Counts a step of the walk, which may have come by nothing that can be seen. */
    void step() {
        steps++;
    }

    /** Whether as many elements were looked at as COUNT says, or the walk has come by too few of them. */
    boolean isFull() {
        return seen >= count || steps / STEPS >= count;
    }

    /** How many of them the page has. */
    int taken() {
        return taken;
    }
}
