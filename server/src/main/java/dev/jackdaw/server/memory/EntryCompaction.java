package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by its store's event loop: moves entries and parts of the index out of sparse slabs, so that these can be given back.
 * It walks through the index, round after round while that is worth it.
 */
final class EntryCompaction {
    /** Slabs that are less than seven eighths full are emptied. */
    private static final int SPARSE_SHIFT = 3;

    /** It begins when this share of the slabs is waste, and is urgent when that one is; as shifts. */
    private static final int WASTE_SHIFT = 7;

    private static final int URGENT_WASTE_SHIFT = 4;
    /** Waste for which nobody has to wait. */
    static final long PATIENT_WASTE = 64 << 10;

    /** Bytes after which a step ends. */
    private static final long MOST_MOVED = 128 << 10;

    /** Of mixed slabs; and where that has time, so that what is overwritten all the time is not moved as often. */
    private static final int MOST_HURRIED = 256 << 10;

    private static final int MOST_PATIENT = 16 << 10;

    /** Of slabs of groups that are too narrow. */
    private static final int MOST_WIDENED = 64 << 10;

    private final Slabs slabs;
    private final Slabs indexSlabs;
    private final Index index;
    private final SlabMover entryMover;
    private final SlabMover indexMover;
    private final Index.SlotVisitor moveEntry = this::moveEntry;
    private final EntryStore.Visitor moveOne = this::moveOne;
    private final EntryStore store;

    private final CompactionRounds rounds = new CompactionRounds(WASTE_SHIFT);

    private long cursor;
    private long nowMillis;
    private long movedBytes;

    /**
     * @param store that has them
     */
    EntryCompaction(EntryStore store) {
        this.store = store;
        this.slabs = store.slabs;
        this.indexSlabs = store.indexSlabs;
        this.index = store.index;
        this.entryMover = new SlabMover(slabs, SPARSE_SHIFT);
        this.indexMover = new SlabMover(indexSlabs, SPARSE_SHIFT);
    }

    /** But for mixed slabs of entries, which are not emptied in rounds. */
    private long wasteBytes() {
        return slabs.wasteBytes() - slabs.mixed.wasteBytes() + indexSlabs.wasteBytes();
    }

    private long heldBytes() {
        return slabs.slabBytes() + indexSlabs.slabBytes();
    }

    /** Whether there is so much waste that clients should wait for it to go. */
    boolean isUrgent() {
        return slabs.mixed.isUrgent() || wasteBytes() > (heldBytes() >> URGENT_WASTE_SHIFT) + PATIENT_WASTE;
    }

    /** Empties mixed slabs a bit while that is urgent, with clients waiting. */
    void hurry(long atMillis) {
        nowMillis = atMillis;
        slabs.mixed.hurry(MOST_HURRIED, moveOne);
    }

    /** Makes a step; returns whether there is more to gain. */
    boolean step(int buckets, long atMillis) {
        nowMillis = atMillis;
        hurry(atMillis);
        boolean more = slabs.mixed.empty(MOST_PATIENT, moveOne);
        if (slabs.hasManyGroups(atMillis)) {
            slabs.expiryWalk.widenAll();
        }
        more |= slabs.expiryWalk.widen(MOST_WIDENED, SPARSE_SHIFT, atMillis, moveOne);
        return round(buckets, atMillis) | more;
    }

    /** Looks at so many buckets of the index, or fewer where much is moved; returns whether there is more to gain. */
    private boolean round(int buckets, long atMillis) {
        long waste = wasteBytes();
        long held = heldBytes();
        if (!rounds.isDue(waste, held, atMillis)) {
            return false;
        }
        entryMover.packs(rounds.isPacking(held));
        indexMover.packs(rounds.isPacking(held));
        boolean goesOn = true;
        long enough = movedBytes + MOST_MOVED;
        for (int i = 0; i < buckets && movedBytes < enough; i++) {
            movedBytes += index.compact(cursor, indexMover);
            cursor = index.scan(cursor, moveEntry);
            if (cursor == 0) {
                goesOn = rounds.end(movedBytes > 0, waste, held, nowMillis);
                movedBytes = 0;
                break;
            }
        }
        return goesOn;
    }

    private void moveEntry(long slot) {
        long entry = index.entry(slot);
        if (!slabs.isMixed(entry) && entryMover.moves(entry)) {
            int bytes = Entry.bytes(entry);
            long expireAtMillis = Entry.expireAtMillis(entry);
            index.entry(slot, entryMover.move(entry, bytes, Slabs.ALIGNMENT, expireAtMillis, nowMillis));
            movedBytes += MixedSlabs.MOVE_COST + bytes;
        }
    }

    private void moveOne(long entry) {
        int bytes = Entry.bytes(entry);
        long key = Entry.keyAddress(entry);
        int keyLength = Entry.keyLength(entry);
        long slot = index.find(store.hash(key, keyLength), key, keyLength);
        assert index.entry(slot) == entry : "an entry that is not in the index";
        long moved = slabs.allocateMovable(bytes, Slabs.ALIGNMENT, Entry.expireAtMillis(entry), nowMillis);
        Raw.copy(entry, moved, bytes);
        index.entry(slot, moved);
        slabs.free(entry, bytes);
    }
}
