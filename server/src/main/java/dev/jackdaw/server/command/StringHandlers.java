package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.StringCommand;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.server.algorithm.LongDouble;
import dev.jackdaw.server.algorithm.LongestCommonSubsequence;
import dev.jackdaw.server.engine.KeyEvent;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.value.StringValue;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;

/** Owned by the event loop: the bodies of the commands on strings. */
final class StringHandlers {
    private final Node node;
    private final StringValue string;
    private final StringValue otherString;
    private final KeyCondition condition;
    private final SetOptions options;

    StringHandlers(Node node) {
        this.node = node;
        this.string = new StringValue(node.engine());
        this.otherString = new StringValue(node.engine());
        this.condition = new KeyCondition(node.engine(), string);
        this.options = new SetOptions(condition);
    }

    void run(StringCommand command, Call call) {
        switch (command) {
            case GET -> get(call);
            case SET -> set(call);
            case GETEX -> getex(call);
            case GETDEL -> getdel(call);
            case GETSET -> getset(call);
            case MGET -> mget(call);
            case MSET -> mset(call);
            case MSETNX -> msetnx(call);
            case MSETEX -> msetex(call);
            case SETNX -> setnx(call);
            case SETEX -> setex(call, 1000);
            case PSETEX -> setex(call, 1);
            case DELEX -> delex(call);
            case DELIFEQ -> delifeq(call);
            case DIGEST -> digest(call);
            case APPEND -> append(call);
            case STRLEN -> strlen(call);
            case INCR -> add(call, 1);
            case DECR -> add(call, -1);
            case INCRBY -> add(call, call.integer(2));
            case DECRBY -> decrby(call);
            case INCRBYFLOAT -> incrbyfloat(call);
            case SETRANGE -> setrange(call);
            case GETRANGE, SUBSTR -> getrange(call);
            case LCS -> lcs(call);
        }
    }

    // --- Whole values ---

    private void get(Call call) {
        reply(call, call.read(1, Kind.Type.STRING));
    }

    private void set(Call call) {
        if (call.count() == 3) {
            assign(call, 1, 2, Entry.NEVER);
            call.reply().ok();
            return;
        }
        options.ofSet(call);
        long expireAtMillis = options.expireAtMillis(call);
        long entry = options.get() ? call.read(1, Kind.Type.STRING) : call.write(1);
        boolean sets = condition.holds(call, entry);

        if (options.get()) {
            reply(call, entry);
        } else if (!sets) {
            call.reply().nullBulk();
        }
        if (!sets) {
            return;
        }
        boolean keeps = options.keepsExpiry() && entry != 0;
        assign(call, 1, 2, keeps ? Entry.expireAtMillis(entry) : expireAtMillis);
        if (expireAtMillis != Entry.NEVER) {
            call.event(KeyEvent.EXPIRE, 1);
        }
        if (expireAtMillis != Entry.NEVER || condition.compares()) {
            effect(call, 1, expireAtMillis);
        }
        if (!options.get()) {
            call.reply().ok();
        }
    }

    /** Says that the key in argument {@code key} was set to the value behind it, with the time that the options say. */
    private void effect(Call call, int key, long expireAtMillis) {
        Effects effect = call.effect("SET").arguments(key, key + 2);
        if (expireAtMillis != Entry.NEVER) {
            effect.word("PXAT").integer(expireAtMillis);
        } else if (options.keepsExpiry()) {
            effect.word("KEEPTTL");
        }
    }

    private void getex(Call call) {
        options.ofGetex(call);
        long entry = call.read(1, Kind.Type.STRING);
        if (entry == 0) {
            call.reply().nullBulk();
            return;
        }
        long expireAtMillis = options.expireAtMillis(call);

        reply(call, entry);
        if (expireAtMillis == Entry.NEVER) {
            if (options.persists() && Entry.expires(entry)) {
                call.keyspace().expireAt(entry, Entry.NEVER);
                call.effect("PERSIST").argument(1);
            }
        } else {
            ExpiryHandlers.expireAt(call, entry, expireAtMillis);
        }
    }

