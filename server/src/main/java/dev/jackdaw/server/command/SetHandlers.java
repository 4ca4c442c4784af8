package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.SetCommand;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.server.command.SetAlgebra.Operation;
import dev.jackdaw.server.config.Directive;
import dev.jackdaw.server.engine.KeyEvent;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.value.SetValue;

/** Owned by the event loop: the bodies of the commands on sets. */
final class SetHandlers {
    private final SetValue set;
    private final SetAlgebra algebra;
    private final ScanPage page = new ScanPage();

    SetHandlers(Node node) {
        this.set = new SetValue(node.engine());
        node.config().follow(Directive.SET_MAX_INTSET_ENTRIES, set::maxIntsetEntries);
        this.algebra = new SetAlgebra(node.engine());
        node.config().follow(Directive.SET_MAX_INTSET_ENTRIES, algebra::maxIntsetEntries);
    }

    void run(SetCommand command, Call call) {
        switch (command) {
            case SADD -> sadd(call);
            case SREM -> srem(call);
            case SMEMBERS -> smembers(call);
            case SISMEMBER -> sismember(call);
            case SCARD -> scard(call);
            case SMISMEMBER -> smismember(call);
            case SPOP -> spop(call);
            case SRANDMEMBER -> srandmember(call);
            case SMOVE -> smove(call);
            case SINTER -> algebra(call, Operation.INTERSECTION);
            case SINTERSTORE -> algebraStore(call, Operation.INTERSECTION, KeyEvent.SINTERSTORE);
            case SINTERCARD -> sintercard(call);
            case SUNION -> algebra(call, Operation.UNION);
            case SUNIONSTORE -> algebraStore(call, Operation.UNION, KeyEvent.SUNIONSTORE);
            case SDIFF -> algebra(call, Operation.DIFFERENCE);
            case SDIFFSTORE -> algebraStore(call, Operation.DIFFERENCE, KeyEvent.SDIFFSTORE);
            case SSCAN -> sscan(call);
        }
    }

    // --- Reading ---

    private void sismember(Call call) {
        call.reply().integer(read(call) && contains(call, 2) ? 1 : 0);
    }

    private void smismember(Call call) {
        boolean exists = read(call);

        call.reply().array(call.count() - 2);
        for (int i = 2; i < call.count(); i++) {
            call.reply().integer(exists && contains(call, i) ? 1 : 0);
        }
    }

    private void scard(Call call) {
        call.reply().integer(read(call) ? set.size() : 0);
    }

    private void smembers(Call call) {
        ReplyWriter reply = call.reply();
        if (!read(call)) {
            reply.set(0);
            return;
        }
        replyAll(reply);
    }

    private void sscan(Call call) {
        long cursor = ScanPage.cursor(call, 2);
        ReplyWriter reply = call.reply();
        long mark = reply.mark();
        if (!read(call)) {
            reply.scanAt(mark, 0, 0);
            return;
        }
        page.read(call, 3);

        do {
            cursor = set.scan(cursor);
            while (set.next()) {
                if (page.takes(set.address(), set.length())) {
                    reply(reply, set);
                }
            }
        } while (cursor != 0 && !page.isFull());
        reply.scanAt(mark, cursor, page.taken());
    }

    private void srandmember(Call call) {
        if (call.count() > 2) {
            srandmembers(call);
        } else if (read(call)) {
            set.draw();
            reply(call.reply(), set);
        } else {
            call.reply().nullBulk();
        }
    }

    private void srandmembers(Call call) {
        if (call.count() > 3) {
            throw Refusal.SYNTAX;
        }
        long count = call.drawCount(2);
        ReplyWriter reply = call.reply();
        if (!read(call)) {
            reply.array(0);
            return;
        }

        long mark = reply.mark();
        if (count < 0) {
            reply.array((int) -count);
            for (long left = -count; left > 0; left--) {
                set.draw();
                reply(reply, set);
                call.checkDrawn(mark);
            }
        } else {
            long distinct = Math.min(count, set.size());
            reply.array((int) distinct);
            set.sample(distinct);
            while (set.next()) {
                reply(reply, set);
            }
        }
    }

    // --- Changing ---

    private void sadd(Call call) {
        boolean exists = write(call, 1);

        if (!exists) {
            create(call, 1, 2);
        }
        int added = 0;
        for (int i = 2; i < call.count(); i++) {
            added += set.add(call.address(i), call.length(i)) ? 1 : 0;
        }
        if (added > 0) {
            set.settle(KeyEvent.SADD);
        }
        call.reply().integer(added);
    }

