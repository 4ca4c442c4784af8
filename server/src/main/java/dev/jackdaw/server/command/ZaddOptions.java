package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;

/** Owned by the event loop: what ZADD may and what it reports. */
final class ZaddOptions {
    boolean onlyNew;
    boolean onlyExisting;
    boolean onlyGreater;
    boolean onlyLess;
    boolean countsChanged;
    boolean increments;

    /** Reads the options from argument {@code first} on; returns the argument behind them. */
    int read(Call call, int first, boolean isIncrement) {
        onlyNew = false;
        onlyExisting = false;
        onlyGreater = false;
        onlyLess = false;
        countsChanged = false;
        increments = isIncrement;
        int at = first;
        while (at < call.count() && readOne(call, at)) {
            at++;
        }
        return at;
    }

    /** The same for GEOADD, which has fewer. */
    int readForPlaces(Call call, int first) {
        int at = read(call, first, false);
        return onlyGreater || onlyLess || increments ? first : at;
    }

    private boolean readOne(Call call, int i) {
        if (call.is(i, "NX")) {
            onlyNew = true;
        } else if (call.is(i, "XX")) {
            onlyExisting = true;
        } else if (call.is(i, "GT")) {
            onlyGreater = true;
        } else if (call.is(i, "LT")) {
            onlyLess = true;
        } else if (call.is(i, "CH")) {
            countsChanged = true;
        } else if (call.is(i, "INCR")) {
            increments = true;
        } else {
            return false;
        }
        return true;
    }

    /** Refuses options that contradict each other, or the number of members. */
    void check(int members) {
        if (onlyNew && onlyExisting) {
            throw new Refusal(CommandError.ZADD_XX_WITH_NX);
        }
        if (onlyGreater && (onlyNew || onlyLess) || onlyLess && onlyNew) {
            throw new Refusal(CommandError.ZADD_GT_LT_NX);
        }
        if (increments && members > 1) {
            throw new Refusal(CommandError.ZADD_INCR_PAIRS);
        }
    }

    /** Whether a score that a member has may be replaced. */
    boolean allows(double old, double score) {
        return !(onlyLess && score >= old || onlyGreater && score <= old);
    }
}