    private void getdel(Call call) {
        long entry = call.read(1, Kind.Type.STRING);

        reply(call, entry);
        if (entry != 0) {
            call.keyspace().remove(entry);
            call.effect("DEL").argument(1);
        }
    }

    private void getset(Call call) {
        long entry = call.read(1, Kind.Type.STRING);

        reply(call, entry);
        assign(call, 1, 2, Entry.NEVER);
    }

    private void mget(Call call) {
        call.reply().array(call.count() - 1);
        for (int i = 1; i < call.count(); i++) {
            long entry = call.read(i);
            boolean isString = entry != 0 && Kind.of(Entry.kind(entry)).type() == Kind.Type.STRING;
            reply(call, isString ? entry : 0);
        }
    }

    private void mset(Call call) {
        checkPairs(call);

        storeAll(call);
        call.reply().ok();
    }

    private void msetnx(Call call) {
        checkPairs(call);
        for (int i = 1; i < call.count(); i += 2) {
            if (call.write(i) != 0) {
                call.reply().integer(0);
                return;
            }
        }

        storeAll(call);
        call.reply().integer(1);
    }

    private void msetex(Call call) {
        long keys = call.integer(1, 1, CommandError.NUMKEYS_INVALID);
        if (keys > (call.count() - 2) / 2) {
            throw new Refusal(CommandError.PAIRS_MISMATCH);
        }
        int end = 2 + 2 * (int) keys;
        options.ofMsetex(call, end);
        long expireAtMillis = options.expireAtMillis(call);
        for (int i = 2; i < end; i += 2) {
            if (!condition.holds(call, call.write(i))) {
                call.reply().integer(0);
                return;
            }
        }

        for (int i = 2; i < end; i += 2) {
            long entry = options.keepsExpiry() ? call.write(i) : 0;
            assign(call, i, i + 1, entry != 0 ? Entry.expireAtMillis(entry) : expireAtMillis);
            if (expireAtMillis != Entry.NEVER) {
                call.event(KeyEvent.EXPIRE, i);
            }
            effect(call, i, expireAtMillis);
        }
        call.reply().integer(1);
    }

    private static void checkPairs(Call call) {
        if (call.count() % 2 == 0) {
            throw new Refusal(CommandError.arity(call.command().spec().name()));
        }
    }

    private static void storeAll(Call call) {
        for (int i = 1; i < call.count(); i += 2) {
            assign(call, i, i + 1, Entry.NEVER);
        }
    }

    private void setnx(Call call) {
        boolean absent = call.write(1) == 0;

        if (absent) {
            assign(call, 1, 2, Entry.NEVER);
        }
        call.reply().integer(absent ? 1 : 0);
    }

    private void setex(Call call, long unitMillis) {
        long expireAtMillis = SetOptions.expireAtMillis(call, 2, unitMillis, call.nowMillis());

        assign(call, 1, 3, expireAtMillis);
        call.event(KeyEvent.EXPIRE, 1);
        call.effect("SET").argument(1).argument(3).word("PXAT").integer(expireAtMillis);
        call.reply().ok();
    }

    private void delex(Call call) {
        boolean conditional = call.count() > 2;
        if (conditional && call.count() != 4) {
            throw new Refusal(CommandError.arity(call.command().spec().name()));
        }
        condition.clear();
        long entry = call.write(1);
        if (entry != 0 && conditional) {
            if (Kind.of(Entry.kind(entry)).type() != Kind.Type.STRING) {
                throw new Refusal(CommandError.DELEX_NOT_A_STRING);
            }
            if (!condition.readComparison(call, 2)) {
                throw new Refusal(CommandError.DELEX_CONDITION);
            }
        }
        deleteIfSo(call, entry);
    }

    private void delifeq(Call call) {
        condition.beEqual(2);
        deleteIfSo(call, call.write(1, Kind.Type.STRING));
    }

    private void deleteIfSo(Call call, long entry) {
        boolean deletes = entry != 0 && condition.holds(call, entry);

        if (deletes) {
            call.keyspace().remove(entry);
            call.effect("DEL").argument(1);
        }
        call.reply().integer(deletes ? 1 : 0);
    }

