package dev.jackdaw.server.value;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.Entry;

/**
 * Owned by its engine's event loop: the string of one key at a time, as bytes, whether it lies in its entry as bytes or
 * as an integer. {@link #at} turns it to a key.
 */
public final class StringValue {
    /** Longer ones are "raw", however they came about. */
    private static final int MAX_EMBEDDED_LENGTH = 44;

    private final long digits;
    private long address;
    private int length;

    public StringValue(Engine engine) {
        this.digits = engine.heap().reserve(Integers.MAX_BYTES);
    }

    /** Gives the key the bytes as its value: an integer as such, where its digits come back the same. */
    public static void put(Keyspace keyspace, long key, int keyLength, long address, int length, long expireAtMillis) {
        if (Integers.isInteger(address, length)) {
            putInteger(keyspace, key, keyLength, Integers.parse(address, length), expireAtMillis);
        } else {
            long entry = keyspace.put(key, keyLength, Kind.STRING, length, expireAtMillis);
            Raw.copy(address, Entry.valueAddress(entry), length);
        }
    }

    public static void putInteger(Keyspace keyspace, long key, int keyLength, long value, long expireAtMillis) {
        long entry = keyspace.put(key, keyLength, Kind.INTEGER, Long.BYTES, expireAtMillis);
        Raw.putLong(Entry.valueAddress(entry), value);
    }

    /** Turns to the string of an entry; to no bytes if the entry is 0. */
    public void at(long entry) {
        if (entry == 0) {
            length = 0;
        } else if (liesAsInteger(entry)) {
            address = digits;
            length = (int) (Integers.write(integer(entry), digits) - digits);
        } else {
            address = Entry.valueAddress(entry);
            length = Entry.valueLength(entry);
        }
    }

    /** Where the bytes are, until this object turns to another key or the entry changes. */
    public long address() {
        return address;
    }

    public int length() {
        return length;
    }

    /** Whether the entry's string is kept as an {@link #integer}. */
    public static boolean liesAsInteger(long entry) {
        return Entry.kind(entry) == Kind.INTEGER.ordinal();
    }

    public static long integer(long entry) {
        return Raw.getLong(Entry.valueAddress(entry));
    }

    /**
     * Gives the entry's string a length that is not less than the one it has, and makes it raw. The bytes that are new are
     * arbitrary; tells nobody.
     *
     * @return the entry, which may have moved; its value lies there as bytes
     */
    public static long extend(Keyspace keyspace, long entry, int length) {
        boolean wasInteger = liesAsInteger(entry);
        if (!wasInteger && Entry.valueLength(entry) == length) {
            Entry.mark(entry, true);
            return entry;
        }
        long number = wasInteger ? integer(entry) : 0;
        long extended = keyspace.resize(entry, length);
        if (wasInteger) {
            Entry.kind(extended, Kind.STRING.ordinal());
            Integers.write(number, Entry.valueAddress(extended));
        }
        Entry.mark(extended, true);
        return extended;
    }

    /** What OBJECT ENCODING answers. */
    public static String encoding(long entry) {
        if (liesAsInteger(entry)) {
            return "int";
        }
        return Entry.isMarked(entry) || Entry.valueLength(entry) > MAX_EMBEDDED_LENGTH ? "raw" : "embstr";
    }
}
