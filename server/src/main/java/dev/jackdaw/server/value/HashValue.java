package dev.jackdaw.server.value;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.KeyEvent;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.engine.LargeStructures;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.ExpiringHash;
import dev.jackdaw.server.memory.LargeHash;
import dev.jackdaw.server.memory.LargeHashWalk;
import dev.jackdaw.server.memory.PackedHash;
import dev.jackdaw.server.memory.PackedTimes;

/**
 * Owned by its engine's event loop: the hash of one key at a time, packed in its entry while it is small and a table of
 * its own from then on, both with the times of fields that expire. {@link #at} turns it to a key, {@link #settle} ends a change.
 *
 * <p>Of the fields one is current: the one that was found, put, drawn or walked to last, until the next change. Bytes
 * that are given must not lie in the hash itself.
 */
public final class HashValue {
    private static final int DEFAULT_COUNT = 128;
    /** A sample of less than this share of a large hash, as a shift, is drawn; a larger one is chosen in passing. */
    private static final int DRAWN_SHIFT = 3;

    private final Engine engine;
    private final Kind packedKind;
    private final Kind largeKind;
    /** Without times. */
    private final PackedHash plain;

    private final LargeHash large;
    /** The times of the fields, where some expire. */
    private final FieldTimes times;

    private final LargeHashWalk walk = new LargeHashWalk();
    private final boolean values;
    private final Selection selection = new Selection();
    private final PackedLimits limits = new PackedLimits(DEFAULT_COUNT, PackedHash.MAX_COUNT);

    private Keyspace keyspace;
    private long entry;
    private boolean isLarge;
    /** Whether fields may expire. */
    private boolean isExpiring;
    /** How elements are packed, if they are. */
    private PackedHash packed;
    /** The fields whose time has come, but which are still there; nobody sees them. */
    private long due;
    /** Draws that came to fields whose time has come. */
    private long inVain;
    /** The fields whose time has not come, where too many draws were in vain, or null. */
    private long[] live;
    /** The root of a large hash, or where the packed one lies. */
    private long base;

    private long element;
    private long nextElement;
    private long end;
    private boolean sampling;
    /** The fields that were drawn for a sample, 0 where none are. */
    private long drawn;

    public HashValue(Engine engine) {
        this(
                engine,
                Kind.HASH_PACKED,
                Kind.HASH_LARGE,
                PackedHash.WITH_VALUES,
                engine.large().hashes());
    }

    private HashValue(Engine engine, Kind packedKind, Kind largeKind, PackedHash plain, LargeHash large) {
        this.engine = engine;
        this.packedKind = packedKind;
        this.largeKind = largeKind;
        this.plain = plain;
        this.packed = plain;
        this.large = large;
        this.times = new FieldTimes(engine);
        this.values = plain == PackedHash.WITH_VALUES;
    }

    /** The members of a set that are not integers: fields without values. */
    static HashValue members(Engine engine) {
        return new HashValue(
                engine,
                Kind.SET_PACKED,
                Kind.SET_LARGE,
                PackedHash.WITHOUT_VALUES,
                engine.large().sets());
    }

    /** What hash-max-listpack-entries says. */
    public void maxListpackEntries(long count) {
        limits.count(count);
    }

    /** What hash-max-listpack-value says. */
    public void maxListpackValue(long length) {
        limits.length(length);
    }

    // --- The hash and its key ---

    /**
     * Turns to the hash of an entry; false if the entry has a value of another type. Without a keyspace all fields are seen,
     * those too whose time has come.
     */
    public boolean at(Keyspace newKeyspace, long newEntry) {
        Kind kind = Kind.of(Entry.kind(newEntry));
        boolean expiring = values && (kind == Kind.HASH_PACKED_EXPIRING || kind == Kind.HASH_LARGE_EXPIRING);
        if (kind != packedKind && kind != largeKind && !expiring) {
            return false;
        }
        keyspace = newKeyspace;
        turn(kind.isLarge(), expiring);
        place(newEntry);
        due = expiring && newKeyspace != null ? countDue() : 0;
        inVain = 0;
        live = null;
        return true;
    }

