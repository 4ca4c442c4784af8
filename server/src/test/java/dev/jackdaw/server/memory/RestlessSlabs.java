package dev.jackdaw.server.memory;

/** Shared and stateless: empties slabs of blocks that say whose they are, however few holes these have. */
public final class RestlessSlabs {
    private static final int ANY_HOLE = Integer.SIZE - 1;

    private RestlessSlabs() {}

    /** Moves blocks of about so many bytes, if there is a slab that has a hole. */
    public static void move(Heap heap, int bytes) {
        MixedSlabs headed = heap.slabs().headed;
        if (headed.isEmptying() || headed.choose(ANY_HOLE)) {
            headed.emptyOne(bytes, heap::moveOwned);
        }
    }
}
