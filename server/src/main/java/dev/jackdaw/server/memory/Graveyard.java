package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by one event loop: large values of one kind that nobody can reach any more, freed in short steps. However many
 * they are, they take no memory of their own: a word of each root that is not needed to free it leads to the next.
 */
public final class Graveyard {
    /** How one kind of value is freed. */
    interface Digger {
        /** Frees about {@code budget} of the parts of what begins at the root; returns whether nothing is left. */
        boolean freeStep(long root, int budget);
    }

    private final Digger digger;
    private final int link;
    private long first;
    private long size;

    /** @param link the offset of the word in the root */
    Graveyard(Digger digger, int link) {
        this.digger = digger;
        this.link = link;
    }

    /** How many values are here, the one that is partly freed included. */
    public long size() {
        return size;
    }

    /** Takes a value, named by its root, from its owner. */
    public void bury(long root) {
        Raw.putLong(root + link, first);
        first = root;
        size++;
    }

    /** Frees about {@code budget} parts of one value. */
    public void dig(int budget) {
        long next = Raw.getLong(first + link);
        if (digger.freeStep(first, budget)) {
            first = next;
            size--;
        }
    }
}