    private void turn(boolean newIsLarge, boolean newIsExpiring) {
        isLarge = newIsLarge;
        isExpiring = newIsExpiring;
        packed = newIsExpiring ? PackedHash.WITH_TIMES : plain;
        due = 0;
    }

    private long countDue() {
        return engine.isPast(times.next()) ? times.below(engine.nowMillis()) : 0;
    }

    /** Whether the current field's time has come. */
    private boolean isDue() {
        if (due == 0) {
            return false;
        }
        long atMillis = expireAtMillis();
        return atMillis != Entry.NEVER && atMillis <= engine.nowMillis();
    }

    /** Gives the key an empty hash, in place of what it has, and turns to it. */
    public void create(Keyspace newKeyspace, long key, int length) {
        become(newKeyspace, newKeyspace.put(key, length, packedKind, PackedHash.EMPTY_BYTES));
    }

    /** Makes the entry, whose value is not needed any more, an empty hash and turns to it. */
    void become(Keyspace newKeyspace, long newEntry) {
        keyspace = newKeyspace;
        turn(false, false);
        place(keyspace.resize(newEntry, PackedHash.EMPTY_BYTES));
        Entry.kind(entry, packedKind.ordinal());
        packed.count(base, 0);
    }

    /** Gives the key a large hash whose table is there already, and turns to it. */
    void create(Keyspace newKeyspace, long key, int length, long root) {
        keyspace = newKeyspace;
        long newEntry = keyspace.put(key, length, largeKind, Long.BYTES);
        Raw.putLong(Entry.valueAddress(newEntry), root);
        keyspace.largeValueAdded(newEntry);
        turn(true, false);
        place(newEntry);
    }

    private void place(long newEntry) {
        entry = newEntry;
        base = isLarge ? LargeStructures.root(newEntry) : Entry.valueAddress(newEntry);
        if (isExpiring) {
            times.at(newEntry, isLarge);
            base = isLarge ? ExpiringHash.table(base) : base;
        }
    }

    /** Ends a change: removes the key if the hash has become empty, and tells those who watch the key. */
    public void settle(KeyEvent event) {
        keyspace.event(event, entry);
        settleQuietly();
    }

    /** The same, but what happened has been told already. */
    public void settleQuietly() {
        if (size() == 0) {
            if (due > 0) {
                keyspace.removeOver(entry);
            } else {
                keyspace.remove(entry);
            }
            return;
        }
        stopExpiringIfNoneDoes();
        keyspace.changed(entry);
    }

    // --- Fields ---

    public long size() {
        return (isLarge ? large.size(base) : packed.count(base)) - due;
    }

    /** Whether there is such a field, which then is current. */
    public boolean find(long field, int length) {
        return findAny(field, length) && !isDue();
    }

    private boolean findAny(long field, int length) {
        element =
                isLarge ? large.find(base, field, length) : packed.find(base, Entry.valueLength(entry), field, length);
        return element != 0;
    }

    /** Puts a value into a field, which is current then; returns whether the field is new. */
    public boolean put(long field, int length, long value, int valueLength) {
        boolean added = put(field, length, valueLength);
        Raw.copy(value, valueAddress(), valueLength);
        return added;
    }

    /**
     * Puts a value of {@code valueLength} bytes into a field, which is current then; the caller writes it at
     * {@link #valueAddress}. Returns whether the field is new.
     */
    public boolean put(long field, int length, int valueLength) {
        removeIfDue(field, length);
        if (!isLarge) {
            boolean found = find(field, length);
            if (staysPacked(found, length, valueLength)) {
                if (found) {
                    resizeValue(field, length, valueLength);
                } else {
                    append(field, length, valueLength);
                }
                return !found;
            }
            enlarge();
        }
        element = large.put(base, field, length, valueLength);
        return large.added();
    }

    /** Whether the hash can be packed when a field has been put, the current one if it was found. */
    private boolean staysPacked(boolean found, int length, int valueLength) {
        if (!limits.isShort(Math.max(length, valueLength))) {
            Entry.mark(entry, true);
        }
        if (Entry.isMarked(entry)) {
            long others = Entry.valueLength(entry) - (found ? packed.bytes(element) : 0);
            if (!limits.allowsMarked(others + packed.bytes(length, valueLength))) {
                return false;
            }
        }
        return found || limits.allowsCount(packed.count(base) + 1);
    }

