package dev.jackdaw.server.engine;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.EntryStore;

/**
 * Owned by its engine's event loop: the keys of one database. It adds to the store what time and use mean: expired
 * entries are not seen, uses are noted for eviction, changes are told to those who watch.
 *
 * <p>Entries are named by address. An address is good until the next call here that adds, resizes or removes: those that
 * may move an entry return where it is now. Keys are given as address and length.
 */
public final class Keyspace {
    /** Expired entries that {@link #random} meets before it gives up, while none may be removed. */
    private static final int MOST_HELD = 100;

    /** With so many fields to remove, a step is about one hash more. */
    private static final int FIELDS_OF_A_HASH = 2;

    /** Fields whose time has come that whoever looks up a hash removes. The others are not seen either. */
    private static final int DUE_FIELDS = 1024;

    private final Engine engine;
    private final int number;
    private EntryStore store;
    private LargeValues largeValues = new LargeValues();
    FieldExpiries fieldExpiries;
    private final EntryStore.Visitor removeExpired = this::removeExpired;

    Keyspace(Engine engine, int number, EntryStore store) {
        this.engine = engine;
        this.number = number;
        this.store = store;
        this.fieldExpiries = new FieldExpiries(engine);
    }

    public Engine engine() {
        return engine;
    }

    /** The number that SELECT knows it by. */
    public int number() {
        return number;
    }

    public long size() {
        return store.size();
    }

    public long expiring() {
        return store.expiring();
    }

    public long indexBytes() {
        return store.indexBytes();
    }

    /** The entry of a key that is about to be read, or 0; counts a hit or a miss. */
    public long read(long key, int length) {
        long entry = look(key, length);
        if (entry != 0 && engine.uses().countsReads()) {
            touch(entry);
        }
        return entry;
    }

    /** The same, but it does not count as a use. */
    public long look(long key, int length) {
        long entry = live(key, length);
        if (entry == 0) {
            engine.stats().misses++;
            event(KeyEvent.KEYMISS, key, length);
        } else {
            engine.stats().hits++;
        }
        return entry;
    }

    /** The entry of a key that is about to be changed, or 0. */
    public long write(long key, int length) {
        long entry = live(key, length);
        if (entry != 0) {
            touch(entry);
        }
        return entry;
    }

    private void touch(long entry) {
        if (engine.isTouching()) {
            store.use(engine.uses().again(store.use(), Entry.expires(entry)));
        }
    }

    /** The entry of a key, or 0; does not count as anything. */
    public long peek(long key, int length) {
        return live(key, length);
    }

    private long live(long key, int length) {
        long entry = store.find(key, length);
        if (entry == 0 || !Entry.expires(entry) || !engine.isPast(Entry.expireAtMillis(entry))) {
            boolean fieldsExpire = entry != 0 && FieldExpiries.isExpiringHash(entry);
            return fieldsExpire ? withoutExpiredFields(entry, DUE_FIELDS) : entry;
        }
        if (!engine.isHeld()) {
            removeExpired(entry);
        }
        return 0;
    }

    /** What the key holds, or null; changes nothing, and does not count as a use. */
    public Kind.Type type(long key, int length) {
        long entry = store.find(key, length);
        return entry == 0 || isExpired(entry)
                ? null
                : Kind.of(Entry.kind(entry)).type();
    }

    /** Fetches the index's line for a key into the processor's cache; returns the key's hash. */
    public long fetchBucket(long key, int length) {
        return store.fetchBucket(key, length);
    }

    /** Fetches the entry that the index has for a hash; returns it, or 0. It may be that of another key. */
    public long fetchEntry(long hash) {
        return store.fetchEntry(hash);
    }

    /**
     * Fetches the place of a field in a hash, or of a member in a set, if the entry is a large one.
     *
     * @return what {@link #fetchElements} goes on with, or 0
     */
    public long fetchPlace(long entry, long element, int length) {
        return switch (Kind.of(Entry.kind(entry))) {
            case HASH_LARGE -> engine.large().hashes().fetchBucket(LargeStructures.root(entry), element, length);
            case SET_LARGE -> engine.large().sets().fetchBucket(LargeStructures.root(entry), element, length);
            default -> 0;
        };
    }

    /** Fetches the elements at a place. */
    public void fetchElements(long place) {
        engine.large().hashes().fetchElements(place);
    }

    /** Whether there may be entries that {@link #fetchPlace} is for. */
    public boolean hasLargeValues() {
        return engine.hasLargeValues();
    }

