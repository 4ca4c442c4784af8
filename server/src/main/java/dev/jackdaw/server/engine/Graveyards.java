package dev.jackdaw.server.engine;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.EntryStore;
import dev.jackdaw.server.memory.ExpiringHash;
import dev.jackdaw.server.memory.Graveyard;
import dev.jackdaw.server.memory.LargeList;
import dev.jackdaw.server.memory.SortedTree;
import dev.jackdaw.server.memory.StreamLog;
import java.util.ArrayDeque;

/** Owned by its engine's event loop: large values and databases that nobody can reach any more, freed in short steps. */
final class Graveyards {
    /** Parts that are freed, beside the budget, for each value that has come: of small ones none waits for another step. */
    private static final int PARTS_OF_NEW = 16;

    private final Engine engine;
    private final Graveyard hashes;
    private final Graveyard sets;
    private final Graveyard lists;
    private final Graveyard sortedSets;
    private final Graveyard streams;
    private final Graveyard[] all;
    private final ArrayDeque<EntryStore> stores = new ArrayDeque<>();
    /** Values that have come since the last dig. */
    private int come;

    /** The kind whose turn it is: an index of {@link #all}, or the stores behind them. */
    private int turn;

    Graveyards(Engine engine) {
        this.engine = engine;
        this.hashes = engine.large().hashes().graveyard();
        this.sets = engine.large().sets().graveyard();
        this.lists = LargeList.graveyard(engine.heap());
        this.sortedSets = SortedTree.graveyard(engine.heap());
        this.streams = StreamLog.graveyard(engine.heap());
        this.all = new Graveyard[] {hashes, sets, lists, sortedSets, streams};
    }

    /** Takes the blocks that an entry's value has outside the entry; returns whether it has any. */
    boolean bury(long entry) {
        Graveyard graveyard = switch (Kind.of(Entry.kind(entry))) {
            case STRING,
                    INTEGER,
                    LIST_PACKED,
                    SET_INTEGERS,
                    SET_PACKED,
                    HASH_PACKED,
                    HASH_PACKED_EXPIRING,
                    SORTED_SET_PACKED -> null;
            case LIST_LARGE -> lists;
            case SET_LARGE -> sets;
            case HASH_LARGE -> hashes;
            case HASH_LARGE_EXPIRING -> {
                long root = LargeStructures.root(entry);
                sortedSets.bury(ExpiringHash.times(root));
                Raw.putLong(Entry.valueAddress(entry), ExpiringHash.table(root));
                engine.large().expiringHashes().free(root);
                yield hashes;
            }
            case SORTED_SET_LARGE -> sortedSets;
            case STREAM -> streams;
        };
        if (graveyard != null) {
            graveyard.bury(LargeStructures.root(entry));
            come++;
        }
        return graveyard != null;
    }

    /** Takes a store with all that is in it. */
    void bury(EntryStore store) {
        stores.add(store);
    }

    /** How many values and stores are here. */
    long size() {
        long size = stores.size();
        for (Graveyard graveyard : all) {
            size += graveyard.size();
        }
        return size;
    }

    /**
     * Frees about {@code budget} parts, and what has come lately if it is small; there must be something. One kind after the other
     * comes first.
     *
     * @return how many parts that were
     */
    int dig(int budget) {
        int most = budget + PARTS_OF_NEW * come;
        come = 0;
        int left = most;
        for (int i = 0; i <= all.length && left > 0; i++) {
            left = dig(turn, left);
            turn = turn == all.length ? 0 : turn + 1;
        }
        return most - left;
    }

    private int dig(int kind, int budget) {
        if (kind < all.length) {
            return all[kind].dig(budget);
        }
        if (stores.isEmpty()) {
            return budget;
        }
        if (stores.element().drain(budget, engine::discardValue)) {
            stores.remove();
        }
        come = 0;
        return 0;
    }
}
