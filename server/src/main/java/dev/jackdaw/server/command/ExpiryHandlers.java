package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.server.memory.Entry;

/** Owned by the event loop: the bodies of the commands that set, tell and remove times of expiry. */
final class ExpiryHandlers {
    private static final int NO_KEY = -2;
    private static final int NO_EXPIRY = -1;

    /** EXPIRE and those like it: a number of units of {@code unitMillis} after a moment. */
    void expire(Call call, long unitMillis, long fromMillis) {
        boolean onlyIfNone = false;
        boolean onlyIfAny = false;
        boolean onlyIfLater = false;
        boolean onlyIfSooner = false;
        for (int i = 3; i < call.count(); i++) {
            if (call.is(i, "NX")) {
                onlyIfNone = true;
            } else if (call.is(i, "XX")) {
                onlyIfAny = true;
            } else if (call.is(i, "GT")) {
                onlyIfLater = true;
            } else if (call.is(i, "LT")) {
                onlyIfSooner = true;
            } else {
                throw new Refusal(CommandError.unsupportedOption(call.text(i)));
            }
        }
        if (onlyIfNone && (onlyIfAny || onlyIfLater || onlyIfSooner)) {
            throw new Refusal(CommandError.EXPIRE_NX_WITH_OTHERS);
        }
        if (onlyIfLater && onlyIfSooner) {
            throw new Refusal(CommandError.EXPIRE_GT_WITH_LT);
        }
        long expireAtMillis = time(call, unitMillis, fromMillis);
        long entry = call.write(1);
        // As the time of a key that never expires: later than any other.
        long current = entry == 0 || !Entry.expires(entry) ? Long.MAX_VALUE : Entry.expireAtMillis(entry);
        boolean expires = entry != 0 && Entry.expires(entry);
        if (entry == 0
                || onlyIfNone && expires
                || onlyIfAny && !expires
                || onlyIfLater && (!expires || expireAtMillis <= current)
                || onlyIfSooner && expires && expireAtMillis >= current) {
            call.reply().integer(0);
            return;
        }

        expireAt(call, entry, expireAtMillis);
        call.reply().integer(1);
    }

    /** Lets the key in argument 1 expire at a time, which may be over. */
    static void expireAt(Call call, long entry, long expireAtMillis) {
        if (call.isPast(expireAtMillis)) {
            call.keyspace().remove(entry);
            call.effect("DEL").argument(1);
        } else {
            call.keyspace().expireAt(entry, expireAtMillis);
            call.effect("PEXPIREAT").argument(1).integer(expireAtMillis);
        }
    }

    /** May lie in the past, but must not overflow. */
    private static long time(Call call, long unitMillis, long fromMillis) {
        long units = call.integer(2);
        if (units > (Long.MAX_VALUE - fromMillis) / unitMillis || units < Long.MIN_VALUE / unitMillis) {
            throw new Refusal(
                    CommandError.invalidExpireTime(call.command().spec().name()));
        }
        return units * unitMillis + fromMillis;
    }

    /** TTL and those like it: the time that is left from a moment on, rounded to units of {@code unitMillis}. */
    void ttl(Call call, long unitMillis, long fromMillis) {
        long entry = call.look(1);
        if (entry == 0) {
            call.reply().integer(NO_KEY);
        } else if (!Entry.expires(entry)) {
            call.reply().integer(NO_EXPIRY);
        } else {
            long millis = Math.max(0, Entry.expireAtMillis(entry) - fromMillis);
            boolean up = millis % unitMillis * 2 >= unitMillis;
            call.reply().integer(millis / unitMillis + (up ? 1 : 0));
        }
    }

    void persist(Call call) {
        long entry = call.write(1);
        boolean expires = entry != 0 && Entry.expires(entry);

        if (expires) {
            call.keyspace().expireAt(entry, Entry.NEVER);
        }
        call.reply().integer(expires ? 1 : 0);
    }
}
