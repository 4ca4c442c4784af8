package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.BitmapCommand;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.server.command.BitFieldOperation.Action;
import dev.jackdaw.server.engine.KeyEvent;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.Bits;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.Heap;
import dev.jackdaw.server.value.StringValue;

/** Owned by the event loop: the bodies of the commands on bits. */
final class BitmapHandlers {
    private enum Operation {
        AND,
        OR,
        XOR,
        NOT,
        DIFF,
        DIFF1,
        ANDOR,
        ONE;

        /** The first key is told apart from the others, of which there must be some. */
        boolean isOfFirstAndOthers() {
            return this == DIFF || this == DIFF1 || this == ANDOR;
        }
    }

    private static final Operation[] OPERATIONS = Operation.values();

    private final Node node;
    private final StringValue string;
    private final BitFieldOperation field = new BitFieldOperation();
    private long from;
    private long to;

    BitmapHandlers(Node node) {
        this.node = node;
        this.string = new StringValue(node.engine());
    }

    void run(BitmapCommand command, Call call) {
        switch (command) {
            case SETBIT -> setbit(call);
            case GETBIT -> getbit(call);
            case BITCOUNT -> bitcount(call);
            case BITPOS -> bitpos(call);
            case BITOP -> bitop(call);
            case BITFIELD -> bitfield(call, false);
            case BITFIELD_RO -> bitfield(call, true);
        }
    }

    private long maxBytes() {
        return Math.min(node.maxStringBytes(), Entry.MAX_LENGTH - Long.BYTES);
    }

    // --- Single bits ---

    private void setbit(Call call) {
        long bit = BitFieldOperation.bitOffset(call, 2, 0, maxBytes());
        if (call.length(3) != 1 || (Raw.getByte(call.address(3)) | 1) != '1') {
            throw new Refusal(CommandError.BIT_VALUE);
        }
        boolean on = Raw.getByte(call.address(3)) == '1';
        long entry = write(call, bit + 1);
        boolean isNew = entry == 0;
        boolean grows = bit + 1 > string.length() * 8L;

        entry = withRoom(call, entry, bit + 1);
        long value = Entry.valueAddress(entry);
        boolean old = Bits.get(value, bit);
        Bits.put(value, bit, on);
        if (!isNew && (grows || old != on)) {
            call.keyspace().changed(entry);
        }
        if (grows || old != on) {
            call.event(KeyEvent.SETBIT, 1);
        }
        call.reply().integer(old ? 1 : 0);
    }

    /** Turns to the string of the key in argument 1, which is to have room for so many bits. */
    private long write(Call call, long bits) {
        long entry;
        do {
            entry = call.write(1, Kind.Type.STRING);
            string.at(entry);
        } while (call.makesRoom((bits >>> 3) - string.length()));
        return entry;
    }

    /** Makes the string of the key in argument 1 long enough for so many bits, with zeros; of an old key it tells nobody. */
    private long withRoom(Call call, long entry, long bits) {
        int oldLength = entry == 0 ? 0 : string.length();
        int length = Math.max(oldLength, (int) ((bits + 7) >>> 3));
        long grown;
        if (entry == 0) {
            grown = call.keyspace().put(call.address(1), call.length(1), Kind.STRING, length);
            Entry.mark(grown, true);
        } else {
            grown = StringValue.extend(call.keyspace(), entry, length);
        }
        Raw.fill(Entry.valueAddress(grown) + oldLength, length - oldLength, 0);
        return grown;
    }

    private void getbit(Call call) {
        long bit = BitFieldOperation.bitOffset(call, 2, 0, maxBytes());
        string.at(call.read(1, Kind.Type.STRING));
        boolean on = bit >>> 3 < string.length() && Bits.get(string.address(), bit);
        call.reply().integer(on ? 1 : 0);
    }

    // --- Ranges ---

