package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.server.memory.Entry;

/** Owned by the event loop: the options of one SET, MSETEX or GETEX at a time. */
final class SetOptions {
    /** What becomes of the time of expiry. */
    private enum Expiry {
        NONE,
        EX,
        PX,
        EXAT,
        PXAT,
        KEEPTTL,
        PERSIST
    }

    private final KeyCondition condition;
    private boolean get;
    private Expiry expiry;
    private int expiryArgument;

    SetOptions(KeyCondition condition) {
        this.condition = condition;
    }

    /** Reads SET's options from argument 3 on. */
    void ofSet(Call call) {
        clear();
        for (int i = 3; i < call.count(); i++) {
            if (call.is(i, "GET")) {
                get = true;
            } else if (i + 1 < call.count() && condition.readComparison(call, i)) {
                i++;
            } else {
                i = presenceOrTime(call, i);
            }
        }
    }

    /** Reads MSETEX's options from an argument on. */
    void ofMsetex(Call call, int from) {
        clear();
        for (int i = from; i < call.count(); i++) {
            i = presenceOrTime(call, i);
        }
    }

    private int presenceOrTime(Call call, int i) {
        if (condition.readPresence(call, i)) {
            return i;
        }
        if (call.is(i, "KEEPTTL")) {
            choose(Expiry.KEEPTTL);
            return i;
        }
        return time(call, i);
    }

    /** Reads GETEX's options from argument 2 on. */
    void ofGetex(Call call) {
        clear();
        for (int i = 2; i < call.count(); i++) {
            if (call.is(i, "PERSIST")) {
                choose(Expiry.PERSIST);
            } else {
                i = time(call, i);
            }
        }
    }

    private void clear() {
        condition.clear();
        get = false;
        expiry = Expiry.NONE;
        expiryArgument = 0;
    }

    private int time(Call call, int i) {
        if (call.is(i, "EX")) {
            choose(Expiry.EX);
        } else if (call.is(i, "PX")) {
            choose(Expiry.PX);
        } else if (call.is(i, "EXAT")) {
            choose(Expiry.EXAT);
        } else if (call.is(i, "PXAT")) {
            choose(Expiry.PXAT);
        } else {
            throw Refusal.SYNTAX;
        }
        if (i + 1 == call.count()) {
            throw Refusal.SYNTAX;
        }
        expiryArgument = i + 1;
        return i + 1;
    }

    /** The same word again is no mistake; the last one counts. */
    private void choose(Expiry chosen) {
        if (expiry != Expiry.NONE && expiry != chosen) {
            throw Refusal.SYNTAX;
        }
        expiry = chosen;
    }

    /** Whether SET is to reply the old value. */
    boolean get() {
        return get;
    }

    boolean keepsExpiry() {
        return expiry == Expiry.KEEPTTL;
    }

    boolean persists() {
        return expiry == Expiry.PERSIST;
    }

    /** When the key is to expire, in milliseconds since 1970; {@link Entry#NEVER} if nothing is said about it. */
    long expireAtMillis(Call call) {
        return switch (expiry) {
            case NONE, KEEPTTL, PERSIST -> Entry.NEVER;
            case EX -> expireAtMillis(call, expiryArgument, 1000, call.nowMillis());
            case PX -> expireAtMillis(call, expiryArgument, 1, call.nowMillis());
            case EXAT -> expireAtMillis(call, expiryArgument, 1000, 0);
            case PXAT -> expireAtMillis(call, expiryArgument, 1, 0);
        };
    }

    /** The time that a positive number of units of {@code unitMillis} after a moment is. */
    static long expireAtMillis(Call call, int argument, long unitMillis, long fromMillis) {
        long units = call.integer(argument);
        if (units <= 0 || units > (Long.MAX_VALUE - fromMillis) / unitMillis) {
            throw new Refusal(
                    CommandError.invalidExpireTime(call.command().spec().name()));
        }
        return units * unitMillis + fromMillis;
    }
}
