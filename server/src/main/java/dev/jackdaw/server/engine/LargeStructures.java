package dev.jackdaw.server.engine;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.ExpiringHash;
import dev.jackdaw.server.memory.Heap;
import dev.jackdaw.server.memory.LargeHash;
import dev.jackdaw.server.memory.LargeList;
import dev.jackdaw.server.memory.SortedTree;
import dev.jackdaw.server.memory.StreamLog;

/** Owned by its engine's event loop: the structures of values that lie outside their entry, which holds the root alone. */
public final class LargeStructures {
    private final Heap heap;
    private final long seed;
    private final LargeHash hashes;
    private final LargeHash sets;
    private final ExpiringHash expiringHashes;

    LargeStructures(Heap heap, long seed) {
        this.heap = heap;
        this.seed = seed;
        this.hashes = new LargeHash(heap, seed, true);
        this.sets = new LargeHash(heap, seed, false);
        this.expiringHashes = new ExpiringHash(heap, hashes, seed);
    }

    /** The tables of large hashes. */
    public LargeHash hashes() {
        return hashes;
    }

    /** The tables of large sets: their keys are the members, and there are no values. */
    public LargeHash sets() {
        return sets;
    }

    /** Large hashes of which some fields expire. */
    public ExpiringHash expiringHashes() {
        return expiringHashes;
    }

    /** A view on large sorted sets, one at a time; whichever view made a set, all can read it. */
    public SortedTree newSortedTree() {
        return new SortedTree(heap, seed);
    }

    /** Copies the blocks that the entry's value has outside the entry; returns where the copy begins, 0 if it has none. */
    long copy(long entry) {
        return switch (Kind.of(Entry.kind(entry))) {
            case STRING,
                    INTEGER,
                    LIST_PACKED,
                    SET_INTEGERS,
                    SET_PACKED,
                    HASH_PACKED,
                    HASH_PACKED_EXPIRING,
                    SORTED_SET_PACKED -> 0;
            case LIST_LARGE -> new LargeList(heap).copy(root(entry));
            case SET_LARGE -> sets.copy(root(entry));
            case HASH_LARGE -> hashes.copy(root(entry));
            case HASH_LARGE_EXPIRING -> copyOfExpiringHash(root(entry));
            case SORTED_SET_LARGE -> copyOfSortedSet(root(entry));
            case STREAM -> new StreamLog(heap).copy(root(entry));
        };
    }

    private long copyOfExpiringHash(long root) {
        long table = hashes.copy(ExpiringHash.table(root));
        return expiringHashes.create(table, copyOfSortedSet(ExpiringHash.times(root)));
    }

    private long copyOfSortedSet(long root) {
        SortedTree from = newSortedTree();
        SortedTree copy = newSortedTree();
        long copyRoot = copy.create();
        from.at(root);
        for (boolean more = from.seek(0); more; more = from.next()) {
            copy.insert(from.score(), from.address(), from.length());
        }
        return copyRoot;
    }

    /** The bytes that the entry's value has outside the entry. */
    public long bytes(long entry) {
        return switch (Kind.of(Entry.kind(entry))) {
            case STRING,
                    INTEGER,
                    LIST_PACKED,
                    SET_INTEGERS,
                    SET_PACKED,
                    HASH_PACKED,
                    HASH_PACKED_EXPIRING,
                    SORTED_SET_PACKED -> 0;
            case LIST_LARGE -> LargeList.bytes(root(entry));
            case SET_LARGE -> sets.bytes(root(entry));
            case HASH_LARGE -> hashes.bytes(root(entry));
            case HASH_LARGE_EXPIRING -> expiringHashes.bytes(root(entry));
            case SORTED_SET_LARGE -> SortedTree.bytes(root(entry));
            case STREAM -> StreamLog.bytes(heap, root(entry));
        };
    }

    /** Where the blocks of a large value begin. */
    public static long root(long entry) {
        return Raw.getLong(Entry.valueAddress(entry));
    }
}
