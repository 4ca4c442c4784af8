package dev.jackdaw.server.engine;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.EntryStore;
import dev.jackdaw.server.memory.ExpiringHash;
import dev.jackdaw.server.memory.PackedHash;
import dev.jackdaw.server.memory.PackedTimes;
import dev.jackdaw.server.memory.Scratch;
import dev.jackdaw.server.memory.SortedTree;

/**
 * Owned by its keyspace: hashes of which fields expire, packed or large, and their keys, each noted with a time that is not later
 * than when the first field does.
 */
final class FieldExpiries {
    private static final int PACKED_AT_ONCE = 32;

    /** Told the key of a hash that is due, one of {@code hashes} of this step. */
    interface DueListener {
        void due(long key, int length, int hashes);
    }

    private final Engine engine;
    private final ExpiringHash hashes;
    private final Scratch dueKeys;
    /** Null while there are none. */
    EntryStore notes;

    FieldExpiries(Engine engine) {
        this.engine = engine;
        this.hashes = engine.large().expiringHashes();
        this.dueKeys = new Scratch(engine.heap());
    }

    static boolean isExpiringHash(long entry) {
        return isPacked(entry) || Entry.kind(entry) == Kind.HASH_LARGE_EXPIRING.ordinal();
    }

    private static boolean isPacked(long hash) {
        return Entry.kind(hash) == Kind.HASH_PACKED_EXPIRING.ordinal();
    }

    /** When the next field of the hash expires. */
    long nextMillis(long hash) {
        return isPacked(hash)
                ? PackedTimes.nextMillis(Entry.valueAddress(hash))
                : hashes.nextMillis(LargeStructures.root(hash));
    }

    /** Whether the time of every field of the hash has come. */
    boolean isOver(long hash) {
        if (!isPacked(hash)) {
            return hashes.isOver(LargeStructures.root(hash), engine.nowMillis());
        }
        long run = Entry.valueAddress(hash);
        return PackedTimes.due(run, Entry.valueLength(hash), engine.nowMillis()) == PackedHash.WITH_TIMES.count(run);
    }

    /**
     * Removes fields whose time has come, at most {@code limit}, or some more of a packed hash, through which it has to go anyway.
     *
     * @return the bytes of the value then
     */
    int removeDue(long hash, int limit, ExpiringHash.FieldVisitor leaving) {
        if (!isPacked(hash)) {
            hashes.expire(LargeStructures.root(hash), engine.nowMillis(), limit, leaving);
            return Entry.valueLength(hash);
        }
        int most = Math.max(PACKED_AT_ONCE, limit);
        return PackedTimes.expire(Entry.valueAddress(hash), Entry.valueLength(hash), engine.nowMillis(), most, leaving);
    }

    /**
     * Makes a hash of which no field expires any more a usual one.
     *
     * @return the bytes of the value then
     */
    int end(long hash) {
        forget(hash);
        if (isPacked(hash)) {
            Entry.kind(hash, Kind.HASH_PACKED.ordinal());
            return PackedTimes.narrow(Entry.valueAddress(hash), Entry.valueLength(hash));
        }
        long root = LargeStructures.root(hash);
        Raw.putLong(Entry.valueAddress(hash), ExpiringHash.table(root));
        Entry.kind(hash, Kind.HASH_LARGE.ordinal());
        SortedTree.free(engine.heap(), ExpiringHash.times(root));
        hashes.free(root);
        return Entry.valueLength(hash);
    }

    boolean isEmpty() {
        return notes == null;
    }

    /** Notes the entry if it is such a hash. */
    void note(long entry) {
        if (isExpiringHash(entry)) {
            note(entry, nextMillis(entry));
        }
    }

    /** Notes that a field of the hash expires at that time. */
    void note(long hash, long atMillis) {
        if (notes == null) {
            notes = engine.openStore();
        }
        long key = Entry.keyAddress(hash);
        int length = Entry.keyLength(hash);
        long noted = notes.find(key, length);
        if (atMillis != Entry.NEVER && (noted == 0 || Entry.expireAtMillis(noted) > atMillis)) {
            notes.put(key, length, 0, 0, atMillis, engine.nowMillis());
        }
    }

    /** To be called when the entry is about to go, or its fields do not expire any more. */
    void forget(long entry) {
        if (notes != null && isExpiringHash(entry)) {
            long noted = notes.find(Entry.keyAddress(entry), Entry.keyLength(entry));
            if (noted != 0) {
                notes.remove(noted);
            }
        }
    }

    void clear() {
        if (notes != null) {
            engine.closeStore(notes);
            notes = null;
        }
    }

    /**
     * Takes out about {@code limit} that are due and names them; whoever still has fields that expire is to be noted again. The key may have
     * another value by now, or none.
     *
     * @return whether there is more to do
     */
    boolean expire(int limit, DueListener listener) {
        if (notes == null) {
            return false;
        }
        long[] first = {0};
        int[] count = {0};
        EntryStore due = notes;
        boolean more = due.expire(engine.nowMillis(), limit, noted -> {
            int length = Entry.keyLength(noted);
            long copy = dueKeys.allocate(Long.BYTES + Integer.BYTES + length);
            Raw.putLong(copy, first[0]);
            Raw.putInt(copy + Long.BYTES, length);
            Raw.copy(Entry.keyAddress(noted), copy + Long.BYTES + Integer.BYTES, length);
            first[0] = copy;
            count[0]++;
            due.remove(noted);
        });
        for (long copy = first[0]; copy != 0; copy = Raw.getLong(copy)) {
            listener.due(copy + Long.BYTES + Integer.BYTES, Raw.getInt(copy + Long.BYTES), count[0]);
        }
        dueKeys.close();
        return more || first[0] != 0;
    }
}
