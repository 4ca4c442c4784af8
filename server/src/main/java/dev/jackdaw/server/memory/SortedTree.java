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
 *          {@link MemberTables}                      from a member's hash to its leaf
 *
 *   root  | node 8 | height 4 | epoch 4 | size 8 | bytes 8 | first 8 | last 8 | table 8 | old table 8 | rest 8 |
 * </pre>
 */
public final class SortedTree {
    static final int NODE = SortedPath.NODE;
    static final int HEIGHT = SortedPath.HEIGHT;
    private static final int SIZE = SortedPath.SIZE;
    static final int BYTES = SortedPath.BYTES;
    static final int FIRST = 32;
    static final int LAST = 40;
    static final int ROOT_BYTES = 72;

    /** A leaf with so many is full, whatever its room, which may be that of a few long members: a look through it takes long. */
    private static final int MOST_ENTRIES = 256;
    /** A full leaf is not split if it can pass at least this many bytes on to a neighbour. */
    private static final int MIN_SHARED = 36;

    /** Who takes the first entry often takes the next ones soon: the places of so many members are loaded at a time. */
    private static final int FETCHED_AHEAD = 8;

    private final Heap heap;
    private final MemberTables tables;
    private final SortedPath path;
    private final Prefetch prefetch = new Prefetch();
    private long root;
    long leaf;
    long entry;

    /** @param seed makes the places of members in the index unpredictable for those who choose members */
    public SortedTree(Heap heap, long seed) {
        this.heap = heap;
        this.tables = new MemberTables(heap, seed);
        this.path = new SortedPath(heap);
    }

    // --- Whole sets ---

    /** Makes an empty set and turns to it. Returns its root. */
    public long create() {
        root = heap.allocate(ROOT_BYTES);
        Raw.fill(root, ROOT_BYTES, 0);
        path.at(root);
        tables.at(root);
        grewBy(Heap.taken(ROOT_BYTES));
        long only = newLeaf(heap.allocate(SortedLeaf.GRANULE), SortedLeaf.GRANULE, 0);
        put(NODE, only);
        put(FIRST, only);
        put(LAST, only);
        tables.create();
        return root;
    }

    /** Turns to the set with this root. */
    public void at(long newRoot) {
        root = newRoot;
        path.at(root);
        tables.at(root);
        leaf = 0;
        entry = 0;
    }

    public long size() {
        return get(SIZE);
    }

    /** All bytes of the set. */
    public static long bytes(long root) {
        return Raw.getLong(root + BYTES) + MemberTables.bytes(root);
    }

    /** Frees the set. */
    public static void free(Heap heap, long root) {
        int left = freeStep(heap, root, Integer.MAX_VALUE);
        assert left > 0;
    }

    /** For sets that nobody uses any more. */
    public static Graveyard graveyard(Heap heap) {
        return new Graveyard((root, budget) -> freeStep(heap, root, budget), SIZE);
    }

    /** See {@link Graveyard.Digger}: frees blocks of a set that nobody uses any more. */
    public static int freeStep(Heap heap, long root, int budget) {
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
        if (left == 0 || !MemberTables.freeStep(heap, root, left)) {
            return 0;
        }
        heap.free(root, ROOT_BYTES);
        return left;
    }

    /** Moves blocks of the set to which a word refers, from where the walk is; returns whether it is at the end. */
    public boolean compact(long rootWord, BlockWalk walk) {
        at(walk.settle(rootWord, ROOT_BYTES));
        return tables.compact(walk) && compactLeaves(walk, tables.places());
    }

