package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;
import java.util.Arrays;

/**
 * Owned by one event loop: allocations of any size, by size class and by time of expiry.
 *
 * <p>A slab is a run of pages cut into slots of one size. All allocations of a slab belong to the same <em>expiry
 * group</em>: either they never expire, or they expire within the same span of time, which in a large store is short beside
 * the time that is left. So there is no structure that orders the single allocations by expiry: a {@link TimingWheel}
 * orders the slabs, and a slab that is due is walked. It costs no byte a key, and expired data is found when it expires.
 *
 * <pre>
 *   slab   | slot | slot | slot | free | slot | never used ...      slots from 0 to bump exist
 *             |                    |
 *             first byte != 0      first byte 0, then at +4 the offset of the next free slot
 *
 *   descriptor (64 bytes beside the pages, see Pages; offsets 12, 28, 44, 60 are taken by it)
 *      0 firstFree   4 used       8 bump       16 expiryGroup (8)   24 sizeClass (2)   26 touched (2)
 *     32 earliest (8)            40 next      48 previous          52 timerNext   56 timerPrevious
 * </pre>
 *
 * Where one slab for each size that is not full would be much ({@link #isMixing}), what may move lies in {@link MixedSlabs}.
 *
 * <p>Of a slab in memory that is not resident, only the pages up to the bump count; where slabs are mixed, of any slab, whose other pages
 * are idle then if they are resident.
 *
 * <p>What expires is an {@link Entry}, whose first byte is never 0. Slots that do not expire are never walked, so their
 * content is free.
 */
final class Slabs {
    /** Passed as time of expiry, in milliseconds: never. */
    static final long NEVER = -1;
    /** What is to be looked at later counts as this, since one more is the mark of a slab in which nothing expires. */
    static final long LATEST = Long.MAX_VALUE - 1;

    static final int FIRST_FREE = 0;
    static final int USED = 4;
    static final int BUMP = 8;
    static final int GROUP = 16;
    static final int SIZE_CLASS = 24;
    /** The pages up to the highest bump, and a bit. */
    private static final int TOUCHED = 26;

    /** Whether the other pages are resident, too. */
    private static final int RESIDENT = 0x4000;

    static final int EARLIEST = 32;
    static final int NEXT = 40;
    private static final int PREVIOUS = 48;
    static final int NONE = -1;
    static final int LARGE = -1;
    static final int NEXT_FREE = 4;

    /** With less than so many bytes the rests of slabs matter, and few pages are huge ones that would be split. */
    static final long SMALL_BYTES = 32L << 20;

    /** So do they where a store has room for less than so many allocations of a size, as a shift. */
    private static final int FEW_SHIFT = 14;

    /** The share of a slab's memory, as a shift, that may be unused where things are packed. */
    private static final int LOOSE_SHIFT = 4;

    /** Where a slot may begin. */
    static final int ALIGNMENT = SizeClasses.bytes(SizeClasses.MIXED);

    private final Pages pages;
    private final ExpiryGroups groups;
    /** Slabs with room, by size class, of allocations that never expire: the head of a list, or NONE. */
    private final int[] lasting = new int[SizeClasses.COUNT];
    /** The same for every expiry group that has one. */
    final LongIntMap expiring = new LongIntMap();

    final MixedSlabs mixed;
    final MixedSlabs headed;

    final TimingWheel wheel;
    final ExpiryWalk expiryWalk;
    private long usedBytes;
    private long slabBytes;

    Slabs(Pages pages, long nowMillis) {
        this(pages, nowMillis, ExpiryGroups.GROUPED_BYTES);
    }

    Slabs(Pages pages, long nowMillis, long groupedBytes) {
        this.pages = pages;
        this.groups = new ExpiryGroups(groupedBytes);
        this.wheel = new TimingWheel(pages, nowMillis);
        this.mixed = new MixedSlabs(this, pages, SizeClasses.MIXED);
        this.headed = new MixedSlabs(this, pages, SizeClasses.HEADED);
        this.expiryWalk = new ExpiryWalk(this, pages);
        Arrays.fill(lasting, NONE);
    }

    /** Bytes of live allocations, slack of their size class included. */
    long usedBytes() {
        return usedBytes;
    }

    /** Bytes of the pages that hold them. */
    long slabBytes() {
        return slabBytes;
    }

