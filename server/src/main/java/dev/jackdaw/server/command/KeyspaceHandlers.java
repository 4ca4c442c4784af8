package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.memory.EntryStore;
import dev.jackdaw.server.persistence.Snapshots;

/** Owned by the event loop: the bodies of the server's commands on whole databases, and on what keys take of memory. */
final class KeyspaceHandlers {
    private final Engine engine;
    private final Snapshots snapshots;

    KeyspaceHandlers(Node node) {
        this.engine = node.engine();
        this.snapshots = node.snapshots();
    }

    void dbsize(Call call) {
        call.reply().integer(call.keyspace().size());
    }

    void flushdb(Call call) {
        checkMode(call);

        call.keyspace().clear();
        call.reply().ok();
    }

    void flushall(Call call) {
        checkMode(call);

        for (int i = 0; i < engine.databases(); i++) {
            engine.keyspace(i).clear();
        }
        snapshots.flushed();
        call.reply().ok();
    }

    /** Memory comes back in steps whatever the client says. */
    private static void checkMode(Call call) {
        if (call.count() > 2 || call.count() == 2 && !call.is(1, "ASYNC") && !call.is(1, "SYNC")) {
            throw Refusal.SYNTAX;
        }
    }

    void swapdb(Call call) {
        int first = database(call, 1, CommandError.INVALID_FIRST_DB);
        int second = database(call, 2, CommandError.INVALID_SECOND_DB);
        if (!exists(first) || !exists(second)) {
            throw Refusal.DB_OUT_OF_RANGE;
        }

        engine.swap(first, second);
        call.reply().ok();
    }

    private static int database(Call call, int argument, String refusal) {
        if (!Integers.isInteger(call.address(argument), call.length(argument))) {
            throw new Refusal(refusal);
        }
        long number = call.integer(argument);
        if (number != (int) number) {
            throw new Refusal(refusal);
        }
        return (int) number;
    }

    private boolean exists(int database) {
        return database >= 0 && database < engine.databases();
    }

    /** The number of SAMPLES does not matter: what a value takes is known. */
    void memoryUsage(Call call) {
        for (int i = 3; i < call.count(); i += 2) {
            if (!call.is(i, "SAMPLES") || i + 1 == call.count() || call.integer(i + 1) < 0) {
                throw Refusal.SYNTAX;
            }
        }
        long entry = call.peek(2);
        if (entry == 0) {
            call.reply().nullBulk();
        } else {
            call.reply().integer(EntryStore.takenBytes(entry) + engine.large().bytes(entry));
        }
    }
}
