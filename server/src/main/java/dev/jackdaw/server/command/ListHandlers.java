package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.ListCommand;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.server.config.Directive;
import dev.jackdaw.server.engine.KeyEvent;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.value.ListValue;

/** Owned by the event loop: the bodies of the commands on lists. */
final class ListHandlers {
    /** Immutable: an end of a list, and what pushing and popping there is called. */
    private enum End {
        LEFT(KeyEvent.LPUSH, KeyEvent.LPOP, "LPOP"),
        RIGHT(KeyEvent.RPUSH, KeyEvent.RPOP, "RPOP");

        private final KeyEvent pushed;
        private final KeyEvent popped;
        private final String pop;

        End(KeyEvent pushed, KeyEvent popped, String pop) {
            this.pushed = pushed;
            this.popped = popped;
            this.pop = pop;
        }

        /** The end that argument {@code i} names. */
        static End of(Call call, int i) {
            if (call.is(i, "LEFT")) {
                return LEFT;
            }
            if (call.is(i, "RIGHT")) {
                return RIGHT;
            }
            throw Refusal.SYNTAX;
        }
    }

    private final ListValue list;

    ListHandlers(Node node) {
        this.list = new ListValue(node.engine());
        node.config().follow(Directive.LIST_MAX_LISTPACK_SIZE, size -> list.maxListpackSize((int) size));
    }

    void run(ListCommand command, Call call) {
        switch (command) {
            case LPUSH -> push(call, End.LEFT);
            case RPUSH -> push(call, End.RIGHT);
            case LPUSHX -> pushx(call, End.LEFT);
            case RPUSHX -> pushx(call, End.RIGHT);
            case LPOP -> pop(call, End.LEFT);
            case RPOP -> pop(call, End.RIGHT);
            case LLEN -> llen(call);
            case LRANGE -> lrange(call);
            case LINDEX -> lindex(call);
            case LSET -> lset(call);
            case LINSERT -> linsert(call);
            case LREM -> lrem(call);
            case LTRIM -> ltrim(call);
            case LPOS -> lpos(call);
            case LMOVE -> move(call, End.of(call, 3), End.of(call, 4));
            case RPOPLPUSH -> move(call, End.RIGHT, End.LEFT);
            case LMPOP -> lmpop(call, 1);
            case BLPOP -> blockingPop(call, End.LEFT);
            case BRPOP -> blockingPop(call, End.RIGHT);
            case BLMOVE -> blockingMove(call, End.of(call, 3), End.of(call, 4));
            case BRPOPLPUSH -> blockingMove(call, End.RIGHT, End.LEFT);
            case BLMPOP -> lmpop(call, 2);
        }
    }

    // --- Reading ---

    private void llen(Call call) {
        call.reply().integer(read(call) ? list.size() : 0);
    }

    private void lrange(Call call) {
        long start = call.integer(2);
        long stop = call.integer(3);
        if (!read(call)) {
            call.reply().array(0);
            return;
        }
        long size = list.size();
        long first = Math.max(0, start < 0 ? start + size : start);
        long last = Math.min(size - 1, stop < 0 ? stop + size : stop);
        if (first > last) {
            call.reply().array(0);
        } else {
            replyRange(call.reply(), first, last - first + 1, true);
        }
    }

    private void lindex(Call call) {
        if (!read(call)) {
            call.reply().nullBulk();
            return;
        }
        if (list.seek(place(call.integer(2)))) {
            replyElement(call.reply());
        } else {
            call.reply().nullBulk();
        }
    }

    private void lpos(Call call) {
        long rank = 1;
        long count = -1;
        long most = 0;
        for (int i = 3; i < call.count(); i += 2) {
            if (i + 1 == call.count()) {
                throw Refusal.SYNTAX;
            }
            if (call.is(i, "RANK")) {
                rank = rank(call, i + 1);
            } else if (call.is(i, "COUNT")) {
                count = call.integer(i + 1, 0, CommandError.LPOS_COUNT_NEGATIVE);
            } else if (call.is(i, "MAXLEN")) {
                most = call.integer(i + 1, 0, CommandError.LPOS_MAXLEN_NEGATIVE);
            } else {
                throw Refusal.SYNTAX;
            }
        }
        boolean exists = read(call);

        ReplyWriter reply = call.reply();
        long mark = reply.mark();
        int found = exists ? replyPositions(call, rank, count < 0 ? 1 : count, most) : 0;
        if (count >= 0) {
            reply.arrayAt(mark, found);
        } else if (found == 0) {
            reply.nullBulk();
        }
    }

    private static long rank(Call call, int i) {
        long rank = call.integer(i);
        if (rank == 0) {
            throw new Refusal(CommandError.LPOS_RANK_ZERO);
        }
        if (rank == Long.MIN_VALUE) {
            throw new Refusal(CommandError.notBetween(-Long.MAX_VALUE, Long.MAX_VALUE));
        }
        return rank;
    }

