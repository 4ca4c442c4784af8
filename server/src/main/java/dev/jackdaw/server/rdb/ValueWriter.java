package dev.jackdaw.server.rdb;

import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.value.HashValue;
import dev.jackdaw.server.value.ListValue;
import dev.jackdaw.server.value.SetValue;
import dev.jackdaw.server.value.SortedSetValue;
import dev.jackdaw.server.value.StringValue;

/**
 * Owned by the event loop: writes the values of keys as RDB has them: what is packed here as Redis's packed form, so that
 * it comes back packed, and what is large element by element, as many at a time as its user wants.
 */
public final class ValueWriter {
    /** Where the elements of a list are cut into nodes. */
    private static final int NODE_BYTES = 8 << 10;

    /** Collections that take more are long. */
    private static final long LONG_BYTES = 64 << 10;

    /** What a long string is written in. */
    private static final int PIECE_BYTES = 16 << 10;

    /** What is only read needs no keyspace. */
    private static final Keyspace NONE = null;

    private final Engine engine;
    private final PackWriter pack;
    private final StringValue string;
    private final ListValue list;
    private final SetValue set;
    private final HashValue hash;
    private final SortedSetValue sortedSet;
    private final StreamWriter stream;
    private ValueWriter another;
    private RdbOutput out;
    /** Of the value that is being written. */
    private Kind kind;

    private boolean isWhole;
    private int done;
    private long expiryBase;

    public ValueWriter(Engine engine) {
        this.engine = engine;
        this.pack = new PackWriter(engine.heap());
        this.string = new StringValue(engine);
        this.list = new ListValue(engine);
        this.set = new SetValue(engine);
        this.hash = new HashValue(engine);
        this.sortedSet = new SortedSetValue(engine);
        this.stream = new StreamWriter(engine);
    }

    /** Another writer, always the same, for a value that is begun while this one writes others. */
    public ValueWriter another() {
        if (another == null) {
            another = new ValueWriter(engine);
        }
        return another;
    }

    /** Whether it takes so long to write the value that it should be done in pieces. */
    public static boolean isLong(Engine engine, long entry) {
        return switch (Kind.of(Entry.kind(entry))) {
            case STRING -> Entry.valueLength(entry) > RdbOutput.MAX_COMPRESSED;
            case LIST_LARGE, SET_LARGE, HASH_LARGE, HASH_LARGE_EXPIRING, SORTED_SET_LARGE, STREAM ->
                engine.large().bytes(entry) > LONG_BYTES;
            case INTEGER, LIST_PACKED, SET_INTEGERS, SET_PACKED, HASH_PACKED, HASH_PACKED_EXPIRING, SORTED_SET_PACKED ->
                false;
        };
    }

    /** The number of the form in which {@link #write} writes the entry's value. */
    public static int type(long entry) {
        return switch (Kind.of(Entry.kind(entry))) {
            case STRING, INTEGER -> RdbFormat.STRING;
            case LIST_PACKED -> RdbFormat.LIST_QUICKLIST_2;
            case LIST_LARGE -> RdbFormat.LIST;
            case SET_INTEGERS -> RdbFormat.SET_INTSET;
            case SET_PACKED, SET_LARGE -> RdbFormat.SET;
            case HASH_PACKED -> Entry.isMarked(entry) ? RdbFormat.HASH : RdbFormat.HASH_LISTPACK;
            case HASH_LARGE -> RdbFormat.HASH;
            case HASH_PACKED_EXPIRING, HASH_LARGE_EXPIRING -> RdbFormat.HASH_WITH_EXPIRY;
            case SORTED_SET_PACKED -> Entry.isMarked(entry) ? RdbFormat.SORTED_SET_2 : RdbFormat.SORTED_SET_LISTPACK;
            case SORTED_SET_LARGE -> RdbFormat.SORTED_SET_2;
            case STREAM -> RdbFormat.STREAM_2;
        };
    }

    /** The first version of RDB that has that form. */
    public static int version(long entry) {
        return type(entry) == RdbFormat.HASH_WITH_EXPIRY ? RdbFormat.VERSION_WITH_FIELD_EXPIRY : RdbFormat.VERSION;
    }

    public void write(long entry, RdbOutput to) {
        begin(entry, to);
        write(Long.MAX_VALUE - to.written());
    }

    /** Begins to write a value, of which {@link #write(long)} writes the rest; it must not change meanwhile. */
    public void begin(long entry, RdbOutput to) {
        out = to;
        kind = Kind.of(Entry.kind(entry));
        isWhole = true;
        switch (kind) {
            case STRING, INTEGER -> string(entry);
            case LIST_PACKED -> packedList(entry);
            case SET_INTEGERS -> integers(entry);
            case SET_PACKED, SET_LARGE -> set(entry);
            case HASH_PACKED -> {
                if (Entry.isMarked(entry)) {
                    hash(entry);
                } else {
                    packedHash(entry);
                }
            }
            case HASH_LARGE, HASH_PACKED_EXPIRING, HASH_LARGE_EXPIRING -> hash(entry);
            case SORTED_SET_PACKED -> {
                if (Entry.isMarked(entry)) {
                    sortedSet(entry);
                } else {
                    packedSortedSet(entry);
                }
            }
            case LIST_LARGE -> list(entry);
            case SORTED_SET_LARGE -> sortedSet(entry);
            case STREAM -> {
                stream.begin(entry, out);
                isWhole = false;
            }
        }
    }

