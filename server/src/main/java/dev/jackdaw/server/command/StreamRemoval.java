package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.server.engine.KeyEvent;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.StreamGroups;
import dev.jackdaw.server.memory.StreamLog;
import dev.jackdaw.server.value.StreamValue;

/**
 * Owned by the event loop: the bodies of XDELEX and XACKDEL, and how an entry is removed with regard to the groups that read its
 * stream. Nothing is kept for that: each group is asked whether it has read the entry and whether it is pending there.
 */
final class StreamRemoval {
    private static final int NOT_THERE = -1;
    private static final int REMOVED = 1;
    private static final int STAYS = 2;

    /** What becomes of what groups know of an entry that is to go. */
    enum References {
        /** It stays pending. */
        KEEPREF,
        /** It is pending no more. */
        DELREF,
        /** The entry stays until every group has read and acknowledged it. */
        ACKED;

        /** The one that an argument names, or null. */
        static References of(Call call, int i) {
            if (call.is(i, "KEEPREF")) {
                return KEEPREF;
            }
            if (call.is(i, "DELREF")) {
                return DELREF;
            }
            return call.is(i, "ACKED") ? ACKED : null;
        }
    }

    private final StreamValue stream;
    private final StreamLog log;
    private final StreamGroups groups;
    private final StreamId id = new StreamId();

    // The options of one command, and what it has done
    private References references;
    private int firstId;
    private int endOfIds;
    private int removed;
    private int acknowledged;

    StreamRemoval(StreamValue stream) {
        this.stream = stream;
        this.log = stream.log();
        this.groups = stream.groups();
    }

    // --- Commands ---

    void xdelex(Call call) {
        readOptions(call, 2);
        boolean exists = turnTo(call);

        call.reply().array(endOfIds - firstId);
        for (int i = firstId; i < endOfIds; i++) {
            id.read(call, i);
            call.reply().integer(exists ? remove(call) : NOT_THERE);
        }
        settle();
    }

    void xackdel(Call call) {
        readOptions(call, 3);
        boolean exists = turnTo(call);

        call.reply().array(endOfIds - firstId);
        for (int i = firstId; i < endOfIds; i++) {
            id.read(call, i);
            boolean acknowledges = exists
                    && groups.find(call.address(2), call.length(2))
                    && groups.findPending(id.upper(), id.lower());
            if (acknowledges) {
                acknowledge(call, id);
            }
            // What was pending counts as removed, whoever did that.
            call.reply().integer(acknowledges ? Math.max(REMOVED, remove(call)) : NOT_THERE);
        }
        settle();
    }

    private void readOptions(Call call, int from) {
        references = null;
        firstId = 0;
        endOfIds = 0;
        for (int i = from; i < call.count(); i++) {
            References word = References.of(call, i);
            if (word != null && references == null) {
                references = word;
            } else if (call.is(i, "IDS") && i + 1 < call.count() && firstId == 0) {
                firstId = i + 2;
                long ids = call.integer(i + 1, 1, CommandError.NUMIDS_NOT_POSITIVE);
                if (ids > call.count() - firstId) {
                    throw new Refusal(CommandError.NUMIDS_MISMATCH);
                }
                endOfIds = firstId + (int) ids;
                i = endOfIds - 1;
            } else {
                throw Refusal.SYNTAX;
            }
        }
        for (int i = firstId; i < endOfIds; i++) {
            id.read(call, i);
        }
        removed = 0;
        acknowledged = 0;
    }

    private boolean turnTo(Call call) {
        long entry = call.write(1, Kind.Type.STREAM);
        return entry != 0 && stream.at(call.keyspace(), entry);
    }

    private int remove(Call call) {
        if (references == References.ACKED && (isUnread(id) || isPending(id))) {
            return STAYS;
        }
        return remove(call, id, references == References.DELREF) ? REMOVED : NOT_THERE;
    }

    private void settle() {
        if (removed > 0) {
            stream.settle(KeyEvent.XDEL);
        } else if (acknowledged > 0) {
            stream.settleGroups();
        }
    }

    // --- One entry ---

    /** Whether some group has still to read the entry with this ID, and with it all that come after. */
    boolean isUnread(StreamId ofEntry) {
        for (int i = 0; i < groups.count(); i++) {
            groups.choose(i);
            if (ofEntry.compareTo(groups.lastUpper(), groups.lastLower()) > 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether it is pending in some group. */
    boolean isPending(StreamId ofEntry) {
        for (int i = 0; i < groups.count(); i++) {
            groups.choose(i);
            if (groups.findPending(ofEntry.upper(), ofEntry.lower())) {
                return true;
            }
        }
        return false;
    }

    /** Removes the entry, if it is there, and with {@code everywhere} what groups know of it, and says so; false if it is not there. */
    boolean remove(Call call, StreamId ofEntry, boolean everywhere) {
        for (int i = 0; everywhere && i < groups.count(); i++) {
            groups.choose(i);
            if (groups.findPending(ofEntry.upper(), ofEntry.lower())) {
                acknowledge(call, ofEntry);
            }
        }
        boolean found = log.find(ofEntry.upper(), ofEntry.lower());
        if (found) {
            log.remove();
            call.elements("XDEL", 1).id(ofEntry.upper(), ofEntry.lower());
            removed++;
        }
        return found;
    }

    /** The entry that is pending in the current group is so no more. */
    private void acknowledge(Call call, StreamId ofEntry) {
        groups.removePending();
        call.effect("XACK").argument(1).word(groups.name(), groups.nameLength()).id(ofEntry.upper(), ofEntry.lower());
        acknowledged++;
    }
}