    /** Removes a field; false if there is none. */
    public boolean remove(long field, int length) {
        removeIfDue(field, length);
        if (isLarge && !isExpiring) {
            return large.remove(base, field, length);
        }
        boolean found = findAny(field, length);
        if (found) {
            remove();
        }
        return found;
    }

    private void removeIfDue(long field, int length) {
        if (due > 0 && findAny(field, length) && isDue()) {
            keyspace.lostField(entry, field, length);
            due--;
            remove();
            stopExpiringIfNoneDoes();
        }
    }

    /** Removes the current field. */
    public void remove() {
        persist();
        if (isLarge) {
            large.remove(base, fieldAddress(), fieldLength());
        } else {
            packed.count(base, packed.count(base) - 1);
            replace(packed.bytes(element), 0);
        }
    }

    private void append(long field, int length, int valueLength) {
        int oldBytes = Entry.valueLength(entry);
        place(keyspace.resize(entry, Math.addExact(oldBytes, packed.bytes(length, valueLength))));
        packed.count(base, packed.count(base) + 1);
        element = base + oldBytes;
        packed.write(element, field, length, valueLength);
        if (isExpiring) {
            PackedTimes.begin(element);
        }
    }

    private void resizeValue(long field, int length, int valueLength) {
        if (values && packed.valueLength(element) != valueLength) {
            long offset = element - base;
            replace(packed.bytes(element), packed.bytes(length, valueLength));
            element = base + offset;
            packed.write(element, field, length, valueLength);
        }
    }

    /** Puts room for some bytes in place of the current element. */
    private void replace(int oldBytes, int newBytes) {
        int bytes = Entry.valueLength(entry);
        long offset = element - base;
        long rest = bytes - offset - oldBytes;
        if (newBytes > oldBytes) {
            place(keyspace.resize(entry, Math.addExact(bytes, newBytes - oldBytes)));
        }
        Raw.copy(base + offset + oldBytes, base + offset + newBytes, rest);
        if (newBytes < oldBytes) {
            place(keyspace.resize(entry, bytes + newBytes - oldBytes));
        }
    }

    private void enlarge() {
        long root = large.create();
        long last = base + Entry.valueLength(entry);
        for (long at = packed.first(base); at < last; at = packed.next(at)) {
            int length = values ? packed.valueLength(at) : 0;
            long to = large.put(root, packed.keyAddress(at), packed.keyLength(at), length);
            if (values) {
                Raw.copy(packed.valueAddress(at), large.valueAddress(to), length);
            }
        }
        Kind kind = largeKind;
        if (isExpiring) {
            root = engine.large().expiringHashes().create(root, times.toTree());
            kind = Kind.HASH_LARGE_EXPIRING;
        }
        long resized = keyspace.resize(entry, Long.BYTES);
        Entry.kind(resized, kind.ordinal());
        Raw.putLong(Entry.valueAddress(resized), root);
        keyspace.largeValueAdded(resized);
        isLarge = true;
        place(resized);
    }

    // --- Expiry of fields ---

    /** When the current field expires, in milliseconds since 1970, {@link Entry#NEVER} for not at all. */
    public long expireAtMillis() {
        return isExpiring ? times.get(element, fieldAddress(), fieldLength()) : Entry.NEVER;
    }

    /** When the next field expires, {@link Entry#NEVER} if none does. */
    public long nextExpiryMillis() {
        return isExpiring ? times.next() : Entry.NEVER;
    }

    /** Lets the current field, of which these are the bytes, expire at a time in the future. */
    public void expireAt(long field, int length, long atMillis) {
        if (!isExpiring) {
            startExpiring();
            findAny(field, length);
        }
        times.set(element, field, length, atMillis);
        keyspace.fieldExpires(entry, atMillis);
    }

    /** Lets the current field stay for good; returns whether it would have expired. */
    public boolean persist() {
        return isExpiring && times.remove(element, fieldAddress(), fieldLength());
    }