    private void digest(Call call) {
        long entry = call.read(1, Kind.Type.STRING);
        if (entry == 0) {
            call.reply().nullBulk();
        } else {
            condition.replyDigest(call.reply(), entry);
        }
    }

    /** Sets the key in one argument to the value in another, and says so. */
    private static void assign(Call call, int key, int value, long expireAtMillis) {
        store(call, key, value, expireAtMillis);
        call.event(KeyEvent.SET, key);
    }

    private static void store(Call call, int key, int value, long expireAtMillis) {
        StringValue.put(
                call.keyspace(),
                call.address(key),
                call.length(key),
                call.address(value),
                call.length(value),
                expireAtMillis);
    }

    /** Replies with a string's value, or null if there is no entry. */
    private static void reply(Call call, long entry) {
        ReplyWriter reply = call.reply();
        if (entry == 0) {
            reply.nullBulk();
        } else if (StringValue.liesAsInteger(entry)) {
            reply.bulkInteger(StringValue.integer(entry));
        } else {
            reply.bulk(Entry.valueAddress(entry), Entry.valueLength(entry));
        }
    }

    // --- Numbers ---

    private void decrby(Call call) {
        long decrement = call.integer(2);
        if (decrement == Long.MIN_VALUE) {
            throw Refusal.DECREMENT_OVERFLOW;
        }
        add(call, -decrement);
    }

    private void add(Call call, long increment) {
        long entry = call.write(1, Kind.Type.STRING);
        long old = entry == 0 ? 0 : integer(entry);
        long sum = old + increment;
        if (((old ^ sum) & (increment ^ sum)) < 0) {
            throw Refusal.OVERFLOW;
        }

        if (entry != 0 && StringValue.liesAsInteger(entry)) {
            Raw.putLong(Entry.valueAddress(entry), sum);
            call.keyspace().changed(entry);
        } else {
            long expireAtMillis = entry == 0 ? Entry.NEVER : Entry.expireAtMillis(entry);
            StringValue.putInteger(call.keyspace(), call.address(1), call.length(1), sum, expireAtMillis);
        }
        call.event(KeyEvent.INCRBY, 1);
        call.reply().integer(sum);
    }

    private static long integer(long entry) {
        if (StringValue.liesAsInteger(entry)) {
            return StringValue.integer(entry);
        }
        long address = Entry.valueAddress(entry);
        int length = Entry.valueLength(entry);
        if (!Integers.isInteger(address, length)) {
            throw Refusal.NOT_AN_INTEGER;
        }
        return Integers.parse(address, length);
    }

    private void incrbyfloat(Call call) {
        long entry = call.write(1, Kind.Type.STRING);
        LongDouble old = entry == 0 ? LongDouble.of(0) : longDouble(entry);
        LongDouble sum = old.plus(LongDouble.of(call.address(2), call.length(2)));
        byte[] text = sum.text().getBytes(StandardCharsets.ISO_8859_1);
        long expireAtMillis = entry == 0 ? Entry.NEVER : Entry.expireAtMillis(entry);

        long stored = call.keyspace().put(call.address(1), call.length(1), Kind.STRING, text.length, expireAtMillis);
        Raw.copy(text, 0, Entry.valueAddress(stored), text.length);
        call.event(KeyEvent.INCRBYFLOAT, 1);
        call.effect("SET").argument(1).word(text).word("KEEPTTL");
        call.reply().bulk(text);
    }

    private LongDouble longDouble(long entry) {
        if (StringValue.liesAsInteger(entry)) {
            return LongDouble.of(StringValue.integer(entry));
        }
        return LongDouble.of(Entry.valueAddress(entry), Entry.valueLength(entry));
    }

    // --- Parts of values ---

    private void strlen(Call call) {
        string.at(call.read(1, Kind.Type.STRING));
        call.reply().integer(string.length());
    }

    private void append(Call call) {
        int added = call.length(2);
        long entry;
        do {
            entry = call.write(1, Kind.Type.STRING);
            string.at(entry);
        } while (call.makesRoom(added));
        int oldLength = string.length();
        if (entry != 0) {
            checkLength((long) oldLength + added);
        }

        if (entry == 0) {
            store(call, 1, 2, Entry.NEVER);
        } else {
            entry = StringValue.extend(call.keyspace(), entry, oldLength + added);
            Raw.copy(call.address(2), Entry.valueAddress(entry) + oldLength, added);
            call.keyspace().changed(entry);
        }
        call.event(KeyEvent.APPEND, 1);
        call.reply().integer(oldLength + added);
    }

