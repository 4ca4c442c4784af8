package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by one event loop: the entries of one database, each found by its key. This is the interface behind which it is
 * decided where entries lie: in slabs of equal size and like expiry ({@link Slabs}), named by the {@link Index} alone.
 *
 * <p>An entry's address is good until the next call that may allocate, free or move.
 */
public final class EntryStore {
    /** The bits that {@link #use} has. */
    public static final int USE_BITS = Index.USE_BITS;

    /** Where most entries of more than one cache line have the second; what lies there is mapped even if it is not theirs. */
    private static final int SECOND_LINE = 48;

    /** What has expired so long ago goes before compaction, which on a core that does not keep pace would move what is about to go. */
    private static final int LATE_MILLIS = 100;

    private static final long NO_WALK = Long.MAX_VALUE;
    /** Cursors are hashes without so many of their lower bits. */
    private static final int CURSOR_SHIFT = 16;

    private final Pages pages;
    final Slabs slabs;
    final Slabs indexSlabs;
    final Index index;
    private final IndexDrain drain;
    private final long seed;
    private final Prefetch prefetch = new Prefetch();
    private long expiring;
    private long lastHash;
    private long lastSlot;

    /** The cursor of a walk; entries that come to be where it has not been yet are noted. */
    private long walk = NO_WALK;

    private final EntryCompaction compaction;
    private final Index.SlotVisitor visitScanned = this::visitScanned;
    private Visitor scanning;

    /** @param seed makes the places of keys unpredictable for those who choose keys */
    public EntryStore(Memory memory, long seed, long nowMillis) {
        this(memory, seed, nowMillis, ExpiryGroups.GROUPED_BYTES);
    }

    EntryStore(Memory memory, long seed, long nowMillis, long groupedBytes) {
        this.pages = memory.pages();
        this.seed = seed;
        this.slabs = new Slabs(pages, nowMillis, groupedBytes);
        this.indexSlabs = new Slabs(pages, nowMillis);
        this.index = new Index(pages, indexSlabs, this::hash);
        this.drain = new IndexDrain(index);
        this.compaction = new EntryCompaction(this);
    }

    public long size() {
        return index.size();
    }

    /** Makes room in the index for so many entries, if there are none yet. */
    public void reserve(long entries) {
        index.reserve(entries);
    }

    /** How many of the entries have a time of expiry. */
    public long expiring() {
        return expiring;
    }

    /** Bytes of the entries, slack included. */
    public long entryBytes() {
        return slabs.usedBytes();
    }

    /** Bytes of the pages that hold the entries. */
    public long heldBytes() {
        return slabs.slabBytes() + indexSlabs.slabBytes();
    }

    public long indexBytes() {
        return index.bytes();
    }

    /** What the entry takes, slack and share of the index included. */
    public static long takenBytes(long entry) {
        return SizeClasses.taken(Entry.bytes(entry)) + Long.BYTES;
    }

    /** The 64-bit hash of a key; keyed by the seed. */
    public long hash(long key, int length) {
        return Hash.of(key, length, seed);
    }

    /** The entry of the key, expired or not, or 0. */
    public long find(long key, int length) {
        lastHash = hash(key, length);
        lastSlot = index.find(lastHash, key, length);
        return lastSlot == 0 ? 0 : index.entry(lastSlot);
    }

    /** Begins to load the bucket of a key; returns the key's hash. */
    public long fetchBucket(long key, int length) {
        long hash = hash(key, length);
        prefetch.line(index.bucket(hash));
        return hash;
    }

    /** Begins to load the first two cache lines of the entry that the bucket of the hash names; returns it, or 0 if it names none. */
    public long fetchEntry(long hash) {
        long entry = index.candidate(hash);
        if (entry != 0) {
            prefetch.line(entry);
            prefetch.line(entry + SECOND_LINE);
        }
        return entry;
    }

    /**
     * What the owner keeps about the use of the entry that {@link #find} found or {@link #put} made last, and that has not
     * been moved since. A key that is new has 0, or what its ghost kept.
     */
    public int use() {
        return index.use(lastSlot);
    }

    /** Changes it. */
    public void use(int use) {
        index.use(lastSlot, use);
    }

