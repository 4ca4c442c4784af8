package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.HashCommand;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.server.algorithm.LongDouble;
import dev.jackdaw.server.config.Directive;
import dev.jackdaw.server.engine.KeyEvent;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.value.HashValue;
import java.nio.charset.StandardCharsets;

/** Owned by the event loop: the bodies of the commands on hashes. */
final class HashHandlers {
    private final HashValue hash;
    private final FieldExpiryHandlers expiry;
    private final ScanPage page = new ScanPage();

    HashHandlers(Node node) {
        this.hash = new HashValue(node.engine());
        this.expiry = new FieldExpiryHandlers(hash);
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
            case HINCRBYFLOAT -> hincrbyfloat(call);
            case HSETNX -> hsetnx(call);
            case HMSET -> hmset(call);
            case HKEYS -> hkeys(call);
            case HVALS -> hvals(call);
            case HSTRLEN -> hstrlen(call);
            case HRANDFIELD -> hrandfield(call);
            case HSCAN -> hscan(call);
            case HEXPIRE -> expiry.hexpire(call, 1000, call.nowMillis());
            case HPEXPIRE -> expiry.hexpire(call, 1, call.nowMillis());
            case HEXPIREAT -> expiry.hexpire(call, 1000, 0);
            case HPEXPIREAT -> expiry.hexpire(call, 1, 0);
            case HTTL -> expiry.httl(call, 1000, call.nowMillis());
            case HPTTL -> expiry.httl(call, 1, call.nowMillis());
            case HEXPIRETIME -> expiry.httl(call, 1000, 0);
            case HPEXPIRETIME -> expiry.httl(call, 1, 0);
            case HPERSIST -> expiry.hpersist(call);
            case HGETDEL -> expiry.hgetdel(call);
            case HGETEX -> expiry.hgetex(call);
            case HSETEX -> expiry.hsetex(call);
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

    private void hstrlen(Call call) {
        call.reply().integer(read(call) && find(call, 2) ? hash.valueLength() : 0);
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

    private void hkeys(Call call) {
        if (walk(call)) {
            while (hash.next()) {
                replyField(call.reply());
            }
        }
    }

    private void hvals(Call call) {
        if (walk(call)) {
            while (hash.next()) {
                replyValue(call.reply());
            }
        }
    }

    /** Begins a reply with as many elements as the hash has, and a walk through it; false if there is none. */
    private boolean walk(Call call) {
        if (!read(call)) {
            call.reply().array(0);
            return false;
        }
        call.reply().array((int) hash.size());
        hash.walk();
        return true;
    }

    private void hscan(Call call) {
        long cursor = ScanPage.cursor(call, 2);
        ReplyWriter reply = call.reply();
        long mark = reply.mark();
        if (!read(call)) {
            reply.scanAt(mark, 0, 0);
            return;
        }
        boolean withValues = readScan(call);

        do {
            cursor = hash.scan(cursor);
            page.step();
            while (hash.next()) {
                if (page.takes(hash.fieldAddress(), hash.fieldLength())) {
                    replyField(reply);
                    if (withValues) {
                        replyValue(reply);
                    }
                }
            }
        } while (cursor != 0 && !page.isFull());
        reply.scanAt(mark, cursor, withValues ? 2 * page.taken() : page.taken());
    }

    /** Reads the options of HSCAN; returns whether values are wanted too. */
    private boolean readScan(Call call) {
        boolean withValues = true;
        page.begin();
        int i = 3;
        while (i < call.count()) {
            if (call.is(i, "NOVALUES")) {
                withValues = false;
                i++;
            } else if (page.readOption(call, i)) {
                i += 2;
            } else {
                throw Refusal.SYNTAX;
            }
        }
        return withValues;
    }

    private void hrandfield(Call call) {
        if (call.count() > 2) {
            hrandfields(call);
        } else if (read(call)) {
            hash.draw();
            replyField(call.reply());
        } else {
            call.reply().nullBulk();
        }
    }

    private void hrandfields(Call call) {
        long count = call.drawCount(2);
        boolean withValues = call.count() == 4 && call.is(3, "WITHVALUES");
        if (call.count() > 3 && !withValues) {
            throw Refusal.SYNTAX;
        }
        if (withValues && count > Long.MAX_VALUE / 2) {
            throw new Refusal(CommandError.OUT_OF_RANGE);
        }
        ReplyWriter reply = call.reply();
        if (!read(call)) {
            reply.array(0);
            return;
        }

        long mark = reply.mark();
        if (count < 0) {
            beginFields(reply, -count, withValues);
            for (long left = -count; left > 0; left--) {
                hash.draw();
                replyDrawn(reply, withValues);
                call.checkDrawn(mark);
            }
        } else {
            long distinct = Math.min(count, hash.size());
            beginFields(reply, distinct, withValues);
            hash.sample(distinct);
            while (hash.next()) {
                replyDrawn(reply, withValues);
            }
        }
    }

    /** Begins a reply of fields; with values, RESP3 has pairs and RESP2 both in turn. */
    private static void beginFields(ReplyWriter reply, long count, boolean withValues) {
        reply.array((int) (withValues && reply.protocol() == 2 ? 2 * count : count));
    }

    private void replyDrawn(ReplyWriter reply, boolean withValues) {
        if (withValues && reply.protocol() == 3) {
            reply.array(2);
        }
        replyField(reply);
        if (withValues) {
            replyValue(reply);
        }
    }

    // --- Changing ---

    private void hset(Call call) {
        int added = setAll(call);

        call.reply().integer(added);
    }

    private void hmset(Call call) {
        setAll(call);

        call.reply().ok();
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
            if (fresh) {
                added++;
            } else {
                hash.persist();
            }
        }
        hash.settle(KeyEvent.HSET);
        return added;
    }

    private void hsetnx(Call call) {
        boolean exists = write(call);
        if (exists && find(call, 2)) {
            call.reply().integer(0);
            return;
        }

        if (!exists) {
            create(call);
        }
        hash.put(call.address(2), call.length(2), call.address(3), call.length(3));
        hash.settle(KeyEvent.HSET);
        call.reply().integer(1);
    }

    private void hdel(Call call) {
        int removed = 0;
        if (write(call)) {
            for (int i = 2; i < call.count(); i++) {
                removed += hash.remove(call.address(i), call.length(i)) ? 1 : 0;
            }
            if (removed > 0) {
                hash.settle(KeyEvent.HDEL);
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
        hash.settle(KeyEvent.HINCRBY);
        call.reply().integer(sum);
    }

    private void hincrbyfloat(Call call) {
        LongDouble increment = LongDouble.of(call.address(3), call.length(3));
        if (!increment.isFinite()) {
            throw new Refusal(CommandError.NOT_FINITE);
        }
        boolean exists = write(call);
        LongDouble old = LongDouble.of(0);
        if (exists && find(call, 2)) {
            old = LongDouble.parse(hash.valueAddress(), hash.valueLength());
            if (old == null) {
                throw Refusal.HASH_VALUE_NOT_A_FLOAT;
            }
        }
        byte[] text = old.plus(increment).text().getBytes(StandardCharsets.ISO_8859_1);

        if (!exists) {
            create(call);
        }
        hash.put(call.address(2), call.length(2), text.length);
        Raw.copy(text, 0, hash.valueAddress(), text.length);
        tellFloat(call, text);
        hash.settle(KeyEvent.HINCRBYFLOAT);
        call.reply().bulk(text);
    }

    /** Says what a field is now, and when it expires: HSET alone would let it stay. */
    private void tellFloat(Call call, byte[] text) {
        call.effect("HSET").arguments(1, 3).word(text);
        long expireAtMillis = hash.expireAtMillis();
        if (expireAtMillis != Entry.NEVER) {
            call.effect("HPEXPIREAT")
                    .argument(1)
                    .integer(expireAtMillis)
                    .word("FIELDS")
                    .integer(1)
                    .argument(2);
        }
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
