package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by one event loop: a large sorted set: members, each with a score, in the order of scores and then of the
 * members' bytes; found by member, by score, and by rank. One object serves any number of sets, one after the
 * other ({@link #at}), and sees each through a cursor.
 *
 * <pre>
 *                 {@link SortedBranch}                  a B+ tree that counts, over
 *              /       |       \
 *   {@link SortedLeaf} <-> leaf <-> leaf              packed leaves; an entry is here and nowhere else
 *              ^      ^    ^
 *          {@link MemberIndex}                       from a member's hash to its leaf
 *
 *   root  | node 8 | height 4 | epoch 4 | size 8 | bytes 8 | first 8 | last 8 | table 8 | old table 8 | rest 8 |
 * </pre>
 *
 * When the index has to grow, it is built anew with the next changes, a leaf or some with each: leaves of the current epoch are in
 * {@code table}, the others, all behind the leaf {@code rest}, in {@code old table}.
 */
public final class SortedTree {
    static final int NODE = SortedPath.NODE;
    static final int HEIGHT = SortedPath.HEIGHT;
    private static final int EPOCH = 12;
    private static final int SIZE = SortedPath.SIZE;
    static final int BYTES = SortedPath.BYTES;
    static final int FIRST = 32;
    static final int LAST = 40;
    static final int TABLE = 48;
    static final int OLD_TABLE = 56;
    private static final int REST = 64;
    static final int ROOT_BYTES = 72;

    /** A leaf with so many is full, whatever its room, which may be that of a few long members: a look through it takes long. */
    private static final int MOST_ENTRIES = 256;
    /** A full leaf is not split if it can pass at least this many bytes on to a neighbour. */
    private static final int MIN_SHARED = 36;

    private static final int FREED_SEGMENTS = 32;
    /** Members whose leaves each change brings into the new index, at least, so that all are there before it is full. */
    private static final int MIN_REHASHED = 4;

    private final Heap heap;
    private final MemberIndex index;
    private final SortedPath path;
    private long root;
    long leaf;
    long entry;

    /** @param seed makes the places of members in the index unpredictable for those who choose members */
    public SortedTree(Heap heap, long seed) {
        this.heap = heap;
        this.index = new MemberIndex(heap, seed);
        this.path = new SortedPath(heap);
    }

    // --- Whole sets ---

    /** Makes an empty set and turns to it. Returns its root. */
    public long create() {
        root = heap.allocate(ROOT_BYTES);
        Raw.fill(root, ROOT_BYTES, 0);
        path.at(root);
        grewBy(Heap.taken(ROOT_BYTES));
        long only = newLeaf(heap.allocate(SortedLeaf.GRANULE), SortedLeaf.GRANULE, 0);
        put(NODE, only);
        put(FIRST, only);
        put(LAST, only);
        put(TABLE, index.create(1));
        return root;
    }

    /** Turns to the set with this root. */
    public void at(long newRoot) {
        root = newRoot;
        path.at(root);
        leaf = 0;
        entry = 0;
    }

    public long size() {
        return get(SIZE);
    }

    /** All bytes of the set. */
    public static long bytes(long root) {
        long old = Raw.getLong(root + OLD_TABLE);
        return Raw.getLong(root + BYTES)
                + MemberIndex.bytes(Raw.getLong(root + TABLE))
                + (old == 0 ? 0 : MemberIndex.bytes(old));
    }

    /** Frees the set. */
    public static void free(Heap heap, long root) {
        boolean done = freeStep(heap, root, Integer.MAX_VALUE);
        assert done;
    }

    /** For sets that nobody uses any more. */
    public static Graveyard graveyard(Heap heap) {
        return new Graveyard((root, budget) -> freeStep(heap, root, budget), SIZE);
    }

    /** Frees about {@code budget} blocks of a set that nobody uses any more; returns whether nothing is left. */
    public static boolean freeStep(Heap heap, long root, int budget) {
        long at = Raw.getLong(root + FIRST);
        int left = budget;
        for (; at != 0 && left > 0; left--) {
            long next = SortedLeaf.next(at);
            heap.free(at, SortedLeaf.bytes(at));
            at = next;
        }
        Raw.putLong(root + FIRST, at);
        int height = Raw.getInt(root + HEIGHT);
        for (; height > 0 && left > 0; left--) {
            height = SortedPath.freeLast(heap, root, height);
        }
        Raw.putInt(root + HEIGHT, height);
        if (left == 0
                || !MemberIndex.freeStep(heap, root + OLD_TABLE, left)
                || !MemberIndex.freeStep(heap, root + TABLE, left)) {
            return false;
        }
        heap.free(root, ROOT_BYTES);
        return true;
    }

    /** Moves blocks of the set to which a word refers, from where the walk is; returns whether it is at the end. */
    public boolean compact(long rootWord, BlockWalk walk) {
        at(walk.settle(rootWord, ROOT_BYTES));
        int ofTable = MemberIndex.segmentsOf(root + TABLE);
        return MemberIndex.compact(root + TABLE, 0, walk)
                && MemberIndex.compact(root + OLD_TABLE, ofTable, walk)
                && compactLeaves(walk, ofTable + MemberIndex.segmentsOf(root + OLD_TABLE));
    }

    /** A leaf's place in the walk is the rank of its first entry, behind the segments of the index. */
    private boolean compactLeaves(BlockWalk walk, int segments) {
        while (walk.place - segments < size()) {
            if (walk.isOver()) {
                return false;
            }
            leaf = path.settle(walk.place - segments, walk);
            long first = path.before();
            int i = path.child();
            if (walk.moves(leaf)) {
                walk.worked(SortedLeaf.count(leaf));
                int bytes = SortedLeaf.bytesFor(SortedLeaf.used(leaf));
                rehouse(heap.allocateMoved(bytes, SortedLeaf.GRANULE), bytes);
            }
            if (height() > 0 && i + 1 < SortedBranch.count(path.branch()) && merge(path.branch(), i)) {
                walk.worked(SortedLeaf.count(leaf));
            } else {
                walk.place = segments + first + SortedLeaf.count(leaf);
            }
        }
        return true;
    }

    // --- The cursor ---

    /** Puts the cursor on the entry of the member; false if there is none. */
    public boolean find(long member, int length) {
        long hash = index.hash(member, length);
        entry = index.find(get(TABLE), hash, member, length);
        if (entry == 0 && get(OLD_TABLE) != 0) {
            entry = index.find(get(OLD_TABLE), hash, member, length);
        }
        leaf = index.leaf();
        return entry != 0;
    }

    /** Puts the cursor on the entry of the rank, counted from 0; false if there is none. */
    public boolean seek(long rank) {
        if (rank < 0 || rank >= size()) {
            return false;
        }
        long left = rank;
        long node = get(NODE);
        for (int level = height(); level > 0; level--) {
            int i = 0;
            for (long size = SortedBranch.size(node, 0); size <= left; size = SortedBranch.size(node, i)) {
                left -= size;
                i++;
            }
            node = SortedBranch.child(node, i);
        }
        leaf = node;
        entry = SortedRun.skip(SortedLeaf.start(node), (int) left);
        return true;
    }

    /** Moves the cursor to the next entry; false, and the cursor is nowhere, if there is none. */
    public boolean next() {
        entry = SortedRun.next(entry);
        if (entry == SortedLeaf.end(leaf)) {
            leaf = SortedLeaf.next(leaf);
            if (leaf == 0) {
                return false;
            }
            entry = SortedLeaf.start(leaf);
        }
        return true;
    }

    /** Moves the cursor to the entry before; false, and the cursor is nowhere, if there is none. */
    public boolean previous() {
        if (entry == SortedLeaf.start(leaf)) {
            leaf = SortedLeaf.previous(leaf);
            if (leaf == 0) {
                return false;
            }
            entry = SortedLeaf.end(leaf);
        }
        entry = SortedRun.previous(SortedLeaf.start(leaf), entry);
        return true;
    }

    public double score() {
        return SortedRun.score(entry);
    }

    /** Where the bytes of the member at the cursor are. */
    public long address() {
        return SortedRun.member(entry);
    }

    public int length() {
        return SortedRun.length(entry);
    }

    /** The rank of the entry at the cursor. */
    public long rank() {
        descend(score(), address(), length());
        return path.before() + SortedRun.count(SortedLeaf.start(leaf), entry);
    }

    // --- Counts ---

    /** How many entries have a score below {@code score}, or equal to it if {@code orEqual}. */
    public long below(double score, boolean orEqual) {
        long count = 0;
        long node = get(NODE);
        for (int level = height(); level > 0; level--) {
            int i = SortedBranch.childBelow(node, score, orEqual);
            count += SortedBranch.sizes(node, i);
            node = SortedBranch.child(node, i);
        }
        long start = SortedLeaf.start(node);
        return count + SortedRun.count(start, SortedRun.byScore(start, SortedLeaf.end(node), score, orEqual));
    }

    /** The same by member; means something if all scores are the same. */
    public long below(long member, int length, boolean orEqual) {
        long count = 0;
        long node = get(NODE);
        for (int level = height(); level > 0; level--) {
            int i = SortedBranch.childBelow(node, level, member, length, orEqual);
            count += SortedBranch.sizes(node, i);
            node = SortedBranch.child(node, i);
        }
        long start = SortedLeaf.start(node);
        return count + SortedRun.count(start, SortedRun.byMember(start, SortedLeaf.end(node), member, length, orEqual));
    }

    /**
     * Visits the entries at the cursor of a walk: one that is there, whatever its score, during the whole walk is visited.
     *
     * @param cursor 0 to begin
     * @return where to go on, 0 at the end
     */
    public long scan(long cursor, EntryStore.Visitor visitor) {
        long table = get(TABLE);
        long old = get(OLD_TABLE);
        int bucket = MemberIndex.bucketAt(table, cursor);
        long end = MemberIndex.positionAfter(table, bucket);
        index.visit(table, bucket, cursor, end, visitor);
        if (old != 0) {
            for (int b = MemberIndex.bucketAt(old, cursor); b <= MemberIndex.bucketAt(old, end - 1); b++) {
                index.visit(old, b, cursor, end, visitor);
            }
        }
        return bucket + 1 == MemberIndex.buckets(table) ? 0 : end;
    }

    // --- Changes ---

    /** Adds a member that is not in the set. The cursor is nowhere afterwards. */
    public void insert(double score, long member, int length) {
        int size = SortedRun.entryBytes(score, length);
        long at = descend(score, member, length);
        boolean shared = false;
        while (SortedLeaf.room(leaf) < size || SortedLeaf.count(leaf) >= MOST_ENTRIES) {
            if (SortedLeaf.hasFew(leaf)) {
                int bytes = SortedLeaf.bytesFor(Math.addExact(SortedLeaf.used(leaf), size));
                rehouse(heap.allocate(bytes), bytes);
            } else if (at == SortedLeaf.end(leaf) && leaf == get(LAST)) {
                // Ascending scores fill their leaves.
                append(score, member, length);
                return;
            } else if (shared || !share()) {
                split();
            } else {
                shared = true;
            }
            at = descend(score, member, length);
        }
        SortedLeaf.insert(leaf, at, score, member, length);
        index.add(table(leaf), index.hash(member, length), leaf);
        path.count(1);
        if (at == SortedLeaf.start(leaf)) {
            path.firstChanged(score);
        }
        entry = 0;
        rehashStep();
    }

    private void append(double score, long member, int length) {
        int bytes = SortedLeaf.bytesFor(SortedRun.entryBytes(score, length));
        long fresh = newLeaf(heap.allocate(bytes), bytes, epoch());
        linkAfter(leaf, fresh);
        SortedLeaf.insert(fresh, SortedLeaf.start(fresh), score, member, length);
        index.add(get(TABLE), index.hash(member, length), fresh);
        path.count(1);
        path.addLeaf(fresh, score, 1);
        entry = 0;
        rehashStep();
    }

    /** Removes the entry at the cursor. The cursor is nowhere afterwards. */
    public void remove() {
        long removed = entry;
        MemberIndex.remove(table(leaf), index.hash(address(), length()), leaf);
        descend(score(), address(), length());
        SortedLeaf.remove(leaf, removed);
        path.count(-1);
        long start = SortedLeaf.start(leaf);
        if (SortedLeaf.count(leaf) > 0) {
            if (removed == start) {
                path.firstChanged(SortedRun.score(start));
            }
            shrink();
        } else if (height() > 0) {
            drop(leaf);
            path.removeLeaf(path.child());
        }
        entry = 0;
        rehashStep();
    }

    /** Gives the member at the cursor, of which these are the bytes, another score. The cursor is nowhere afterwards. */
    public void move(double score, long member, int length) {
        if (staysInPlace(score, member, length)) {
            SortedLeaf.remove(leaf, entry);
            SortedLeaf.insert(leaf, entry, score, member, length);
            entry = 0;
        } else {
            remove();
            insert(score, member, length);
        }
    }

    /** Whether the entry at the cursor may have another score where it is; a leaf's first entry is known above, so it may not. */
    private boolean staysInPlace(double score, long member, int length) {
        long start = SortedLeaf.start(leaf);
        if (entry == start || SortedLeaf.room(leaf) < Score.MAX_BYTES) {
            return false;
        }
        if (score < score()) {
            return SortedRun.compare(SortedRun.previous(start, entry), score, member, length) < 0;
        }
        long next = SortedRun.next(entry);
        return next != SortedLeaf.end(leaf) && SortedRun.compare(next, score, member, length) > 0;
    }

    /** Finds the leaf that has the place of an entry; returns the place. */
    private long descend(double score, long member, int length) {
        leaf = path.descend(score, member, length);
        return SortedRun.ceiling(SortedLeaf.start(leaf), SortedLeaf.end(leaf), score, member, length);
    }

    // --- Leaves ---

    private long newLeaf(long fresh, int bytes, int epoch) {
        grewBy(Heap.taken(bytes));
        SortedLeaf.init(fresh, bytes, epoch);
        return fresh;
    }

    private void linkAfter(long previous, long fresh) {
        long next = SortedLeaf.next(previous);
        SortedLeaf.next(fresh, next);
        SortedLeaf.previous(fresh, previous);
        SortedLeaf.next(previous, fresh);
        if (next == 0) {
            put(LAST, fresh);
        } else {
            SortedLeaf.previous(next, fresh);
        }
    }

    private void drop(long dropped) {
        long next = SortedLeaf.next(dropped);
        long previous = SortedLeaf.previous(dropped);
        if (previous == 0) {
            put(FIRST, next);
        } else {
            SortedLeaf.next(previous, next);
        }
        if (next == 0) {
            put(LAST, previous);
        } else {
            SortedLeaf.previous(next, previous);
        }
        if (get(REST) == dropped) {
            put(REST, next);
        }
        int bytes = SortedLeaf.bytes(dropped);
        grewBy(-Heap.taken(bytes));
        heap.free(dropped, bytes);
    }

    /** Moves the leaf's entries to where there are so many bytes, which then is the leaf. */
    private void rehouse(long fresh, int bytes) {
        long old = leaf;
        leaf = newLeaf(fresh, bytes, SortedLeaf.epoch(old));
        moveEntries(old, SortedLeaf.start(old), SortedLeaf.end(old), leaf, SortedLeaf.start(leaf));
        linkAfter(old, leaf);
        if (get(REST) == old) {
            put(REST, leaf);
        }
        path.replaceLeaf(leaf);
        drop(old);
    }

    /** Evens out the leaf and a neighbour below the same branch; false if that is not worth the trouble. */
    private boolean share() {
        if (height() == 0) {
            return false;
        }
        long node = path.branch();
        int i = path.child();
        return i + 1 < SortedBranch.count(node) && share(node, i, i + 1) || i > 0 && share(node, i, i - 1);
    }

    private boolean share(long node, int i, int other) {
        boolean toNext = other > i;
        long neighbour = SortedBranch.child(node, other);
        int surplus = SortedLeaf.surplus(leaf, neighbour);
        long at = SortedLeaf.entryNear(leaf, toNext ? SortedLeaf.used(leaf) - surplus : surplus);
        long from = toNext ? at : SortedLeaf.start(leaf);
        long end = toNext ? SortedLeaf.end(leaf) : at;
        if (!takes(neighbour, end - from)) {
            return false;
        }
        SortedBranch.score(node, Math.max(i, other), SortedRun.score(at));
        long to = toNext ? SortedLeaf.start(neighbour) : SortedLeaf.end(neighbour);
        int moved = moveEntries(leaf, from, end, neighbour, to);
        SortedBranch.grow(node, i, -moved);
        SortedBranch.grow(node, other, moved);
        return true;
    }

    private boolean takes(long neighbour, long bytes) {
        return bytes >= MIN_SHARED
                && bytes <= SortedLeaf.room(neighbour)
                && SortedLeaf.count(neighbour) < MOST_ENTRIES
                && SortedLeaf.epoch(leaf) == SortedLeaf.epoch(neighbour);
    }

    private void split() {
        long at = SortedLeaf.entryNear(leaf, SortedLeaf.used(leaf) / 2);
        double score = SortedRun.score(at);
        int bytes = SortedLeaf.bytesFor((int) (SortedLeaf.end(leaf) - at));
        long right = newLeaf(heap.allocate(bytes), bytes, SortedLeaf.epoch(leaf));
        linkAfter(leaf, right);
        int moved = moveEntries(leaf, at, SortedLeaf.end(leaf), right, SortedLeaf.start(right));
        path.addLeaf(right, score, moved);
    }

    /** Moves a stretch of a leaf to a place in another; returns how many entries that are. */
    private int moveEntries(long from, long first, long end, long to, long at) {
        long table = table(from);
        int count = 0;
        for (long each = first; each != end; each = SortedRun.next(each)) {
            long hash = index.hash(SortedRun.member(each), SortedRun.length(each));
            MemberIndex.move(table, hash, from, to);
            count++;
        }
        SortedLeaf.move(from, first, end, count, to, at);
        return count;
    }

    /** Gives back the room of a leaf that three quarters of are empty, as after a long member; merges one that half of is with a neighbour. */
    private void shrink() {
        int fitting = SortedLeaf.bytesFor(SortedLeaf.used(leaf));
        if (SortedLeaf.used(leaf) <= SortedLeaf.bytes(leaf) >> 2 && fitting < SortedLeaf.bytes(leaf)) {
            rehouse(heap.allocate(fitting), fitting);
        }
        if (height() > 0 && SortedLeaf.used(leaf) <= SortedLeaf.bytes(leaf) >> 1) {
            mergeWithEither(path.branch(), path.child());
        }
    }

    private void mergeWithEither(long node, int i) {
        boolean isMerged = i + 1 < SortedBranch.count(node) && merge(node, i);
        if (!isMerged && i > 0) {
            merge(node, i - 1);
        }
    }

    /** Makes one leaf, the left one, of two neighbours if it has room to spare then; returns whether it did. */
    private boolean merge(long node, int i) {
        long left = SortedBranch.child(node, i);
        long right = SortedBranch.child(node, i + 1);
        int room = SortedLeaf.bytes(left) - SortedLeaf.HEADER;
        if ((long) SortedLeaf.used(left) + SortedLeaf.used(right) > room - (room >> 2)
                || SortedLeaf.count(left) + SortedLeaf.count(right) > MOST_ENTRIES) {
            return false;
        }
        if (SortedLeaf.epoch(left) != SortedLeaf.epoch(right)) {
            rehash(left);
            rehash(right);
        }
        int moved = moveEntries(right, SortedLeaf.start(right), SortedLeaf.end(right), left, SortedLeaf.end(left));
        SortedBranch.grow(node, i, moved);
        drop(right);
        path.removeLeaf(i + 1);
        return true;
    }

    // --- The index of members ---

    private long table(long of) {
        return SortedLeaf.epoch(of) == epoch() ? get(TABLE) : get(OLD_TABLE);
    }

    /** Begins to build the index anew where it has the wrong size, or goes on with it. */
    private void rehashStep() {
        long old = get(OLD_TABLE);
        if (old == 0) {
            long table = get(TABLE);
            if (MemberIndex.tooSmall(table, size()) || MemberIndex.tooLarge(table, size())) {
                put(OLD_TABLE, table);
                put(TABLE, index.create(MemberIndex.bucketsFor(size())));
                put(REST, get(FIRST));
                Raw.putInt(root + EPOCH, epoch() ^ 1);
            }
            return;
        }
        long at = get(REST);
        for (int moved = 0; at != 0 && moved < MIN_REHASHED; at = SortedLeaf.next(at)) {
            rehash(at);
            moved += SortedLeaf.count(at);
        }
        put(REST, at);
        if (at == 0) {
            MemberIndex.freeStep(heap, root + OLD_TABLE, FREED_SEGMENTS);
        }
    }

    private void rehash(long moved) {
        if (SortedLeaf.epoch(moved) == epoch()) {
            return;
        }
        long end = SortedLeaf.end(moved);
        for (long at = SortedLeaf.start(moved); at != end; at = SortedRun.next(at)) {
            long hash = index.hash(SortedRun.member(at), SortedRun.length(at));
            MemberIndex.remove(get(OLD_TABLE), hash, moved);
            index.add(get(TABLE), hash, moved);
        }
        SortedLeaf.epoch(moved, epoch());
    }

    // --- The root ---

    private int height() {
        return path.height();
    }

    private int epoch() {
        return Raw.getInt(root + EPOCH);
    }

    private void grewBy(long bytes) {
        put(BYTES, get(BYTES) + bytes);
    }

    private long get(int field) {
        return Raw.getLong(root + field);
    }

    private void put(int field, long value) {
        Raw.putLong(root + field, value);
    }
}