    /** Room for {@code bytes} bytes that expire at {@code expireAtMillis}, or {@link #NEVER}; the content is arbitrary. */
    long allocate(int bytes, long expireAtMillis, long nowMillis) {
        return allocateIn(groups.of(bytes, expireAtMillis, nowMillis, slabBytes), bytes, expireAtMillis);
    }

    /** The same for what moves out of a sparse slab: in another of its group, as there is one. */
    long allocateBeside(long address, int bytes, long expireAtMillis) {
        long group = Raw.getLong(pages.descriptor(slabOf(address, bytes)) + GROUP);
        return allocateIn(group, bytes, expireAtMillis);
    }

    private long allocateIn(long group, int bytes, long expireAtMillis) {
        int slab;
        long address;
        if (bytes > SizeClasses.MAX_SMALL) {
            slab = newLarge(bytes, group);
            address = pages.address(slab);
        } else {
            int sizeClass = SizeClasses.of(bytes);
            slab = withRoom(group, sizeClass);
            if (slab == NONE && group != ExpiryGroups.NONE) {
                // Slabs that hold several groups, as all do in a small store, serve as long as they have room.
                slab = withRoom(ExpiryGroups.ALL, sizeClass);
            }
            if (slab == NONE) {
                slab = newSlab(sizeClass, group);
            }
            address = takeSlot(slab, sizeClass, group);
        }
        return scheduled(address, slab, group, expireAtMillis);
    }

    /** Gives back what {@link #allocate} returned for {@code bytes}. */
    void free(long address, int bytes) {
        if (bytes > SizeClasses.MAX_SMALL) {
            freeLarge(pages.page(address), bytes);
            return;
        }
        int slab = pages.slab(address);
        long descriptor = pages.descriptor(slab);
        int sizeClass = Raw.getShort(descriptor + SIZE_CLASS);
        if (isMixedClass(sizeClass)) {
            mixed(sizeClass).free(address, bytes, slab, descriptor);
            return;
        }
        int slotBytes = SizeClasses.bytes(sizeClass);
        assert SizeClasses.of(bytes) == sizeClass : "freed with a size that it was not allocated with";
        assert poison(address, slotBytes);

        int firstFree = Raw.getInt(descriptor + FIRST_FREE);
        int used = Raw.getInt(descriptor + USED) - 1;
        boolean wasFull = firstFree == NONE && !hasFresh(descriptor, sizeClass);
        Raw.putByte(address, 0);
        Raw.putInt(address + NEXT_FREE, firstFree);
        Raw.putInt(descriptor + FIRST_FREE, (int) (address - pages.address(slab)));
        Raw.putInt(descriptor + USED, used);
        count(-slotBytes);
        if (wasFull) {
            link(slab, descriptor);
        }
        if (used == 0) {
            freeSlab(slab, descriptor, sizeClass);
        }
    }

    void count(long bytes) {
        usedBytes += bytes;
        pages.liveBytesGrew(bytes);
    }

    /** Whether an allocation of {@code oldBytes} can serve for {@code newBytes} with the same expiry as it lies. */
    static boolean sameSlot(int oldBytes, int newBytes) {
        if (oldBytes > SizeClasses.MAX_SMALL || newBytes > SizeClasses.MAX_SMALL) {
            return oldBytes > SizeClasses.MAX_SMALL
                    && newBytes > SizeClasses.MAX_SMALL
                    && Pages.pagesFor(oldBytes) == Pages.pagesFor(newBytes);
        }
        return SizeClasses.of(oldBytes) == SizeClasses.of(newBytes);
    }

    /** Bytes of slabs that hold no allocation. */
    long wasteBytes() {
        return slabBytes - usedBytes;
    }

    /**
     * Whether the allocation should move: more than this share of its slab's slots, as a shift, is free, and another slab
     * has room for it.
     */
    boolean isSparse(long address, int shift) {
        int slab = pages.slab(address);
        if (slab < 0) {
            return false;
        }
        long descriptor = pages.descriptor(slab);
        return isSparseSlab(descriptor, shift) && head(descriptor) != slab;
    }

    static boolean isSparseSlab(long descriptor, int shift) {
        int sizeClass = Raw.getShort(descriptor + SIZE_CLASS);
        int slotBytes = SizeClasses.bytes(sizeClass);
        int slots = sizeClass == SizeClasses.MIXED
                ? Raw.getInt(descriptor + BUMP) / slotBytes
                : (SizeClasses.slabPages(sizeClass) << Pages.PAGE_SHIFT) / slotBytes;
        return Raw.getInt(descriptor + USED) < slots - (slots >> shift);
    }