    /** Milliseconds since the entry that {@link #peek} found last was used. */
    public long idleMillis() {
        return engine.uses().idleMillis(store.use());
    }

    /** Makes it as if the key had not been used for so long. */
    public void idleMillis(long key, int length, long millis) {
        store.find(key, length);
        store.use(engine.uses().idle(store.use(), millis));
    }

    /** Makes it as if the key had been used this often, on the scale of OBJECT FREQ. */
    public void frequency(long key, int length, int frequency) {
        store.find(key, length);
        store.use(engine.uses().frequent(store.use(), frequency));
    }

    /** How often, on the scale of OBJECT FREQ, the entry that {@link #peek} found last was used. */
    public int frequency() {
        return engine.uses().frequency(store.use());
    }

    /**
     * Gives the key an entry of the kind with room for a value, in place of any that it has, and without expiry.
     *
     * @return the entry; the caller writes {@code valueLength} bytes at {@link Entry#valueAddress}
     */
    public long put(long key, int length, Kind kind, int valueLength) {
        return put(key, length, kind, valueLength, Entry.NEVER);
    }

    /** The same with a time of expiry in milliseconds since 1970. */
    public long put(long key, int length, Kind kind, int valueLength, long expireAtMillis) {
        beforeChange(key, length);
        if (engine.hasLargeValues() || engine.wantsEvents() || fieldsMayExpire()) {
            replace(key, length);
        }
        long size = store.size();
        long entry = store.put(key, length, kind.ordinal(), valueLength, expireAtMillis, engine.nowMillis());
        Uses uses = engine.uses();
        boolean isNew = store.size() > size;
        store.use(isNew ? uses.added(store.use()) : uses.again(store.use(), expireAtMillis != Entry.NEVER));
        changed(key, length);
        return entry;
    }

    private void replace(long key, int length) {
        long old = live(key, length);
        if (old == 0) {
            event(KeyEvent.NEW, key, length);
            // While nothing may be removed, what has expired is still there.
            old = engine.isHeld() ? store.find(key, length) : 0;
        }
        if (old != 0) {
            discardPromptly(old);
        }
    }

    /** Changes the length of a value, of which the common prefix stays; says nothing to watchers. Returns the entry. */
    public long resize(long entry, int valueLength) {
        return store.resize(entry, valueLength, engine.nowMillis());
    }

    /** Sets when the entry expires, {@link Entry#NEVER} for not at all, and returns the entry. */
    public long expireAt(long entry, long expireAtMillis) {
        long moved = store.expireAt(entry, expireAtMillis, engine.nowMillis());
        changed(moved);
        event(expireAtMillis == Entry.NEVER ? KeyEvent.PERSIST : KeyEvent.EXPIRE, moved);
        return moved;
    }

    /** Deletes the entry with its value. */
    public void remove(long entry) {
        event(KeyEvent.DEL, entry);
        changed(entry);
        discardPromptly(entry);
        forget(entry, 0);
    }

    /** The same, for entries that leave by themselves, maybe many at once: the value's blocks wait for background work. */
    private void drop(long entry, KeyEvent reason, int ghost) {
        beforeChange(entry);
        engine.lost(this, Entry.keyAddress(entry), Entry.keyLength(entry));
        event(reason, entry);
        tellChanged(entry);
        fieldExpiries.forget(entry);
        if (engine.discardValue(entry)) {
            largeValueLeft(entry);
        }
        forget(entry, ghost);
    }

    private void discardPromptly(long entry) {
        fieldExpiries.forget(entry);
        if (engine.discardValuePromptly(entry)) {
            largeValueLeft(entry);
        }
    }

    private void forget(long entry, int ghost) {
        boolean expires = Entry.expires(entry);
        engine.uses().gone(store.remove(entry, ghost), expires);
    }

    /**
     * Gives another key, here or in another database, the value of a key that exists, and its time of expiry, in place of
     * what it has; the first key goes. Blocks outside the entry change hands.
     */
    public void move(long key, int length, Keyspace to, long newKey, int newLength) {
        to.fieldExpiries.note(copyEntry(key, length, to, newKey, newLength));
        long entry = store.find(key, length);
        changed(entry);
        if (Kind.of(Entry.kind(entry)).isLarge()) {
            largeValueLeft(entry);
        }
        fieldExpiries.forget(entry);
        store.remove(entry);
    }