    private void srem(Call call) {
        int removed = 0;
        if (write(call, 1)) {
            for (int i = 2; i < call.count(); i++) {
                removed += set.remove(call.address(i), call.length(i)) ? 1 : 0;
            }
            if (removed > 0) {
                set.settle(KeyEvent.SREM);
            }
        }
        call.reply().integer(removed);
    }

    private void spop(Call call) {
        if (call.count() > 2) {
            spops(call);
        } else if (write(call, 1)) {
            set.draw();
            pop(call);
            set.settle(KeyEvent.SPOP);
        } else {
            call.reply().nullBulk();
        }
    }

    private void spops(Call call) {
        if (call.count() > 3) {
            throw Refusal.SYNTAX;
        }
        long count = call.integer(2, 0, CommandError.NOT_POSITIVE);
        ReplyWriter reply = call.reply();
        if (!write(call, 1) || count == 0) {
            reply.set(0);
            return;
        }

        if (count >= set.size()) {
            replyAll(reply);
            call.event(KeyEvent.SPOP, 1);
            call.keyspace().remove(call.write(1));
            call.effect("DEL").argument(1);
            return;
        }
        reply.set((int) count);
        for (long left = count; left > 0; left--) {
            set.draw();
            pop(call);
        }
        set.settle(KeyEvent.SPOP);
    }

    /** Replies with the current member, and removes it. */
    private void pop(Call call) {
        reply(call.reply(), set);
        Effects removal = call.elements("SREM", 1);
        if (set.isInteger()) {
            removal.integer(set.integer());
        } else {
            removal.word(set.address(), set.length());
        }
        set.remove();
    }

    // --- Several sets ---

    private void smove(Call call) {
        long source = call.write(1, Kind.Type.SET);
        long destination = source == 0 ? 0 : call.write(2, Kind.Type.SET);
        boolean found = source != 0 && set.at(call.keyspace(), source) && contains(call, 3);
        if (!found || source == destination) {
            call.reply().integer(found ? 1 : 0);
            return;
        }

        set.remove(call.address(3), call.length(3));
        set.settle(KeyEvent.SREM);
        if (!write(call, 2)) {
            create(call, 2, 3);
        }
        if (set.add(call.address(3), call.length(3))) {
            set.settle(KeyEvent.SADD);
        }
        call.reply().integer(1);
    }

    private void sintercard(Call call) {
        long keys = call.integer(1, 1, CommandError.NUMKEYS_NOT_POSITIVE);
        if (keys > call.count() - 2) {
            throw new Refusal(CommandError.NUMKEYS_TOO_LARGE);
        }
        int options = (int) keys + 2;
        long limit = 0;
        for (int i = options; i < call.count(); i += 2) {
            if (!call.is(i, "LIMIT") || i + 1 == call.count()) {
                throw Refusal.SYNTAX;
            }
            limit = call.integer(i + 1, 0, CommandError.LIMIT_NEGATIVE);
        }
        algebra.begin(Operation.INTERSECTION, call, 2, options);

        long size = 0;
        while ((limit == 0 || size < limit) && algebra.next()) {
            size++;
        }
        call.reply().integer(size);
    }

    private void algebraStore(Call call, Operation operation, KeyEvent event) {
        algebra.begin(operation, call, 2, call.count());

        long size = algebra.store(1);
        if (size > 0) {
            call.event(event, 1);
        }
        call.reply().integer(size);
    }

    private void algebra(Call call, Operation operation) {
        ReplyWriter reply = call.reply();
        algebra.begin(operation, call, 1, call.count());

        long mark = reply.mark();
        int size = 0;
        while (algebra.next()) {
            reply(reply, algebra.current());
            size++;
        }
        reply.setAt(mark, size);
    }

    // --- Common parts ---

    /** Turns to the set of the key for reading; false if there is none. */
    private boolean read(Call call) {
        long entry = call.read(1, Kind.Type.SET);
        return entry != 0 && set.at(call.keyspace(), entry);
    }

    /** Turns to the set of the key in an argument for changing; false if there is none. */
    private boolean write(Call call, int key) {
        long entry = call.write(key, Kind.Type.SET);
        return entry != 0 && set.at(call.keyspace(), entry);
    }

    private void create(Call call, int key, int member) {
        boolean integers = Integers.isInteger(call.address(member), call.length(member));
        set.create(call.keyspace(), call.address(key), call.length(key), integers);
    }

    private boolean contains(Call call, int i) {
        return set.contains(call.address(i), call.length(i));
    }

    private void replyAll(ReplyWriter reply) {
        reply.set((int) set.size());
        set.walk();
        while (set.next()) {
            reply(reply, set);
        }
    }

    private static void reply(ReplyWriter reply, SetValue set) {
        if (set.isInteger()) {
            reply.bulkInteger(set.integer());
        } else {
            reply.bulk(set.address(), set.length());
        }
    }
}
