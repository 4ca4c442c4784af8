package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by one event loop: a map from ids of 128 bits, in their order, to payloads of one size; seen through a cursor. One
 * object serves any number of trees, one after the other ({@link #at}). It is a B+ tree of {@link IdNode}s.
 *
 * <pre>
 *   root, a part of its owner's block   | node 8 | size 8 | bytes 8 | height 4 |       without a node while it is empty
 * </pre>
 *
 * In a branch an id is a bound: the ids below the child are not less, and those below the child before are. The first
 * child has no lower bound. Nodes begin small; ascending ids fill them.
 */
public final class IdTree {
    static final int ROOT_BYTES = 28;
    static final int BRANCH_RECORD = IdNode.ID_BYTES + Long.BYTES;

    private static final int SIZE = 8;
    private static final int BYTES = 16;
    static final int HEIGHT = 24;
    /** More than any number of records can need. */
    private static final int MAX_HEIGHT = 16;

    private final Heap heap;
    private final int leafRecord;
    private final long[] path = new long[MAX_HEIGHT];
    private final int[] place = new int[MAX_HEIGHT];
    private long root;

    IdTree(Heap heap, int payloadBytes) {
        this.heap = heap;
        this.leafRecord = IdNode.ID_BYTES + payloadBytes;
    }

    /** Turns to the tree with this root. */
    void at(long newRoot) {
        root = newRoot;
    }

    static long size(long root) {
        return Raw.getLong(root + SIZE);
    }

    /** All bytes of the nodes. */
    static long bytes(long root) {
        return Raw.getLong(root + BYTES);
    }

    public long size() {
        return size(root);
    }

    // --- The cursor ---

    /** Puts the cursor on the record of an id; false if there is none. */
    public boolean find(long upper, long lower) {
        return ceiling(upper, lower) && upper() == upper && lower() == lower;
    }

    /** Puts the cursor on the first record whose id is not below this one; false if there is none. */
    public boolean ceiling(long upper, long lower) {
        if (size() == 0) {
            return false;
        }
        descend(upper, lower, false);
        place[0]--;
        return next();
    }

    /** Puts the cursor on the last record whose id is not above this one; false if there is none. */
    public boolean floor(long upper, long lower) {
        if (size() == 0) {
            return false;
        }
        descend(upper, lower, true);
        return previous();
    }

    public boolean first() {
        return ceiling(0, 0);
    }

    public boolean last() {
        return floor(-1, -1);
    }

    /** Moves the cursor to the next record; false, and the cursor is nowhere, if there is none. */
    public boolean next() {
        int height = height();
        int level = 0;
        while (++place[level] >= IdNode.count(path[level])) {
            if (++level > height) {
                return false;
            }
        }
        for (; level > 0; level--) {
            path[level - 1] = IdNode.child(path[level], place[level]);
            place[level - 1] = 0;
        }
        return true;
    }

    /** Moves the cursor to the record before; false, and the cursor is nowhere, if there is none. */
    public boolean previous() {
        int height = height();
        int level = 0;
        while (--place[level] < 0) {
            if (++level > height) {
                return false;
            }
        }
        for (; level > 0; level--) {
            path[level - 1] = IdNode.child(path[level], place[level]);
            place[level - 1] = IdNode.count(path[level - 1]) - 1;
        }
        return true;
    }

    public long upper() {
        return IdNode.upper(record());
    }

    public long lower() {
        return IdNode.lower(record());
    }

    /** Where the payload of the record at the cursor is. */
    long payload() {
        return record() + IdNode.ID_BYTES;
    }

    private long record() {
        return IdNode.record(path[0], place[0], leafRecord);
    }

    /** Finds the leaf of an id, and in it the place behind all that is below the id, or equal to it if {@code orEqual}. */
    private void descend(long upper, long lower, boolean orEqual) {
        long node = Raw.getLong(root);
        for (int level = height(); level > 0; level--) {
            path[level] = node;
            place[level] = Math.max(0, IdNode.below(node, upper, lower, true, BRANCH_RECORD) - 1);
            node = IdNode.child(node, place[level]);
        }
        path[0] = node;
        place[0] = IdNode.below(node, upper, lower, orEqual, leafRecord);
    }

    // --- Changes ---

    /** Adds a record for an id that has none; returns where its payload is to be written. The cursor is nowhere then. */
    long add(long upper, long lower) {
        if (size() == 0) {
            path[0] = newNode(1, leafRecord);
            place[0] = 0;
            Raw.putLong(root, path[0]);
        } else {
            descend(upper, lower, false);
        }
        Raw.putLong(root + SIZE, size() + 1);
        return open(0, upper, lower) + IdNode.ID_BYTES;
    }

    /** Opens a gap for a record at the place on the way, splitting what is full. Returns its address. */
    private long open(int level, long upper, long lower) {
        int bytes = recordBytes(level);
        int most = IdNode.most(bytes);
        if (IdNode.count(path[level]) == IdNode.capacity(path[level])) {
            if (IdNode.capacity(path[level]) == most) {
                return split(level, upper, lower);
            }
            resize(level, Math.min(most, 2 * IdNode.capacity(path[level])));
        }
        long at = IdNode.open(path[level], place[level], bytes);
        IdNode.id(at, upper, lower);
        return at;
    }

    private long split(int level, long upper, long lower) {
        int bytes = recordBytes(level);
        int most = IdNode.most(bytes);
        long left = path[level];
        int at = place[level];
        // Ascending ids fill their nodes.
        int kept = at == most ? most : most / 2;
        long right = newNode(at == most && level == 0 ? 1 : most, bytes);
        IdNode.moveTail(left, kept, right, bytes);
        boolean goesLeft = at < kept || at == kept && kept < most;
        long record = goesLeft ? IdNode.open(left, at, bytes) : IdNode.open(right, at - kept, bytes);
        IdNode.id(record, upper, lower);

        if (level == height()) {
            long top = newNode(2, BRANCH_RECORD);
            IdNode.open(top, 0, BRANCH_RECORD);
            IdNode.id(IdNode.record(top, 0, BRANCH_RECORD), 0, 0);
            IdNode.child(top, 0, left);
            Raw.putLong(root, top);
            Raw.putInt(root + HEIGHT, level + 1);
            path[level + 1] = top;
            place[level + 1] = 0;
        }
        place[level + 1]++;
        long first = IdNode.record(right, 0, bytes);
        long bound = open(level + 1, IdNode.upper(first), IdNode.lower(first));
        Raw.putLong(bound + IdNode.ID_BYTES, right);
        return record;
    }

    /** Removes the record at the cursor, which is nowhere then. */
    public void remove() {
        Raw.putLong(root + SIZE, size() - 1);
        remove(0);
    }

    private void remove(int level) {
        long node = path[level];
        int bytes = recordBytes(level);
        IdNode.remove(node, place[level], bytes);
        int count = IdNode.count(node);
        if (level == height()) {
            lowerRoot();
        } else if (count == 0) {
            freeNode(node, bytes);
            remove(level + 1);
        } else if (count <= IdNode.most(bytes) / 4) {
            merge(level);
        }
    }

    private void lowerRoot() {
        long node = Raw.getLong(root);
        int height = height();
        while (height > 0 && IdNode.count(node) == 1) {
            long only = IdNode.child(node, 0);
            freeNode(node, BRANCH_RECORD);
            node = only;
            height--;
        }
        if (IdNode.count(node) == 0) {
            freeNode(node, recordBytes(height));
            node = 0;
        }
        Raw.putLong(root, node);
        Raw.putInt(root + HEIGHT, height);
    }

    /** Makes one node of that on the way and a neighbour if it has room to spare then. */
    private void merge(int level) {
        int bytes = recordBytes(level);
        long parent = path[level + 1];
        if (place[level + 1] + 1 == IdNode.count(parent)) {
            place[level + 1]--;
        }
        int i = place[level + 1];
        if (i < 0) {
            return;
        }
        long left = IdNode.child(parent, i);
        long right = IdNode.child(parent, i + 1);
        int sum = IdNode.count(left) + IdNode.count(right);
        int most = IdNode.most(bytes);
        if (sum > most - most / 4) {
            return;
        }
        if (level > 0) {
            // The first child of the right one gets the bound that it had no need of.
            long bound = IdNode.record(parent, i + 1, BRANCH_RECORD);
            IdNode.id(IdNode.record(right, 0, bytes), IdNode.upper(bound), IdNode.lower(bound));
        }
        path[level] = left;
        if (IdNode.capacity(left) < sum) {
            resize(level, most);
        }
        IdNode.moveTail(right, 0, path[level], bytes);
        freeNode(right, bytes);
        place[level + 1] = i + 1;
        remove(level + 1);
    }

    // --- Nodes ---

    private int height() {
        return Raw.getInt(root + HEIGHT);
    }

    private int recordBytes(int level) {
        return level == 0 ? leafRecord : BRANCH_RECORD;
    }

    /** Gives the node on the way another capacity, and its parent the address that it then has. */
    private void resize(int level, int capacity) {
        int bytes = recordBytes(level);
        long old = path[level];
        long larger = newNode(capacity, bytes);
        IdNode.moveTail(old, 0, larger, bytes);
        path[level] = larger;
        if (level == height()) {
            Raw.putLong(root, larger);
        } else {
            IdNode.child(path[level + 1], place[level + 1], larger);
        }
        freeNode(old, bytes);
    }

    private long newNode(int capacity, int recordBytes) {
        int bytes = IdNode.bytes(capacity, recordBytes);
        long node = heap.allocate(bytes);
        grewBy(Heap.taken(bytes));
        IdNode.init(node, capacity);
        return node;
    }

    private void freeNode(long node, int recordBytes) {
        int bytes = IdNode.bytes(IdNode.capacity(node), recordBytes);
        grewBy(-Heap.taken(bytes));
        heap.free(node, bytes);
    }

    private void grewBy(long bytes) {
        Raw.putLong(root + BYTES, Raw.getLong(root + BYTES) + bytes);
    }

    // --- Compaction ---

    /** Is shown payloads one after the other. */
    interface PayloadVisitor {
        void visit(long payload);
    }

    /** Shows all payloads. */
    void each(PayloadVisitor visitor) {
        for (boolean more = first(); more; more = next()) {
            visitor.visit(payload());
        }
    }

    /** Moves nodes and what their payloads refer to, from where the walk is; returns whether it is at the end. */
    boolean compact(BlockWalk walk, PayloadVisitor payloads) {
        boolean more = size() > 0;
        while (more) {
            if (walk.isOver()) {
                return false;
            }
            settleNodes(walk);
            for (int i = 0; i < IdNode.count(path[0]); i++) {
                place[0] = i;
                payloads.visit(payload());
            }
            more = next();
            if (more) {
                walk.upper = upper();
                walk.lower = lower();
            }
        }
        return true;
    }

    /** Moves the nodes on the way to the leaf that has the place of the walk's id. */
    private void settleNodes(BlockWalk walk) {
        long word = root;
        for (int level = height(); level >= 0; level--) {
            int bytes = IdNode.bytes(IdNode.capacity(Raw.getLong(word)), recordBytes(level));
            path[level] = walk.settle(word, bytes);
            if (level > 0) {
                int below = IdNode.below(path[level], walk.upper, walk.lower, true, BRANCH_RECORD);
                place[level] = Math.max(0, below - 1);
                word = IdNode.record(path[level], place[level], BRANCH_RECORD) + IdNode.ID_BYTES;
            }
        }
    }

    // --- Freeing ---

    /** Frees the nodes at the end, at most {@code budget} leaves; returns how much of the budget is left. */
    int freeStep(int budget) {
        int left = budget;
        while (left > 0 && size() > 0) {
            last();
            freeLeaf();
            left--;
        }
        return left;
    }

    /** Frees the leaf of the cursor, which must be the last one, with its records. */
    private void freeLeaf() {
        Raw.putLong(root + SIZE, size() - IdNode.count(path[0]));
        place[0] = 0;
        IdNode.count(path[0], 1);
        remove(0);
    }
}