    /** The same, but the first key stays, and there are two values that change apart from then on. */
    public void copy(long key, int length, Keyspace to, long newKey, int newLength) {
        // Copied before the other entry is made: there may be too little memory for it.
        long root = engine.large().copy(store.find(key, length));
        long copy = copyEntry(key, length, to, newKey, newLength);
        if (root != 0) {
            Raw.putLong(Entry.valueAddress(copy), root);
            engine.countLargeValue(1);
        }
        to.fieldExpiries.note(copy);
    }

    /** Gives a key the value that it has in another place, which nobody sees, instead of the one that it has here. */
    public void take(Keyspace from, long key, int length) {
        fieldExpiries.note(from.copyEntry(key, length, this, key, length));
        long entry = from.store.find(key, length);
        from.countLargeValue(entry, -1);
        from.store.remove(entry);
        from.fieldExpiries.clear();
    }

    private long copyEntry(long key, int length, Keyspace to, long newKey, int newLength) {
        assert to != this || length != newLength || !Raw.equal(key, newKey, length) : "a key onto itself";
        if (engine.wantsEvents() && to.peek(newKey, newLength) != 0) {
            // In Redis the other value is deleted first, so the key comes to be.
            to.event(KeyEvent.NEW, newKey, newLength);
        }
        long entry = store.find(key, length);
        int valueLength = Entry.valueLength(entry);
        long copy = to.put(newKey, newLength, Kind.of(Entry.kind(entry)), valueLength, Entry.expireAtMillis(entry));
        entry = store.find(key, length);
        Entry.mark(copy, Entry.isMarked(entry));
        Raw.copy(Entry.valueAddress(entry), Entry.valueAddress(copy), valueLength);
        to.countLargeValue(copy, 1);
        return copy;
    }

    /** Removes about so many of the entries that have expired; returns whether there is more to do. */
    boolean expire(int limit) {
        return store.expire(engine.nowMillis(), limit, removeExpired);
    }

    private void removeExpired(long entry) {
        engine.stats().expired++;
        drop(entry, KeyEvent.EXPIRED, 0);
    }

    void evict(long entry, int ghost) {
        engine.stats().evicted++;
        drop(entry, KeyEvent.EVICTED, ghost);
    }

    /** To be called when a value was changed in place. */
    public void changed(long entry) {
        changed(Entry.keyAddress(entry), Entry.keyLength(entry));
    }

    private void tellChanged(long entry) {
        engine.tellChanged(this, Entry.keyAddress(entry), Entry.keyLength(entry));
    }

    /** To be called when those who wait for a key have to look at it, though its value is the same. */
    public void awaited(long entry) {
        engine.awaited(this, Entry.keyAddress(entry), Entry.keyLength(entry));
    }

    private void changed(long key, int length) {
        engine.changed(this, key, length);
    }

    /** Says what has happened to a key, for those whom it is to be told. */
    public void event(KeyEvent event, long key, int length) {
        engine.event(event, this, key, length);
    }

    /** The same of the key of an entry. */
    public void event(KeyEvent event, long entry) {
        if (engine.wantsEvents()) {
            event(event, Entry.keyAddress(entry), Entry.keyLength(entry));
        }
    }

    /** Visits the live entries at the cursor; see {@link EntryStore#scan}. The visitor must change nothing. */
    public long scan(long cursor, EntryStore.Visitor visitor) {
        return store.scan(cursor, entry -> {
            if (!isExpired(entry)) {
                visitor.visit(entry);
            }
        });
    }

    /** Whether the entry's time has come, though it has not been removed yet. */
    public boolean isExpired(long entry) {
        return Entry.expires(entry) && engine.isPast(Entry.expireAtMillis(entry));
    }

    /** A live entry chosen at random, or 0 if there is none. */
    public long random() {
        int held = 0;
        while (store.size() > 0 && held < MOST_HELD) {
            long entry = store.near(engine.random());
            if (entry != 0) {
                if (!isExpired(entry)) {
                    return entry;
                }
                if (engine.isHeld()) {
                    held++;
                } else {
                    removeExpired(entry);
                }
            }
        }
        return 0;
    }

    /** Removes every key. The memory comes back by and by. */
    public void clear() {
        if (store.size() > 0) {
            engine.discard(store);
            store = engine.newStore();
            largeValues = new LargeValues();
        }
        fieldExpiries.clear();
        engine.cleared(this);
    }