    private void bitcount(Call call) {
        long entry = call.read(1, Kind.Type.STRING);
        if (entry == 0) {
            call.reply().integer(0);
            return;
        }
        string.at(entry);
        if (call.count() == 3 || call.count() > 5) {
            throw Refusal.SYNTAX;
        }
        if (call.count() == 2) {
            from = 0;
            to = string.length() * 8L;
        } else {
            long start = call.integer(2);
            long end = call.integer(3);
            // Redis does not look at the unit then.
            boolean empty = start < 0 && end < 0 && start > end;
            range(start, end, empty || call.count() < 5 ? 8 : unit(call, 4));
            to = empty ? from : to;
        }
        call.reply().integer(Bits.count(string.address(), from, to));
    }

    private void bitpos(Call call) {
        long wanted = call.integer(2);
        if (wanted != 0 && wanted != 1) {
            throw new Refusal(CommandError.BIT_ARGUMENT);
        }
        boolean set = wanted == 1;
        long entry = call.read(1, Kind.Type.STRING);
        if (entry == 0) {
            call.reply().integer(set ? -1 : 0);
            return;
        }
        string.at(entry);
        if (call.count() > 6) {
            throw Refusal.SYNTAX;
        }
        long start = call.count() > 3 ? call.integer(3) : 0;
        int unit = call.count() > 5 ? unit(call, 5) : 8;
        boolean ends = call.count() > 4;
        range(start, ends ? call.integer(4) : -1, unit);
        long found = from < to ? Bits.first(string.address(), from, to, set) : -1;
        // Behind a string that is not cut off, there are zeros.
        boolean behind = found < 0 && from < to && !set && !ends;
        call.reply().integer(behind ? to : found);
    }

    /** The number of bits in what the range counts. */
    private static int unit(Call call, int i) {
        if (call.is(i, "BIT")) {
            return 1;
        }
        if (call.is(i, "BYTE")) {
            return 8;
        }
        throw Refusal.SYNTAX;
    }

    /** Turns a range of units, whose negative numbers count from the end, into bits of the string. */
    private void range(long start, long end, int unit) {
        long total = string.length() * 8L / unit;
        long first = Math.max(0, start < 0 ? total + start : start);
        long last = Math.min(total - 1, Math.max(0, end < 0 ? total + end : end));
        from = Math.min(first, total) * unit;
        to = (last + 1) * unit;
    }

    // --- Whole strings ---

    private void bitop(Call call) {
        Operation operation = operation(call);
        if (operation == Operation.NOT && call.count() != 4) {
            throw new Refusal(CommandError.BITOP_NOT_SINGLE);
        }
        if (operation.isOfFirstAndOthers() && call.count() < 5) {
            throw new Refusal(CommandError.bitopNeedsTwo(operation.name()));
        }
        int length;
        do {
            length = 0;
            for (int i = 3; i < call.count(); i++) {
                string.at(call.read(i, Kind.Type.STRING));
                length = Math.max(length, string.length());
            }
            // The result is made beside the destination, and for ONE the bits that are in several strings beside it.
        } while (call.makesRoom((operation == Operation.ONE ? 3L : 2L) * length));
        if (length == 0) {
            long old = call.write(2);
            if (old != 0) {
                call.keyspace().remove(old);
            }
            call.reply().integer(0);
            return;
        }

        // The destination may be one of the sources.
        Heap heap = node.engine().heap();
        int needed = operation == Operation.ONE ? Math.multiplyExact(2, length) : length;
        long result = heap.allocate(needed);
        try {
            combine(call, operation, result, length);
            long entry = call.keyspace().put(call.address(2), call.length(2), Kind.STRING, length);
            Entry.mark(entry, true);
            Raw.copy(result, Entry.valueAddress(entry), length);
        } finally {
            heap.free(result, needed);
        }
        call.event(KeyEvent.SET, 2);
        call.reply().integer(length);
    }

    private static Operation operation(Call call) {
        for (Operation operation : OPERATIONS) {
            if (call.is(1, operation.name())) {
                return operation;
            }
        }
        throw Refusal.SYNTAX;
    }

