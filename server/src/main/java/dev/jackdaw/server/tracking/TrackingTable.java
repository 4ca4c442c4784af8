package dev.jackdaw.server.tracking;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.EntryStore;
import java.util.function.LongPredicate;

/**
 * Owned by the event loop: which clients may hold a copy of which key. It lies off-heap in a store like a database's: the
 * key, and as its value the ids of the clients in ascending order.
 *
 * <p>A client that leaves is not sought in here. Its id stays until the key changes, or until the key's list would grow and
 * is looked through for the dead; ids are never used twice.
 */
final class TrackingTable {
    /** Lists are looked through at powers of two, from this many clients on. */
    private static final int FIRST_PURGE = 8;

    private final Engine engine;
    private EntryStore store;

    TrackingTable(Engine engine) {
        this.engine = engine;
        this.store = engine.openStore();
    }

    long size() {
        return store.size();
    }

    /** The clients of a key: an entry for {@link #count} and {@link #client}, or 0. */
    long find(long key, int length) {
        return store.size() == 0 ? 0 : store.find(key, length);
    }

    /** The clients of some key, or 0. */
    long any() {
        long entry = 0;
        while (entry == 0 && store.size() > 0) {
            entry = store.near(engine.random());
        }
        return entry;
    }

    static int count(long entry) {
        return Entry.valueLength(entry) / Long.BYTES;
    }

    static long client(long entry, int i) {
        return Raw.getLong(Entry.valueAddress(entry) + (long) i * Long.BYTES);
    }

    /** Notes that the client reads the key. */
    void add(long key, int length, long client, LongPredicate isAlive) {
        long entry = store.find(key, length);
        if (entry == 0) {
            entry = store.put(key, length, 0, Long.BYTES, Entry.NEVER, engine.nowMillis());
            put(entry, 0, client);
            return;
        }
        int place = place(entry, client);
        if (place < count(entry) && client(entry, place) == client) {
            return;
        }
        if (count(entry) >= FIRST_PURGE && Integer.bitCount(count(entry)) == 1) {
            entry = purge(entry, isAlive);
            place = place(entry, client);
        }
        int behind = count(entry) - place;
        entry = store.resize(entry, (count(entry) + 1) * Long.BYTES, engine.nowMillis());
        long at = Entry.valueAddress(entry) + (long) place * Long.BYTES;
        Raw.copy(at, at + Long.BYTES, (long) behind * Long.BYTES);
        put(entry, place, client);
    }

    void remove(long entry) {
        store.remove(entry);
    }

    void clear() {
        if (store.size() > 0) {
            engine.closeStore(store);
            store = engine.openStore();
        }
    }

    private static void put(long entry, int i, long client) {
        Raw.putLong(Entry.valueAddress(entry) + (long) i * Long.BYTES, client);
    }

    /** The number of clients with a lower id. */
    private static int place(long entry, long client) {
        int low = 0;
        int high = count(entry);
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (client(entry, middle) < client) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private long purge(long entry, LongPredicate isAlive) {
        int alive = 0;
        for (int i = 0; i < count(entry); i++) {
            long client = client(entry, i);
            if (isAlive.test(client)) {
                put(entry, alive++, client);
            }
        }
        return store.resize(entry, alive * Long.BYTES, engine.nowMillis());
    }
}
