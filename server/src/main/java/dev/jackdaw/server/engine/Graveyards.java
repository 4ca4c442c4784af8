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
    private final Engine engine;
    private final Graveyard hashes;
    private final Graveyard sets;
    private final Graveyard lists;
    private final Graveyard sortedSets;
    private final Graveyard streams;
    private final ArrayDeque<EntryStore> stores = new ArrayDeque<>();

    Graveyards(Engine engine) {
        this.engine = engine;
        this.hashes = engine.large().hashes().graveyard();
        this.sets = engine.large().sets().graveyard();
        this.lists = LargeList.graveyard(engine.heap());
        this.sortedSets = SortedTree.graveyard(engine.heap());
        this.streams = StreamLog.graveyard(engine.heap());
    }

    /** Takes the blocks that an entry's value has outside the entry; returns whether it has any. */
    boolean bury(long entry) {
        Graveyard graveyard = switch (Kind.of(Entry.kind(entry))) {
            case STRING, INTEGER, LIST_PACKED, SET_INTEGERS, SET_PACKED, HASH_PACKED, SORTED_SET_PACKED -> null;
            case LIST_LARGE -> lists;
            case SET_LARGE -> sets;
            case HASH_LARGE -> hashes;
            case HASH_EXPIRING -> {
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
        }
        return graveyard != null;
    }

    /** Takes a store with all that is in it. */
    void bury(EntryStore store) {
        stores.add(store);
    }

    /** How many values and stores are here. */
    long size() {
        return hashes.size() + sets.size() + lists.size() + sortedSets.size() + streams.size() + stores.size();
    }

    /** Frees about {@code budget} parts of one of them; there must be one. */
    void dig(int budget) {
        if (hashes.size() > 0) {
            hashes.dig(budget);
        } else if (sets.size() > 0) {
            sets.dig(budget);
        } else if (lists.size() > 0) {
            lists.dig(budget);
        } else if (sortedSets.size() > 0) {
            sortedSets.dig(budget);
        } else if (streams.size() > 0) {
            streams.dig(budget);
        } else if (stores.element().drain(budget, engine::discardValue)) {
            stores.remove();
        }
    }
}
