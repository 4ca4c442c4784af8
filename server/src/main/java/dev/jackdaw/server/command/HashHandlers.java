package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.HashCommand;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.server.config.Directive;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.value.HashValue;

/** Owned by the event loop: the bodies of the commands on hashes. */
final class HashHandlers {
    private final HashValue hash;

    HashHandlers(Node node) {
        this.hash = new HashValue(node.engine());
        node.config().follow(Directive.HASH_MAX_LISTPACK_ENTRIES, hash::maxListpackEntries);
        node.config().follow(Directive.HASH_MAX_LISTPACK_VALUE, hash::maxListpackValue);
    }

    void run(HashCommand command, Call call) {
        switch (command) {
            case HSET -> hset(call);
            case HGET -> hget(call);
            case HMGET -> hmget(call);
            case HDEL -> hdel(call);
            case HGETALL -> hgetall(call);
            case HLEN -> hlen(call);
            case HEXISTS -> hexists(call);
            case HINCRBY -> hincrby(call);
        }
    }

    // --- Reading ---

    private void hget(Call call) {
        if (read(call) && find(call, 2)) {
            replyValue(call.reply());
        } else {
            call.reply().nullBulk();
        }
    }

    private void hmget(Call call) {
        boolean exists = read(call);

        call.reply().array(call.count() - 2);
        for (int i = 2; i < call.count(); i++) {
            if (exists && find(call, i)) {
                replyValue(call.reply());
            } else {
                call.reply().nullBulk();
            }
        }
    }

    private void hexists(Call call) {
        call.reply().integer(read(call) && find(call, 2) ? 1 : 0);
    }

    private void hlen(Call call) {
        call.reply().integer(read(call) ? hash.size() : 0);
    }

    private void hgetall(Call call) {
        ReplyWriter reply = call.reply();
        if (!read(call)) {
            reply.map(0);
            return;
        }
        reply.map((int) hash.size());
        hash.walk();
        while (hash.next()) {
            replyField(reply);
            replyValue(reply);
        }
    }

    // --- Changing ---

    private void hset(Call call) {
        int added = setAll(call);

        call.reply().integer(added);
    }

    /** Sets fields to values, given in turn, and returns how many fields are new. */
    private int setAll(Call call) {
        if (call.count() % 2 != 0) {
            throw new Refusal(CommandError.arity(call.command().spec().name()));
        }
        boolean exists = write(call);

        if (!exists) {
            create(call);
        }
        int added = 0;
        for (int i = 2; i < call.count(); i += 2) {
            boolean fresh = hash.put(call.address(i), call.length(i), call.address(i + 1), call.length(i + 1));
            added += fresh ? 1 : 0;
        }
        hash.settle();
        return added;
    }

    private void hdel(Call call) {
        int removed = 0;
        if (write(call)) {
            for (int i = 2; i < call.count(); i++) {
                removed += hash.remove(call.address(i), call.length(i)) ? 1 : 0;
            }
            if (removed > 0) {
                hash.settle();
            }
        }
        call.reply().integer(removed);
    }

    private void hincrby(Call call) {
        long increment = call.integer(3);
        boolean exists = write(call);
        long old = 0;
        if (exists && find(call, 2)) {
            if (!Integers.isInteger(hash.valueAddress(), hash.valueLength())) {
                throw Refusal.HASH_VALUE_NOT_AN_INTEGER;
            }
            old = Integers.parse(hash.valueAddress(), hash.valueLength());
        }
        long sum = old + increment;
        if (((old ^ sum) & (increment ^ sum)) < 0) {
            throw Refusal.OVERFLOW;
        }

        if (!exists) {
            create(call);
        }
        hash.put(call.address(2), call.length(2), Integers.length(sum));
        Integers.write(sum, hash.valueAddress());
        hash.settle();
        call.reply().integer(sum);
    }

    // --- Common parts ---

    /** Turns to the hash of the key for reading; false if there is none. */
    private boolean read(Call call) {
        long entry = call.read(1, Kind.Type.HASH);
        return entry != 0 && hash.at(call.keyspace(), entry);
    }

    /** Turns to the hash of the key for changing; false if there is none. */
    private boolean write(Call call) {
        long entry = call.write(1, Kind.Type.HASH);
        return entry != 0 && hash.at(call.keyspace(), entry);
    }

    private void create(Call call) {
        hash.create(call.keyspace(), call.address(1), call.length(1));
    }

    private boolean find(Call call, int i) {
        return hash.find(call.address(i), call.length(i));
    }

    private void replyField(ReplyWriter reply) {
        reply.bulk(hash.fieldAddress(), hash.fieldLength());
    }

    private void replyValue(ReplyWriter reply) {
        reply.bulk(hash.valueAddress(), hash.valueLength());
    }
}