    /** Writes the next elements, about so many bytes; returns whether there are more. */
    public boolean write(long bytes) {
        long until = out.written() + bytes;
        while (!isWhole && out.written() < until) {
            element();
        }
        return !isWhole;
    }

    private void element() {
        switch (kind) {
            case LIST_LARGE -> {
                out.string(list.address(), list.length());
                isWhole = !list.next();
            }
            case SET_PACKED, SET_LARGE -> {
                out.string(set.address(), set.length());
                isWhole = !set.next();
            }
            case HASH_PACKED, HASH_LARGE -> field();
            case HASH_PACKED_EXPIRING, HASH_LARGE_EXPIRING -> {
                long at = hash.expireAtMillis();
                out.length(at == Entry.NEVER ? 0 : at - expiryBase);
                field();
            }
            case SORTED_SET_PACKED, SORTED_SET_LARGE -> {
                out.string(sortedSet.address(), sortedSet.length());
                out.int64(Double.doubleToRawLongBits(sortedSet.score()));
                isWhole = !sortedSet.next();
            }
            case STREAM -> isWhole = !stream.next();
            default -> piece();
        }
    }

    private void string(long entry) {
        string.at(entry);
        if (string.length() <= RdbOutput.MAX_COMPRESSED) {
            out.string(string.address(), string.length());
            return;
        }
        out.length(string.length());
        done = 0;
        isWhole = false;
    }

    private void piece() {
        int bytes = Math.min(PIECE_BYTES, string.length() - done);
        out.bytes(string.address() + done, bytes);
        done += bytes;
        isWhole = done == string.length();
    }

    // --- Lists ---

    private void list(long entry) {
        list.at(NONE, entry);
        out.length(list.size());
        isWhole = !list.seek(0);
    }

    private void packedList(long entry) {
        list.at(NONE, entry);
        out.length(nodes());
        int bytes = 0;
        for (boolean more = list.seek(0); more; more = list.next()) {
            int added = PackWriter.elementBytes(list.address(), list.length());
            if (bytes > 0 && bytes + added > NODE_BYTES) {
                endNode();
                bytes = 0;
            }
            pack.add(list.address(), list.length());
            bytes += added;
        }
        endNode();
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

    private void endNode() {
        out.length(RdbFormat.PACKED_NODE);
        endPack();
    }

    private void endPack() {
        pack.writeTo(out);
        pack.begin();
    }

    // --- Sets ---

    /** As Redis has them: the width, the count, and then the integers, which all have that width. */
    private void integers(long entry) {
        set.at(NONE, entry);
        int count = (int) set.size();
        int width = Short.BYTES;
        set.walk();
        while (set.next()) {
            width = Math.max(width, width(set.integer()));
        }
        out.length(2L * Integer.BYTES + (long) count * width);
        out.int32(width);
        out.int32(count);
        set.walk();
        while (set.next()) {
            switch (width) {
                case Short.BYTES -> out.int16((int) set.integer());
                case Integer.BYTES -> out.int32((int) set.integer());
                default -> out.int64(set.integer());
            }
        }
    }

    private static int width(long value) {
        return value == (short) value ? Short.BYTES : value == (int) value ? Integer.BYTES : Long.BYTES;
    }

    private void set(long entry) {
        set.at(NONE, entry);
        out.length(set.size());
        set.walk();
        isWhole = !set.next();
    }

    // --- Hashes ---

    private void packedHash(long entry) {
        hash.at(NONE, entry);
        hash.walk();
        while (hash.next()) {
            pack.add(hash.fieldAddress(), hash.fieldLength());
            pack.add(hash.valueAddress(), hash.valueLength());
        }
        endPack();
    }

    /** Where fields expire, times count from one before the first of them; 0 is never. */
    private void hash(long entry) {
        hash.at(NONE, entry);
        if (type(entry) == RdbFormat.HASH_WITH_EXPIRY) {
            expiryBase = hash.nextExpiryMillis() - 1;
            out.int64(expiryBase + 1);
        }
        out.length(hash.size());
        hash.walk();
        isWhole = !hash.next();
    }

    private void field() {
        out.string(hash.fieldAddress(), hash.fieldLength());
        out.string(hash.valueAddress(), hash.valueLength());
        isWhole = !hash.next();
    }

    // --- Sorted sets ---

    private void packedSortedSet(long entry) {
        sortedSet.at(NONE, entry);
        for (boolean more = sortedSet.seek(0); more; more = sortedSet.next()) {
            pack.add(sortedSet.address(), sortedSet.length());
            pack.add(sortedSet.score());
        }
        endPack();
    }

    private void sortedSet(long entry) {
        sortedSet.at(NONE, entry);
        out.length(sortedSet.size());
        isWhole = !sortedSet.seek(0);
    }
}
