package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by its {@link Slabs}: slabs with slots of any size side by side, for what may move where slabs of one size would have too much room.
 *
 * <pre>
 *   slab   | slot | hole | slot      | hole      | slot | never used ...
 *                 |
 *                 bits 0-7 HOLE   8-15 size class   16-63 if LISTED, the next of its class, then 8 bytes: if not the first, the one before
 *
 *   slot   | entry |    or, where they are headed    | head 8 | block |
 *                                                    |
 *                                                    bits 0-7 kind, less than HOLE   8-15 size class   16-63 owner
 * </pre>
 *
 * What is freed leaves a hole, which serves the next allocation of its size class; so sizes that come again need no slabs of their
 * own. When holes come to be too much, the slab that has most of them is emptied ({@link #empty}): whoever calls moves what it still
 * holds. That is little of the store, and takes slots that say how long they are, and where they belong: entries do, and heads.
 */
final class MixedSlabs {
    /** The bytes of a head. */
    static final int HEAD = 8;

    private static final int PAGES = SizeClasses.slabPages(SizeClasses.MIXED);
    static final int BYTES = PAGES << Pages.PAGE_SHIFT;

    /** The bits of a hole's first byte, which no entry has, and the one that it has in addition while it is in a list. */
    private static final int HOLE = 0x30;

    private static final int LISTED = 0x31;
    private static final int CLASS_SHIFT = 8;
    static final int NEXT_SHIFT = 16;
    private static final int PREVIOUS = 8;
    /** Smaller holes have no room for links, and stay holes. */
    private static final int MIN_LISTED = 16;

    private static final long[] GROUPS = {ExpiryGroups.NONE, ExpiryGroups.ALL};

    /** A slab is worth it only if more than this share of it, as a shift, is holes. */
    private static final int WORTH_SHIFT = 5;

    /** Waste that is too much: this share, as a shift, which leaves something of a tenth to the index and large values; and what is no matter. */
    private static final int MUCH_SHIFT = 4;

    private static final long MIN_WASTE = 8L << 10;
    /** The same where nobody has to wait. */
    private static final int SOME_SHIFT = 5;

    /** The share of the whole memory that is too much waste: a bit less than a tenth of what is used. */
    private static final double MUCH_IN_ALL = 0.097 / 1.097;

    /** The share of it that other slabs may waste; where they waste more, less waste here would not help. */
    private static final double OTHERS = 0.045;
    /** Other slabs have as much even without entries. */
    private static final long OTHERS_EMPTY = 256L << 10;

    /** Of many slabs, the one with most holes among so many is hardly worse than that of all; if there is none, some more are looked at. */
    private static final int COMPARED = 512;

    private static final int MOST_COMPARED = 4 * COMPARED;

    /** Where no slab was worth it, one may be when there is more waste by this share. */
    private static final int HELPLESS_SHIFT = 7;

    /** As many bytes as the move of an entry costs beside those of its own, and a look at a slot or hole. */
    static final int MOVE_COST = 256;

    private static final int LOOK_COST = 32;

    /** Behind all addresses. */
    private static final long NOWHERE = Long.MAX_VALUE;

    private final Slabs slabs;
    private final Pages pages;
    private final int kind;
    /** What precedes each allocation in its slot. */
    private final int headBytes;

    /** The first hole of each size class, or 0: of what never expires, and of what does or is aligned, which never meet. */
    final long[][] holes = new long[2][SizeClasses.COUNT];

    private long heldBytes;
    private long usedBytes;
    private long slots;

    /** The slab that is being emptied, or NONE, and how far that is. */
    private int leaving = Slabs.NONE;

    private long leavingStart = NOWHERE;
    private int leavingOffset;
    /** The next slab to be compared, or NONE: of what never expires, and of what does. */
    private final int[] compared = {Slabs.NONE, Slabs.NONE};

    /** What there was when no slab was worth it, since the last one was given back. */
    private long helplessWaste;

    /** @param kind {@link SizeClasses#MIXED} or {@link SizeClasses#HEADED} */
    MixedSlabs(Slabs slabs, Pages pages, int kind) {
        this.slabs = slabs;
        this.pages = pages;
        this.kind = kind;
        this.headBytes = kind == SizeClasses.HEADED ? HEAD : 0;
    }

    /** Whether there are slabs of an expiry group. */
    static boolean takes(long group) {
        return group == ExpiryGroups.NONE || group == ExpiryGroups.ALL;
    }

    long wasteBytes() {
        return heldBytes - usedBytes;
    }

    /** Bytes of the heads, which are not waste. */
    long headBytes() {
        return slots * headBytes;
    }

    /** Whether so much is unused that clients should wait for it to go. */
    boolean isUrgent() {
        return isMoreThan(much(heldBytes))
                || isMuchInAll() && isMoreThan((heldBytes >> MUCH_SHIFT) - (heldBytes >> MUCH_SHIFT + 3));
    }

    /** The waste in so many bytes that is too much. */
    static long much(long bytes) {
        return (bytes >> MUCH_SHIFT) + (bytes >> MUCH_SHIFT + 2);
    }

    /** What expires leaves holes everywhere, and is not to be moved again and again before. */
    private boolean isMuchInAll() {
        long held = pages.usedBytes();
        long waste = held - pages.liveBytes();
        return waste > held * MUCH_IN_ALL && waste - wasteBytes() < held * OTHERS + OTHERS_EMPTY;
    }

    boolean isEmptying() {
        return leaving != Slabs.NONE;
    }

    private boolean isMoreThan(long most) {
        long waste = wasteBytes();
        return waste > MIN_WASTE
                && waste > most
                && (helplessWaste == 0 || waste > helplessWaste + (heldBytes >> HELPLESS_SHIFT));
    }

    /** A slot for a small allocation in a hole, or 0. */
    long fill(int sizeClass, int alignment, long group) {
        long hole = takeHole(sizeClass, alignment, group);
        if (hole != 0) {
            use(pages.descriptor(pages.slab(hole)), slotBytesOf(sizeClass));
        }
        return hole;
    }

    /** A slot with a head, in a hole or, if wanted, behind the last slot; 0 if there is none. */
    long take(int bytes, long owner, boolean mayAppend) {
        int sizeClass = SizeClasses.of(bytes);
        long slot = fill(sizeClass, Slabs.ALIGNMENT, ExpiryGroups.NONE);
        if (slot == 0 && mayAppend) {
            slot = append(sizeClass, Slabs.ALIGNMENT, ExpiryGroups.NONE, true);
        }
        if (slot != 0) {
            head(slot, sizeClass, owner);
        }
        return slot;
    }

    /** Lets a slot say whose it is. */
    private static void head(long slot, int sizeClass, long owner) {
        Raw.putLong(slot, owner | (long) sizeClass << CLASS_SHIFT);
    }

    /** The same for that of an allocation of so many bytes. */
    static void changeOwner(long address, int bytes, long owner) {
        head(address - HEAD, SizeClasses.of(bytes), owner);
    }

    /**
     * A slot without a head behind the last slot of a slab.
     *
     * @param mayBeLoose whether that slab may have holes that should not be
     */
    long append(int sizeClass, int alignment, long group, boolean mayBeLoose) {
        int slotBytes = slotBytesOf(sizeClass);
        int slab = withRoom(group, slotBytes + alignment, mayBeLoose);
        long descriptor = pages.descriptor(slab);
        long start = pages.address(slab);
        int end = Raw.getInt(descriptor + Slabs.BUMP);
        int offset = (end + alignment - 1) & -alignment;
        for (int at = end; at < offset; ) {
            int gapClass = SizeClasses.within(offset - at);
            leaveHole(start + at, gapClass, true, group);
            at += SizeClasses.bytes(gapClass);
        }
        int before = Slabs.touched(descriptor);
        slabs.bump(descriptor, offset + slotBytes);
        touched(descriptor, before);
        use(descriptor, slotBytes);
        return start + offset;
    }

    /** One of each group is being filled. Where that is to be emptied, or has no room, there is another from then on. */
    private int withRoom(long group, int bytes, boolean mayBeLoose) {
        int slab = slabs.withRoom(group, kind);
        if (slab != Slabs.NONE && slab != leaving) {
            long descriptor = pages.descriptor(slab);
            if (Raw.getInt(descriptor + Slabs.BUMP) + bytes <= BYTES
                    && (mayBeLoose || !Slabs.isLooseSlab(descriptor))) {
                return slab;
            }
            slabs.discardRest(slab, descriptor);
        }
        return slabs.newSlab(kind, group);
    }

    /** Counts the pages of a slab that are touched now and were not before. */
    private void touched(long descriptor, int before) {
        long more = (long) (Slabs.touched(descriptor) - before) << Pages.PAGE_SHIFT;
        heldBytes += more;
        pages.looseBytesGrew(more);
    }

    private void use(long descriptor, int bytes) {
        Raw.putInt(descriptor + Slabs.USED, Raw.getInt(descriptor + Slabs.USED) + bytes / Slabs.ALIGNMENT);
        usedBytes += bytes;
        slots += bytes > 0 ? 1 : -1;
        pages.looseBytesGrew(-bytes);
        slabs.count(bytes);
    }

    void free(long address, int bytes, int slab, long descriptor) {
        int sizeClass = SizeClasses.of(bytes);
        int slotBytes = slotBytesOf(sizeClass);
        long slot = address - headBytes;
        assert headBytes == 0 || Raw.getUnsignedByte(slot + 1) == sizeClass
                : "freed with a size that it was not allocated with";
        assert Slabs.poison(slot, slotBytes);

        use(descriptor, -slotBytes);
        boolean isLast = Raw.getInt(descriptor + Slabs.USED) == 0;
        leaveHole(slot, sizeClass, slab != leaving && !isLast, Raw.getLong(descriptor + Slabs.GROUP));
        if (isLast) {
            slabs.freeSlab(slab, descriptor, kind);
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
            leavingStart = NOWHERE;
        }
        while (at < end) {
            unlistIfListed(at, group);
            at += slotBytes(at);
        }
        assert at == end;
        if (slab == compared[index(group)]) {
            compared[index(group)] = Slabs.NONE;
        }
        long touchedBytes = (long) Slabs.touched(descriptor) << Pages.PAGE_SHIFT;
        heldBytes -= touchedBytes;
        pages.looseBytesGrew(-touchedBytes);
        helplessWaste = 0;
    }

    /** Whose it is, by the head of a slot. */
    static long owner(long slot) {
        return Raw.getLong(slot) >>> NEXT_SHIFT;
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

    /** The bytes of a hole or slot. */
    int slotBytes(long address) {
        boolean saysClass = headBytes > 0 || isHole(address);
        return slotBytesOf(saysClass ? Raw.getUnsignedByte(address + 1) : SizeClasses.of(Entry.bytes(address)));
    }

    int slotBytesOf(int sizeClass) {
        return headBytes + SizeClasses.bytes(sizeClass);
    }

    private static int index(long group) {
        return group == ExpiryGroups.NONE ? 0 : 1;
    }

    private long[] heads(long group) {
        return holes[index(group)];
    }

    /** A hole of the size class, or 0; none in the slab that is being emptied. */
    private long takeHole(int sizeClass, int alignment, long group) {
        long[] heads = heads(group);
        long hole = heads[sizeClass];
        while (isLeaving(hole)) {
            unlist(hole, group);
            hole = heads[sizeClass];
        }
        if (hole == 0 || (hole & alignment - 1) != 0) {
            return 0;
        }
        unlist(hole, group);
        return hole;
    }

    private boolean isLeaving(long hole) {
        long offset = hole - leavingStart;
        return offset >= 0 && offset < BYTES;
    }

    private void leaveHole(long address, int sizeClass, boolean listed, long group) {
        if (slotBytesOf(sizeClass) < MIN_LISTED) {
            Raw.putInt(address, HOLE | sizeClass << CLASS_SHIFT);
        } else if (!listed) {
            Raw.putLong(address, HOLE | sizeClass << CLASS_SHIFT);
        } else {
            long[] heads = heads(group);
            long next = heads[sizeClass];
            link(address, sizeClass, next);
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
        long[] heads = heads(group);
        Raw.putByte(hole, HOLE);
        if (heads[sizeClass] == hole) {
            heads[sizeClass] = next;
        } else {
            long previous = previous(hole);
            link(previous, sizeClass, next);
            if (next != 0) {
                Raw.putLong(next + PREVIOUS, previous);
            }
        }
    }

    // --- Emptying ---

    /** Does what {@link #empty} does, of about so many bytes, while that is urgent. */
    void hurry(int bytes, EntryStore.Visitor mover) {
        int left = bytes;
        // What is begun and not ended takes more memory than before.
        while (isUrgent() && (isEmptying() ? left > 0 : left >= bytes / 2 && choose(WORTH_SHIFT))) {
            left -= emptyOne(left, mover);
        }
    }

    /**
     * If there is something to gain, shows slots of the slab with most holes, which the visitor must move, until about so many bytes were
     * or none is left; returns whether there was.
     */
    boolean empty(int bytes, EntryStore.Visitor mover) {
        boolean isDue = isEmptying() || isMoreThan(heldBytes >> SOME_SHIFT) && choose(WORTH_SHIFT);
        if (isDue) {
            emptyOne(bytes, mover);
        }
        return isDue;
    }

    int emptyOne(int bytes, EntryStore.Visitor mover) {
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

    /** Begins to empty the slab with most holes, if more than a share of it, as a shift, is that; returns whether there is one. */
    boolean choose(int worthShift) {
        int mostUnused = 0;
        for (int i = 0; i < GROUPS.length; i++) {
            int head = slabs.withRoom(GROUPS[i], kind);
            int first = compared[i] == Slabs.NONE ? head : compared[i];
            int slab = first;
            for (int seen = 0; slab != Slabs.NONE && seen < (mostUnused == 0 ? MOST_COMPARED : COMPARED); seen++) {
                long descriptor = pages.descriptor(slab);
                int end = Raw.getInt(descriptor + Slabs.BUMP);
                int unused = end - Raw.getInt(descriptor + Slabs.USED) * Slabs.ALIGNMENT;
                if (unused > mostUnused && unused > end >> worthShift) {
                    mostUnused = unused;
                    leaving = slab;
                    leavingStart = pages.address(slab);
                }
                int next = Raw.getInt(descriptor + Slabs.NEXT);
                slab = next == Slabs.NONE ? head : next;
                if (slab == first) {
                    break;
                }
            }
            compared[i] = slab;
        }
        leavingOffset = 0;
        if (mostUnused == 0) {
            helplessWaste = wasteBytes();
        }
        return mostUnused > 0;
    }
}
