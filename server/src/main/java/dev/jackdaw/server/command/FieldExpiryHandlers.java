package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.server.engine.KeyEvent;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.value.HashValue;

/**
 * Owned by the event loop: the bodies of the commands that set, tell and remove times of expiry of the fields of a hash, as
 * Redis has them since 7.4 and 8.0.
 */
final class FieldExpiryHandlers {
    /** The latest time that a field may expire, as in Redis: 46 bits of milliseconds. */
    private static final long MAX_MILLIS = (1L << 46) - 1;

    private static final int NO_FIELD = -2;
    private static final int NO_EXPIRY = -1;
    private static final int NOT_MET = 0;
    private static final int DONE = 1;
    private static final int DELETED = 2;

    private enum Condition {
        NONE,
        NX,
        XX,
        GT,
        LT
    }

    private final HashValue hash;
    private boolean changed;
    private boolean deleted;

    /** What HGETEX and HSETEX were told: the time, NEVER for none, or else that fields stay or keep theirs. */
    private long expireAtMillis;

    private boolean persists;
    private boolean keeps;
    private boolean onlyNew;
    private boolean onlyExisting;

    FieldExpiryHandlers(HashValue hash) {
        this.hash = hash;
    }

    private boolean at(Call call, long entry) {
        return entry != 0 && hash.at(call.keyspace(), entry);
    }

    // --- Setting times ---

    /** HEXPIRE and those like it: a number of units of {@code unitMillis} after a moment. */
    void hexpire(Call call, long unitMillis, long fromMillis) {
        boolean exists = at(call, call.write(1, Kind.Type.HASH));
        long atMillis = time(call, 2, unitMillis, fromMillis);
        Condition condition = condition(call, 3);
        int first = fields(call, condition == Condition.NONE ? 3 : 4, CommandError.NUMFIELDS_NOT_POSITIVE);

        begin();
        call.reply().array(call.count() - first);
        for (int i = first; i < call.count(); i++) {
            call.reply().integer(exists ? expire(call, i, atMillis, condition) : NO_FIELD);
        }
        if (changed) {
            call.effect("HPEXPIREAT").argument(1).integer(atMillis).arguments(3, call.count());
        }
        end(KeyEvent.HEXPIRE);
    }

    private static Condition condition(Call call, int i) {
        if (call.is(i, "NX")) {
            return Condition.NX;
        }
        if (call.is(i, "XX")) {
            return Condition.XX;
        }
        if (call.is(i, "GT")) {
            return Condition.GT;
        }
        return call.is(i, "LT") ? Condition.LT : Condition.NONE;
    }

    private static long time(Call call, int i, long unitMillis, long fromMillis) {
        long units = call.integer(i);
        if (units < 0) {
            throw new Refusal(CommandError.FIELD_EXPIRE_NEGATIVE);
        }
        if (units > (MAX_MILLIS - fromMillis) / unitMillis) {
            throw new Refusal(
                    CommandError.invalidExpireTime(call.command().spec().name()));
        }
        return units * unitMillis + fromMillis;
    }

    /** Reads FIELDS and the number of fields, which must be all that follows; returns the argument of the first. */
    private static int fields(Call call, int i, String notPositive) {
        if (i >= call.count() || !call.is(i, "FIELDS")) {
            throw new Refusal(CommandError.FIELDS_MISSING);
        }
        if (i + 1 == call.count()) {
            throw new Refusal(CommandError.arity(call.command().spec().name()));
        }
        if (call.integer(i + 1, 1, notPositive) != call.count() - i - 2) {
            throw new Refusal(CommandError.NUMFIELDS_MISMATCH);
        }
        return i + 2;
    }

    private int expire(Call call, int i, long atMillis, Condition condition) {
        long field = call.address(i);
        int length = call.length(i);
        if (!hash.find(field, length)) {
            return NO_FIELD;
        }
        long old = hash.expireAtMillis();
        boolean met = switch (condition) {
            case NONE -> true;
            case NX -> old == Entry.NEVER;
            case XX -> old != Entry.NEVER;
            case GT -> old != Entry.NEVER && old < atMillis;
            case LT -> old == Entry.NEVER || old > atMillis;
        };
        if (!met) {
            return NOT_MET;
        }
        if (call.isPast(atMillis)) {
            delete(call, i);
            return DELETED;
        }
        hash.expireAt(field, length, atMillis);
        changed = true;
        return DONE;
    }

