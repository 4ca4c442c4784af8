package dev.jackdaw.server.engine;

import dev.jackdaw.server.memory.BlockWalk;
import dev.jackdaw.server.memory.CompactionRounds;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.EntryStore;
import dev.jackdaw.server.memory.Heap;
import dev.jackdaw.server.memory.LargeList;
import dev.jackdaw.server.memory.Memory;
import dev.jackdaw.server.memory.SortedTree;
import dev.jackdaw.server.memory.StreamLog;
import java.util.function.LongPredicate;

/**
 * Owned by its engine's event loop: moves entries, and the blocks of large values, out of sparse slabs, so that these can be
 * given back. For the blocks it walks through the databases, round after round while that is worth it. Where it is, is a
 * key's hash and a place in that key's value: whatever changes between two steps, it goes on.
 */
final class Compaction {
    /** Buckets of the index that a step looks at for entries to move. */
    private static final int ENTRY_STEP = 128;

    /** Blocks of large values that it looks at: some hundred microseconds at most. With four times as many from half the waste on, popping from a large sorted set took a quarter more time. */
    private static final int BLOCK_STEP = 512;

    /** Time between two steps, of what is not urgent, while commands run: of their time a step, of some 0.1 ms, takes an eightieth. */
    private static final int PACE_MILLIS = 8;

    /** With less than this share of the memory loose, as a shift, no store has too much. */
    private static final int HURRY_SHIFT = 6;

    /** What a bucket of the index and its entries count for. */
    private static final int BUCKET_COST = 4;

    /** Rounds begin when this share of the slabs, as a shift, is waste. */
    private static final int WASTE_SHIFT = 5;
    /** A round is worth another if this share of the slabs was given back meanwhile. */
    private static final int GAIN_SHIFT = 6;

    /** Cursors of a store are hashes without so many of their lower bits. */
    private static final int CURSOR_SHIFT = 16;

    private final Engine engine;
    private final Heap heap;
    private final BlockWalk walk;
    private final LargeList lists;
    private final SortedTree sortedSets;
    private final StreamLog streams;
    private final EntryStore.Visitor compare = this::compare;

    /** Whether the last step left something to be gained. */
    private boolean hasMore;

    private boolean isUrgent;
    private long steppedMillis;
    /** The commands that had run when it was asked for a step last. */
    private long commandsBefore;

    private final CompactionRounds rounds = new CompactionRounds(WASTE_SHIFT);
    private boolean isWalking;
    private long heldBefore;

    private int database;
    /** That of the key to which the walk has come; where there is none, of the next. */
    private long hash;

    private long nearest;
    private long nearestHash;

    Compaction(Engine engine) {
        this(engine, engine.heap()::isSparse);
    }

    /** @param moves which blocks are to move, by their address */
    Compaction(Engine engine, LongPredicate moves) {
        this.engine = engine;
        this.heap = engine.heap();
        this.walk = new BlockWalk(heap, moves);
        this.lists = new LargeList(heap);
        this.sortedSets = engine.large().newSortedTree();
        this.streams = new StreamLog(heap);
        heap.movedBy(Heap.Family.HASHES, engine.large().hashes()::move);
        heap.movedBy(Heap.Family.SETS, engine.large().sets()::move);
        heap.movedBy(Heap.Family.LISTS, lists::move);
        heap.movedBy(Heap.Family.STREAMS, streams::move);
    }

    /** When it wants the next step at the latest, if not at once. */
    long alarmMillis() {
        return hasMore ? steppedMillis + PACE_MILLIS : Long.MAX_VALUE;
    }

    /**
     * Moves some entries and blocks, if there is something to gain and clients do not need the time more.
     *
     * @return whether it should go on at once
     */
    boolean step() {
        long commands = engine.stats().commands;
        boolean isIdle = commands == commandsBefore;
        commandsBefore = commands;
        boolean isDue = isIdle || !hasMore || Math.abs(engine.nowMillis() - steppedMillis) >= PACE_MILLIS;
        isUrgent = false;
        boolean more = blockStep(isDue);
        more |= ownedStep(isDue);
        for (int i = 0; i < engine.databases(); i++) {
            more |= entryStep(engine.keyspace(i).store(), isDue);
        }
        for (EntryStore sideStore : engine.sideStores) {
            more |= entryStep(sideStore, isDue);
        }
        if (isDue) {
            hasMore = more;
            steppedMillis = engine.nowMillis();
        }
        return more && (isIdle || isUrgent);
    }

