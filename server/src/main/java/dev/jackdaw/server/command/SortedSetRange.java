package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Doubles;
import dev.jackdaw.server.value.SortedSetValue;

/**
 * Owned by the event loop: a range of a sorted set as a command names it, by rank, by score or by member. It is read
 * before the set is known, and then resolved to ranks.
 */
final class SortedSetRange {
    enum By {
        RANK,
        SCORE,
        MEMBER
    }

    private By by;
    private boolean reverse;
    private boolean withScores;
    private long offset;
    private long limit;

    private long start;
    private long stop;
    private double min;
    private double max;
    private boolean minOpen;
    private boolean maxOpen;
    private Call call;
    private int minArgument;
    private int maxArgument;

    private long first;
    private long count;

    /** Reads the two bounds in arguments {@code at} and {@code at + 1}. */
    void read(Call newCall, int at, By kind) {
        clear();
        by = kind;
        readBounds(newCall, at);
    }

    /** Reads the bounds of a command that says by its name what they are, and the options behind them. */
    void read(Call newCall, int at, By kind, boolean downwards) {
        clear();
        by = kind;
        reverse = downwards;
        for (int i = at + 2; i < newCall.count(); i++) {
            i = readOption(newCall, i, true);
        }
        readChecked(newCall, at);
    }

    /** Reads those of ZRANGE or ZRANGESTORE, whose options say what they are. */
    void readAny(Call newCall, int at, boolean mayHaveScores) {
        clear();
        by = By.RANK;
        boolean chosen = false;
        for (int i = at + 2; i < newCall.count(); i++) {
            if (!reverse && newCall.is(i, "REV")) {
                reverse = true;
            } else if (!chosen && newCall.is(i, "BYLEX")) {
                by = By.MEMBER;
                chosen = true;
            } else if (!chosen && newCall.is(i, "BYSCORE")) {
                by = By.SCORE;
                chosen = true;
            } else {
                i = readOption(newCall, i, mayHaveScores);
            }
        }
        readChecked(newCall, at);
    }

    /** Reads an option that all of them have; returns its last argument. */
    private int readOption(Call newCall, int i, boolean mayHaveScores) {
        if (mayHaveScores && newCall.is(i, "WITHSCORES")) {
            withScores = true;
            return i;
        }
        if (!newCall.is(i, "LIMIT") || i + 2 >= newCall.count()) {
            throw Refusal.SYNTAX;
        }
        offset = newCall.integer(i + 1);
        limit = newCall.integer(i + 2);
        return i + 2;
    }

    private void readChecked(Call newCall, int at) {
        if (by == By.RANK) {
            if (limit != -1) {
                throw new Refusal(CommandError.ZRANGE_LIMIT_ALONE);
            }
            offset = 0;
        }
        if (by == By.MEMBER && withScores) {
            throw new Refusal(CommandError.ZRANGE_SCORES_BY_LEX);
        }
        readBounds(newCall, at);
    }

    private void clear() {
        reverse = false;
        withScores = false;
        offset = 0;
        limit = -1;
    }

    private void readBounds(Call newCall, int at) {
        call = newCall;
        minArgument = reverse && by != By.RANK ? at + 1 : at;
        maxArgument = reverse && by != By.RANK ? at : at + 1;
        switch (by) {
            case RANK -> {
                start = call.integer(minArgument);
                stop = call.integer(maxArgument);
            }
            case SCORE -> {
                min = score(minArgument);
                minOpen = isOpen(minArgument);
                max = score(maxArgument);
                maxOpen = isOpen(maxArgument);
            }
            case MEMBER -> {
                checkMember(minArgument);
                checkMember(maxArgument);
            }
        }
    }

    /** Whether the bound itself is outside. */
    private boolean isOpen(int i) {
        return call.length(i) > 0 && Raw.getByte(call.address(i)) == '(';
    }

    private double score(int i) {
        int skipped = isOpen(i) ? 1 : 0;
        long address = call.address(i) + skipped;
        int length = call.length(i) - skipped;
        while (length > 1 && isBlank(Raw.getByte(address))) {
            address++;
            length--;
        }
        double score = length == 0 ? 0 : Doubles.parseAnySize(address, length);
        if (Double.isNaN(score)) {
            throw new Refusal(CommandError.RANGE_NOT_A_FLOAT);
        }
        return score;
    }

    private static boolean isBlank(int letter) {
        return letter == ' ' || letter >= '\t' && letter <= '\r';
    }

    private void checkMember(int i) {
        int mark = call.length(i) == 0 ? 0 : Raw.getByte(call.address(i));
        boolean whole = (mark == '-' || mark == '+') && call.length(i) == 1;
        if (!whole && mark != '[' && mark != '(') {
            throw new Refusal(CommandError.RANGE_NOT_A_STRING);
        }
    }

    /** Finds out which ranks of the set are meant. */
    void resolve(SortedSetValue set) {
        long size = set.size();
        long from;
        long to;
        switch (by) {
            case RANK -> {
                from = Math.clamp(start < 0 ? start + size : start, 0, size);
                to = Math.clamp(stop < 0 ? stop + size : stop, -1, size - 1) + 1;
                if (reverse) {
                    long low = size - to;
                    to = size - from;
                    from = low;
                }
            }
            case SCORE -> {
                from = set.below(min, minOpen);
                to = set.below(max, !maxOpen);
            }
            case MEMBER -> {
                from = below(set, minArgument, isOpen(minArgument));
                to = below(set, maxArgument, !isOpen(maxArgument));
            }
            default -> throw new AssertionError(by);
        }
        count = Math.max(0, to - from);
        if (offset < 0) {
            count = 0;
        } else {
            count = Math.max(0, count - offset);
            first = reverse ? to - 1 - offset : from + offset;
            count = limit < 0 ? count : Math.min(count, limit);
        }
    }

    private long below(SortedSetValue set, int i, boolean orEqual) {
        return switch (Raw.getByte(call.address(i))) {
            case '-' -> 0;
            case '+' -> set.size();
            default -> set.below(call.address(i) + 1, call.length(i) - 1, orEqual);
        };
    }

    /** The rank of the first member of the range. */
    long first() {
        return first;
    }

    long count() {
        return count;
    }

    boolean isByRank() {
        return by == By.RANK;
    }

    /** Whether the range goes on to lower ranks. */
    boolean isReverse() {
        return reverse;
    }

    boolean withScores() {
        return withScores;
    }
}