    private void delete(Call call, int i) {
        hash.remove(call.address(i), call.length(i));
        call.elements("HDEL", 1).argument(i);
        deleted = true;
    }

    private void begin() {
        changed = false;
        deleted = false;
    }

    private void end(KeyEvent event) {
        if (changed || deleted) {
            hash.settle(deleted ? KeyEvent.HDEL : event);
        }
    }

    // --- Telling and removing times ---

    /** HTTL and those like it: milliseconds from a moment on, in units that are begun. */
    void httl(Call call, long unitMillis, long fromMillis) {
        boolean exists = at(call, call.read(1, Kind.Type.HASH));
        int first = fields(call, 2, CommandError.FIELDS_NOT_POSITIVE);
        call.reply().array(call.count() - first);
        for (int i = first; i < call.count(); i++) {
            if (!exists || !hash.find(call.address(i), call.length(i))) {
                call.reply().integer(NO_FIELD);
                continue;
            }
            long atMillis = hash.expireAtMillis();
            boolean expires = atMillis != Entry.NEVER;
            call.reply().integer(expires ? (atMillis - fromMillis + unitMillis - 1) / unitMillis : NO_EXPIRY);
        }
    }

    void hpersist(Call call) {
        boolean exists = at(call, call.write(1, Kind.Type.HASH));
        int first = fields(call, 2, CommandError.FIELDS_NOT_POSITIVE);

        begin();
        call.reply().array(call.count() - first);
        for (int i = first; i < call.count(); i++) {
            if (!exists || !hash.find(call.address(i), call.length(i))) {
                call.reply().integer(NO_FIELD);
            } else {
                boolean persisted = hash.persist();
                changed |= persisted;
                call.reply().integer(persisted ? DONE : NO_EXPIRY);
            }
        }
        end(KeyEvent.HPERSIST);
    }

    // --- Values and times at once ---

    void hgetdel(Call call) {
        boolean exists = at(call, call.write(1, Kind.Type.HASH));
        int first = fields(call, 2, CommandError.FIELDS_NOT_POSITIVE);

        begin();
        call.reply().array(call.count() - first);
        for (int i = first; i < call.count(); i++) {
            if (reply(call, i, exists)) {
                delete(call, i);
            }
        }
        end(KeyEvent.HDEL);
    }

    private boolean reply(Call call, int i, boolean exists) {
        boolean found = exists && hash.find(call.address(i), call.length(i));
        if (found) {
            call.reply().bulk(hash.valueAddress(), hash.valueLength());
        } else {
            call.reply().nullBulk();
        }
        return found;
    }

    void hgetex(Call call) {
        boolean exists = at(call, call.write(1, Kind.Type.HASH));
        beginOptions();
        int behind = readTime(call, 2);
        if (behind == 2 && call.is(2, "PERSIST")) {
            persists = true;
            behind = 3;
        }
        int first = fields(call, behind, CommandError.FIELDS_NOT_POSITIVE);

        begin();
        call.reply().array(call.count() - first);
        for (int i = first; i < call.count(); i++) {
            if (!reply(call, i, exists)) {
                continue;
            }
            if (persists) {
                changed |= hash.persist();
            } else if (expireAtMillis != Entry.NEVER) {
                expire(call, i, expireAtMillis, Condition.NONE);
            }
        }
        if (changed && persists) {
            call.effect("HPERSIST").argument(1).arguments(first - 2, call.count());
        } else if (changed) {
            call.effect("HPEXPIREAT").argument(1).integer(expireAtMillis).arguments(first - 2, call.count());
        }
        end(persists ? KeyEvent.HPERSIST : KeyEvent.HEXPIRE);
    }

    private void beginOptions() {
        expireAtMillis = Entry.NEVER;
        persists = false;
        keeps = false;
        onlyNew = false;
        onlyExisting = false;
    }