    /**
     * Gives the key an entry with room for a value, in place of any it has; an old value's bytes are lost.
     *
     * @return the entry; the caller writes the value at {@link Entry#valueAddress}
     */
    public long put(long key, int keyLength, int kind, int valueLength, long expireAtMillis, long nowMillis) {
        int bytes = entryBytes(keyLength, valueLength, expireAtMillis);
        long old = find(key, keyLength);
        if (old == 0) {
            long entry = slabs.allocateMovable(bytes, Slabs.ALIGNMENT, expireAtMillis, nowMillis);
            Entry.header(entry, kind, false, keyLength, valueLength, expireAtMillis);
            Raw.copy(key, Entry.keyAddress(entry), keyLength);
            lastSlot = index.insert(lastHash, entry);
            expiring += expireAtMillis == Entry.NEVER ? 0 : 1;
            noteAhead(entry);
            return entry;
        }
        long entry = old;
        if (!staysInPlace(old, bytes, expireAtMillis)) {
            entry = slabs.allocateMovable(bytes, Slabs.ALIGNMENT, expireAtMillis, nowMillis);
            index.entry(lastSlot, entry);
        }
        countExpiry(Entry.expires(old), expireAtMillis);
        int oldBytes = Entry.bytes(old);
        Entry.header(entry, kind, false, keyLength, valueLength, expireAtMillis);
        Raw.copy(key, Entry.keyAddress(entry), keyLength);
        if (entry != old) {
            slabs.free(old, oldBytes);
        }
        noteAhead(entry);
        return entry;
    }

    private void noteAhead(long entry) {
        if (isAhead(lastHash)) {
            Entry.note(entry, true);
        }
    }

    private static int entryBytes(int keyLength, int valueLength, long expireAtMillis) {
        if (keyLength > Entry.MAX_LENGTH || valueLength > Entry.MAX_LENGTH) {
            throw new OutOfMemoryError("an entry of " + keyLength + " + " + valueLength + " bytes");
        }
        return Entry.bytes(keyLength, valueLength, expireAtMillis);
    }

    private void countExpiry(boolean before, long expireAtMillis) {
        expiring += (expireAtMillis == Entry.NEVER ? 0 : 1) - (before ? 1 : 0);
    }

    private boolean staysInPlace(long entry, int bytes, long expireAtMillis) {
        boolean expires = expireAtMillis != Entry.NEVER;
        return Slabs.sameSlot(Entry.bytes(entry), bytes)
                && expires == Entry.expires(entry)
                && (!expires || slabs.reschedule(entry, bytes, expireAtMillis));
    }

    /**
     * Changes the length of the entry's value; the bytes that old and new have in common stay.
     *
     * @return the entry, which may have moved
     */
    public long resize(long entry, int valueLength, long nowMillis) {
        return rewrite(entry, valueLength, Entry.expireAtMillis(entry), nowMillis);
    }

    /** Changes the entry's time of expiry, {@link Entry#NEVER} for none; returns the entry, which may have moved. */
    public long expireAt(long entry, long expireAtMillis, long nowMillis) {
        return rewrite(entry, Entry.valueLength(entry), expireAtMillis, nowMillis);
    }

    private long rewrite(long old, int valueLength, long expireAtMillis, long nowMillis) {
        int keyLength = Entry.keyLength(old);
        int oldBytes = Entry.bytes(old);
        int bytes = entryBytes(keyLength, valueLength, expireAtMillis);
        long oldKey = Entry.keyAddress(old);
        int kept = Math.min(Entry.valueLength(old), valueLength);
        boolean expired = Entry.expires(old);
        boolean noted = Entry.isNoted(old);
        if (staysInPlace(old, bytes, expireAtMillis)) {
            long key = old + bytes - keyLength - valueLength;
            if (key != oldKey) {
                Raw.copy(oldKey, key, keyLength + (long) kept);
            }
            Entry.header(old, Entry.kind(old), Entry.isMarked(old), keyLength, valueLength, expireAtMillis);
            Entry.note(old, noted);
            return old;
        }
        find(oldKey, keyLength);
        assert index.entry(lastSlot) == old : "an entry that is not in the index";
        long entry = slabs.allocateMovable(bytes, Slabs.ALIGNMENT, expireAtMillis, nowMillis);
        Entry.header(entry, Entry.kind(old), Entry.isMarked(old), keyLength, valueLength, expireAtMillis);
        Entry.note(entry, noted);
        Raw.copy(oldKey, Entry.keyAddress(entry), keyLength + (long) kept);
        index.entry(lastSlot, entry);
        countExpiry(expired, expireAtMillis);
        slabs.free(old, oldBytes);
        return entry;
    }

    /** Removes an entry and returns its use. */
    public int remove(long entry) {
        return remove(entry, 0);
    }

    /** The same; if the key comes back soon, it has the given use, if that is not 0. */
    public int remove(long entry, int ghostUse) {
        long key = Entry.keyAddress(entry);
        find(key, Entry.keyLength(entry));
        assert lastSlot != 0 && index.entry(lastSlot) == entry : "an entry that is not in the index";
        int use = index.use(lastSlot);
        index.remove(lastHash, lastSlot, ghostUse);
        lastSlot = 0;
        expiring -= Entry.expires(entry) ? 1 : 0;
        slabs.free(entry, Entry.bytes(entry));
        return use;
    }

