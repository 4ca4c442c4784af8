package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.KeyEvent;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.persistence.DumpPayload;

/** Owned by the event loop: the bodies of DUMP and RESTORE. */
final class DumpHandlers {
    private static final int MAX_FREQUENCY = 255;
    private static final int NOT_GIVEN = -1;

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
        boolean replace = false;
        boolean absolute = false;
        long idleSeconds = NOT_GIVEN;
        int frequency = NOT_GIVEN;
        for (int i = 4; i < call.count(); i++) {
            boolean more = i + 1 < call.count();
            if (call.is(i, "REPLACE")) {
                replace = true;
            } else if (call.is(i, "ABSTTL")) {
                absolute = true;
            } else if (call.is(i, "IDLETIME") && more && frequency == NOT_GIVEN) {
                idleSeconds = call.integer(++i);
                if (idleSeconds < 0) {
                    throw new Refusal(CommandError.INVALID_IDLETIME);
                }
            } else if (call.is(i, "FREQ") && more && idleSeconds == NOT_GIVEN) {
                long given = call.integer(++i);
                if (given < 0 || given > MAX_FREQUENCY) {
                    throw new Refusal(CommandError.INVALID_FREQ);
                }
                frequency = (int) given;
            } else {
                throw Refusal.SYNTAX;
            }
        }
        boolean exists = call.write(1) != 0;
        if (exists && !replace) {
            throw new Refusal(CommandError.BUSY_KEY);
        }
        long ttl = call.integer(2);
        if (ttl < 0) {
            throw new Refusal(CommandError.INVALID_TTL);
        }
        if (!DumpPayload.isWhole(call.address(3), call.length(3))) {
            throw new Refusal(CommandError.DUMP_FOOTER);
        }
        long expireAtMillis = absolute || ttl == 0 ? ttl : ttl + call.nowMillis();
        boolean[] made = {false};
        engine.quietly(() -> made[0] = make(call, expireAtMillis));
        if (!made[0]) {
            throw new Refusal(CommandError.BAD_DATA_FORMAT);
        }

        if (expireAtMillis != 0 && call.isPast(expireAtMillis)) {
            expiredAlready(call, exists);
        } else {
            place(call, idleSeconds, frequency);
            if (ttl != 0 && !absolute) {
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

    private void place(Call call, long idleSeconds, int frequency) {
        Keyspace keyspace = call.keyspace();
        keyspace.take(engine.aside(), call.address(1), call.length(1));
        if (idleSeconds != NOT_GIVEN && !engine.countsFrequency()) {
            keyspace.idleMillis(call.address(1), call.length(1), idleSeconds * 1000);
        }
        if (frequency != NOT_GIVEN && engine.countsFrequency()) {
            keyspace.frequency(call.address(1), call.length(1), frequency);
        }
        call.event(KeyEvent.RESTORE, 1);
    }
}