    /** A leaf's place in the walk is the rank of its first entry, behind the places of the tables. */
    private boolean compactLeaves(BlockWalk walk, int before) {
        while (walk.place - before < size()) {
            if (walk.isOver()) {
                return false;
            }
            leaf = path.settle(walk.place - before, walk);
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
                walk.place = before + first + SortedLeaf.count(leaf);
            }
        }
        return true;
    }

    // --- The cursor ---

    /** Puts the cursor on the entry of the member; false if there is none. */
    public boolean find(long member, int length) {
        entry = tables.find(member, length);
        leaf = tables.leaf();
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
        return tables.scan(cursor, visitor);
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
        tables.add(leaf, member, length);
        path.count(1);
        if (at == SortedLeaf.start(leaf)) {
            path.firstChanged(score);
        }
        entry = 0;
        tables.step(size(), get(FIRST));
    }

    private void append(double score, long member, int length) {
        int bytes = SortedLeaf.bytesFor(SortedRun.entryBytes(score, length));
        long fresh = newLeaf(heap.allocate(bytes), bytes, tables.epoch());
        linkAfter(leaf, fresh);
        SortedLeaf.insert(fresh, SortedLeaf.start(fresh), score, member, length);
        tables.add(fresh, member, length);
        path.count(1);
        path.addLeaf(fresh, score, 1);
        entry = 0;
        tables.step(size(), get(FIRST));
    }

    /** Removes the entry at the cursor. The cursor is nowhere afterwards. */
    public void remove() {
        long removed = entry;
        tables.remove(leaf, address(), length());
        descend(score(), address(), length());
        SortedLeaf.remove(leaf, removed);
        path.count(-1);
        long start = SortedLeaf.start(leaf);
        if (SortedLeaf.count(leaf) > 0) {
            if (removed == start) {
                path.firstChanged(SortedRun.score(start));
                fetchAhead();
            }
            shrink();
        } else if (height() > 0) {
            drop(leaf);
            path.removeLeaf(path.child());
        }
        entry = 0;
        tables.step(size(), get(FIRST));
    }

    /** Loads the places of the leaf's first members at each so many; members that are long are not worth being hashed for it. */
    private void fetchAhead() {
        long start = SortedLeaf.start(leaf);
        if (SortedLeaf.count(leaf) % FETCHED_AHEAD == 0 && SortedLeaf.bytes(leaf) == SortedLeaf.GRANULE) {
            tables.fetch(leaf, start, SortedRun.skip(start, FETCHED_AHEAD));
        }
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
        prefetch.lines(leaf, SortedLeaf.GRANULE);
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
        tables.replaced(dropped, next);
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
        tables.replaced(old, leaf);
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
        int count = tables.move(from, first, end, to);
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

    /**
     * Makes one leaf of two neighbours, the one that has more, if it has room to spare then; returns whether it did. The one
     * that stays is {@code leaf} then.
     */
    private boolean merge(long node, int i) {
        long left = SortedBranch.child(node, i);
        long right = SortedBranch.child(node, i + 1);
        boolean toLeft = SortedLeaf.used(left) >= SortedLeaf.used(right);
        long kept = toLeft ? left : right;
        long dropped = toLeft ? right : left;
        int room = SortedLeaf.bytes(kept) - SortedLeaf.HEADER;
        if ((long) SortedLeaf.used(left) + SortedLeaf.used(right) > room - (room >> 2)
                || SortedLeaf.count(left) + SortedLeaf.count(right) > MOST_ENTRIES) {
            return false;
        }
        if (SortedLeaf.epoch(left) != SortedLeaf.epoch(right)) {
            tables.carry(left);
            tables.carry(right);
        }
        long to = toLeft ? SortedLeaf.end(kept) : SortedLeaf.start(kept);
        int moved = moveEntries(dropped, SortedLeaf.start(dropped), SortedLeaf.end(dropped), kept, to);
        SortedBranch.child(node, i, kept);
        SortedBranch.grow(node, i, toLeft ? moved : SortedLeaf.count(kept) - moved);
        drop(dropped);
        path.removeLeaf(i + 1);
        leaf = kept;
        return true;
    }

    // --- The root ---

    private int height() {
        return path.height();
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
