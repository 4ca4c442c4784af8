package dev.jackdaw.server.value;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.KeyEvent;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.engine.LargeStructures;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.StreamGroups;
import dev.jackdaw.server.memory.StreamLog;

/**
 * Owned by its engine's event loop: the stream of one key at a time. {@link #at} turns it to a key, {@link #settle} ends a
 * change. It knows how far groups have read, in numbers of entries; that can be told as long as no entry was removed
 * from the midst of what is still to be read.
 */
public final class StreamValue {
    /** In place of a number of entries: nobody knows. */
    public static final long UNKNOWN = -1;

    /** In place of a lag: nobody knows. */
    public static final long NO_LAG = Long.MIN_VALUE;

    private static final int ROOT_BYTES = 8;

    private final Engine engine;
    private final StreamLog log;
    private final StreamGroups groups;

    private Keyspace keyspace;
    private long entry;

    public StreamValue(Engine engine) {
        this.engine = engine;
        this.log = new StreamLog(engine.heap());
        this.groups = log.groups();
    }

    /** What stream-node-max-bytes and stream-node-max-entries say. */
    public void nodeLimits(long bytes, long entries) {
        log.limits(bytes, entries);
    }

    /** Turns to the stream of an entry; false if the entry has a value of another type. */
    public boolean at(Keyspace newKeyspace, long newEntry) {
        if (Kind.of(Entry.kind(newEntry)) != Kind.STREAM) {
            return false;
        }
        keyspace = newKeyspace;
        entry = newEntry;
        log.at(LargeStructures.root(entry));
        return true;
    }

    /** Gives the key, which must have no value, an empty stream and turns to it. */
    public void create(Keyspace newKeyspace, long key, int length) {
        keyspace = newKeyspace;
        entry = keyspace.put(key, length, Kind.STREAM, ROOT_BYTES);
        Raw.putLong(Entry.valueAddress(entry), log.create());
        keyspace.largeValueAdded(entry);
    }

    /** Ends a change of the entries: tells those who watch the key. An empty stream stays. */
    public void settle(KeyEvent event) {
        keyspace.event(event, entry);
        keyspace.changed(entry);
    }

    /** Ends a change of groups only, which is none to those who watch the key, as with Redis. */
    public void settleGroups(KeyEvent event) {
        keyspace.event(event, entry);
        settleGroups();
    }

    /** The same after a group has gone: some may wait for entries with it. */
    public void settleRemovedGroup() {
        settleGroups(KeyEvent.XGROUP_DESTROY);
        keyspace.awaited(entry);
    }

    public void settleGroups() {
        engine.stats().changes++;
    }

    public StreamLog log() {
        return log;
    }

    public StreamGroups groups() {
        return groups;
    }

    // --- How far a group has read ---

    /** Notes that the current group reads the entry with this id; nothing new if it has read beyond that. */
    public void read(long upper, long lower) {
        if (StreamLog.compare(upper, lower, groups.lastUpper(), groups.lastLower()) <= 0) {
            return;
        }
        if (groups.entriesRead() != UNKNOWN && !hasGapFrom(upper, lower)) {
            groups.entriesRead(groups.entriesRead() + 1);
        } else if (log.appended() > 0) {
            groups.entriesRead(position(upper, lower));
        }
        groups.last(upper, lower);
    }

    /** How many entries the current group has still to read, negative if it claims to have read more, or {@link #NO_LAG}. */
    public long lag() {
        if (log.appended() == 0) {
            return 0;
        }
        boolean exact = groups.entriesRead() != UNKNOWN && !hasGapFrom(groups.lastUpper(), groups.lastLower());
        long read = exact ? groups.entriesRead() : position(groups.lastUpper(), groups.lastLower());
        return read == UNKNOWN ? NO_LAG : log.appended() - read;
    }

    /** Whether an entry may have been removed that had this id or one above. */
    private boolean hasGapFrom(long upper, long lower) {
        return log.length() > 0
                && hasRemoved()
                && compareToRemoved(log.firstUpper(), log.firstLower()) <= 0
                && compareToRemoved(upper, lower) <= 0;
    }

    private boolean hasRemoved() {
        return (log.highestRemovedUpper() | log.highestRemovedLower()) != 0;
    }

    private int compareToRemoved(long upper, long lower) {
        return StreamLog.compare(upper, lower, log.highestRemovedUpper(), log.highestRemovedLower());
    }

    /** How many of the entries that ever were have an id up to this one, or {@link #UNKNOWN}. */
    public long position(long upper, long lower) {
        int toLast = StreamLog.compare(upper, lower, log.lastUpper(), log.lastLower());
        if (toLast == 0 || toLast < 0 && log.length() == 0) {
            return log.appended();
        }
        boolean removedBeforeFirst = !hasRemoved() || compareToRemoved(log.firstUpper(), log.firstLower()) > 0;
        int toFirst = StreamLog.compare(upper, lower, log.firstUpper(), log.firstLower());
        if (toLast > 0 || toFirst > 0 || !removedBeforeFirst) {
            return UNKNOWN;
        }
        return log.appended() - log.length() + (toFirst == 0 ? 1 : 0);
    }
}
