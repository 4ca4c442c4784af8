package dev.jackdaw.server.rdb;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Doubles;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.config.Directive;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.KeyEvent;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.SortedTree;
import dev.jackdaw.server.value.HashValue;
import dev.jackdaw.server.value.ListValue;
import dev.jackdaw.server.value.SetValue;
import dev.jackdaw.server.value.SortedSetValue;
import dev.jackdaw.server.value.StringValue;

/**
 * Owned by the event loop: reads the values of keys in all forms that RDB has had. It believes nothing; when it throws {@link
 * CorruptRdbException}, the key may have got a part of the value, which the caller removes.
 */
public final class ValueReader {
    private static final int ZIPMAP_UNCOUNTED = 254;

    private final Engine engine;
    private final RdbInput in;
    private final RdbInput nested;
    private final PackCursor pack;
    private final long digits;
    private final ListValue list;
    private final SetValue set;
    private final HashValue hash;
    private final SortedSetValue sortedSet;
    private final SortedTree tree;
    private final StreamReader stream;

    private Keyspace keyspace;
    private long key;
    private int keyLength;
    /** Whether the key has its value, empty as it may be. */
    private boolean begun;
    /** The root of a sorted set that is being read, or 0. */
    private long members;

    public ValueReader(Engine engine, Config config, RdbInput in) {
        this.engine = engine;
        this.in = in;
        this.nested = new RdbInput(engine.heap());
        this.pack = new PackCursor(engine.heap());
        this.digits = engine.heap().reserve(Integers.MAX_BYTES);
        this.list = new ListValue(engine);
        this.set = new SetValue(engine);
        this.hash = new HashValue(engine);
        this.sortedSet = new SortedSetValue(engine);
        this.tree = engine.large().newSortedTree();
        this.stream = new StreamReader(engine, in);
        config.follow(Directive.LIST_MAX_LISTPACK_SIZE, size -> list.maxListpackSize((int) size));
        config.follow(Directive.SET_MAX_INTSET_ENTRIES, set::maxIntsetEntries);
        config.follow(Directive.HASH_MAX_LISTPACK_ENTRIES, hash::maxListpackEntries);
        config.follow(Directive.HASH_MAX_LISTPACK_VALUE, hash::maxListpackValue);
        config.follow(Directive.ZSET_MAX_LISTPACK_ENTRIES, sortedSet::maxListpackEntries);
        config.follow(Directive.ZSET_MAX_LISTPACK_VALUE, sortedSet::maxListpackValue);
    }

    /**
     * Gives a key that does not exist the value that comes next in the input.
     *
     * @param version that of the input
     * @param expireAtMillis for strings, which have it at once; that of others is the caller's to set
     * @return false if the value is empty; there is no key then
     */
    public boolean read(int type, int version, Keyspace to, long newKey, int newKeyLength, long expireAtMillis) {
        keyspace = to;
        key = newKey;
        keyLength = newKeyLength;
        begun = false;
        try {
            value(type, version, expireAtMillis);
        } catch (ArithmeticException tooLong) {
            throw in.corrupt("a value that is too long");
        }
        return begun;
    }

    private void value(int type, int version, long expireAtMillis) {
        switch (type) {
            case RdbFormat.STRING -> string(expireAtMillis);
            case RdbFormat.LIST -> list();
            case RdbFormat.LIST_ZIPLIST -> {
                packedList(PackFormat.ZIPLIST);
                settleList();
            }
            case RdbFormat.LIST_QUICKLIST -> quicklist(false);
            case RdbFormat.LIST_QUICKLIST_2 -> quicklist(true);
            case RdbFormat.SET -> set();
            case RdbFormat.SET_INTSET -> integers();
            case RdbFormat.SET_LISTPACK -> packedSet();
            case RdbFormat.HASH -> hash();
            case RdbFormat.HASH_ZIPMAP -> zipmap();
            case RdbFormat.HASH_ZIPLIST -> packedHash(PackFormat.ZIPLIST);
            case RdbFormat.HASH_LISTPACK -> packedHash(PackFormat.LISTPACK);
            case RdbFormat.HASH_WITH_EXPIRY -> hashWithExpiry();
            case RdbFormat.HASH_LISTPACK_WITH_EXPIRY -> packedHashWithExpiry();
            case RdbFormat.SORTED_SET -> sortedSet(false);
            case RdbFormat.SORTED_SET_2 -> sortedSet(true);
            case RdbFormat.SORTED_SET_ZIPLIST -> packedSortedSet(PackFormat.ZIPLIST);
            case RdbFormat.SORTED_SET_LISTPACK -> packedSortedSet(PackFormat.LISTPACK);
            case RdbFormat.STREAM, RdbFormat.STREAM_2, RdbFormat.STREAM_3 -> {
                begun = true;
                stream.read(type, keyspace, key, keyLength);
            }
            case RdbFormat.MODULE, RdbFormat.MODULE_2 -> throw in.corrupt("a value of a module, which is not here,");
            case RdbFormat.HASH_WITH_EXPIRY_VALKEY -> {
                if (version != RdbFormat.VALKEY_VERSION) {
                    throw in.corrupt("a value of an unknown type, " + type + ',');
                }
                hashOfValkey();
            }
            default -> throw in.corrupt("a value of an unknown type, " + type + ',');
        }
    }

