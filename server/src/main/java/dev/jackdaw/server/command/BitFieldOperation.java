package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.server.memory.Bits;

/**
 * Owned by the event loop: one operation of BITFIELD at a time, as its arguments say, and what it makes of a number:
 * unsigned of 1 to 63 bits, or signed of 1 to 64.
 */
final class BitFieldOperation {
    enum Action {
        GET,
        SET,
        INCRBY
    }

    private enum Overflow {
        WRAP,
        SAT,
        FAIL
    }

    private static final int WIDEST_SIGNED = 64;
    private static final int WIDEST_UNSIGNED = 63;

    private Overflow overflow;
    private Action action;
    private boolean signed;
    private int width;
    private long bit;
    private long operand;

    private long changed;

    /** To be called before the first operation of a command. */
    void begin() {
        overflow = Overflow.WRAP;
    }

    /** Reads the operation at argument {@code i}, and OVERFLOW before it; returns the argument behind it. */
    int read(Call call, int i, long maxBytes) {
        int at = i;
        while (call.is(at, "OVERFLOW") && at + 1 < call.count()) {
            overflow = overflow(call, at + 1);
            at += 2;
            if (at == call.count()) {
                action = null;
                return at;
            }
        }
        action = action(call, at);
        int arguments = action == Action.GET ? 2 : 3;
        if (action == null || at + arguments >= call.count()) {
            throw Refusal.SYNTAX;
        }
        readType(call, at + 1);
        bit = bitOffset(call, at + 2, width, maxBytes);
        operand = action == Action.GET ? 0 : call.integer(at + 3);
        return at + arguments + 1;
    }

    private static Overflow overflow(Call call, int i) {
        if (call.is(i, "WRAP")) {
            return Overflow.WRAP;
        }
        if (call.is(i, "SAT")) {
            return Overflow.SAT;
        }
        if (call.is(i, "FAIL")) {
            return Overflow.FAIL;
        }
        throw new Refusal(CommandError.BITFIELD_OVERFLOW);
    }

    private static Action action(Call call, int i) {
        if (call.is(i, "GET")) {
            return Action.GET;
        }
        if (call.is(i, "SET")) {
            return Action.SET;
        }
        return call.is(i, "INCRBY") ? Action.INCRBY : null;
    }

    private void readType(Call call, int i) {
        long text = call.address(i);
        int length = call.length(i);
        int letter = length == 0 ? 0 : Raw.getByte(text);
        signed = letter == 'i';
        if (!signed && letter != 'u' || !Integers.isInteger(text + 1, length - 1)) {
            throw new Refusal(CommandError.BITFIELD_TYPE);
        }
        long bits = Integers.parse(text + 1, length - 1);
        if (bits < 1 || bits > (signed ? WIDEST_SIGNED : WIDEST_UNSIGNED)) {
            throw new Refusal(CommandError.BITFIELD_TYPE);
        }
        width = (int) bits;
    }

    /** A bit within a string of at most so many bytes; with a {@code width}, {@code #n} is the n-th number of it. */
    static long bitOffset(Call call, int i, int width, long maxBytes) {
        boolean counted = width > 0 && call.length(i) > 0 && Raw.getByte(call.address(i)) == '#';
        long text = counted ? call.address(i) + 1 : call.address(i);
        int length = counted ? call.length(i) - 1 : call.length(i);
        if (Integers.isInteger(text, length)) {
            long number = Integers.parse(text, length);
            long bit = counted ? number * width : number;
            long bits = maxBytes * Byte.SIZE;
            if (number >= 0 && number < bits && bit < bits) {
                return bit;
            }
        }
        throw new Refusal(CommandError.BIT_OFFSET);
    }

    /** What to do, null if nothing but OVERFLOW was left. */
    Action action() {
        return action;
    }

    /** The bit after the last one. */
    long end() {
        return bit + width;
    }

    // --- Working ---

    /** The number that is there now. */
    long get(long address, long length) {
        long number = Bits.number(address, length, bit, width);
        return signed ? signExtended(number) : number;
    }

    void put(long address, long number) {
        Bits.putNumber(address, bit, width, number);
    }

    /** Computes what becomes of {@code old}; false if that does not fit and is to be refused. */
    boolean compute(long old) {
        long from = action == Action.SET ? operand : old;
        long increment = action == Action.SET ? 0 : operand;
        changed = from + increment;
        int beyond = beyond(from, increment);
        if (beyond != 0) {
            changed = overflow == Overflow.SAT ? (beyond > 0 ? largest() : smallest()) : truncated(changed);
        }
        return beyond == 0 || overflow != Overflow.FAIL;
    }

    /** What {@link #compute} came to. */
    long changed() {
        return changed;
    }

    /** Whether the sum is above what fits (1), below it (-1), or fits (0). */
    private int beyond(long from, long increment) {
        if (!signed && action == Action.SET && from < 0) {
            // As an unsigned number it is a large one.
            return 1;
        }
        long sum = from + increment;
        if (((from ^ sum) & (increment ^ sum)) < 0) {
            return from > 0 ? 1 : -1;
        }
        return sum > largest() ? 1 : sum < smallest() ? -1 : 0;
    }

    private long largest() {
        return (1L << (signed ? width - 1 : width)) - 1;
    }

    private long smallest() {
        return signed ? -largest() - 1 : 0;
    }

    private long truncated(long number) {
        return signed ? signExtended(number) : number & largest();
    }

    private long signExtended(long number) {
        int unused = WIDEST_SIGNED - width;
        return number << unused >> unused;
    }
}
