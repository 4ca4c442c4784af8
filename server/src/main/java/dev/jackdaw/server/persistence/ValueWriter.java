package dev.jackdaw.server.persistence;

import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.PackedIntegers;
import dev.jackdaw.server.value.HashValue;
import dev.jackdaw.server.value.ListValue;
import dev.jackdaw.server.value.SetValue;
import dev.jackdaw.server.value.SortedSetValue;
import dev.jackdaw.server.value.StringValue;

/**
 * Owned by the event loop: writes the values of keys as RDB has them: what is packed here as Redis's packed form, so that
 * it comes back packed, and what is large element by element.
 */
final class ValueWriter {
    /** Where the elements of a list are cut into nodes. */
    private static final int NODE_BYTES = 8 << 10;

    /** What is only read needs no keyspace. */
    private static final Keyspace NONE = null;

    private final PackWriter pack;
    private final StringValue string;
    private final ListValue list;
    private final SetValue set;
    private final HashValue hash;
    private final SortedSetValue sortedSet;
    private final StreamWriter stream;

    ValueWriter(Engine engine) {
        this.pack = new PackWriter(engine.heap());
        this.string = new StringValue(engine);
        this.list = new ListValue(engine);
        this.set = new SetValue(engine);
        this.hash = new HashValue(engine);
        this.sortedSet = new SortedSetValue(engine);
        this.stream = new StreamWriter(engine);
    }

    /** The number of the form in which {@link #write} writes the entry's value. */
    static int type(long entry) {
        return switch (Kind.of(Entry.kind(entry))) {
            case STRING, INTEGER -> RdbFormat.STRING;
            case LIST_PACKED, LIST_LARGE -> RdbFormat.LIST_QUICKLIST_2;
            case SET_INTEGERS -> RdbFormat.SET_INTSET;
            case SET_PACKED, SET_LARGE -> RdbFormat.SET;
            case HASH_PACKED -> RdbFormat.HASH_LISTPACK;
            case HASH_LARGE -> RdbFormat.HASH;
            case HASH_EXPIRING -> RdbFormat.HASH_WITH_EXPIRY;
            case SORTED_SET_PACKED -> RdbFormat.SORTED_SET_LISTPACK;
            case SORTED_SET_LARGE -> RdbFormat.SORTED_SET_2;
            case STREAM -> RdbFormat.STREAM_2;
        };
    }

    /** The first version of RDB that has that form. */
    static int version(long entry) {
        return type(entry) == RdbFormat.HASH_WITH_EXPIRY ? RdbFormat.VERSION_WITH_FIELD_EXPIRY : RdbFormat.VERSION;
    }

    void write(long entry, RdbOutput out) {
        switch (Kind.of(Entry.kind(entry))) {
            case STRING, INTEGER -> string(entry, out);
            case LIST_PACKED, LIST_LARGE -> list(entry, out);
            case SET_INTEGERS -> integers(entry, out);
            case SET_PACKED, SET_LARGE -> set(entry, out);
            case HASH_PACKED -> packedHash(entry, out);
            case HASH_LARGE -> hash(entry, out);
            case HASH_EXPIRING -> expiringHash(entry, out);
            case SORTED_SET_PACKED -> packedSortedSet(entry, out);
            case SORTED_SET_LARGE -> sortedSet(entry, out);
            case STREAM -> stream.write(entry, out);
        }
    }

    private void string(long entry, RdbOutput out) {
        string.at(entry);
        out.string(string.address(), string.length());
    }

    // --- Lists ---

    private void list(long entry, RdbOutput out) {
        list.at(NONE, entry);
        out.length(nodes());
        int bytes = 0;
        for (boolean more = list.seek(0); more; more = list.next()) {
            int added = PackWriter.elementBytes(list.address(), list.length());
            if (bytes > 0 && bytes + added > NODE_BYTES) {
                endNode(out);
                bytes = 0;
            }
            pack.add(list.address(), list.length());
            bytes += added;
        }
        endNode(out);
    }

    private int nodes() {
        int nodes = 1;
        int bytes = 0;
        for (boolean more = list.seek(0); more; more = list.next()) {
            int added = PackWriter.elementBytes(list.address(), list.length());
            if (bytes > 0 && bytes + added > NODE_BYTES) {
                nodes++;
                bytes = 0;
            }
            bytes += added;
        }
        return nodes;
    }

    private void endNode(RdbOutput out) {
        out.length(RdbFormat.PACKED_NODE);
        endPack(out);
    }

    private void endPack(RdbOutput out) {
        pack.writeTo(out);
        pack.begin();
    }

    // --- Sets ---

    /** As Redis has them: the width, the count, and then the integers, which all have that width. */
    private void integers(long entry, RdbOutput out) {
        long run = Entry.valueAddress(entry);
        int count = PackedIntegers.count(run, Entry.valueLength(entry));
        int width = Math.max(width(PackedIntegers.get(run, 0)), width(PackedIntegers.get(run, count - 1)));
        out.length(2L * Integer.BYTES + (long) count * width);
        out.int32(width);
        out.int32(count);
        for (int i = 0; i < count; i++) {
            long value = PackedIntegers.get(run, i);
            switch (width) {
                case Short.BYTES -> out.int16((int) value);
                case Integer.BYTES -> out.int32((int) value);
                default -> out.int64(value);
            }
        }
    }

    private static int width(long value) {
        return value == (short) value ? Short.BYTES : value == (int) value ? Integer.BYTES : Long.BYTES;
    }

    private void set(long entry, RdbOutput out) {
        set.at(NONE, entry);
        out.length(set.size());
        set.walk();
        while (set.next()) {
            out.string(set.address(), set.length());
        }
    }

    // --- Hashes ---

    private void packedHash(long entry, RdbOutput out) {
        hash.at(NONE, entry);
        hash.walk();
        while (hash.next()) {
            pack.add(hash.fieldAddress(), hash.fieldLength());
            pack.add(hash.valueAddress(), hash.valueLength());
        }
        endPack(out);
    }

    private void hash(long entry, RdbOutput out) {
        hash.at(NONE, entry);
        out.length(hash.size());
        hash.walk();
        while (hash.next()) {
            field(out);
        }
    }

    private void field(RdbOutput out) {
        out.string(hash.fieldAddress(), hash.fieldLength());
        out.string(hash.valueAddress(), hash.valueLength());
    }

    /** Times count from one before the first of them; 0 is never. */
    private void expiringHash(long entry, RdbOutput out) {
        hash.at(NONE, entry);
        long before = hash.nextExpiryMillis() - 1;
        out.int64(before + 1);
        out.length(hash.size());
        hash.walk();
        while (hash.next()) {
            long at = hash.expireAtMillis(hash.fieldAddress(), hash.fieldLength());
            out.length(at == Entry.NEVER ? 0 : at - before);
            field(out);
        }
    }

    // --- Sorted sets ---

    private void packedSortedSet(long entry, RdbOutput out) {
        sortedSet.at(NONE, entry);
        for (boolean more = sortedSet.seek(0); more; more = sortedSet.next()) {
            pack.add(sortedSet.address(), sortedSet.length());
            pack.add(sortedSet.score());
        }
        endPack(out);
    }

    private void sortedSet(long entry, RdbOutput out) {
        sortedSet.at(NONE, entry);
        out.length(sortedSet.size());
        for (boolean more = sortedSet.seek(0); more; more = sortedSet.next()) {
            out.string(sortedSet.address(), sortedSet.length());
            out.int64(Double.doubleToRawLongBits(sortedSet.score()));
        }
    }
}