    private void combine(Call call, Operation operation, long result, int length) {
        int start = operation == Operation.DIFF1 || operation == Operation.ANDOR ? 4 : 3;
        string.at(call.peek(start));
        Raw.copy(string.address(), result, string.length());
        Raw.fill(result + string.length(), length - string.length(), 0);
        if (operation == Operation.NOT || operation == Operation.DIFF) {
            Bits.not(result, length);
        } else if (operation == Operation.ONE) {
            Raw.fill(result + length, length, 0);
        }
        for (int i = start + 1; i < call.count(); i++) {
            string.at(call.peek(i));
            switch (operation) {
                case AND -> and(result, length);
                case OR, DIFF, DIFF1, ANDOR -> Bits.or(result, string.address(), string.length());
                case XOR -> Bits.xor(result, string.address(), string.length());
                case ONE -> Bits.orCounting(result, result + length, string.address(), string.length());
                case NOT -> throw new AssertionError("of one string only");
            }
        }
        string.at(call.peek(3));
        switch (operation) {
            case DIFF -> Bits.not(result, length);
            case DIFF1 -> Bits.andNot(result, string.address(), string.length());
            case ANDOR -> and(result, length);
            case ONE -> Bits.andNot(result, result + length, length);
            case AND, OR, XOR, NOT -> {}
        }
    }

    /** Leaves of the result what is in the string, too. */
    private void and(long result, int length) {
        Bits.and(result, string.address(), string.length());
        Raw.fill(result + string.length(), length - string.length(), 0);
    }

    // --- Integers of any width ---

    private void bitfield(Call call, boolean readOnly) {
        int operations = 0;
        long writtenTo = 0;
        field.begin();
        for (int i = 2; i < call.count(); ) {
            i = field.read(call, i, maxBytes());
            operations += field.action() == null ? 0 : 1;
            if (field.action() == Action.SET || field.action() == Action.INCRBY) {
                writtenTo = Math.max(writtenTo, field.end());
            }
        }
        if (readOnly && writtenTo > 0) {
            throw new Refusal(CommandError.BITFIELD_READ_ONLY);
        }
        long entry = writtenTo > 0 ? write(call, writtenTo) : call.read(1, Kind.Type.STRING);
        string.at(entry);
        boolean isNew = entry == 0;
        boolean grows = writtenTo > string.length() * 8L;
        // A single operation has just been read.
        boolean isRead = operations == 1 && field.action() != null;

        long address = string.address();
        long length = string.length();
        if (writtenTo > 0) {
            entry = withRoom(call, entry, writtenTo);
            address = Entry.valueAddress(entry);
            length = Entry.valueLength(entry);
        }
        call.reply().array(operations);
        boolean changes = isRead ? run(call.reply(), address, length, grows) : runAll(call, address, length, grows);
        if ((changes || grows) && !isNew) {
            call.keyspace().changed(entry);
        }
        if (changes) {
            call.event(KeyEvent.SETBIT, 1);
        }
    }

    private boolean runAll(Call call, long address, long length, boolean grows) {
        boolean changes = false;
        field.begin();
        for (int i = 2; i < call.count(); ) {
            i = field.read(call, i, maxBytes());
            if (field.action() != null) {
                changes |= run(call.reply(), address, length, grows);
            }
        }
        return changes;
    }

    /** Does the operation that was read last, and replies; returns whether it wrote anything that was not there. */
    private boolean run(ReplyWriter reply, long address, long length, boolean grows) {
        long old = field.get(address, length);
        if (field.action() == Action.GET) {
            reply.integer(old);
            return false;
        }
        if (!field.compute(old)) {
            reply.nullBulk();
            return false;
        }
        field.put(address, field.changed());
        reply.integer(field.action() == Action.SET ? old : field.changed());
        return grows || field.changed() != old;
    }
}