    /** Replies with positions of argument 2; zero for {@code count} or {@code most} means all. */
    private int replyPositions(Call call, long rank, long count, long most) {
        boolean forward = rank > 0;
        long size = list.size();
        long toSkip = Math.abs(rank) - 1;
        long toCompare = most == 0 ? size : Math.min(size, most);
        int found = 0;
        boolean more = list.seek(forward ? 0 : size - 1);
        for (long i = 0; more && i < toCompare; i++) {
            if (list.holds(call.address(2), call.length(2))) {
                if (toSkip > 0) {
                    toSkip--;
                } else {
                    call.reply().integer(forward ? i : size - 1 - i);
                    if (++found == count) {
                        break;
                    }
                }
            }
            more = forward ? list.next() : list.previous();
        }
        return found;
    }

    // --- Pushing and popping ---

    private void push(Call call, End end) {
        boolean exists = write(call, 1);

        if (!exists) {
            long bytes = 0;
            for (int i = 2; i < call.count(); i++) {
                bytes += ListValue.elementBytes(call.length(i));
            }
            create(call, 1, bytes, end);
        }
        pushAll(call, end);
    }

    private void pushx(Call call, End end) {
        if (write(call, 1)) {
            pushAll(call, end);
        } else {
            call.reply().integer(0);
        }
    }

    private void pushAll(Call call, End end) {
        for (int i = 2; i < call.count(); i++) {
            push(call.address(i), call.length(i), end);
        }
        list.settle(end.pushed);
        call.reply().integer(list.size());
    }

    private void push(long address, int length, End end) {
        if (end == End.LEFT) {
            list.pushFront(address, length);
        } else {
            list.pushBack(address, length);
        }
    }

    private void pop(Call call, End end) {
        if (call.count() > 3) {
            throw new Refusal(CommandError.arity(call.command().spec().name()));
        }
        boolean counted = call.count() == 3;
        long count = counted ? call.integer(2, 0, CommandError.NOT_POSITIVE) : 1;
        ReplyWriter reply = call.reply();
        if (!write(call, 1)) {
            if (counted) {
                reply.nullArray();
            } else {
                reply.nullBulk();
            }
            return;
        }

        if (counted) {
            replyAndRemove(reply, count, end);
        } else {
            popOne(reply, end);
        }
    }

    private void popOne(ReplyWriter reply, End end) {
        list.seek(indexOf(end));
        replyElement(reply);
        remove(1, end);
        list.settle(end.popped);
    }

    /** @param numkeys the argument that says how many keys follow it; before it BLMPOP has its timeout */
    private void lmpop(Call call, int numkeys) {
        int first = numkeys + 1;
        int where = call.behindKeys(numkeys);
        End end = End.of(call, where);
        long count = call.countOption(where + 1);
        boolean waits = call.command() == ListCommand.BLMPOP;
        long timeoutMillis = waits ? call.timeoutMillis(1) : 0;
        for (int i = first; i < where; i++) {
            if (call.offers(i) && write(call, i)) {
                call.reply().array(2);
                call.reply().bulk(call.address(i), call.length(i));
                call.effect(end.pop).argument(i).integer(Math.min(count, list.size()));
                replyAndRemove(call.reply(), count, end);
                return;
            }
        }
        if (!waits || !call.waitFor(Kind.Type.LIST, first, where - 1, timeoutMillis, null)) {
            call.reply().nullArray();
        }
    }

    private void blockingPop(Call call, End end) {
        int last = call.count() - 2;
        long timeoutMillis = call.timeoutMillis(last + 1);
        for (int i = 1; i <= last; i++) {
            if (call.offers(i) && write(call, i)) {
                call.reply().array(2);
                call.reply().bulk(call.address(i), call.length(i));
                popOne(call.reply(), end);
                call.effect(end.pop).argument(i);
                return;
            }
        }
        if (!call.waitFor(Kind.Type.LIST, 1, last, timeoutMillis, null)) {
            call.reply().nullArray();
        }
    }

    private void blockingMove(Call call, End from, End to) {
        long timeoutMillis = call.timeoutMillis(call.count() - 1);
        if (call.write(1, Kind.Type.LIST) != 0) {
            move(call, from, to);
            boolean named = call.command() == ListCommand.BLMOVE;
            call.effect(named ? "LMOVE" : "RPOPLPUSH").arguments(1, call.count() - 1);
        } else if (!call.waitFor(Kind.Type.LIST, 1, 1, timeoutMillis, null)) {
            call.reply().nullBulk();
        }
    }

    private void move(Call call, End from, End to) {
        if (!write(call, 1)) {
            call.reply().nullBulk();
            return;
        }
        boolean rotates = call.equal(1, 2);
        if (!rotates) {
            call.write(2, Kind.Type.LIST);
            write(call, 1);
        }

        list.seek(indexOf(from));
        int length = list.length();
        // Where it lies in the reply it stays while it moves.
        long element = call.reply().bulk(list.address(), length);
        if (rotates) {
            remove(1, from);
            push(element, length, to);
            list.settle(to.pushed);
            call.event(from.popped, 1);
        } else {
            pushTo(call, element, length, to);
            write(call, 1);
            remove(1, from);
            list.settle(from.popped);
        }
    }