    /** Gives back what a value that could not be read has taken beside itself. */
    public void abandon() {
        stream.abandon();
        if (members != 0) {
            SortedTree.free(engine.heap(), members);
            members = 0;
        }
    }

    private void string(long expireAtMillis) {
        RdbInput.Text text = in.string();
        StringValue.put(keyspace, key, keyLength, text.address(), text.length(), expireAtMillis);
        begun = true;
    }

    private void begin(PackFormat format) {
        if (!pack.begin(format, in.string())) {
            throw in.corrupt("elements that are not packed so");
        }
    }

    private void nextOfPair() {
        if (!pack.next()) {
            throw in.corrupt("a first without a second");
        }
    }

    // --- Lists ---

    private void list() {
        for (long left = in.count(); left > 0; left--) {
            RdbInput.Text text = in.string();
            pushBack(text.address(), text.length());
        }
        settleList();
    }

    private void quicklist(boolean withContainers) {
        for (long left = in.count(); left > 0; left--) {
            long container = withContainers ? in.length() : RdbFormat.PACKED_NODE;
            if (container == RdbFormat.PLAIN_NODE) {
                RdbInput.Text text = in.string();
                if (text.length() == 0) {
                    throw in.corrupt("a plain node of a list that is empty");
                }
                pushBack(text.address(), text.length());
            } else if (container == RdbFormat.PACKED_NODE) {
                packedList(withContainers ? PackFormat.LISTPACK : PackFormat.ZIPLIST);
            } else {
                throw in.corrupt("a node of a list that is neither plain nor packed");
            }
        }
        settleList();
    }

    private void packedList(PackFormat format) {
        begin(format);
        while (pack.next()) {
            pushBack(pack.address(), pack.length());
        }
    }

    private void pushBack(long address, int length) {
        if (!begun) {
            begun = true;
            list.create(keyspace, key, keyLength, ListValue.elementBytes(length), false);
        }
        list.pushBack(address, length);
    }

    private void settleList() {
        if (begun) {
            list.settle(KeyEvent.RESTORE);
        }
    }

    // --- Sets ---

    private void set() {
        for (long left = in.count(); left > 0; left--) {
            RdbInput.Text text = in.string();
            add(text.address(), text.length());
        }
    }

    private void packedSet() {
        begin(PackFormat.LISTPACK);
        while (pack.next()) {
            add(pack.address(), pack.length());
        }
    }

    private void integers() {
        RdbInput.Text run = in.string();
        nested.at(run.address(), run.length());
        int width = nested.int32();
        long count = Integer.toUnsignedLong(nested.int32());
        boolean known = width == Short.BYTES || width == Integer.BYTES || width == Long.BYTES;
        if (!known || nested.offset() + count * width != run.length()) {
            throw in.corrupt("a set of integers of another length than it says");
        }
        for (long i = 0; i < count; i++) {
            long at = run.address() + nested.offset() + i * width;
            long value = switch (width) {
                case Short.BYTES -> Raw.getShort(at);
                case Integer.BYTES -> Raw.getInt(at);
                default -> Raw.getLong(at);
            };
            add(digits, (int) (Integers.write(value, digits) - digits));
        }
    }

    private void add(long address, int length) {
        if (!begun) {
            begun = true;
            set.create(keyspace, key, keyLength, Integers.isInteger(address, length));
        }
        if (!set.add(address, length)) {
            throw in.corrupt("a member twice");
        }
    }

    // --- Hashes ---

    private void hash() {
        for (long left = in.count(); left > 0; left--) {
            put(in.string(), in.secondString(), Entry.NEVER);
        }
    }