    /** What a walk does with each entry; unless said otherwise it must not change the store. */
    public interface Visitor {
        void visit(long entry);
    }

    /**
     * Visits the entries at the cursor: an entry that is there during the whole walk is visited at least once.
     *
     * @param cursor 0 to begin; below 2^48
     * @return where to go on, 0 at the end
     */
    public long scan(long cursor, Visitor visitor) {
        Visitor outer = scanning;
        scanning = visitor;
        long next = index.scan(cursor, visitScanned);
        scanning = outer;
        return next;
    }

    private void visitScanned(long slot) {
        scanning.visit(index.entry(slot));
    }

    /**
     * Says that a walk with {@link #scan}, of which there is one at a time, is at the cursor. Entries that are put beyond it are
     * noted from then on; to note others, and to take notes away when it gets there, is the walk's own matter.
     */
    public void walk(long cursor) {
        walk = cursor;
    }

    public void endWalk() {
        walk = NO_WALK;
    }

    /** Whether a walk goes on that has yet to come to the hash. */
    public boolean isAhead(long hash) {
        return hash >>> CURSOR_SHIFT >= walk;
    }

    /** Begins to load what {@link #scan} visits at the cursor. */
    public void fetchEntries(long cursor) {
        long bucket = index.bucket(cursor << CURSOR_SHIFT);
        for (int i = 0; i < Index.SLOTS; i++) {
            long slot = bucket + (long) i * Long.BYTES;
            if (Index.isTaken(slot)) {
                prefetch.line(index.entry(slot));
            }
        }
    }

    /** Some entry near the place that a random number names, or 0 where that part of the store is empty. */
    public long near(long random) {
        lastSlot = index.near(random);
        return lastSlot == 0 ? 0 : index.entry(lastSlot);
    }

    /** Looks at an entry and its use, and returns what the use is to be from now on. */
    public interface Sampler {
        int sample(long entry, int use);
    }

    /** Shows the entries that share a bucket with a random one: strangers to each other, but side by side in the index. */
    public void sample(long random, Sampler sampler) {
        long slot = index.near(random);
        if (slot == 0) {
            return;
        }
        long bucket = Index.bucketOf(slot);
        for (int i = 0; i < Index.SLOTS; i++) {
            slot = bucket + (long) i * Long.BYTES;
            if (Index.isTaken(slot)) {
                int use = index.use(slot);
                int kept = sampler.sample(index.entry(slot), use);
                if (kept != use) {
                    index.use(slot, kept);
                }
            }
        }
    }

    /** Shows some entries of those that expire, which a random number chooses, maybe none; the visitor must change nothing. */
    public void showExpiring(long random, Visitor visitor) {
        slabs.expiryWalk.showSome(random, visitor);
    }

    /**
     * Hands over entries that have expired, about {@code limit} at most. The visitor must remove each, and nothing else.
     *
     * @return whether there is more to do
     */
    public boolean expire(long nowMillis, int limit, Visitor expired) {
        return expiring > 0 && slabs.expiryWalk.expire(nowMillis, limit, expired);
    }

    /** Whether {@link #expire} may find something. */
    public boolean mayHaveExpired(long nowMillis) {
        return expiring > 0 && slabs.wheel.mayBeDue(nowMillis);
    }

    /** Whether entries are still here that should have gone some time ago; to be asked after {@link #expire}. */
    public boolean isExpiryLate(long nowMillis) {
        return expiring > 0 && nowMillis - slabs.wheel.now > LATE_MILLIS;
    }

    /**
     * Moves some entries and parts of the index so that slabs can be given back.
     *
     * @param buckets of the index to look at
     * @return whether there is more to gain
     */
    public boolean compact(int buckets, long nowMillis) {
        return compaction.step(buckets, nowMillis);
    }

    /** Whether there is so much to gain by {@link #compact} that clients should wait for it. */
    public boolean needsCompaction() {
        return compaction.isUrgent();
    }

    /** Moves some entries if so many small ones were overwritten that it cannot wait for background work; costs nothing otherwise. */
    public void hurry(long nowMillis) {
        compaction.hurry(nowMillis);
    }

    /**
     * Frees entries of a store that is not used any more, after showing each to the visitor, about {@code limit} or fewer where
     * whole slabs go with them.
     *
     * @return whether nothing is left
     */
    public boolean drain(int limit, Visitor visitor) {
        return drain.step(limit, entry -> {
            visitor.visit(entry);
            long before = pages.usedBytes();
            slabs.free(entry, Entry.bytes(entry));
            return 1 + Pages.pagesFor(before - pages.usedBytes());
        });
    }
}
