package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by one event loop: the branches of a {@link SortedTree} and the way through them to one leaf. What is done to
 * that leaf is told here and carried up to the root. After branches were added or removed there is no way any more.
 */
final class SortedPath {
    /** The part of the tree's root that is kept here. */
    static final int NODE = 0;

    static final int HEIGHT = 8;
    static final int SIZE = 16;
    static final int BYTES = 24;

    /** More than any number of entries can need. */
    private static final int MAX_HEIGHT = 16;

    private final Heap heap;
    private final long[] path = new long[MAX_HEIGHT];
    private final int[] pathChild = new int[MAX_HEIGHT];
    private long root;

    SortedPath(Heap heap) {
        this.heap = heap;
    }

    void at(long newRoot) {
        root = newRoot;
    }

    int height() {
        return Raw.getInt(root + HEIGHT);
    }

    /** Finds the leaf that has the place of an entry. */
    long descend(double score, long member, int length) {
        long node = Raw.getLong(root + NODE);
        for (int level = height(); level > 0; level--) {
            int i = SortedBranch.childFor(node, level, score, member, length);
            path[level] = node;
            pathChild[level] = i;
            node = SortedBranch.child(node, i);
        }
        return node;
    }

    /** Finds the leaf of the entry that has a rank, and moves the branches on the way. */
    long settle(long rank, BlockWalk walk) {
        long left = rank;
        long word = root + NODE;
        for (int level = height(); level > 0; level--) {
            long node = walk.settle(word, SortedBranch.BYTES);
            int i = 0;
            for (long size = SortedBranch.size(node, 0); size <= left; size = SortedBranch.size(node, i)) {
                left -= size;
                i++;
            }
            path[level] = node;
            pathChild[level] = i;
            word = SortedBranch.childWord(node, i);
        }
        return Raw.getLong(word);
    }

    /** The branch that names the leaf. */
    long branch() {
        return path[1];
    }

    /** The leaf's place in it. */
    int child() {
        return pathChild[1];
    }

    /** How many entries lie before the leaf to which the way leads. */
    long before() {
        long count = 0;
        for (int level = height(); level > 0; level--) {
            count += SortedBranch.sizes(path[level], pathChild[level]);
        }
        return count;
    }

    /** Notes that the leaf has more or fewer entries. */
    void count(int change) {
        Raw.putLong(root + SIZE, Raw.getLong(root + SIZE) + change);
        for (int level = height(); level > 0; level--) {
            SortedBranch.grow(path[level], pathChild[level], change);
        }
    }

    /** Notes that the leaf begins with another entry. */
    void firstChanged(double score) {
        firstChanged(1, score);
    }

    /** Writes the first score of the node below a level into the branches that name it. */
    private void firstChanged(int level, double score) {
        for (int at = level; at <= height(); at++) {
            SortedBranch.score(path[at], pathChild[at], score);
            if (pathChild[at] != 0) {
                break;
            }
        }
    }

    /** Puts another leaf in the place of the leaf. */
    void replaceLeaf(long other) {
        if (height() == 0) {
            Raw.putLong(root + NODE, other);
        } else {
            SortedBranch.child(path[1], pathChild[1], other);
        }
    }

    /** Adds a leaf behind the leaf, from which its {@code size} entries have come. */
    void addLeaf(long leaf, double score, long size) {
        addChild(1, leaf, score, size);
    }

    /** Removes a leaf, by now without entries, from the branch that names the leaf. */
    void removeLeaf(int i) {
        removeChild(1, i);
    }

    private long newBranch(int level) {
        long node = heap.allocate(SortedBranch.BYTES);
        grewBy(SortedBranch.BYTES);
        SortedBranch.init(node, level);
        return node;
    }

    private void freeBranch(long node) {
        grewBy(-SortedBranch.BYTES);
        heap.free(node, SortedBranch.BYTES);
    }

    /** Adds a node behind the one on the way, from which its {@code size} entries have come. */
    private void addChild(int level, long child, double score, long size) {
        if (level > height()) {
            long left = Raw.getLong(root + NODE);
            long top = newBranch(level);
            double leftScore = SortedRun.score(SortedBranch.firstEntry(left, level - 1));
            SortedBranch.insert(top, 0, left, leftScore, Raw.getLong(root + SIZE) - size);
            SortedBranch.insert(top, 1, child, score, size);
            Raw.putLong(root + NODE, top);
            Raw.putInt(root + HEIGHT, level);
            return;
        }
        long node = path[level];
        int i = pathChild[level] + 1;
        SortedBranch.grow(node, i - 1, -size);
        if (SortedBranch.count(node) < SortedBranch.MAX) {
            SortedBranch.insert(node, i, child, score, size);
            return;
        }
        int kept = i == SortedBranch.MAX ? i : SortedBranch.MAX >> 1;
        long right = newBranch(level);
        SortedBranch.moveTail(node, kept, right);
        if (i < kept) {
            SortedBranch.insert(node, i, child, score, size);
        } else {
            SortedBranch.insert(right, i - kept, child, score, size);
        }
        addChild(level + 1, right, SortedBranch.score(right, 0), SortedBranch.sizes(right, SortedBranch.count(right)));
    }

    /** Removes a child, by now without entries, of the branch on the way. */
    private void removeChild(int level, int i) {
        long node = path[level];
        SortedBranch.remove(node, i);
        if (level == height()) {
            lowerRoot();
        } else if (SortedBranch.count(node) == 0) {
            freeBranch(node);
            removeChild(level + 1, pathChild[level + 1]);
        } else {
            if (i == 0) {
                firstChanged(level + 1, SortedBranch.score(node, 0));
            }
            mergeBranchIfSmall(level);
        }
    }

    private void lowerRoot() {
        int height = height();
        long top = Raw.getLong(root + NODE);
        while (height > 0 && SortedBranch.count(top) == 1) {
            long only = SortedBranch.child(top, 0);
            freeBranch(top);
            top = only;
            height--;
        }
        Raw.putLong(root + NODE, top);
        Raw.putInt(root + HEIGHT, height);
    }

    private void mergeBranchIfSmall(int level) {
        long parent = path[level + 1];
        int i = pathChild[level + 1];
        if (SortedBranch.count(path[level]) > SortedBranch.MAX >> 2) {
            return;
        }
        int left = i + 1 < SortedBranch.count(parent) ? i : i - 1;
        if (left < 0) {
            return;
        }
        long to = SortedBranch.child(parent, left);
        long from = SortedBranch.child(parent, left + 1);
        if (SortedBranch.count(to) + SortedBranch.count(from) <= SortedBranch.MAX * 3 / 4) {
            SortedBranch.moveTail(from, 0, to);
            SortedBranch.grow(parent, left, SortedBranch.size(parent, left + 1));
            freeBranch(from);
            removeChild(level + 1, left + 1);
        }
    }

    private void grewBy(long bytes) {
        Raw.putLong(root + BYTES, Raw.getLong(root + BYTES) + bytes);
    }

    /** Frees the last branch without branches below it; returns the height that is left. */
    static int freeLast(Heap heap, long root, int height) {
        long parent = 0;
        long node = Raw.getLong(root + NODE);
        for (int level = height; level > 1 && SortedBranch.count(node) > 0; level--) {
            parent = node;
            node = SortedBranch.child(node, SortedBranch.count(node) - 1);
        }
        heap.free(node, SortedBranch.BYTES);
        if (parent == 0) {
            return 0;
        }
        SortedBranch.count(parent, SortedBranch.count(parent) - 1);
        return height;
    }
}
