package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.StringCommand;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.Entry;

/** Owned by the event loop: the bodies of the commands on strings. */
final class StringHandlers {
    private static final int MAX_INTEGER_BYTES = 20;

    void run(StringCommand command, Call call) {
        switch (command) {
            case GET -> get(call);
            case SET -> set(call);
            default -> throw new AssertionError(command);
        }
    }

    private void get(Call call) {
        long entry = call.read(1, Kind.Type.STRING);
        if (entry == 0) {
            call.reply().nullBulk();
        } else {
            reply(call, entry);
        }
    }

    private void set(Call call) {
        store(call, 1, 2, Entry.NEVER);

        call.reply().ok();
    }

    /** Sets the key in one argument to the value in another: an integer as such, where its digits come back the same. */
    static void store(Call call, int key, int value, long expireAtMillis) {
        long address = call.address(value);
        int length = call.length(value);
        if (length <= MAX_INTEGER_BYTES && Integers.isInteger(address, length)) {
            long number = Integers.parse(address, length);
            long entry =
                    call.keyspace().put(call.address(key), call.length(key), Kind.INTEGER, Long.BYTES, expireAtMillis);
            Raw.putLong(Entry.valueAddress(entry), number);
        } else {
            long entry = call.keyspace().put(call.address(key), call.length(key), Kind.STRING, length, expireAtMillis);
            Raw.copy(address, Entry.valueAddress(entry), length);
        }
    }

    /** Replies with a string's value. */
    static void reply(Call call, long entry) {
        if (Entry.kind(entry) == Kind.INTEGER.ordinal()) {
            call.reply().bulkInteger(Raw.getLong(Entry.valueAddress(entry)));
        } else {
            call.reply().bulk(Entry.valueAddress(entry), Entry.valueLength(entry));
        }
    }
}
