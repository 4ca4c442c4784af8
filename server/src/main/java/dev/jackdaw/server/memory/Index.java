package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by one event loop: finds the entry of a key. An extendible hash table whose segments grow in steps of an eighth,
 * so that a change never costs more than a few hundred slots and memory never jumps.
 *
 * <pre>
 *   hash     | directory bits (depth) | 16 position bits | ...        the order of hashes is the order of buckets
 *
 *   directory  [ segment ][ segment ][ segment ] ...                  2^depth words of 8 bytes
 *                   |
 *   segment    | bucket 0 | bucket 1 | ... | bucket n-1 |             1 to 64 buckets of 64 bytes, one cache line each
 *                   |                                                 home of a hash: position * n / 2^16
 *   bucket     | slot | slot | slot | slot | slot | slot | slot | slot |
 *
 *   slot       bits 0-34 address of the entry in granules of 4 bytes (0: empty)
 *              bits 35-50 position   bits 51-62 use, the owner's   bit 63 of slot 0: overflow
 * </pre>
 *
 * A key whose home is full lies in the next bucket with room (linear probing, round the segment). The
 * overflow bit of a full bucket says that some key may have been carried past it. Removing a key pulls such keys back, so
 * only full buckets have the bit, and a search for an absent key ends at the first without it. Extendible hashing: Fagin et al., TODS 1979.
 *
 * <p>Of the keys that come last to a full segment, one in five lies four buckets from home or more. A key that is looked for again and
 * again comes home ({@link #nearer}).
 *
 * <p>A removed key may leave a <em>ghost</em>: its slot keeps position and use without an address. To everybody else such a
 * slot is empty; if the key comes back before another has taken the slot, it finds its use there. So what is
 * remembered of keys that were evicted takes no memory.
 */
final class Index {
    /** Most entries a search may have to look at is bounded by the segment. */
    static final int SLOTS = 8;

    private static final int ADDRESS_BITS = 35;
    static final long ADDRESS = (1L << ADDRESS_BITS) - 1;
    private static final int GRANULE_SHIFT = 2;
    static final int POSITION_BITS = 16;
    static final int POSITION_SHIFT = ADDRESS_BITS;
    static final long POSITION = ((1L << POSITION_BITS) - 1) << POSITION_SHIFT;
    private static final int USE_SHIFT = POSITION_SHIFT + POSITION_BITS;
    static final int USE_BITS = 12;
    static final long USE = ((1L << USE_BITS) - 1) << USE_SHIFT;
    static final long OVERFLOW = 1L << 63;
    static final int BUCKET = 64;
    private static final int MAX_BUCKETS = 64;
    /** Buckets in which {@link #candidate} looks: of a full segment's keys some lie further away. */
    private static final int MOST_PROBES = 4;

    /** Of so many keys that were not found at home, one comes there; a power of two. */
    private static final int FAR_FINDS = 16;

    private static final int FIRST_SPLIT_BUCKETS = 36;
    /** A segment grows when more than this share of its slots, in 256ths, is taken. */
    private static final int MAX_LOAD = 232;

    /** It shrinks, or joins its sibling, when less than this share is. */
    private static final int MIN_LOAD = 80;

    private static final int MAX_MERGED = 192;
    /** The most entries that a segment made in advance is meant for, so that few have to be split. */
    private static final int MOST_EXPECTED = 400;

    // A directory word: bits 0-34 address of the segment in granules, 35-41 buckets, 42-47 depth, 48-57 entries.
    private static final int BUCKETS_SHIFT = ADDRESS_BITS;
    private static final int DEPTH_SHIFT = BUCKETS_SHIFT + 7;
    static final int COUNT_SHIFT = DEPTH_SHIFT + 6;
    private static final int MAX_DEPTH = 27;

    /** How the index learns the hash of the key in an entry. */
    interface Hasher {
        long hash(long key, int length);
    }

    private final Slabs slabs;
    private final Hasher hasher;
    private final long base;
    long directory;
    int depth;
    private long size;
    private long segmentBytes;
    private int farFinds;
    /** While slots are visited, what they hold stays where it is. */
    boolean isPinned;

    Index(Pages pages, Slabs slabs, Hasher hasher) {
        this.slabs = slabs;
        this.hasher = hasher;
        this.base = pages.base();
        directory = allocateDirectory(0);
        Raw.putLong(directory, newSegment(1, 0));
    }

    /** Makes room for so many entries in an index that has none, rather than step by step. */
    void reserve(long entries) {
        int newDepth = 0;
        while (entries >> newDepth > MOST_EXPECTED) {
            newDepth++;
        }
        if (size > 0 || depth > 0 || newDepth == 0 || newDepth > MAX_DEPTH) {
            return;
        }
        freeSegment(segment(Raw.getLong(directory)), buckets(Raw.getLong(directory)));
        freeDirectory(directory, depth);
        depth = newDepth;
        directory = allocateDirectory(depth);
        // Segments differ in what they get: one in six or so will have to grow.
        long expected = entries >> depth;
        int buckets = bucketsFor(expected + (long) Math.sqrt(expected));
        for (long i = 0; i < 1L << depth; i++) {
            Raw.putLong(directory + i * Long.BYTES, newSegment(buckets, depth));
        }
    }

    long size() {
        return size;
    }

    /** Bytes of the directory and of all segments. */
    long bytes() {
        return segmentBytes + directoryBytes(depth);
    }

    /** The entry in a slot. */
    long entry(long slot) {
        return base + ((Raw.getLong(slot) & ADDRESS) << GRANULE_SHIFT);
    }

    int use(long slot) {
        return (int) ((Raw.getLong(slot) & USE) >>> USE_SHIFT);
    }

    void use(long slot, int use) {
        Raw.putLong(slot, Raw.getLong(slot) & ~USE | (long) use << USE_SHIFT);
    }

    /** Lets the slot name another entry of the same key. */
    void entry(long slot, long entry) {
        Raw.putLong(slot, Raw.getLong(slot) & ~ADDRESS | granule(entry));
    }

    /** The slot of the key, or 0. */
    long find(long hash, long key, int length) {
        long word = Raw.getLong(directoryWord(hash));
        int depthHere = depthOf(word);
        long segment = segment(word);
        int buckets = buckets(word);
        long position = position(hash, depthHere);
        int bucket = Segment.home(position, buckets);
        long wanted = position << POSITION_SHIFT;
        for (int probes = 0; probes < buckets; probes++) {
            long at = segment + (long) bucket * BUCKET;
            for (int i = 0; i < BUCKET; i += Long.BYTES) {
                long slot = Raw.getLong(at + i);
                if ((slot & POSITION) == wanted && (slot & ADDRESS) != 0) {
                    long entry = base + ((slot & ADDRESS) << GRANULE_SHIFT);
                    if (Entry.keyLength(entry) == length && Raw.equal(Entry.keyAddress(entry), key, length)) {
                        return probes == 0 ? at + i : nearer(at + i, position, segment, buckets);
                    }
                }
            }
            if (Raw.getLong(at) >= 0) {
                return 0;
            }
            bucket = bucket + 1 == buckets ? 0 : bucket + 1;
        }
        return 0;
    }

    /**
     * Now and then lets a key that was carried away from home change places with one there, so that those in demand are found at
     * once (as in lists that organize themselves: Rivest, CACM 1976). The search for the other one passes the place that it gets: it
     * passes its own, and from there on the way is the first one's, of which all buckets have the overflow bit. Returns the key's slot.
     */
    private long nearer(long slot, long position, long segment, int buckets) {
        farFinds++;
        if (isPinned || (farFinds & FAR_FINDS - 1) != 0) {
            return slot;
        }
        long home = segment + (long) Segment.home(position, buckets) * BUCKET;
        long other = home + (farFinds / FAR_FINDS & SLOTS - 1) * Long.BYTES;
        Segment.exchange(slot, other);
        return other;
    }

    /** Adds an entry whose key is not in the index; returns its slot, which has the use of the key's ghost, or 0. */
    long insert(long hash, long entry) {
        long canonical = makeRoom(hash);
        long word = Raw.getLong(canonical);
        Raw.putLong(canonical, word + (1L << COUNT_SHIFT));
        size++;
        long position = position(hash, depthOf(word));
        long ghost = Segment.ghost(
                segment(word) + (long) Segment.home(position, buckets(word)) * BUCKET, position << POSITION_SHIFT);
        if (ghost == 0) {
            return Segment.place(segment(word), buckets(word), position << POSITION_SHIFT | granule(entry));
        }
        Raw.putLong(ghost, Raw.getLong(ghost) | granule(entry));
        return ghost;
    }

    private long makeRoom(long hash) {
        while (true) {
            long canonical = canonicalWord(hash);
            long word = Raw.getLong(canonical);
            int buckets = buckets(word);
            if (count(word) < limit(buckets)) {
                return canonical;
            }
            if (buckets < MAX_BUCKETS) {
                resize(canonical, word, grown(buckets));
            } else {
                split(hash);
            }
        }
    }

    private static int grown(int buckets) {
        if (buckets < FIRST_SPLIT_BUCKETS / 2) {
            return buckets * 2;
        }
        if (buckets < FIRST_SPLIT_BUCKETS) {
            return FIRST_SPLIT_BUCKETS;
        }
        return Math.min(MAX_BUCKETS, buckets + (buckets >> 4 << 1));
    }

    /** Removes what the slot, found for this hash, holds; a ghost with the given use stays where that is not 0. */
    void remove(long hash, long slot, int ghostUse) {
        long canonical = canonicalWord(hash);
        long word = Raw.getLong(canonical);
        long segment = segment(word);
        Raw.putLong(canonical, word - (1L << COUNT_SHIFT));
        if (ghostUse == 0) {
            Segment.clear(slot);
        } else {
            use(slot, ghostUse);
            Raw.putLong(slot, Raw.getLong(slot) & ~ADDRESS);
        }
        Segment.pullBack(segment, buckets(word), slot);
        size--;
        shrink(canonical);
    }

    private void shrink(long canonical) {
        long word = Raw.getLong(canonical);
        int buckets = buckets(word);
        if (buckets < FIRST_SPLIT_BUCKETS || count(word) >= (buckets * SLOTS * MIN_LOAD) >> 8) {
            return;
        }
        if (buckets > FIRST_SPLIT_BUCKETS) {
            resize(canonical, word, FIRST_SPLIT_BUCKETS);
        } else if (depthOf(word) > 0) {
            merge(canonical, word);
        }
    }

    /** Joins a segment with its sibling, the other half of what was one segment, if both fit into the smallest. */
    private void merge(long canonical, long word) {
        long half = (long) Long.BYTES << (depth - depthOf(word));
        long sibling = directory + ((canonical - directory) ^ half);
        long siblingWord = Raw.getLong(sibling);
        if (depthOf(siblingWord) != depthOf(word)
                || count(word) + count(siblingWord) >= (FIRST_SPLIT_BUCKETS * SLOTS * MAX_MERGED) >> 8) {
            return;
        }
        int newDepth = depthOf(word) - 1;
        long merged = newSegment(FIRST_SPLIT_BUCKETS, newDepth);
        long lowerWord = canonical < sibling ? word : siblingWord;
        long upperWord = canonical < sibling ? siblingWord : word;
        moveHalf(lowerWord, segment(merged), 0);
        moveHalf(upperWord, segment(merged), 1);
        freeSegment(segment(lowerWord), buckets(lowerWord));
        freeSegment(segment(upperWord), buckets(upperWord));
        point(Math.min(canonical, sibling), merged | (count(word) + count(siblingWord)) << COUNT_SHIFT);
    }

    private void moveHalf(long word, long target, long half) {
        long segment = segment(word);
        for (long at = segment; at < segment + (long) buckets(word) * BUCKET; at += Long.BYTES) {
            long slot = Raw.getLong(at);
            if ((slot & ADDRESS) != 0) {
                long position = half << (POSITION_BITS - 1) | (slot & POSITION) >>> (POSITION_SHIFT + 1);
                Segment.place(target, FIRST_SPLIT_BUCKETS, slot & ~(OVERFLOW | POSITION) | position << POSITION_SHIFT);
            }
        }
    }

    private void resize(long canonical, long word, int newBuckets) {
        long old = segment(word);
        long fresh = newSegment(newBuckets, depthOf(word));
        long newWord = fresh | word & ~(ADDRESS | 127L << BUCKETS_SHIFT);
        Segment.move(old, buckets(word), segment(fresh), newBuckets);
        freeSegment(old, buckets(word));
        point(canonical, newWord);
    }

    /** Gives every directory word of the segment its new value; only the first keeps the count. */
    private void point(long canonical, long word) {
        int copies = 1 << (depth - depthOf(word));
        for (int i = 0; i < copies; i++) {
            Raw.putLong(canonical + (long) i * Long.BYTES, word);
        }
    }

    private void split(long hash) {
        long canonical = canonicalWord(hash);
        long word = Raw.getLong(canonical);
        if (depthOf(word) == depth) {
            doubleDirectory();
            canonical = canonicalWord(hash);
        }
        int newDepth = depthOf(word) + 1;
        long old = segment(word);
        int oldBuckets = buckets(word);
        long ones = countOnes(old, oldBuckets, newDepth);
        int lowerBuckets = bucketsFor(count(word) - ones);
        int upperBuckets = bucketsFor(ones);
        long lower = newSegment(lowerBuckets, newDepth);
        long upper = newSegment(upperBuckets, newDepth);
        for (long at = old; at < old + (long) oldBuckets * BUCKET; at += Long.BYTES) {
            long slot = Raw.getLong(at);
            if ((slot & ADDRESS) != 0) {
                long entry = base + ((slot & ADDRESS) << GRANULE_SHIFT);
                long entryHash = hasher.hash(Entry.keyAddress(entry), Entry.keyLength(entry));
                long moved = slot & ~(OVERFLOW | POSITION) | position(entryHash, newDepth) << POSITION_SHIFT;
                boolean one = (entryHash >>> (64 - newDepth) & 1) != 0;
                Segment.place(segment(one ? upper : lower), one ? upperBuckets : lowerBuckets, moved);
            }
        }
        freeSegment(old, oldBuckets);
        int copies = 1 << (depth - newDepth);
        point(canonical, lower | (count(word) - ones) << COUNT_SHIFT);
        point(canonical + (long) copies * Long.BYTES, upper | ones << COUNT_SHIFT);
    }

    private long countOnes(long segment, int buckets, int bit) {
        long ones = 0;
        for (long at = segment; at < segment + (long) buckets * BUCKET; at += Long.BYTES) {
            long slot = Raw.getLong(at);
            if ((slot & ADDRESS) != 0) {
                long entry = base + ((slot & ADDRESS) << GRANULE_SHIFT);
                ones += hasher.hash(Entry.keyAddress(entry), Entry.keyLength(entry)) >>> (64 - bit) & 1;
            }
        }
        return ones;
    }

    private static int bucketsFor(long count) {
        int buckets = FIRST_SPLIT_BUCKETS;
        while (buckets < MAX_BUCKETS && count >= limit(buckets)) {
            buckets = grown(buckets);
        }
        return buckets;
    }

    private static int limit(int buckets) {
        return buckets < FIRST_SPLIT_BUCKETS ? buckets * SLOTS - 1 : (buckets * SLOTS * MAX_LOAD) >> 8;
    }

    private void doubleDirectory() {
        if (depth == MAX_DEPTH) {
            throw new OutOfMemoryError("the index cannot grow beyond 2^" + MAX_DEPTH + " segments");
        }
        long old = directory;
        long words = 1L << depth;
        long doubled = allocateDirectory(depth + 1);
        for (long i = 0; i < words; i++) {
            long word = Raw.getLong(old + i * Long.BYTES);
            Raw.putLong(doubled + 2 * i * Long.BYTES, word);
            Raw.putLong(doubled + (2 * i + 1) * Long.BYTES, word);
        }
        freeDirectory(old, depth);
        directory = doubled;
        depth++;
    }

    /** What a walk over slots does with each. */
    interface SlotVisitor {
        void visit(long slot);
    }

    /**
     * Visits every slot whose home is the bucket at the cursor: keys that are there during a whole walk are visited at
     * least once, whatever grows meanwhile, because buckets lie in the order of their hashes.
     *
     * @param cursor a hash shifted right by 16, 0 to begin
     * @return the cursor of the next bucket, 0 at the end
     */
    long scan(long cursor, SlotVisitor visitor) {
        long hash = cursor << 16;
        long word = Raw.getLong(directoryWord(hash));
        int depthHere = depthOf(word);
        long segment = segment(word);
        int buckets = buckets(word);
        int home = Segment.home(position(hash, depthHere), buckets);
        int bucket = home;
        boolean carriedOn;
        boolean wasPinned = isPinned;
        isPinned = true;
        do {
            long at = segment + (long) bucket * BUCKET;
            carriedOn = Raw.getLong(at) < 0;
            for (int i = 0; i < BUCKET; i += Long.BYTES) {
                long slot = Raw.getLong(at + i);
                if ((slot & ADDRESS) != 0 && Segment.home((slot & POSITION) >>> POSITION_SHIFT, buckets) == home) {
                    visitor.visit(at + i);
                }
            }
            bucket = bucket + 1 == buckets ? 0 : bucket + 1;
        } while (carriedOn && bucket != home);
        isPinned = wasPinned;

        long nextPosition = firstPosition(home + 1, buckets);
        long prefix = depthHere == 0 ? 0 : hash >>> (64 - depthHere);
        if (nextPosition >> POSITION_BITS != 0) {
            prefix++;
            nextPosition = 0;
            if (depthHere == 0 || prefix >>> depthHere != 0) {
                return 0;
            }
        }
        long next =
                (depthHere == 0 ? 0 : prefix << (64 - depthHere)) | nextPosition << (64 - POSITION_BITS - depthHere);
        return next >>> 16;
    }

    /**
     * Moves the segment that begins at the cursor, if one does and it is to move; returns its bytes, or 0.
     *
     * @param mover whose slabs are those of the index
     */
    int compact(long cursor, SlabMover mover) {
        long hash = cursor << 16;
        long canonical = canonicalWord(hash);
        long word = Raw.getLong(canonical);
        long old = segment(word);
        if (position(hash, depthOf(word)) == 0 && mover.moves(old)) {
            int bytes = buckets(word) * BUCKET;
            long moved = mover.move(old, bytes, BUCKET, Slabs.NEVER, 0);
            point(canonical, word & ~ADDRESS | granule(moved));
            return bytes;
        }
        return 0;
    }

    /** The least position whose home is the bucket. */
    private static long firstPosition(int bucket, int buckets) {
        return (((long) bucket << POSITION_BITS) + buckets - 1) / buckets;
    }

    /** A slot that is taken, in or after the bucket that a random hash names; 0 where a whole segment is empty. */
    long near(long hash) {
        long word = Raw.getLong(directoryWord(hash));
        long segment = segment(word);
        int slots = buckets(word) * SLOTS;
        int start = Segment.home(position(hash, depthOf(word)), buckets(word)) * SLOTS + (int) (hash & (SLOTS - 1));
        for (int i = 0; i < slots; i++) {
            int at = start + i >= slots ? start + i - slots : start + i;
            long slot = segment + (long) at * Long.BYTES;
            if ((Raw.getLong(slot) & ADDRESS) != 0) {
                return slot;
            }
        }
        return 0;
    }

    /** The first slot of the bucket that holds the slot: buckets are aligned. */
    static long bucketOf(long slot) {
        return slot & -BUCKET;
    }

    static boolean isTaken(long slot) {
        return (Raw.getLong(slot) & ADDRESS) != 0;
    }

    /** The address of the bucket that is home to the hash: what a prefetch should touch. */
    long bucket(long hash) {
        long word = Raw.getLong(directoryWord(hash));
        return segment(word) + (long) Segment.home(position(hash, depthOf(word)), buckets(word)) * BUCKET;
    }

    /** The entry that a bucket at or close behind its home has for the hash, or 0: most likely the one that {@link #find} will find. */
    long candidate(long hash) {
        long word = Raw.getLong(directoryWord(hash));
        long position = position(hash, depthOf(word));
        int buckets = buckets(word);
        int bucket = Segment.home(position, buckets);
        for (int probes = 0; probes < MOST_PROBES; probes++) {
            long at = segment(word) + (long) bucket * BUCKET;
            for (int i = 0; i < BUCKET; i += Long.BYTES) {
                long slot = Raw.getLong(at + i);
                if ((slot & POSITION) == position << POSITION_SHIFT && (slot & ADDRESS) != 0) {
                    return base + ((slot & ADDRESS) << GRANULE_SHIFT);
                }
            }
            if (Raw.getLong(at) >= 0) {
                return 0;
            }
            bucket = bucket + 1 == buckets ? 0 : bucket + 1;
        }
        return 0;
    }

    private long directoryWord(long hash) {
        return directory + (depth == 0 ? 0 : hash >>> (64 - depth)) * Long.BYTES;
    }

    private long canonicalWord(long hash) {
        long at = depth == 0 ? 0 : hash >>> (64 - depth);
        int depthHere = depthOf(Raw.getLong(directory + at * Long.BYTES));
        return directory + (at & -(1L << (depth - depthHere))) * Long.BYTES;
    }

    long segment(long word) {
        return base + ((word & ADDRESS) << GRANULE_SHIFT);
    }

    static int buckets(long word) {
        return (int) (word >>> BUCKETS_SHIFT) & 127;
    }

    static int depthOf(long word) {
        return (int) (word >>> DEPTH_SHIFT) & 63;
    }

    static long count(long word) {
        return word >>> COUNT_SHIFT;
    }

    static long position(long hash, int depthHere) {
        return (hash << depthHere) >>> (64 - POSITION_BITS);
    }

    private long granule(long address) {
        return (address - base) >>> GRANULE_SHIFT;
    }

    private long newSegment(int buckets, int segmentDepth) {
        int bytes = buckets * BUCKET;
        long segment = slabs.allocateMovable(bytes, BUCKET, Slabs.NEVER, 0);
        segmentBytes += bytes;
        Raw.fill(segment, bytes, 0);
        return granule(segment) | (long) buckets << BUCKETS_SHIFT | (long) segmentDepth << DEPTH_SHIFT;
    }

    void freeSegment(long segment, int buckets) {
        segmentBytes -= (long) buckets * BUCKET;
        slabs.free(segment, buckets * BUCKET);
    }

    static long directoryBytes(int depth) {
        return (long) Long.BYTES << depth;
    }

    private long allocateDirectory(int newDepth) {
        return slabs.allocate(Math.toIntExact(directoryBytes(newDepth)), Slabs.NEVER, 0);
    }

    void freeDirectory(long address, int oldDepth) {
        slabs.free(address, (int) directoryBytes(oldDepth));
    }
}
