package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by its {@link Slabs}: slabs with slots of any size side by side, in which small stores keep what may move.
 *
 * <pre>
 *   slab   | slot | hole | slot      | hole      | slot | never used ...
 *                 |
 *                 bits 0-7 HOLE   8-15 size class   16-63 if LISTED, the next of its class, then 8 bytes: the one before
 * </pre>
 *
 * What is freed leaves a hole, which serves the next allocation of its size class; so sizes that come again need no slabs of their
 * own. When holes come to be too much, the slab that has most of them is emptied ({@link #empty}): whoever calls moves what it still
 * holds. That is little of the store, and it works for the entries of a store, which say themselves how long they are.
 *
 * <p>A slab counts as far as it was ever used. While it is being filled, its other pages may be resident, and are idle then.
 */
final class MixedSlabs {
    private static final int PAGES = SizeClasses.slabPages(SizeClasses.MIXED);
    static final int BYTES = PAGES << Pages.PAGE_SHIFT;

    /** In a descriptor: whether all pages are resident. */
    private static final int RESIDENT = Slabs.FIRST_FREE;

    /** The bits of a hole's first byte, which no entry has, and the one that it has in addition while it is in a list. */
    private static final int HOLE = 0x30;

    private static final int LISTED = 0x31;
    private static final int CLASS_SHIFT = 8;
    private static final int NEXT_SHIFT = 16;
    private static final int PREVIOUS = 8;
    /** Smaller holes have no room for links, and stay holes. */
    private static final int MIN_LISTED = 16;

    /** The group of all that expires, where there is but one. */
    private static final long ALL_EXPIRING = Slabs.WHOLE_SPAN;

    private static final long[] GROUPS = {Slabs.NO_GROUP, ALL_EXPIRING};

    /** A slab is emptied only if more than this share of it, as a shift, is holes. */
    private static final int WORTH_SHIFT = 5;

    /** Waste that is too much: this share, as a shift, which leaves something of a tenth to the index and large values; and what is no matter. */
    private static final int MUCH_SHIFT = 4;

    private static final long MIN_WASTE = 8L << 10;
    /** The same where nobody has to wait. */
    private static final int SOME_SHIFT = 5;

    /** Where no slab was worth it, one may be when there is more waste by this share. */
    private static final int HELPLESS_SHIFT = 7;

    /** As many bytes as the move of an entry costs beside those of its own, and a look at a slot or hole. */
    private static final int MOVE_COST = 256;

    private static final int LOOK_COST = 32;

    private final Slabs slabs;
    private final Pages pages;

    /** The first hole of each size class, or 0: of what never expires, and of what does. */
    final long[][] holes = new long[2][SizeClasses.COUNT];

    private long heldBytes;
    private long usedBytes;
    /** The slab that is being emptied, or NONE, and how far that is. */
    private int leaving = Slabs.NONE;

    private int leavingOffset;
    /** What there was when no slab was worth it, since the last one was given back. */
    private long helplessWaste;

    MixedSlabs(Slabs slabs, Pages pages) {
        this.slabs = slabs;
        this.pages = pages;
    }

    /** Whether there are slabs of an expiry group: of those that a small store has. */
    static boolean takes(long group) {
        return group == Slabs.NO_GROUP || group == ALL_EXPIRING;
    }

    long wasteBytes() {
        return heldBytes - usedBytes;
    }

    /** Whether so much is unused that clients should wait for it to go. */
    boolean isUrgent() {
        return isMoreThan((heldBytes >> MUCH_SHIFT) + (heldBytes >> MUCH_SHIFT + 2));
    }

    private boolean isMoreThan(long most) {
        long waste = wasteBytes();
        return waste > MIN_WASTE
                && waste > most
                && (helplessWaste == 0 || waste > helplessWaste + (heldBytes >> HELPLESS_SHIFT));
    }

    /** Room for a small allocation in a hole, or 0. */
    long fill(int bytes, int alignment, long group) {
        int sizeClass = SizeClasses.of(bytes);
        long hole = takeHole(sizeClass, alignment, group);
        if (hole != 0) {
            use(pages.descriptor(pages.slab(hole)), SizeClasses.bytes(sizeClass));
        }
        return hole;
    }

    /**
     * The same behind the last slot of a slab.
     *
     * @param mayBeLoose whether that slab may have holes that should not be
     */
    long append(int bytes, int alignment, long group, boolean mayBeLoose) {
        int slotBytes = SizeClasses.bytes(SizeClasses.of(bytes));
        int slab = withRoom(group, slotBytes + alignment, mayBeLoose);
        long descriptor = pages.descriptor(slab);
        long start = pages.address(slab);
        int end = Raw.getInt(descriptor + Slabs.BUMP);
        int offset = (end + alignment - 1) & -alignment;
        for (int at = end; at < offset; ) {
            int sizeClass = SizeClasses.within(offset - at);
            leaveHole(start + at, sizeClass, true, group);
            at += SizeClasses.bytes(sizeClass);
        }
        int before = Raw.getShort(descriptor + Slabs.TOUCHED);
        slabs.bump(descriptor, offset + slotBytes);
        touched(descriptor, before);
        use(descriptor, slotBytes);
        return start + offset;
    }

    /** One of each group is being filled. Where that is to be emptied, or has no room, there is another from then on. */
    private int withRoom(long group, int bytes, boolean mayBeLoose) {
        int slab = slabs.withRoom(group, SizeClasses.MIXED);
        if (slab != Slabs.NONE && slab != leaving) {
            long descriptor = pages.descriptor(slab);
            if (Raw.getInt(descriptor + Slabs.BUMP) + bytes <= BYTES
                    && (mayBeLoose || !Slabs.isLooseSlab(descriptor))) {
                return slab;
            }
            discardTail(slab, descriptor);
        }
        int fresh = slabs.newSlab(SizeClasses.MIXED, group);
        long descriptor = pages.descriptor(fresh);
        boolean isResident = Raw.getShort(descriptor + Slabs.TOUCHED) > 0;
        Raw.putInt(descriptor + RESIDENT, isResident ? 1 : 0);
        slabs.touch(descriptor, 0);
        pages.lentPagesGrew(isResident ? PAGES : 0);
        return fresh;
    }

    /** Gives the pages back that a slab has behind its last slot, as nothing is to be appended there any more. */
    private void discardTail(int slab, long descriptor) {
        int touched = Raw.getShort(descriptor + Slabs.TOUCHED);
        if (isResident(descriptor) && touched < PAGES) {
            NativeMemory.discard(pages.address(slab + touched), (long) (PAGES - touched) << Pages.PAGE_SHIFT);
            Raw.putInt(descriptor + RESIDENT, 0);
            pages.lentPagesGrew(touched - PAGES);
        }
    }

    /** Counts the pages of a slab that are touched now and were not before. */
    private void touched(long descriptor, int before) {
        int more = Raw.getShort(descriptor + Slabs.TOUCHED) - before;
        heldBytes += (long) more << Pages.PAGE_SHIFT;
        pages.looseBytesGrew((long) more << Pages.PAGE_SHIFT);
        if (isResident(descriptor)) {
            pages.lentPagesGrew(-more);
        }
    }

    static boolean isResident(long descriptor) {
        return Raw.getInt(descriptor + RESIDENT) != 0;
    }

    private void use(long descriptor, int bytes) {
        Raw.putInt(descriptor + Slabs.USED, Raw.getInt(descriptor + Slabs.USED) + bytes / Slabs.ALIGNMENT);
        usedBytes += bytes;
        pages.looseBytesGrew(-bytes);
        slabs.count(bytes);
    }

    void free(long address, int bytes, int slab, long descriptor) {
        int sizeClass = SizeClasses.of(bytes);
        int slotBytes = SizeClasses.bytes(sizeClass);
        assert Slabs.poison(address, slotBytes);

        use(descriptor, -slotBytes);
        boolean isLast = Raw.getInt(descriptor + Slabs.USED) == 0;
        leaveHole(address, sizeClass, slab != leaving && !isLast, Raw.getLong(descriptor + Slabs.GROUP));
        if (isLast) {
            slabs.freeSlab(slab, descriptor, SizeClasses.MIXED);
        }
    }

    /** To be told before a slab, in which nothing is used any more, goes. */
    void forget(int slab, long descriptor) {
        long start = pages.address(slab);
        long end = start + Raw.getInt(descriptor + Slabs.BUMP);
        long group = Raw.getLong(descriptor + Slabs.GROUP);
        long at = start;
        if (slab == leaving) {
            at += leavingOffset;
            leaving = Slabs.NONE;
        }
        while (at < end) {
            unlistIfListed(at, group);
            at += slotBytes(at);
        }
        assert at == end;
        int touched = Raw.getShort(descriptor + Slabs.TOUCHED);
        if (isResident(descriptor)) {
            pages.lentPagesGrew(touched - PAGES);
            slabs.touch(descriptor, PAGES);
        }
        heldBytes -= (long) touched << Pages.PAGE_SHIFT;
        pages.looseBytesGrew(-(long) touched << Pages.PAGE_SHIFT);
        helplessWaste = 0;
    }

    // --- Holes ---

    static boolean isHole(long address) {
        return (Raw.getByte(address) & HOLE) == HOLE;
    }

    static boolean isListed(long address) {
        return Raw.getByte(address) == LISTED;
    }

    /** The next listed hole of its class and group, or 0. */
    static long next(long hole) {
        return Raw.getLong(hole) >>> NEXT_SHIFT;
    }

    static long previous(long hole) {
        return Raw.getLong(hole + PREVIOUS);
    }

    /** The bytes of a hole, or of the slot of an entry. */
    static int slotBytes(long address) {
        int sizeClass = isHole(address) ? Raw.getUnsignedByte(address + 1) : SizeClasses.of(Entry.bytes(address));
        return SizeClasses.bytes(sizeClass);
    }

    private long[] heads(long group) {
        return holes[group == Slabs.NO_GROUP ? 0 : 1];
    }

    /** A hole of the size class, or 0; none in the slab that is being emptied. */
    private long takeHole(int sizeClass, int alignment, long group) {
        long[] heads = heads(group);
        long hole = heads[sizeClass];
        while (hole != 0 && pages.slab(hole) == leaving) {
            unlist(hole, group);
            hole = heads[sizeClass];
        }
        if (hole == 0 || (hole & alignment - 1) != 0) {
            return 0;
        }
        unlist(hole, group);
        return hole;
    }

    private void leaveHole(long address, int sizeClass, boolean listed, long group) {
        if (SizeClasses.bytes(sizeClass) < MIN_LISTED) {
            Raw.putInt(address, HOLE | sizeClass << CLASS_SHIFT);
        } else if (!listed) {
            Raw.putLong(address, HOLE | sizeClass << CLASS_SHIFT);
        } else {
            long[] heads = heads(group);
            long next = heads[sizeClass];
            link(address, sizeClass, next);
            Raw.putLong(address + PREVIOUS, 0);
            if (next != 0) {
                Raw.putLong(next + PREVIOUS, address);
            }
            heads[sizeClass] = address;
        }
    }

    private static void link(long hole, int sizeClass, long next) {
        Raw.putLong(hole, LISTED | sizeClass << CLASS_SHIFT | next << NEXT_SHIFT);
    }

    private void unlistIfListed(long address, long group) {
        if (isListed(address)) {
            unlist(address, group);
        }
    }

    private void unlist(long hole, long group) {
        int sizeClass = Raw.getUnsignedByte(hole + 1);
        long next = next(hole);
        long previous = previous(hole);
        Raw.putByte(hole, HOLE);
        if (next != 0) {
            Raw.putLong(next + PREVIOUS, previous);
        }
        if (previous != 0) {
            link(previous, sizeClass, next);
        } else {
            heads(group)[sizeClass] = next;
        }
    }

    // --- Emptying ---

    /** Does what {@link #empty} does, of about so many bytes, while that is urgent. */
    void hurry(int bytes, EntryStore.Visitor mover) {
        int left = bytes;
        // What is begun and not ended takes more memory than before.
        while (isUrgent() && (leaving != Slabs.NONE ? left > 0 : left >= bytes / 2 && choose())) {
            left -= emptyOne(left, mover);
        }
    }

    /**
     * If there is something to gain, shows entries of the slab with most holes, which the visitor must move, until about so many bytes were
     * or none is left; returns whether there was.
     */
    boolean empty(int bytes, EntryStore.Visitor mover) {
        boolean isDue = leaving != Slabs.NONE || isMoreThan(heldBytes >> SOME_SHIFT) && choose();
        if (isDue) {
            emptyOne(bytes, mover);
        }
        return isDue;
    }

    private int emptyOne(int bytes, EntryStore.Visitor mover) {
        int slab = leaving;
        long start = pages.address(slab);
        long group = Raw.getLong(pages.descriptor(slab) + Slabs.GROUP);
        int cost = 0;
        while (cost < bytes && leaving == slab) {
            assert leavingOffset < Raw.getInt(pages.descriptor(slab) + Slabs.BUMP);
            long at = start + leavingOffset;
            int slotBytes = slotBytes(at);
            leavingOffset += slotBytes;
            cost += LOOK_COST;
            unlistIfListed(at, group);
            if (!isHole(at)) {
                cost += MOVE_COST + slotBytes;
                mover.visit(at);
            }
        }
        return cost;
    }

    private boolean choose() {
        int mostUnused = 0;
        for (long group : GROUPS) {
            int slab = slabs.withRoom(group, SizeClasses.MIXED);
            while (slab != Slabs.NONE) {
                long descriptor = pages.descriptor(slab);
                int end = Raw.getInt(descriptor + Slabs.BUMP);
                int unused = end - Raw.getInt(descriptor + Slabs.USED) * Slabs.ALIGNMENT;
                if (unused > mostUnused && unused > end >> WORTH_SHIFT) {
                    mostUnused = unused;
                    leaving = slab;
                }
                slab = Raw.getInt(descriptor + Slabs.NEXT);
            }
        }
        leavingOffset = 0;
        if (mostUnused == 0) {
            helplessWaste = wasteBytes();
        }
        return mostUnused > 0;
    }
}
