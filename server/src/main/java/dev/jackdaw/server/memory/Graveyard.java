package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by one event loop: large values of one kind that nobody can reach any more, freed in short steps. However many
 * they are, they take no memory of their own: a word of each root that is not needed to free it leads to the next.
 */
public final class Graveyard {
    /** How one kind of value is freed. */
    interface Digger {
        /**
         * Frees about {@code budget} of the parts of what begins at the root.
         *
         * @return what is left of the budget, at least 1, when nothing is left of the value; else 0
         */
        int freeStep(long root, int budget);
    }

    /** What a value counts for, beside its parts. */
    private static final int VALUE_COST = 3;

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

    /** Frees about {@code budget} parts, of one value after the other; returns what is left of the budget. */
    public int dig(int budget) {
        int left = budget;
        while (size > 0 && left > 0) {
            long next = Raw.getLong(first + link);
            left = digger.freeStep(first, left);
            if (left > 0) {
                first = next;
                size--;
                left -= VALUE_COST;
            }
        }
        return left;
    }
}
