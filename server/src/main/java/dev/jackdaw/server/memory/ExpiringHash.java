package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by one event loop: hashes of which some fields expire, named by their root: a table as every large hash has, and
 * beside it the fields that expire, in the order in which they do. Only those fields pay for it.
 *
 * <pre>
 *   root  | table 8: of {@link LargeHash} | times 8: of {@link SortedTree}, scores in milliseconds |
 * </pre>
 */
public final class ExpiringHash {
    private static final int ROOT_BYTES = 2 * Long.BYTES;

    private final Heap heap;
    private final LargeHash tables;
    private final SortedTree times;

    public ExpiringHash(Heap heap, LargeHash tables, long seed) {
        this.heap = heap;
        this.tables = tables;
        this.times = new SortedTree(heap, seed);
    }

    /** Joins a table and times, which belong to it from now on. */
    public long create(long table, long ofTimes) {
        long root = heap.allocate(ROOT_BYTES);
        Raw.putLong(root, table);
        Raw.putLong(root + Long.BYTES, ofTimes);
        return root;
    }

    public static long table(long root) {
        return Raw.getLong(root);
    }

    public static long times(long root) {
        return Raw.getLong(root + Long.BYTES);
    }

    /** Frees the root; table and times belong to the caller again. */
    public void free(long root) {
        heap.free(root, ROOT_BYTES);
    }

    /** Moves blocks of the hash to which a word refers, from where the walk is; returns whether it is at the end. */
    public boolean compact(long rootWord, BlockWalk walk) {
        long root = walk.settle(rootWord, ROOT_BYTES);
        if (walk.tree == 0) {
            if (!tables.compact(root, walk)) {
                return false;
            }
            walk.nextTree();
        }
        return times.compact(root + Long.BYTES, walk);
    }

    /** The bytes of the whole hash. */
    public long bytes(long root) {
        return Heap.taken(ROOT_BYTES) + tables.bytes(table(root)) + SortedTree.bytes(times(root));
    }

    /** When the next field expires, {@link Entry#NEVER} if none does. */
    public long nextMillis(long root) {
        times.at(times(root));
        return times.seek(0) ? (long) times.score() : Entry.NEVER;
    }

    /** Whether the time of every field has come. */
    public boolean isOver(long root, long nowMillis) {
        times.at(times(root));
        return times.below(nowMillis, true) == tables.size(table(root));
    }

    /** Is told of fields one by one. */
    public interface FieldVisitor {
        void visit(long field, int length);
    }

    /** Removes fields whose time has come, at most {@code limit}, each after the visitor has been told. */
    public void expire(long root, long nowMillis, int limit, FieldVisitor leaving) {
        times.at(times(root));
        for (int i = 0; i < limit && times.seek(0) && times.score() <= nowMillis; i++) {
            leaving.visit(times.address(), times.length());
            boolean removed = tables.remove(table(root), times.address(), times.length());
            assert removed : "a time without a field";
            times.remove();
        }
    }
}
