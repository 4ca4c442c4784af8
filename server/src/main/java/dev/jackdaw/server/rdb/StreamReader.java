package dev.jackdaw.server.rdb;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.memory.LargeHash;
import dev.jackdaw.server.memory.Listpack;
import dev.jackdaw.server.memory.StreamGroups;
import dev.jackdaw.server.memory.StreamLog;
import dev.jackdaw.server.value.StreamValue;

/**
 * Owned by the event loop: reads streams. A block is taken as it is, but not before all that is in it was found to be such as
 * clients could have made it.
 *
 * <p>What is pending in a group stands before its consumers: it waits in a table until a consumer claims it.
 */
final class StreamReader {
    private static final int ID_BYTES = 16;
    private static final int REMOVED = 1;
    private static final int SAME_FIELDS = 2;
    private static final int FIXED_ELEMENTS = 3;

    private final RdbInput in;
    private final StreamValue stream;
    private final StreamLog log;
    private final StreamGroups groups;
    private final LargeHash tables;

    /** The pending entries of a group that no consumer has claimed yet: id to time and count; 0 between groups. */
    private long unclaimed;

    /** The block that is read: the element at hand, and where the elements end. */
    private long at;

    private long end;

    /** The id of the last entry that lives. */
    private long lastUpper;

    private long lastLower;

    StreamReader(Engine engine, RdbInput in) {
        this.in = in;
        this.stream = new StreamValue(engine);
        this.log = stream.log();
        this.groups = stream.groups();
        this.tables = engine.large().hashes();
    }

    void read(int type, Keyspace keyspace, long key, int keyLength) {
        stream.create(keyspace, key, keyLength);
        lastUpper = 0;
        lastLower = 0;
        for (long left = in.count(); left > 0; left--) {
            block();
        }
        long length = in.length();
        log.last(in.length(), in.length());
        if (length != log.length() || StreamLog.compare(log.lastUpper(), log.lastLower(), lastUpper, lastLower) < 0) {
            throw in.corrupt("a stream of other entries than it says");
        }
        log.appended(length);
        if (type != RdbFormat.STREAM) {
            in.length();
            in.length();
            log.highestRemoved(in.length(), in.length());
            log.appended(in.length());
        }
        for (long left = in.count(); left > 0; left--) {
            group(type);
        }
    }

    /** Gives back what a stream that could not be read has taken beside itself. */
    void abandon() {
        if (unclaimed != 0) {
            tables.free(unclaimed);
            unclaimed = 0;
        }
    }

    // --- Entries ---

    private void block() {
        if (in.length() != ID_BYTES) {
            throw in.corrupt("no id");
        }
        long upper = in.idPart();
        long lower = in.idPart();
        if (log.length() > 0 && StreamLog.compare(upper, lower, lastUpper, lastLower) <= 0) {
            throw in.corrupt("blocks of a stream that are not in order");
        }
        RdbInput.Text pack = in.string();
        if (!Listpack.isSound(pack.address(), pack.length())) {
            throw in.corrupt("elements that are not packed so");
        }
        at = Listpack.first(pack.address());
        end = Listpack.end(pack.address());
        // Redis keeps a block in which nothing lives, where the last entries were removed before the others.
        if (checkEntries(upper, lower) > 0) {
            log.appendBlock(upper, lower, pack.address());
        }
    }

    /** Returns how many entries live. */
    private long checkEntries(long upper, long lower) {
        long live = integer();
        long removed = integer();
        long shared = integer();
        skip(shared);
        if (integer() != 0 || live < 0) {
            throw in.corrupt("a block of a stream that begins otherwise");
        }
        long living = live;
        while (at != end) {
            boolean isRemoved = checkEntry(upper, lower, shared);
            living -= isRemoved ? 0 : 1;
            removed -= isRemoved ? 1 : 0;
        }
        if (living != 0 || removed != 0) {
            throw in.corrupt("a block of a stream of other entries than it says");
        }
        return live;
    }

