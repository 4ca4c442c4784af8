package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by its {@link Slabs}: walks through slabs with entries that expire: through those that are due, through those whose groups
 * are too narrow, and through any one.
 */
final class ExpiryWalk {
    /** So many looks at slots of a slab that is due cost as much as the removal of an entry. */
    private static final int LOOKS = 16;

    /** So many places of the map of lists are looked at, at most, at once. */
    private static final int LISTS = 128;

    private final Slabs slabs;
    private final Pages pages;
    /** Places of the map of lists that {@link #widen} comes to. */
    private int leftToWiden;

    ExpiryWalk(Slabs slabs, Pages pages) {
        this.slabs = slabs;
        this.pages = pages;
    }

    /**
     * Walks slabs that are due until none is, or until about {@code limit} entries have gone; the visitor frees each
     * entry that it is given.
     *
     * @return whether more is due
     */
    boolean expire(long nowMillis, int limit, EntryStore.Visitor expired) {
        int left = limit;
        while (left > 0) {
            int slab = slabs.wheel.due(nowMillis);
            if (slab == TimingWheel.NONE) {
                return false;
            }
            left -= slab == TimingWheel.BUSY ? TimingWheel.STEP : expireSlab(slab, nowMillis, left, expired);
        }
        return true;
    }

    /** Walks one slab, until {@code limit} entries have gone; what is left then is due at once. Returns what it cost. */
    private int expireSlab(int slab, long nowMillis, int limit, EntryStore.Visitor expired) {
        long descriptor = pages.descriptor(slab);
        long start = pages.address(slab);
        int sizeClass = Raw.getShort(descriptor + Slabs.SIZE_CLASS);
        long due = Raw.getLong(descriptor + Slabs.EARLIEST);
        Raw.putLong(descriptor + Slabs.EARLIEST, Long.MAX_VALUE);
        boolean large = sizeClass == Slabs.LARGE;
        int end = end(descriptor, sizeClass);
        if (!large) {
            hold(descriptor);
        }
        long earliest = Long.MAX_VALUE;
        int gone = 0;
        int looks = 0;
        for (int offset = 0; offset < end; looks++) {
            long address = start + offset;
            offset += slotBytes(address, sizeClass);
            if (isFree(address, sizeClass)) {
                continue;
            }
            long at = Math.min(Entry.expireAtMillis(address), Slabs.LATEST);
            if (at > nowMillis) {
                earliest = Math.min(earliest, at);
            } else if (gone == limit) {
                earliest = due;
                break;
            } else {
                expired.visit(address);
                if (large) {
                    return 1;
                }
                gone++;
            }
        }
        if ((large || letGo(slab, descriptor, sizeClass)) && earliest != Long.MAX_VALUE) {
            slabs.schedule(slab, earliest);
        }
        return gone + 1 + looks / LOOKS;
    }

    /** Where the slots end in a slab; a large entry counts as one slot of a byte. */
    private static int end(long descriptor, int sizeClass) {
        return sizeClass == Slabs.LARGE ? 1 : Raw.getInt(descriptor + Slabs.BUMP);
    }

    private int slotBytes(long address, int sizeClass) {
        return switch (sizeClass) {
            case Slabs.LARGE -> 1;
            case SizeClasses.MIXED -> slabs.mixed.slotBytes(address);
            default -> SizeClasses.bytes(sizeClass);
        };
    }

    private static boolean isFree(long address, int sizeClass) {
        return sizeClass == SizeClasses.MIXED ? MixedSlabs.isHole(address) : Raw.getByte(address) == 0;
    }

    /** Shows the entries that expire in some slab, which a random number chooses. The visitor must change nothing. */
    void showSome(long random, EntryStore.Visitor visitor) {
        int slab = slabs.wheel.any(random);
        if (slab == TimingWheel.NONE) {
            return;
        }
        long descriptor = pages.descriptor(slab);
        long start = pages.address(slab);
        int sizeClass = Raw.getShort(descriptor + Slabs.SIZE_CLASS);
        int end = end(descriptor, sizeClass);
        for (int offset = 0; offset < end; ) {
            long address = start + offset;
            offset += slotBytes(address, sizeClass);
            if (!isFree(address, sizeClass)) {
                visitor.visit(address);
            }
        }
    }

    /** To be called when there are too many groups. */
    void widenAll() {
        leftToWiden = slabs.expiring.places();
    }

    /**
     * If there are too many groups, shows the entries in slabs of those that are too narrow, which the visitor must move, until about so many
     * bytes were or some lists seen.
     *
     * @param shift as for {@link Slabs#isSparse}: only such slabs are worth it
     * @return whether there is more
     */
    boolean widen(int bytes, int shift, long nowMillis, EntryStore.Visitor mover) {
        int left = bytes;
        for (int i = 0; i < LISTS && left > 0 && leftToWiden > 0; i++) {
            leftToWiden = Math.min(leftToWiden, slabs.expiring.places()) - 1;
            int slab = slabs.expiring.at(leftToWiden, Slabs.NONE);
            if (slab != Slabs.NONE
                    && slabs.isNarrow(slab, nowMillis)
                    && Slabs.isSparseSlab(pages.descriptor(slab), shift)) {
                left -= moveAll(slab, mover);
            }
        }
        return leftToWiden > 0;
    }

    /** Shows all entries of a slab; returns what that cost, in bytes. */
    private int moveAll(int slab, EntryStore.Visitor mover) {
        long descriptor = pages.descriptor(slab);
        long start = pages.address(slab);
        int sizeClass = Raw.getShort(descriptor + Slabs.SIZE_CLASS);
        int slotBytes = SizeClasses.bytes(sizeClass);
        int end = Raw.getInt(descriptor + Slabs.BUMP);
        int cost = 0;
        hold(descriptor);
        for (int offset = 0; offset < end; offset += slotBytes) {
            if (Raw.getByte(start + offset) != 0) {
                mover.visit(start + offset);
                cost += MixedSlabs.MOVE_COST + slotBytes;
            }
        }
        letGo(slab, descriptor, sizeClass);
        return cost;
    }

    /** Keeps a slab while it is walked, so that freeing the last slot does not free it. */
    private static void hold(long descriptor) {
        Raw.putInt(descriptor + Slabs.USED, Raw.getInt(descriptor + Slabs.USED) + 1);
    }

    /** Ends that; returns whether the slab is still there. */
    private boolean letGo(int slab, long descriptor, int sizeClass) {
        int used = Raw.getInt(descriptor + Slabs.USED) - 1;
        Raw.putInt(descriptor + Slabs.USED, used);
        if (used == 0) {
            slabs.freeSlab(slab, descriptor, sizeClass);
        }
        return used > 0;
    }
}