    /** Whether there come to be too many expiry groups; to be asked now and then. */
    boolean hasManyGroups(long nowMillis) {
        return groups.fit(expiring.size(), slabBytes, nowMillis);
    }

    /** Whether what a slab holds would now be allocated in a group of a wider span. */
    boolean isNarrow(int slab, long nowMillis) {
        long descriptor = pages.descriptor(slab);
        int slotBytes = SizeClasses.bytes(Raw.getShort(descriptor + SIZE_CLASS));
        return groups.isNarrow(Raw.getLong(descriptor + GROUP), slotBytes, nowMillis, slabBytes);
    }

    // --- Mixed slabs ---

    /** The same as {@link #allocate} for what its owner lets move, so that it lies in a hole if one fits, and in a mixed slab anyway {@linkplain #isMixing if need be}. */
    long allocateMovable(int bytes, int alignment, long expireAtMillis, long nowMillis) {
        long group = groups.of(bytes, expireAtMillis, nowMillis, slabBytes);
        if (bytes > SizeClasses.MAX_SMALL || !MixedSlabs.takes(group)) {
            return allocate(bytes, expireAtMillis, nowMillis);
        }
        int sizeClass = SizeClasses.of(bytes);
        long hole = mixed.fill(sizeClass, alignment, group);
        if (hole == 0 && !isMixing(bytes)) {
            return allocate(bytes, expireAtMillis, nowMillis);
        }
        long address = hole != 0 ? hole : mixed.append(sizeClass, alignment, group, true);
        return scheduled(address, pages.slab(address), group, expireAtMillis);
    }

    /** The same in a mixed slab beside what was packed before, not in a hole. */
    long pack(int bytes, int alignment, long expireAtMillis, long nowMillis) {
        long group = groups.of(bytes, expireAtMillis, nowMillis, slabBytes);
        if (bytes > SizeClasses.MAX_SMALL || !MixedSlabs.takes(group)) {
            return allocate(bytes, expireAtMillis, nowMillis);
        }
        int sizeClass = SizeClasses.of(bytes);
        if (alignment > ALIGNMENT) {
            assert group == ExpiryGroups.NONE;
            return mixed.append(sizeClass, alignment, ExpiryGroups.ALIGNED, false);
        }
        long address = mixed.append(sizeClass, alignment, group, false);
        return scheduled(address, pages.slab(address), group, expireAtMillis);
    }

    private long scheduled(long address, int slab, long group, long expireAtMillis) {
        if (group != ExpiryGroups.NONE) {
            schedule(slab, expireAtMillis);
        }
        return address;
    }

    /** Room for what its owner moves: behind a head, which says who that is, in a hole if one fits, and anyway {@linkplain #isMixing if need be}. */
    long allocateOwned(int bytes, long owner) {
        long slot = bytes > SizeClasses.MAX_SMALL ? 0 : headed.take(bytes, owner, isMixing(bytes));
        return slot != 0 ? slot + MixedSlabs.HEAD : allocate(bytes, NEVER, 0);
    }

    /** Whether the allocation has a head. */
    boolean isHeaded(long address) {
        return isIn(address, SizeClasses.HEADED);
    }

    /** Whether what may move, and has so many bytes, lies in mixed slabs: in a small store anything, in a larger one what there is little room for. */
    boolean isMixing(int bytes) {
        return slabBytes < SMALL_BYTES || slabBytes >> FEW_SHIFT < bytes;
    }

    /** Whether the allocation lies in a mixed slab. */
    boolean isMixed(long address) {
        return isIn(address, SizeClasses.MIXED);
    }

    private boolean isIn(long address, int sizeClass) {
        int slab = pages.slab(address);
        return slab >= 0 && Raw.getShort(pages.descriptor(slab) + SIZE_CLASS) == sizeClass;
    }

    private static boolean isMixedClass(int sizeClass) {
        return sizeClass == SizeClasses.MIXED || sizeClass == SizeClasses.HEADED;
    }

    private MixedSlabs mixed(int sizeClass) {
        return sizeClass == SizeClasses.MIXED ? mixed : headed;
    }

    /** Whether what the allocation's slab holds should be packed, as too much of its memory is unused. */
    boolean isLoose(long address) {
        int slab = pages.slab(address);
        return slab >= 0 && isLooseSlab(pages.descriptor(slab));
    }

