package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.command.StreamRemoval.References;
import dev.jackdaw.server.memory.StreamLog;

/** Owned by the event loop: the options of XADD and XTRIM that say which entries have to go. */
final class StreamTrim {
    /** The nodes that go at most in one go when only whole ones may go. */
    private static final long MAX_NODES = 100;

    private static final long MAX_LIMIT = 1_000_000;
    private static final long DEFAULT_LIMIT = 10_000;

    private enum Strategy {
        NONE,
        LENGTH,
        ID
    }

    private final StreamLog log;
    private final StreamRemoval removal;
    private final StreamId least = new StreamId();
    private final StreamId id = new StreamId();
    private Strategy strategy;
    private boolean roughly;
    private long most;
    private long limit;
    private boolean limited;
    private boolean onlyExisting;
    private References references;

    StreamTrim(StreamLog log, StreamRemoval removal) {
        this.log = log;
        this.removal = removal;
    }

    /** Whether a stream is to be made if there is none. */
    boolean creates() {
        return !onlyExisting;
    }

    /**
     * Reads the options behind the key: for XADD up to the first argument that is none, for XTRIM all arguments. Returns
     * the argument after them.
     */
    int read(Call call, boolean adds) {
        strategy = Strategy.NONE;
        roughly = false;
        limit = 0;
        limited = false;
        onlyExisting = false;
        references = null;
        int i = 2;
        while (i < call.count()) {
            boolean hasMore = i + 1 < call.count();
            if (hasMore && call.is(i, "MAXLEN")) {
                i = readStrategy(call, i + 1, Strategy.LENGTH);
            } else if (hasMore && call.is(i, "MINID")) {
                i = readStrategy(call, i + 1, Strategy.ID);
            } else if (hasMore && call.is(i, "LIMIT")) {
                limit = call.integer(i + 1);
                if (limit < 0) {
                    throw new Refusal(CommandError.TRIM_LIMIT_NEGATIVE);
                }
                limited = true;
                i += 2;
            } else if (adds && call.is(i, "NOMKSTREAM")) {
                onlyExisting = true;
                i++;
            } else if (References.of(call, i) != null) {
                if (references != null) {
                    throw Refusal.SYNTAX;
                }
                references = References.of(call, i);
                i++;
            } else if (adds) {
                return i;
            } else {
                throw Refusal.SYNTAX;
            }
        }
        return i;
    }

    /**
     * Checks that the options fit together.
     *
     * @param nodeEntries what stream-node-max-entries says
     */
    void check(boolean adds, long nodeEntries) {
        if (limit != 0 && strategy == Strategy.NONE) {
            throw new Refusal(CommandError.TRIM_LIMIT_ALONE);
        }
        if (!adds && strategy == Strategy.NONE) {
            throw new Refusal(CommandError.TRIM_HOW);
        }
        if (limited && !roughly) {
            throw new Refusal(CommandError.TRIM_LIMIT_EXACT);
        }
        if (roughly && !limited) {
            limit = nodeEntries == 0
                    ? DEFAULT_LIMIT
                    : Math.min(MAX_LIMIT, MAX_NODES * Math.min(MAX_LIMIT, nodeEntries));
        }
    }

    private int readStrategy(Call call, int i, Strategy by) {
        if (strategy != Strategy.NONE) {
            throw new Refusal(CommandError.MAXLEN_WITH_MINID);
        }
        boolean hasMore = i + 1 < call.count();
        roughly = hasMore && isLetter(call, i, '~');
        int at = roughly || hasMore && isLetter(call, i, '=') ? i + 1 : i;
        if (by == Strategy.LENGTH) {
            most = call.integer(at);
            if (most < 0) {
                throw new Refusal(CommandError.MAXLEN_NEGATIVE);
            }
        } else {
            least.read(call, at);
        }
        strategy = by;
        return at + 1;
    }

    private static boolean isLetter(Call call, int i, char letter) {
        return call.length(i) == 1 && Raw.getByte(call.address(i)) == letter;
    }

    /**
     * Removes what has to go, whole blocks at once if possible; returns how many entries that were. Does nothing if groups have a
     * say in it.
     */
    long apply() {
        if (asksGroups()) {
            return 0;
        }
        return switch (strategy) {
            case NONE -> 0;
            case LENGTH -> log.trimToLength(most, roughly, limit);
            case ID -> log.trimBelow(least.upper(), least.lower(), roughly, limit);
        };
    }

    private boolean asksGroups() {
        return references != null
                && references != References.KEEPREF
                && log.groups().count() > 0;
    }

    /**
     * If groups have a say in it, looks at one entry after the other, and removes and says what may go; returns how many that
     * were. Roughly means: up to the first that has to stay.
     */
    long applySingly(Call call) {
        long removed = 0;
        long seen = 0;
        boolean more = asksGroups() && log.first();
        while (more && hasToGo() && (limit == 0 || seen < limit)) {
            id.set(log.upper(), log.lower());
            boolean stays = references == References.ACKED && removal.isPending(id);
            if (references == References.ACKED && removal.isUnread(id) || stays && roughly) {
                break;
            }
            if (stays) {
                more = log.next();
            } else {
                removal.remove(call, id, references == References.DELREF);
                removed++;
                more = log.ceiling(id.upper(), id.lower());
            }
            seen++;
        }
        return removed;
    }

    /** Whether the entry at the cursor is one of those that are too much. */
    private boolean hasToGo() {
        return switch (strategy) {
            case NONE -> false;
            case LENGTH -> log.length() > most;
            case ID -> least.compareTo(log.upper(), log.lower()) > 0;
        };
    }
}
