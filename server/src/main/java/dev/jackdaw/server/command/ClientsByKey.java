package dev.jackdaw.server.command;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.EntryStore;

/**
 * Owned by the event loop: which clients want to know of which keys. It lies off-heap, for each database in a store like
 * the database's own: the key, and as its value the ids of the clients in the order in which they came.
 *
 * <p>An entry has a mark and each client in it a note of one bit; both mean what the owner of the table wants.
 */
final class ClientsByKey {
    private final Engine engine;
    /** By database; null where nobody has ever asked. */
    private final EntryStore[] stores;

    ClientsByKey(Engine engine) {
        this.engine = engine;
        this.stores = new EntryStore[engine.databases()];
    }

    /** The clients of a key: an entry, good until something is added or removed; or 0. */
    long find(Keyspace keyspace, long key, int length) {
        EntryStore store = stores[keyspace.number()];
        return store == null ? 0 : store.find(key, length);
    }

    static int count(long entry) {
        return Entry.valueLength(entry) / Long.BYTES;
    }

    static long client(long entry, int i) {
        return word(entry, i) >>> 1;
    }

    static boolean note(long entry, int i) {
        return (word(entry, i) & 1) != 0;
    }

    /** Whether the client is there and its note is set. */
    boolean isNoted(Keyspace keyspace, long key, int length, long client) {
        long entry = find(keyspace, key, length);
        int i = entry == 0 ? -1 : find(entry, client);
        return i >= 0 && note(entry, i);
    }

    private static long word(long entry, int i) {
        return Raw.getLong(place(entry, i));
    }

    private static long place(long entry, int i) {
        return Entry.valueAddress(entry) + (long) i * Long.BYTES;
    }

    private static int find(long entry, long client) {
        int i = count(entry) - 1;
        while (i >= 0 && client(entry, i) != client) {
            i--;
        }
        return i;
    }

    /** Adds the client behind the others, unless it is there already. */
    void add(Keyspace keyspace, long key, int length, long client, boolean note) {
        int database = keyspace.number();
        if (stores[database] == null) {
            stores[database] = engine.openStore();
        }
        EntryStore store = stores[database];
        long entry = store.find(key, length);
        if (entry == 0) {
            entry = store.put(key, length, 0, Long.BYTES, Entry.NEVER, engine.nowMillis());
        } else if (find(entry, client) >= 0) {
            return;
        } else {
            entry = store.resize(entry, Entry.valueLength(entry) + Long.BYTES, engine.nowMillis());
        }
        Raw.putLong(place(entry, count(entry) - 1), client << 1 | (note ? 1 : 0));
    }

    /** Removes the client from the key, if it is there. */
    void remove(int database, long key, int length, long client) {
        EntryStore store = stores[database];
        long entry = store == null ? 0 : store.find(key, length);
        int at = entry == 0 ? -1 : find(entry, client);
        if (at < 0) {
            return;
        }
        int left = count(entry) - 1;
        if (left == 0) {
            store.remove(entry);
        } else {
            Raw.copy(place(entry, at + 1), place(entry, at), (long) (left - at) * Long.BYTES);
            store.resize(entry, left * Long.BYTES, engine.nowMillis());
        }
    }

    /** Removes the client from the key in every database. */
    void removeEverywhere(long key, int length, long client) {
        for (int database = 0; database < stores.length; database++) {
            remove(database, key, length, client);
        }
    }

    /** Visits every key that somebody asked for; the visitor must not change this table. */
    void forEach(Keyspace keyspace, EntryStore.Visitor visitor) {
        EntryStore store = stores[keyspace.number()];
        long cursor = 0;
        do {
            cursor = store == null ? 0 : store.scan(cursor, visitor);
        } while (cursor != 0);
    }
}