    /** Reads EX, PX, EXAT or PXAT and a time, if they stand at argument {@code i}; returns the argument behind them. */
    private int readTime(Call call, int i) {
        boolean span = call.is(i, "EX") || call.is(i, "PX");
        boolean seconds = call.is(i, "EX") || call.is(i, "EXAT");
        if (!span && !seconds && !call.is(i, "PXAT")) {
            return i;
        }
        if (expireAtMillis != Entry.NEVER || keeps) {
            throw new Refusal(CommandError.HSETEX_TIMES);
        }
        if (i + 1 == call.count()) {
            throw new Refusal(CommandError.EXPIRE_TIME_MISSING);
        }
        expireAtMillis = time(call, i + 1, seconds ? 1000 : 1, span ? call.nowMillis() : 0);
        return i + 2;
    }

    /** Reads what stands before FIELDS; returns the argument behind it. */
    private int readSetOptions(Call call) {
        beginOptions();
        int at = 2;
        while (at < call.count() && !call.is(at, "FIELDS")) {
            int behind = readTime(call, at);
            if (behind > at) {
                at = behind;
                continue;
            }
            if (call.is(at, "KEEPTTL")) {
                if (keeps || expireAtMillis != Entry.NEVER) {
                    throw new Refusal(CommandError.HSETEX_TIMES);
                }
                keeps = true;
            } else if (call.is(at, "FNX") || call.is(at, "FXX")) {
                if (onlyNew || onlyExisting) {
                    throw new Refusal(CommandError.HSETEX_CONDITIONS);
                }
                onlyNew = call.is(at, "FNX");
                onlyExisting = !onlyNew;
            } else {
                throw new Refusal(CommandError.unknownArgument(call.text(at)));
            }
            at++;
        }
        return at;
    }

    void hsetex(Call call) {
        int fields = readSetOptions(call);
        int first = pairs(call, fields);
        boolean exists = at(call, call.write(1, Kind.Type.HASH));
        if (onlyNew && exists && anyIs(call, first, true) || onlyExisting && (!exists || anyIs(call, first, false))) {
            call.reply().integer(0);
            return;
        }

        if (!exists) {
            hash.create(call.keyspace(), call.address(1), call.length(1));
        }
        begin();
        setAll(call, first);
        call.event(KeyEvent.HSET, 1);
        if (changed) {
            call.effect("HSETEX")
                    .argument(1)
                    .word("PXAT")
                    .integer(expireAtMillis)
                    .arguments(fields, call.count());
        }
        if (changed || deleted) {
            end(KeyEvent.HEXPIRE);
        } else {
            hash.settleQuietly();
        }
        call.reply().integer(1);
    }

    /** Sets the fields from argument {@code first} on to the values behind them, and their times. */
    private void setAll(Call call, int first) {
        boolean over = expireAtMillis != Entry.NEVER && call.isPast(expireAtMillis);
        for (int i = first; i < call.count(); i += 2) {
            if (over) {
                delete(call, i);
                continue;
            }
            boolean fresh = hash.put(call.address(i), call.length(i), call.address(i + 1), call.length(i + 1));
            if (expireAtMillis != Entry.NEVER) {
                expire(call, i, expireAtMillis, Condition.NONE);
            } else if (!fresh && !keeps) {
                hash.persist();
            }
        }
    }

    /** Reads FIELDS and the number of fields, each of which has a value; returns the argument of the first. */
    private static int pairs(Call call, int i) {
        int rest = call.count() - i - 2;
        if (rest < 2) {
            throw new Refusal(CommandError.arity(call.command().spec().name()));
        }
        boolean counted = Integers.isInteger(call.address(i + 1), call.length(i + 1));
        long count = counted ? Integers.parse(call.address(i + 1), call.length(i + 1)) : 0;
        if (count < 1 || count > Integer.MAX_VALUE) {
            throw new Refusal(CommandError.NUMFIELDS_INVALID);
        }
        if (rest % 2 != 0 || count != rest / 2) {
            throw new Refusal(CommandError.arity(call.command().spec().name()));
        }
        return i + 2;
    }

    /** Whether any of the fields is in the hash, or else is not. */
    private boolean anyIs(Call call, int first, boolean there) {
        for (int i = first; i < call.count(); i += 2) {
            if (hash.find(call.address(i), call.length(i)) == there) {
                return true;
            }
        }
        return false;
    }
}
