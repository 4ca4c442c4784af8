package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by one event loop: what leads from the members of a {@link SortedTree} to their leaves: a table of the
 * {@link MemberIndex}, and while a larger or smaller one is built, the old one beside it. With each change of the set some
 * leaves go from the old to the new: leaves of the current epoch are in {@code table}, the others, all from the leaf
 * {@code rest} on, in {@code old table}.
 */
final class MemberTables {
    // What is kept here of the tree's root.
    private static final int EPOCH = 12;
    static final int TABLE = 48;
    static final int OLD_TABLE = 56;
    private static final int REST = 64;

    private static final int FREED_SEGMENTS = 32;
    /** Members whose leaves each change brings into the new table, at least, so that all are there before it is full. */
    private static final int MIN_CARRIED = 4;

    private final Heap heap;
    private final MemberIndex index;
    private long root;

    MemberTables(Heap heap, long seed) {
        this.heap = heap;
        this.index = new MemberIndex(heap, seed);
    }

    void at(long newRoot) {
        root = newRoot;
    }

    /** Gives an empty set its table. */
    void create() {
        put(TABLE, index.create(1));
    }

    /** All bytes of the tables. */
    static long bytes(long root) {
        long old = Raw.getLong(root + OLD_TABLE);
        return MemberIndex.bytes(Raw.getLong(root + TABLE)) + (old == 0 ? 0 : MemberIndex.bytes(old));
    }

    /** Frees about {@code budget} blocks of the tables; returns whether nothing is left. */
    static boolean freeStep(Heap heap, long root, int budget) {
        return MemberIndex.freeStep(heap, root + OLD_TABLE, budget) && MemberIndex.freeStep(heap, root + TABLE, budget);
    }

    /** The places that the tables take in a walk. */
    int places() {
        return MemberIndex.segmentsOf(root + TABLE) + MemberIndex.segmentsOf(root + OLD_TABLE);
    }

    /** Moves blocks of the tables, from where the walk is; returns whether it is at their end. */
    boolean compact(BlockWalk walk) {
        return MemberIndex.compact(root + TABLE, 0, walk)
                && MemberIndex.compact(root + OLD_TABLE, MemberIndex.segmentsOf(root + TABLE), walk);
    }

    // --- Look-ups ---

    /** The entry of a member, or 0; {@link #leaf} is where it lies. */
    long find(long member, int length) {
        long hash = index.hash(member, length);
        long entry = index.find(get(TABLE), hash, member, length);
        if (entry == 0 && get(OLD_TABLE) != 0) {
            entry = index.find(get(OLD_TABLE), hash, member, length);
        }
        return entry;
    }

    /** The leaf of the entry that was found last. */
    long leaf() {
        return index.leaf();
    }

    /** Begins to load the places of the members of a stretch of a leaf. */
    void fetch(long leaf, long first, long end) {
        index.fetch(table(leaf), first, end);
    }

    /** See {@link SortedTree#scan}. */
    long scan(long cursor, EntryStore.Visitor visitor) {
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

    /** Notes that a leaf has one member more. */
    void add(long leaf, long member, int length) {
        index.add(table(leaf), index.hash(member, length), leaf);
    }

    /** Notes that a leaf has one member less. */
    void remove(long leaf, long member, int length) {
        MemberIndex.remove(table(leaf), index.hash(member, length), leaf);
    }

    /** Notes that the members of a stretch of a leaf go to another of the same epoch; returns how many they are. */
    int move(long leaf, long first, long end, long to) {
        return index.move(table(leaf), first, end, leaf, to);
    }

    /** Notes that a leaf is about to go, and which one stands, or is next, where it stood. */
    void replaced(long leaf, long instead) {
        if (get(REST) == leaf) {
            put(REST, instead);
        }
    }

    /** The epoch of leaves that are in the table which stays. */
    int epoch() {
        return Raw.getInt(root + EPOCH);
    }

    /** Brings the members of a leaf into the table which stays, if they are not there. */
    void carry(long leaf) {
        if (SortedLeaf.epoch(leaf) != epoch()) {
            index.carry(get(OLD_TABLE), get(TABLE), leaf);
            SortedLeaf.epoch(leaf, epoch());
        }
    }

    /** After a change of a set: begins to build the table anew where it has the wrong size, or goes on with it. */
    void step(long size, long firstLeaf) {
        if (get(OLD_TABLE) != 0) {
            carryOn();
        } else if (MemberIndex.tooSmall(get(TABLE), size) || MemberIndex.tooLarge(get(TABLE), size)) {
            put(OLD_TABLE, get(TABLE));
            put(TABLE, index.create(MemberIndex.bucketsFor(size)));
            put(REST, firstLeaf);
            Raw.putInt(root + EPOCH, epoch() ^ 1);
        }
    }

    private void carryOn() {
        long leaf = get(REST);
        for (int carried = 0; leaf != 0 && carried < MIN_CARRIED; leaf = SortedLeaf.next(leaf)) {
            carry(leaf);
            carried += SortedLeaf.count(leaf);
        }
        put(REST, leaf);
        if (leaf == 0) {
            MemberIndex.freeStep(heap, root + OLD_TABLE, FREED_SEGMENTS);
        }
    }

    private long table(long leaf) {
        return SortedLeaf.epoch(leaf) == epoch() ? get(TABLE) : get(OLD_TABLE);
    }

    private long get(int field) {
        return Raw.getLong(root + field);
    }

    private void put(int field, long value) {
        Raw.putLong(root + field, value);
    }
}