    static boolean isLooseSlab(long descriptor) {
        int sizeClass = Raw.getShort(descriptor + SIZE_CLASS);
        int used = Raw.getInt(descriptor + USED) * (isMixedClass(sizeClass) ? ALIGNMENT : SizeClasses.bytes(sizeClass));
        if (isMixedClass(sizeClass)) {
            return used < Raw.getInt(descriptor + BUMP) - (MixedSlabs.BYTES >> LOOSE_SHIFT);
        }
        int touched = touched(descriptor) << Pages.PAGE_SHIFT;
        return used < touched - (touched >> LOOSE_SHIFT);
    }

    // --- Slots ---

    static boolean poison(long address, int bytes) {
        Raw.fill(address, bytes, 0xdf);
        return true;
    }

    private long takeSlot(int slab, int sizeClass, long group) {
        long descriptor = pages.descriptor(slab);
        long start = pages.address(slab);
        int offset = Raw.getInt(descriptor + FIRST_FREE);
        int slotBytes = SizeClasses.bytes(sizeClass);
        if (offset != NONE) {
            Raw.putInt(descriptor + FIRST_FREE, Raw.getInt(start + offset + NEXT_FREE));
        } else {
            offset = Raw.getInt(descriptor + BUMP);
            bump(descriptor, offset + slotBytes);
        }
        Raw.putInt(descriptor + USED, Raw.getInt(descriptor + USED) + 1);
        count(slotBytes);
        if (Raw.getInt(descriptor + FIRST_FREE) == NONE && !hasFresh(descriptor, sizeClass)) {
            unlink(slab, descriptor);
        }
        if (group != ExpiryGroups.NONE) {
            Raw.putByte(start + offset, 0xff);
        }
        return start + offset;
    }

    void bump(long descriptor, int offset) {
        Raw.putInt(descriptor + BUMP, offset);
        int touched = Pages.pagesFor(offset);
        if (touched > touched(descriptor)) {
            touch(descriptor, touched);
        }
    }

    static boolean hasFresh(long descriptor, int sizeClass) {
        int slabBytes = SizeClasses.slabPages(sizeClass) << Pages.PAGE_SHIFT;
        return Raw.getInt(descriptor + BUMP) + SizeClasses.bytes(sizeClass) <= slabBytes;
    }

    int newSlab(int sizeClass, long group) {
        int count = SizeClasses.slabPages(sizeClass);
        int slab = newRun(count, sizeClass, group);
        long descriptor = pages.descriptor(slab);
        Raw.putShort(descriptor + TOUCHED, count);
        boolean isResident = !pages.isUntouched();
        if (!isResident || isMixing(SizeClasses.bytes(sizeClass)) || isMixedClass(sizeClass)) {
            touch(descriptor, 0);
            if (isResident) {
                Raw.putShort(descriptor + TOUCHED, RESIDENT);
                pages.lentPagesGrew(count);
            }
        }
        pages.markSlab(slab, count);
        link(slab, descriptor);
        return slab;
    }

    /** How many pages of a slab count. */
    static int touched(long descriptor) {
        return Raw.getShort(descriptor + TOUCHED) & RESIDENT - 1;
    }

    static boolean isResident(long descriptor) {
        return (Raw.getShort(descriptor + TOUCHED) & RESIDENT) != 0;
    }

    private void touch(long descriptor, int touched) {
        int more = touched - touched(descriptor);
        Raw.putShort(descriptor + TOUCHED, Raw.getShort(descriptor + TOUCHED) + more);
        slabBytes += (long) more << Pages.PAGE_SHIFT;
        pages.usedPagesGrew(more);
        if (isResident(descriptor)) {
            pages.lentPagesGrew(-more);
        }
    }

    /** Gives the pages back that a slab has behind its last slot, as nothing is to be appended there any more. */
    void discardRest(int slab, long descriptor) {
        int touched = touched(descriptor);
        int rest = SizeClasses.slabPages(Raw.getShort(descriptor + SIZE_CLASS)) - touched;
        if (isResident(descriptor) && rest > 0) {
            NativeMemory.discard(pages.address(slab + touched), (long) rest << Pages.PAGE_SHIFT);
            Raw.putShort(descriptor + TOUCHED, touched);
            pages.lentPagesGrew(-rest);
        }
    }

    private int newLarge(int bytes, long group) {
        int count = Pages.pagesFor(bytes);
        int slab = newRun(count, LARGE, group);
        count((long) count << Pages.PAGE_SHIFT);
        if (group != ExpiryGroups.NONE) {
            Raw.putByte(pages.address(slab), 0xff);
        }
        return slab;
    }

