package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.KeyEvent;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.rdb.DumpPayload;

/** Owned by the event loop: the bodies of DUMP and RESTORE. */
final class DumpHandlers {
    private final Engine engine;
    private final DumpPayload payload;

    DumpHandlers(Node node, DumpPayload payload) {
        this.engine = node.engine();
        this.payload = payload;
    }

    void dump(Call call) {
        long entry = call.read(1);
        if (entry == 0) {
            call.reply().nullBulk();
        } else {
            payload.dump(entry, call.reply()::bulk);
        }
    }

    void restore(Call call) {
        RestoreOptions options = RestoreOptions.of(call);
        boolean exists = call.write(1) != 0;
        if (exists && !options.replaces()) {
            throw new Refusal(CommandError.BUSY_KEY);
        }
        long ttl = call.integer(2);
        if (ttl < 0) {
            throw new Refusal(CommandError.INVALID_TTL);
        }
        if (!DumpPayload.isWhole(call.address(3), call.length(3))) {
            throw new Refusal(CommandError.DUMP_FOOTER);
        }
        long expireAtMillis = options.isAbsolute() || ttl == 0 ? ttl : ttl + call.nowMillis();
        boolean[] made = {false};
        engine.quietly(() -> made[0] = make(call, expireAtMillis));
        if (!made[0]) {
            throw new Refusal(CommandError.BAD_DATA_FORMAT);
        }

        if (expireAtMillis != 0 && call.isPast(expireAtMillis)) {
            expiredAlready(call, exists);
        } else {
            place(call, options);
            if (ttl != 0 && !options.isAbsolute()) {
                call.effect("RESTORE")
                        .argument(1)
                        .integer(expireAtMillis)
                        .arguments(3, call.count())
                        .word("ABSTTL");
            }
        }
        call.reply().ok();
    }

    /** Makes the value where nobody sees it; false if the payload is none. */
    private boolean make(Call call, long expireAtMillis) {
        Keyspace aside = engine.aside();
        if (!payload.restore(call.address(3), call.length(3), aside, call.address(1), call.length(1))) {
            return false;
        }
        long entry = aside.peek(call.address(1), call.length(1));
        if (expireAtMillis != 0 && call.isPast(expireAtMillis)) {
            aside.remove(entry);
        } else if (expireAtMillis != 0) {
            aside.expireAt(entry, expireAtMillis);
        }
        return true;
    }

    private static void expiredAlready(Call call, boolean exists) {
        if (exists) {
            call.keyspace().remove(call.write(1));
            call.effect("DEL").argument(1);
        }
    }

    private void place(Call call, RestoreOptions options) {
        Keyspace keyspace = call.keyspace();
        keyspace.take(engine.aside(), call.address(1), call.length(1));
        if (options.idleSeconds() != RestoreOptions.NOT_GIVEN && !engine.countsFrequency()) {
            keyspace.idleMillis(call.address(1), call.length(1), options.idleSeconds() * 1000);
        }
        if (options.frequency() != RestoreOptions.NOT_GIVEN && engine.countsFrequency()) {
            keyspace.frequency(call.address(1), call.length(1), options.frequency());
        }
        call.event(KeyEvent.RESTORE, 1);
    }
}
