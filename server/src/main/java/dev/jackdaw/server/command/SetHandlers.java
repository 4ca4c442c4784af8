package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.SetCommand;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.server.config.Directive;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.value.SetValue;

/** Owned by the event loop: the bodies of the commands on sets. */
final class SetHandlers {
    private final SetValue set;
    private final SetAlgebra algebra;

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
            case SINTER -> algebra(call, SetAlgebra.Operation.INTERSECTION);
        }
    }

    // --- Reading ---

    private void sismember(Call call) {
        call.reply().integer(read(call) && contains(call, 2) ? 1 : 0);
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
        reply.set((int) set.size());
        set.walk();
        while (set.next()) {
            reply(reply, set);
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
            set.settle();
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
                set.settle();
            }
        }
        call.reply().integer(removed);
    }

    // --- Several sets ---

    private void algebra(Call call, SetAlgebra.Operation operation) {
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

    private static void reply(ReplyWriter reply, SetValue set) {
        if (set.isInteger()) {
            reply.bulkInteger(set.integer());
        } else {
            reply.bulk(set.address(), set.length());
        }
    }
}