    private void freeLarge(int slab, int bytes) {
        int count = Pages.pagesFor(bytes);
        count(-((long) count << Pages.PAGE_SHIFT));
        freeRun(slab, pages.descriptor(slab), count, count);
    }

    private int newRun(int count, int sizeClass, long group) {
        int run = pages.allocate(count);
        slabBytes += (long) count << Pages.PAGE_SHIFT;
        long descriptor = pages.descriptor(run);
        Raw.putInt(descriptor + FIRST_FREE, NONE);
        Raw.putInt(descriptor + USED, 0);
        Raw.putInt(descriptor + BUMP, 0);
        Raw.putLong(descriptor + GROUP, group);
        Raw.putShort(descriptor + SIZE_CLASS, sizeClass);
        Raw.putLong(descriptor + EARLIEST, Long.MAX_VALUE);
        return run;
    }

    private void freeRun(int run, long descriptor, int count, int touched) {
        if (Raw.getLong(descriptor + EARLIEST) != Long.MAX_VALUE) {
            wheel.remove(run);
        }
        slabBytes -= (long) touched << Pages.PAGE_SHIFT;
        pages.free(run, count, touched);
    }

    void freeSlab(int slab, long descriptor, int sizeClass) {
        if (isMixedClass(sizeClass)) {
            mixed(sizeClass).forget(slab, descriptor);
        }
        unlink(slab, descriptor);
        int count = SizeClasses.slabPages(sizeClass);
        if (isResident(descriptor)) {
            touch(descriptor, count);
        }
        freeRun(slab, descriptor, count, touched(descriptor));
    }

    private void link(int slab, long descriptor) {
        int next = head(descriptor);
        Raw.putInt(descriptor + NEXT, next);
        Raw.putInt(descriptor + PREVIOUS, NONE);
        if (next != NONE) {
            Raw.putInt(pages.descriptor(next) + PREVIOUS, slab);
        }
        head(descriptor, slab);
    }

    private void unlink(int slab, long descriptor) {
        int next = Raw.getInt(descriptor + NEXT);
        int previous = Raw.getInt(descriptor + PREVIOUS);
        if (next != NONE) {
            Raw.putInt(pages.descriptor(next) + PREVIOUS, previous);
        }
        if (previous != NONE) {
            Raw.putInt(pages.descriptor(previous) + NEXT, next);
        } else {
            assert head(descriptor) == slab;
            head(descriptor, next);
        }
    }

    int head(long descriptor) {
        long group = Raw.getLong(descriptor + GROUP);
        int sizeClass = Raw.getShort(descriptor + SIZE_CLASS);
        return withRoom(group, sizeClass);
    }

    /** The first slab of a kind that has room, or NONE. */
    int withRoom(long group, int sizeClass) {
        return group == ExpiryGroups.NONE ? lasting[sizeClass] : expiring.get(listKey(group, sizeClass), NONE);
    }

    private void head(long descriptor, int slab) {
        long group = Raw.getLong(descriptor + GROUP);
        int sizeClass = Raw.getShort(descriptor + SIZE_CLASS);
        if (group == ExpiryGroups.NONE) {
            lasting[sizeClass] = slab;
        } else if (slab == NONE) {
            expiring.remove(listKey(group, sizeClass));
        } else {
            expiring.put(listKey(group, sizeClass), slab);
        }
    }

    private static long listKey(long group, int sizeClass) {
        return group * SizeClasses.COUNT + sizeClass;
    }

    void schedule(int slab, long wantedMillis) {
        long atMillis = Math.min(wantedMillis, LATEST);
        long descriptor = pages.descriptor(slab);
        long earliest = Raw.getLong(descriptor + EARLIEST);
        if (atMillis < earliest) {
            if (earliest != Long.MAX_VALUE) {
                wheel.remove(slab);
            }
            Raw.putLong(descriptor + EARLIEST, atMillis);
            wheel.add(slab, atMillis);
        }
    }

    /** Takes note that an allocation in an expiring slab has a new time, which must lie in the slab's group. */
    boolean reschedule(long address, int bytes, long atMillis) {
        int slab = slabOf(address, bytes);
        if (!ExpiryGroups.hasRoomFor(Raw.getLong(pages.descriptor(slab) + GROUP), atMillis)) {
            return false;
        }
        schedule(slab, atMillis);
        return true;
    }

    private int slabOf(long address, int bytes) {
        return bytes > SizeClasses.MAX_SMALL ? pages.page(address) : pages.slab(address);
    }
}