    /** The oldest form: lengths of a byte, or of four more; a byte behind that of a value says how much room is left behind it. */
    private void zipmap() {
        RdbInput.Text map = in.string();
        nested.at(map.address(), map.length());
        int counted = nested.uint8();
        int pairs = 0;
        while (true) {
            int length = nested.uint8();
            if (length == PackFormat.END) {
                break;
            }
            int fieldLength = zipmapLength(length);
            long field = nested.take(fieldLength);
            int valueLength = zipmapLength(nested.uint8());
            int room = nested.uint8();
            long value = nested.take(valueLength);
            nested.take(room);
            put(field, fieldLength, value, valueLength, Entry.NEVER);
            pairs++;
        }
        if (nested.offset() != map.length() || counted < ZIPMAP_UNCOUNTED && counted != pairs) {
            throw in.corrupt("a hash of another length than it says");
        }
    }

    private int zipmapLength(int first) {
        return first < ZIPMAP_UNCOUNTED ? first : nested.int32();
    }

    private void packedHash(PackFormat format) {
        begin(format);
        while (pack.next()) {
            long field = pack.address();
            int fieldLength = pack.length();
            nextOfPair();
            put(field, fieldLength, pack.address(), pack.length(), Entry.NEVER);
        }
    }

    private void hashWithExpiry() {
        long before = in.int64() - 1;
        for (long left = in.count(); left > 0; left--) {
            long time = in.length();
            put(in.string(), in.secondString(), time == 0 ? Entry.NEVER : before + time);
        }
    }

    private void hashOfValkey() {
        for (long left = in.count(); left > 0; left--) {
            RdbInput.Text field = in.string();
            RdbInput.Text value = in.secondString();
            long atMillis = in.int64();
            put(field, value, atMillis == -1 ? Entry.NEVER : atMillis);
        }
    }

    private void packedHashWithExpiry() {
        in.int64();
        begin(PackFormat.LISTPACK);
        while (pack.next()) {
            long field = pack.address();
            int fieldLength = pack.length();
            nextOfPair();
            long value = pack.address();
            int valueLength = pack.length();
            nextOfPair();
            if (!Integers.isInteger(pack.address(), pack.length())) {
                throw in.corrupt("a field that expires at no time");
            }
            long atMillis = Integers.parse(pack.address(), pack.length());
            put(field, fieldLength, value, valueLength, atMillis == 0 ? Entry.NEVER : atMillis);
        }
    }

    private void put(RdbInput.Text field, RdbInput.Text value, long expireAtMillis) {
        put(field.address(), field.length(), value.address(), value.length(), expireAtMillis);
    }

    private void put(long field, int fieldLength, long value, int valueLength, long expireAtMillis) {
        if (expireAtMillis != Entry.NEVER && engine.isPast(expireAtMillis)) {
            return;
        }
        if (!begun) {
            begun = true;
            hash.create(keyspace, key, keyLength);
        }
        if (!hash.put(field, fieldLength, value, valueLength)) {
            throw in.corrupt("a field twice");
        }
        if (expireAtMillis != Entry.NEVER) {
            hash.expireAt(field, fieldLength, expireAtMillis);
        }
    }

    // --- Sorted sets ---

    /** Whether it can be packed shows when it is whole, as in Redis: a packed one would have lost the sign of zero by then. */
    private void sortedSet(boolean binary) {
        long count = in.count();
        if (count == 0) {
            return;
        }
        members = tree.create();
        for (long left = count; left > 0; left--) {
            RdbInput.Text member = in.string();
            double score = binary ? in.number() : in.oldNumber();
            checkScore(score);
            if (tree.find(member.address(), member.length())) {
                throw in.corrupt("a member twice");
            }
            tree.insert(score, member.address(), member.length());
        }
        sortedSet.create(keyspace, key, keyLength, members);
        members = 0;
        begun = true;
    }

    private void checkScore(double score) {
        if (Double.isNaN(score)) {
            throw in.corrupt("a score that is no number");
        }
    }

    private void packedSortedSet(PackFormat format) {
        begin(format);
        while (pack.next()) {
            long member = pack.address();
            int memberLength = pack.length();
            nextOfPair();
            insert(member, memberLength, Doubles.parseAnySize(pack.address(), pack.length()));
        }
    }

    private void insert(long member, int length, double score) {
        checkScore(score);
        if (!begun) {
            begun = true;
            sortedSet.create(keyspace, key, keyLength);
        } else if (sortedSet.find(member, length)) {
            throw in.corrupt("a member twice");
        }
        sortedSet.insertListed(score, member, length);
    }
}