    private void startExpiring() {
        if (isLarge) {
            Raw.putLong(
                    Entry.valueAddress(entry), engine.large().expiringHashes().create(base, times.newTree()));
            Entry.kind(entry, Kind.HASH_LARGE_EXPIRING.ordinal());
        } else {
            int bytes = Entry.valueLength(entry);
            entry = keyspace.resize(entry, PackedTimes.widenedBytes(base, bytes));
            PackedTimes.widen(Entry.valueAddress(entry), bytes);
            Entry.kind(entry, Kind.HASH_PACKED_EXPIRING.ordinal());
        }
        turn(isLarge, true);
        place(entry);
    }

    private void stopExpiringIfNoneDoes() {
        if (isExpiring && times.next() == Entry.NEVER) {
            entry = keyspace.stopExpiring(entry);
            turn(isLarge, false);
            place(entry);
        }
    }

    // --- The current field ---

    public long fieldAddress() {
        return isLarge ? large.keyAddress(element) : packed.keyAddress(element);
    }

    public int fieldLength() {
        return isLarge ? large.keyLength(element) : packed.keyLength(element);
    }

    public long valueAddress() {
        return isLarge ? large.valueAddress(element) : packed.valueAddress(element);
    }

    public int valueLength() {
        return isLarge ? large.valueLength(element) : packed.valueLength(element);
    }

    // --- Walks ---

    /** Begins a walk through all fields, to each of which {@link #next} goes. The hash must not change meanwhile. */
    public void walk() {
        sampling = false;
        walkAll();
    }

    private void walkAll() {
        if (isLarge) {
            walk.all(base);
        } else {
            nextElement = packed.first(base);
            end = base + Entry.valueLength(entry);
        }
    }

    /**
     * Begins a walk through the fields at the cursor: all of a packed hash, a few of a large one. Whatever changes
     * between such walks, what is there throughout is visited.
     *
     * @param cursor 0 to begin
     * @return the cursor to go on with, 0 at the end
     */
    public long scan(long cursor) {
        if (isLarge) {
            sampling = false;
            return walk.scan(base, cursor);
        }
        walk();
        return 0;
    }

    /** Begins a walk through {@code count} different fields chosen at random, at most as many as there are. */
    public void sample(long count) {
        walk();
        sampling = true;
        selection.begin(count, size());
        freeDrawn();
        if (isLarge && count < size() >> DRAWN_SHIFT) {
            drawn = engine.large().sets().create();
        }
    }

    private boolean nextOfSample() {
        if (selection.isOver()) {
            freeDrawn();
            return false;
        }
        if (drawn == 0) {
            do {
                step();
            } while (!selection.takes(engine.random()));
            return true;
        }
        LargeHash table = engine.large().sets();
        do {
            draw();
            table.put(drawn, fieldAddress(), fieldLength(), 0);
        } while (!table.added());
        selection.take();
        return true;
    }

    private void freeDrawn() {
        if (drawn != 0) {
            engine.large().sets().free(drawn);
            drawn = 0;
        }
    }

    /** Makes the next field of the walk current; false if there is none. */
    public boolean next() {
        return sampling ? nextOfSample() : step();
    }

    private boolean step() {
        boolean more;
        do {
            more = stepAny();
        } while (more && isDue());
        return more;
    }

    private boolean stepAny() {
        if (isLarge) {
            boolean more = walk.next();
            element = walk.element();
            return more;
        }
        if (nextElement == end) {
            return false;
        }
        element = nextElement;
        nextElement = packed.next(element);
        return true;
    }

    /**
     * Makes a field current, each as likely as any other; the hash must not be empty. Where hardly any draw hits a field whose time
     * has not come, these are listed as soon as that would have taken no longer.
     */
    public void draw() {
        while (live == null) {
            drawAny();
            if (!isDue()) {
                return;
            }
            inVain++;
            if (inVain > size() + due) {
                list();
            }
        }
        element = live[(int) Long.remainderUnsigned(engine.random(), live.length)];
    }

    private void drawAny() {
        if (isLarge) {
            element = large.random(base, engine.random());
            return;
        }
        long index = Long.remainderUnsigned(engine.random(), packed.count(base));
        element = packed.first(base);
        for (long i = 0; i < index; i++) {
            element = packed.next(element);
        }
    }

    private void list() {
        live = new long[Math.toIntExact(size())];
        walkAll();
        for (int i = 0; i < live.length; i++) {
            step();
            live[i] = element;
        }
    }
}