    private void pushTo(Call call, long address, int length, End end) {
        if (!write(call, 2)) {
            create(call, 2, ListValue.elementBytes(length), end);
        }
        push(address, length, end);
        list.settle(end.pushed);
    }

    // --- Changing in the middle ---

    private void lset(Call call) {
        if (!write(call, 1)) {
            throw Refusal.NO_SUCH_KEY;
        }
        if (!list.seek(place(call.integer(2)))) {
            throw Refusal.INDEX_OUT_OF_RANGE;
        }

        list.set(call.address(3), call.length(3));
        list.settle(KeyEvent.LSET);
        call.reply().ok();
    }

    private void linsert(Call call) {
        boolean before = call.is(2, "BEFORE");
        if (!before && !call.is(2, "AFTER")) {
            throw Refusal.SYNTAX;
        }
        if (!write(call, 1)) {
            call.reply().integer(0);
            return;
        }
        boolean more = list.seek(0);
        while (more && !list.holds(call.address(3), call.length(3))) {
            more = list.next();
        }
        if (!more) {
            call.reply().integer(-1);
            return;
        }

        if (before) {
            list.insertBefore(call.address(4), call.length(4));
        } else {
            list.insertAfter(call.address(4), call.length(4));
        }
        list.settle(KeyEvent.LINSERT);
        call.reply().integer(list.size());
    }

    private void lrem(Call call) {
        long count = call.integer(2);
        if (!write(call, 1)) {
            call.reply().integer(0);
            return;
        }

        long removed =
                count >= 0 ? removeForward(call, count) : removeBackward(call, -Math.max(count, -Long.MAX_VALUE));
        if (removed > 0) {
            list.settle(KeyEvent.LREM);
        }
        call.reply().integer(removed);
    }

    /** Removes the first elements that equal argument 3; zero means all. */
    private long removeForward(Call call, long count) {
        long removed = 0;
        boolean more = list.seek(0);
        while (more) {
            if (!list.holds(call.address(3), call.length(3))) {
                more = list.next();
                continue;
            }
            more = list.remove();
            if (++removed == count) {
                break;
            }
        }
        return removed;
    }

    private long removeBackward(Call call, long count) {
        long removed = 0;
        long index = list.size() - 1;
        boolean more = list.seek(index);
        while (more) {
            if (list.holds(call.address(3), call.length(3))) {
                boolean hasNext = list.remove();
                if (++removed == count) {
                    break;
                }
                more = hasNext ? list.previous() : list.seek(index - 1);
            } else {
                more = list.previous();
            }
            index--;
        }
        return removed;
    }

    private void ltrim(Call call) {
        long start = call.integer(2);
        long stop = call.integer(3);
        if (!write(call, 1)) {
            call.reply().ok();
            return;
        }

        long size = list.size();
        long first = Math.max(0, start < 0 ? start + size : start);
        long last = Math.min(size - 1, stop < 0 ? stop + size : stop);
        if (first > last) {
            list.removeFront(size);
        } else {
            list.removeFront(first);
            list.removeBack(size - 1 - last);
        }
        list.settle(KeyEvent.LTRIM);
        call.reply().ok();
    }

    // --- Common parts ---

    /** Turns to the list of the key for reading; false if there is none. */
    private boolean read(Call call) {
        long entry = call.read(1, Kind.Type.LIST);
        return entry != 0 && list.at(call.keyspace(), entry);
    }

    /** Turns to the list of the key in argument {@code i} for changing; false if there is none. */
    private boolean write(Call call, int i) {
        long entry = call.write(i, Kind.Type.LIST);
        return entry != 0 && list.at(call.keyspace(), entry);
    }

    /** Makes the list of the key in argument {@code i}, to which so many bytes will be pushed. */
    private void create(Call call, int i, long bytes, End end) {
        list.create(call.keyspace(), call.address(i), call.length(i), bytes, end == End.LEFT);
    }

    private long indexOf(End end) {
        return end == End.LEFT ? 0 : list.size() - 1;
    }

    /** The place that an index means: those below zero count from the end. */
    private long place(long index) {
        return index < 0 ? index + list.size() : index;
    }

    private void remove(long count, End end) {
        if (end == End.LEFT) {
            list.removeFront(count);
        } else {
            list.removeBack(count);
        }
    }

    /** Replies with up to {@code count} elements from an end on, and removes them. */
    private void replyAndRemove(ReplyWriter reply, long count, End end) {
        long removed = Math.min(count, list.size());
        replyRange(reply, indexOf(end), removed, end == End.LEFT);
        if (removed > 0) {
            remove(removed, end);
            list.settle(end.popped);
        }
    }

    private void replyRange(ReplyWriter reply, long from, long count, boolean forward) {
        reply.array((int) count);
        list.seek(from);
        for (long left = count; left > 0; left--) {
            replyElement(reply);
            if (forward) {
                list.next();
            } else {
                list.previous();
            }
        }
    }

    private void replyElement(ReplyWriter reply) {
        reply.bulk(list.address(), list.length());
    }
}