    private void setrange(Call call) {
        long offset = call.integer(2);
        if (offset < 0) {
            throw Refusal.OFFSET_OUT_OF_RANGE;
        }
        int added = call.length(3);
        long entry = call.write(1, Kind.Type.STRING);
        string.at(entry);
        if (added == 0) {
            call.reply().integer(string.length());
            return;
        }
        checkLength(offset > Entry.MAX_LENGTH ? offset : offset + added);
        while (call.makesRoom(offset + added - string.length())) {
            entry = call.write(1, Kind.Type.STRING);
            string.at(entry);
        }
        int oldLength = string.length();
        int length = Math.max(oldLength, (int) offset + added);

        if (entry == 0) {
            entry = call.keyspace().put(call.address(1), call.length(1), Kind.STRING, length);
            Entry.mark(entry, true);
        } else {
            entry = StringValue.extend(call.keyspace(), entry, length);
            call.keyspace().changed(entry);
        }
        long value = Entry.valueAddress(entry);
        if (offset > oldLength) {
            Raw.fill(value + oldLength, offset - oldLength, 0);
        }
        Raw.copy(call.address(3), value + offset, added);
        call.event(KeyEvent.SETRANGE, 1);
        call.reply().integer(length);
    }

    private void checkLength(long length) {
        if (length > node.maxStringBytes()) {
            throw Refusal.STRING_TOO_LONG;
        }
    }

    private void getrange(Call call) {
        long start = call.integer(2);
        long end = call.integer(3);
        string.at(call.read(1, Kind.Type.STRING));
        long length = string.length();

        boolean backwards = start < 0 && end < 0 && start > end;
        long first = Math.max(0, start < 0 ? length + start : start);
        long last = Math.min(length - 1, Math.max(0, end < 0 ? length + end : end));
        if (backwards || first > last) {
            call.reply().bulk(0, 0);
        } else {
            call.reply().bulk(string.address() + first, (int) (last - first + 1));
        }
    }

    private void lcs(Call call) {
        // Looking up a key may remove it, so the entries hold only when both have been looked up.
        call.read(1);
        call.read(2);
        turnTo(string, call, 1);
        turnTo(otherString, call, 2);
        boolean onlyLength = false;
        boolean pieces = false;
        boolean withLengths = false;
        long minLength = 0;
        for (int i = 3; i < call.count(); i++) {
            if (call.is(i, "LEN")) {
                onlyLength = true;
            } else if (call.is(i, "IDX")) {
                pieces = true;
            } else if (call.is(i, "WITHMATCHLEN")) {
                withLengths = true;
            } else if (call.is(i, "MINMATCHLEN") && i + 1 < call.count()) {
                minLength = call.integer(++i);
            } else {
                throw Refusal.SYNTAX;
            }
        }
        if (onlyLength && pieces) {
            throw new Refusal(CommandError.LCS_LEN_AND_IDX);
        }
        if ((string.length() + 1L) * (otherString.length() + 1L) > node.config().maxBulkBytes() / Integer.BYTES) {
            throw new Refusal(CommandError.LCS_MEMORY);
        }

        try (Arena arena = Arena.ofConfined()) {
            LongestCommonSubsequence found = new LongestCommonSubsequence(
                    string.address(), string.length(), otherString.address(), otherString.length(), arena);
            if (onlyLength) {
                call.reply().integer(found.length());
            } else if (pieces) {
                found.replyPieces(call.reply(), minLength, withLengths);
            } else {
                found.replyBytes(call.reply());
            }
        }
    }

    private static void turnTo(StringValue string, Call call, int key) {
        long entry = call.keyspace().peek(call.address(key), call.length(key));
        if (entry != 0 && Kind.of(Entry.kind(entry)).type() != Kind.Type.STRING) {
            throw new Refusal(CommandError.LCS_NOT_STRINGS);
        }
        string.at(entry);
    }
}