    /** Returns whether the entry is marked as removed. */
    private boolean checkEntry(long upper, long lower, long shared) {
        int flags = Raw.getByte(element());
        if (flags < 0 || flags > (REMOVED | SAME_FIELDS)) {
            throw in.corrupt("an entry of a stream that begins otherwise");
        }
        long entryUpper = upper + integer();
        long entryLower = lower + integer();
        boolean isRemoved = (flags & REMOVED) != 0;
        // One that was removed may be above those behind it: XSETID has put the last id below it.
        if (!isRemoved) {
            if (StreamLog.compare(entryUpper, entryLower, upper, lower) < 0
                    || StreamLog.compare(entryUpper, entryLower, lastUpper, lastLower) <= 0) {
                throw in.corrupt("entries of a stream that are not in order");
            }
            lastUpper = entryUpper;
            lastLower = entryLower;
        }
        boolean same = (flags & SAME_FIELDS) != 0;
        long count = same ? shared : integer();
        skip(same ? count : 2 * count);
        if (integer() != FIXED_ELEMENTS + (same ? count : 2 * count + 1)) {
            throw in.corrupt("an entry of a stream of other elements than it says");
        }
        return isRemoved;
    }

    private void skip(long elements) {
        if (elements < 0) {
            throw in.corrupt("less than no elements");
        }
        for (long left = elements; left > 0; left--) {
            element();
        }
    }

    private long element() {
        if (at == end) {
            throw in.corrupt("a block of a stream that ends too early");
        }
        long element = at;
        at = Listpack.next(at);
        return element;
    }

    private long integer() {
        long element = element();
        if (!Listpack.isInteger(element)) {
            throw in.corrupt("a text in place of a number");
        }
        return Listpack.integer(element);
    }

    // --- Groups ---

    private void group(int type) {
        RdbInput.Text name = in.string();
        if (groups.find(name.address(), name.length())) {
            throw in.corrupt("a group twice");
        }
        groups.add(name.address(), name.length());
        groups.last(in.length(), in.length());
        groups.entriesRead(
                type == RdbFormat.STREAM ? stream.position(groups.lastUpper(), groups.lastLower()) : in.length());
        unclaimed = tables.create();
        for (long left = in.count(); left > 0; left--) {
            long id = in.take(ID_BYTES);
            long element = tables.put(unclaimed, id, ID_BYTES, 2 * Long.BYTES);
            if (!tables.added()) {
                throw in.corrupt("a pending entry twice");
            }
            long delivered = in.int64();
            Raw.putLong(tables.valueAddress(element), delivered);
            Raw.putLong(tables.valueAddress(element) + Long.BYTES, in.length());
        }
        for (long left = in.count(); left > 0; left--) {
            consumer(type);
        }
        if (tables.size(unclaimed) > 0) {
            throw in.corrupt("a pending entry without a consumer");
        }
        abandon();
    }

    private void consumer(int type) {
        RdbInput.Text name = in.string();
        if (groups.findConsumer(name.address(), name.length()) != 0) {
            throw in.corrupt("a consumer twice");
        }
        long consumer = groups.addConsumer(name.address(), name.length());
        groups.seen(consumer, in.int64());
        if (type == RdbFormat.STREAM_3) {
            in.int64();
        }
        for (long left = in.count(); left > 0; left--) {
            long id = in.take(ID_BYTES);
            long element = tables.find(unclaimed, id, ID_BYTES);
            if (element == 0) {
                throw in.corrupt("an entry that is not pending");
            }
            groups.addPending(
                    Long.reverseBytes(Raw.getLong(id)), Long.reverseBytes(Raw.getLong(id + Long.BYTES)), consumer);
            groups.delivered(
                    Raw.getLong(tables.valueAddress(element)), Raw.getLong(tables.valueAddress(element) + Long.BYTES));
            tables.remove(unclaimed, id, ID_BYTES);
        }
    }
}