    /** Entries that are overwritten fast leave too much behind for a step each {@link #PACE_MILLIS}; to be called when a batch of commands has run. */
    void hurry() {
        Memory memory = engine.memory;
        if (memory.looseBytes() <= memory.heldBytes() >> HURRY_SHIFT) {
            return;
        }
        for (int i = 0; i < engine.databases(); i++) {
            engine.keyspace(i).store().hurry(engine.nowMillis());
        }
        for (EntryStore sideStore : engine.sideStores) {
            sideStore.hurry(engine.nowMillis());
        }
        if (!engine.isWitnessed()) {
            heap.hurry();
        }
    }

    private boolean entryStep(EntryStore store, boolean isDue) {
        boolean cannotWait = store.needsCompaction();
        boolean more = (isDue || cannotWait) && store.compact(ENTRY_STEP, engine.nowMillis());
        isUrgent |= cannotWait && more;
        return more;
    }

    /** A step for blocks that say whose they are. */
    private boolean ownedStep(boolean isDue) {
        boolean cannotWait = heap.isUrgent();
        boolean more = (isDue || cannotWait) && !engine.isWitnessed() && heap.empty();
        isUrgent |= cannotWait && more;
        return more;
    }

    /** A step for blocks that a walk moves. A witness may be walking through a large value, in which nothing may move meanwhile. */
    private boolean blockStep(boolean isDue) {
        boolean cannotWait = heap.needsWalk();
        if (!isDue && !cannotWait || !engine.hasLargeValues() || engine.isWitnessed()) {
            return false;
        }
        if (!isWalking) {
            heldBefore = heap.heldBytes();
            isWalking = rounds.isDue(heap.wasteBytes(), heldBefore, engine.nowMillis());
        }
        if (isWalking) {
            walk(BLOCK_STEP);
        }
        isUrgent |= cannotWait && isWalking;
        return isWalking;
    }

    /** Looks at about so many blocks. */
    void walk(int blocks) {
        walk.step(blocks);
        do {
            heap.packs(rounds.isPacking(heap.heldBytes()));
            walkOn();
        } while (isWalking && !walk.isOver());
        heap.packs(false);
    }

    /** Goes on in the value to which the walk has come, or to the next value or bucket. */
    private void walkOn() {
        nearest = 0;
        walk.worked(BUCKET_COST);
        long next = engine.keyspace(database).nextLargeValue(hash);
        if (next == LargeValues.NONE) {
            endDatabase();
            return;
        }
        goTo(next);
        long after = engine.keyspace(database).store().scan(hash >>> CURSOR_SHIFT, compare);
        if (nearest != 0) {
            goTo(nearestHash);
            if (compact(nearest)) {
                goTo(hash + 1);
            }
        } else if (after != 0) {
            goTo(after << CURSOR_SHIFT);
        } else {
            endDatabase();
        }
    }

    private void goTo(long next) {
        if (next != hash) {
            hash = next;
            walk.begin();
        }
    }

    private void endDatabase() {
        goTo(0);
        database++;
        if (database == engine.databases()) {
            database = 0;
            endRound();
        }
    }

    private void endRound() {
        long waste = heap.wasteBytes();
        long held = heap.heldBytes();
        boolean hasGained = heldBefore - held > held >> GAIN_SHIFT;
        heldBefore = held;
        isWalking =
                rounds.end(hasGained, waste, held, engine.nowMillis()) && rounds.isDue(waste, held, engine.nowMillis());
    }

    private void compare(long entry) {
        if (Kind.of(Entry.kind(entry)).isLarge()) {
            EntryStore store = engine.keyspace(database).store();
            long found = store.hash(Entry.keyAddress(entry), Entry.keyLength(entry));
            boolean isBehind = Long.compareUnsigned(found, hash) < 0;
            if (!isBehind && (nearest == 0 || Long.compareUnsigned(found, nearestHash) < 0)) {
                nearest = entry;
                nearestHash = found;
            }
        }
    }

    /** Goes on in a value; returns whether it is at the end. */
    private boolean compact(long entry) {
        long root = Entry.valueAddress(entry);
        return switch (Kind.of(Entry.kind(entry))) {
            case STRING,
                    INTEGER,
                    LIST_PACKED,
                    SET_INTEGERS,
                    SET_PACKED,
                    HASH_PACKED,
                    HASH_PACKED_EXPIRING,
                    SORTED_SET_PACKED -> true;
            case LIST_LARGE -> lists.compact(root, walk);
            case SET_LARGE -> engine.large().sets().compact(root, walk);
            case HASH_LARGE -> engine.large().hashes().compact(root, walk);
            case HASH_LARGE_EXPIRING -> engine.large().expiringHashes().compact(root, walk);
            case SORTED_SET_LARGE -> sortedSets.compact(root, walk);
            case STREAM -> streams.compact(root, walk);
        };
    }
}