    void exchange(Keyspace other) {
        EntryStore mine = store;
        store = other.store;
        other.store = mine;
        LargeValues myLargeValues = largeValues;
        largeValues = other.largeValues;
        other.largeValues = myLargeValues;
        FieldExpiries myExpiries = fieldExpiries;
        fieldExpiries = other.fieldExpiries;
        other.fieldExpiries = myExpiries;
        engine.cleared(this);
        engine.cleared(other);
    }

    // --- Values outside their entry ---

    /** To be called when the entry's value has got blocks outside the entry. */
    public void largeValueAdded(long entry) {
        countLargeValue(entry, 1);
        engine.countLargeValue(1);
    }

    /** To be called when it has lost them otherwise than by removal of the entry. */
    public void largeValueRemoved(long entry) {
        largeValueLeft(entry);
        engine.countLargeValue(-1);
    }

    private void largeValueLeft(long entry) {
        largeValues.count(hash(entry), -1);
    }

    private void countLargeValue(long entry, int change) {
        if (Kind.of(Entry.kind(entry)).isLarge()) {
            largeValues.count(hash(entry), change);
        }
    }

    private long hash(long entry) {
        return store.hash(Entry.keyAddress(entry), Entry.keyLength(entry));
    }

    /** See {@link LargeValues#next}. */
    long nextLargeValue(long hash) {
        return largeValues.next(hash);
    }

    // --- Fields that expire ---

    /** To be called when a field of the hash has got a time at which it expires. */
    public void fieldExpires(long hash, long atMillis) {
        fieldExpiries.note(hash, atMillis);
    }

    /** Makes a hash of which no field will expire any more a usual one; returns it. */
    public long stopExpiring(long hash) {
        return resize(hash, fieldExpiries.end(hash));
    }

    /**
     * Removes fields whose time has come, at most {@code limit}, or the whole hash if that is true of all: it is gone at once,
     * and what it took is freed in steps. Returns the hash, or 0 if nobody sees a field of it.
     */
    private long withoutExpiredFields(long hash, int limit) {
        if (!engine.isPast(fieldExpiries.nextMillis(hash))) {
            return hash;
        }
        boolean isOver = fieldExpiries.isOver(hash);
        if (engine.isHeld()) {
            return isOver ? 0 : hash;
        }
        event(KeyEvent.HEXPIRED, hash);
        if (isOver) {
            drop(hash, KeyEvent.DEL, 0);
            return 0;
        }
        beforeChange(hash);
        long key = Entry.keyAddress(hash);
        int length = Entry.keyLength(hash);
        int valueLength = fieldExpiries.removeDue(hash, limit, (field, fieldLength) -> {
            engine.lostField(this, key, length, field, fieldLength);
        });
        long left = resize(hash, valueLength);
        tellChanged(left);
        return fieldExpiries.nextMillis(left) == Entry.NEVER ? stopExpiring(left) : left;
    }

    /** To be called when a field whose time has come is about to leave a hash that a command changes. */
    public void lostField(long hash, long field, int fieldLength) {
        engine.lostField(this, Entry.keyAddress(hash), Entry.keyLength(hash), field, fieldLength);
    }

    /** Deletes a hash of which only fields are left whose time has come. */
    public void removeOver(long hash) {
        engine.lost(this, Entry.keyAddress(hash), Entry.keyLength(hash));
        remove(hash);
    }

    /**
     * Removes fields that have expired, about {@code limit} at most, of some hashes.
     *
     * @return whether there is more to do
     */
    boolean expireFields(int limit) {
        return fieldExpiries.expire(limit / FIELDS_OF_A_HASH, (key, length, hashes) -> {
            long entry = store.find(key, length);
            if (entry != 0 && FieldExpiries.isExpiringHash(entry) && !isExpired(entry)) {
                long left = withoutExpiredFields(entry, Math.max(1, limit / hashes));
                if (left != 0) {
                    fieldExpiries.note(left);
                }
            }
        });
    }

    /** Where the entries are, for those who walk through all of them. */
    public EntryStore store() {
        return store;
    }

    /** Tells those who have to know the key's value as it was, before a command changes it. */
    public void beforeChange(long key, int length) {
        engine.beforeChange(store, key, length);
    }

    /** Whether a command that may change the key should wait, because its value has to be read first and that takes long. */
    public boolean delaysChange(long key, int length) {
        return engine.delaysChange(store, key, length);
    }

    private void beforeChange(long entry) {
        beforeChange(Entry.keyAddress(entry), Entry.keyLength(entry));
    }

    /** Whether there may be hashes of which fields expire. */
    public boolean fieldsMayExpire() {
        return !fieldExpiries.isEmpty();
    }
}
