package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;
import java.util.function.LongPredicate;

/**
 * Owned by one event loop: a walk, in short steps, through the blocks of one large value after the other, which moves
 * those that would lie better elsewhere. The value may change between two steps: where the walk is, is a place in the
 * value's own order, and what it passes by is met on the next round.
 */
public final class BlockWalk {
    /** A block that is moved counts as one more that is looked at for this many bytes, as a shift. */
    private static final int BYTES_SHIFT = 8;

    private final Heap heap;
    private final LongPredicate moves;
    private long left;

    /** Where the walk is: in which of the value's trees, where it has several; and by number or by id. */
    int tree;

    long place;
    long upper;
    long lower;

    /** @param moves which blocks are to move, by their address */
    public BlockWalk(Heap heap, LongPredicate moves) {
        this.heap = heap;
        this.moves = moves;
    }

    /** Begins a step that looks at about so many blocks. */
    public void step(int blocks) {
        left = blocks;
    }

    /** Whether the step has done enough. */
    public boolean isOver() {
        return left <= 0;
    }

    /** Goes to the beginning of another value. */
    public void begin() {
        tree = 0;
        beginTree();
    }

    void nextTree() {
        tree++;
        beginTree();
    }

    private void beginTree() {
        place = 0;
        upper = 0;
        lower = 0;
    }

    /** Counts work that is not a block's. */
    public void worked(int blocks) {
        left -= blocks;
    }

    /** Whether the block is to move. */
    boolean moves(long address) {
        left--;
        return moves.test(address);
    }

    /** Moves the block to which a word refers, if it is to move. Returns where it is now. */
    long settle(long word, int bytes) {
        return settle(word, bytes, Heap.NOBODY);
    }

    /** The same with a block that has an owner. */
    long settle(long word, int bytes, long owner) {
        long address = Raw.getLong(word);
        if (!moves(address)) {
            return address;
        }
        long settled = heap.move(address, bytes, owner);
        Raw.putLong(word, settled);
        worked(1 + (bytes >> BYTES_SHIFT));
        return settled;
    }

    /** Moves the root to which a word refers, if it is to move, and tells its handle, which it has at an offset. Returns where it is now. */
    long settleRoot(long word, int bytes, int handle) {
        long root = settle(word, bytes);
        Raw.putLong(Raw.getLong(root + handle), root);
        return root;
    }

    /**
     * Moves the handle to which a word of a root refers, if it is to move; returns whether its blocks, of which there are about so many,
     * must be told.
     */
    boolean settleHandle(long word, long blocks) {
        long handle = Raw.getLong(word);
        if (blocks > Heap.MOST_TOLD || !moves(handle)) {
            return false;
        }
        Raw.putLong(word, heap.moveHandle(handle));
        worked((int) blocks);
        return true;
    }
}
