package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;
import java.util.Arrays;

/**
 * Owned by one event loop: hands out runs of 4 KiB pages of one large reservation (a binary buddy allocator).
 *
 * <pre>
 *   reservation   [ page 0 | page 1 | page 2 | ... | top ........ untouched, costs nothing ]
 *   descriptors   [ 16 B   | 16 B   | 16 B   | ... ]   one line a page, in a reservation of its own
 * </pre>
 *
 * Fresh memory comes in regions of the size of a huge page. A huge page is found and cleared when it is first touched, which may
 * take milliseconds; so a region gets one only from the {@link PageStock}, ahead of use. What is taken before that is done has small pages.
 *
 * <p>A block of 2^n pages is aligned to its size, so that the slab which holds an address is found by masking. A run of any
 * number of pages is a block whose tail went back to the free lists. The descriptors of an allocated run belong to
 * its owner, but for the last four bytes of each ({@link #TAG}), which say whether a free block begins there.
 */
final class Pages {
    static final int PAGE_SHIFT = 12;
    static final int PAGE = 1 << PAGE_SHIFT;
    static final int DESCRIPTOR = 16;

    private static final int TAG = 12;
    static final int FREE = 0x40;
    static final int SLAB = 0x100;
    static final int RELEASED = 0x80;
    /** Of a region's first page: another thread has it. */
    static final int AWAY = 0x200;

    static final int ORDER_MASK = 0x3f;
    static final int NEXT = 0;
    static final int PREVIOUS = 4;
    private static final int MAX_ORDER = 25;
    /** Fresh address space is taken in regions of 2 MiB. */
    static final int REGION_ORDER = 9;

    static final int REGION = 1 << REGION_ORDER;
    private static final long REGION_BYTES = (long) REGION << PAGE_SHIFT;
    /** As many pages as one call to the system is worth, which may have to split a huge one. */
    private static final int DISCARD_COST = 64;

    /** Below this many pages in use none are kept in stock, and below the second only while regions are taken: a small node shall stay small. */
    private static final int MIN_USED_FOR_STOCK = 4 * REGION;

    private static final int MIN_USED_FOR_STOCK_AT_REST = 16 * REGION;

    /** So many regions may wait to be given back: they are resident, and nobody counts them. */
    private static final int MOST_LEAVING = 1;

    private static final int MAX_STOCK = 16;
    /** The stock's share of what is in use, as a shift. */
    private static final int STOCK_SHIFT = 6;

    private final PageStock stock = new PageStock();
    /** Regions that are being made resident. */
    private int coming;
    /** Regions that are being given back. */
    private int leaving;

    private final NativeMemory.Range data;
    private final long base;
    private final NativeMemory.Range descriptors;
    /** Blocks of each order that are resident, wholly or in part: the first of a list, or -1. */
    final int[] free = new int[MAX_ORDER + 1];
    /** The same of blocks that are not. */
    final int[] freeReleased = new int[MAX_ORDER + 1];
    /** One bit for each region, of meaning where it lies in a free block of its size or more: whether it is not resident. */
    private final long[] releasedRegions;

    /** Whether nothing of what was taken last is resident. */
    private boolean takenReleased;

    private final int limit;
    /** The first page that was never handed out. Page 0 stays unused, so that no block has the address 0. */
    int top;

    private long usedPages;
    /** Bytes of everything that lies in runs of these pages, as its owners count it. */
    private long liveBytes;

    /** Of what lies in mixed slabs, bytes that hold nothing. */
    private long looseBytes;

    /** Resident pages of runs that are handed out, which do not count as handed out. */
    private long lentPages;

    private long freeResidentPages;
    /** Of these, whole regions: what is stocked. */
    private int freeResidentRegions;

    /** The fewest that were free, and the regions that were taken, since the last {@link #look}. */
    private long leastFreeResidentPages;

    private int regionsTaken;
    /** Free pages that were not so all the time between the last two looks, and regions that were taken. */
    private long busyPages;

    private int regionsTakenBefore;

    Pages(long reservationBytes) {
        data = NativeMemory.reserve(reservationBytes);
        base = (data.address() + REGION_BYTES - 1) & -REGION_BYTES;
        long bytes = data.address() + data.bytes() - base;
        NativeMemory.refuseHugePages(base, bytes);
        limit = (int) Math.min(Integer.MAX_VALUE - 1, bytes >> PAGE_SHIFT);
        descriptors = NativeMemory.reserve((long) (limit + 1) * DESCRIPTOR);
        releasedRegions = new long[(limit >> REGION_ORDER >> 6) + 1];
        Arrays.fill(free, -1);
        Arrays.fill(freeReleased, -1);
        top = 0;
        grow(0);
        int first = take(0);
        assert first == 0;
    }

    long base() {
        return base;
    }

    long liveBytes() {
        return liveBytes;
    }

    /** To be told by the owners of runs what they hold more, or less. */
    void liveBytesGrew(long bytes) {
        liveBytes += bytes;
    }

    /** The bytes that mixed slabs hold beside what lives in them. */
    long looseBytes() {
        return looseBytes;
    }

    void looseBytesGrew(long bytes) {
        looseBytes += bytes;
    }

    /** Bytes of resident pages that owners of runs have and do not use yet. */
    long lentBytes() {
        return lentPages << PAGE_SHIFT;
    }

    void lentPagesGrew(int pages) {
        lentPages += pages;
    }

    /** Bytes of the runs that are handed out. */
    long usedBytes() {
        return usedPages << PAGE_SHIFT;
    }

    /** Bytes in the free lists that the system still counts as ours. */
    long idleBytes() {
        return freeResidentPages << PAGE_SHIFT;
    }

    long address(int page) {
        return base + ((long) page << PAGE_SHIFT);
    }

    int page(long address) {
        return (int) ((address - base) >>> PAGE_SHIFT);
    }

    long descriptor(int page) {
        return descriptors.address() + (long) page * DESCRIPTOR;
    }

    static int pagesFor(long bytes) {
        return (int) ((bytes + PAGE - 1) >>> PAGE_SHIFT);
    }

    /** A run of {@code pages} pages, aligned to the next power of two; its content is arbitrary. */
    int allocate(int pages) {
        int order = order(pages);
        if (order > MAX_ORDER) {
            throw new OutOfMemoryError("a run of " + pages + " pages");
        }
        restock();
        int page = take(order);
        giveRange(page + pages, page + (1 << order), takenReleased);
        usedPages += pages;
        return page;
    }

    /** The order of the smallest block that holds a run. */
    static int order(int pages) {
        return 32 - Integer.numberOfLeadingZeros(pages - 1);
    }

    /** Whether no page of the run that was handed out last is resident: they cost nothing until they are touched. */
    boolean isUntouched() {
        return takenReleased;
    }

    /** To be told by the owners of such runs how many more pages count as handed out. */
    void usedPagesGrew(int more) {
        usedPages += more;
    }

    /**
     * How many free regions are kept resident: one, and as many as are taken between two looks. Smaller free blocks, however many, are
     * of no use to who needs a larger one.
     */
    private int wantedStock() {
        int lately = Math.max(regionsTaken, regionsTakenBefore);
        if (usedPages < (lately > 0 ? MIN_USED_FOR_STOCK : MIN_USED_FOR_STOCK_AT_REST)) {
            return 0;
        }
        return (int) Math.min(1 + lately, Math.min(MAX_STOCK, 1 + (usedPages >> REGION_ORDER >> STOCK_SHIFT)));
    }

    /** Says that some time has passed: what was free all the time since the last look is not needed soon. */
    void look() {
        busyPages = Math.max(0, freeResidentPages - leastFreeResidentPages);
        leastFreeResidentPages = freeResidentPages;
        regionsTakenBefore = regionsTaken;
        regionsTaken = 0;
    }

    /** Bytes that were idle at the last look, and in use at some time between it and the one before. */
    long busyBytes() {
        return busyPages << PAGE_SHIFT;
    }

    /** Bytes of the free regions that are kept resident. */
    long stockedBytes() {
        return Math.min(freeResidentRegions, wantedStock()) * REGION_BYTES;
    }

    /** Takes back the regions that were away, and has another become resident if it will be needed soon. */
    private void restock() {
        for (PageStock.Region region = stock.poll(); region != null; region = stock.poll()) {
            coming -= region.isResident() ? 1 : 0;
            leaving -= region.isResident() ? 0 : 1;
            takeBack(region.page(), !region.isResident());
        }
        if (freeResidentRegions + coming >= wantedStock()) {
            return;
        }
        int order = first(freeReleased, REGION_ORDER);
        if (order > MAX_ORDER && top + REGION <= limit) {
            grow(REGION_ORDER);
            order = first(freeReleased, REGION_ORDER);
        }
        if (order <= MAX_ORDER) {
            int page = sendAway(freeReleased[order], order);
            coming++;
            stock.populate(page, address(page), REGION_BYTES);
        }
    }

    /** Takes a region out of a free block, for another thread. */
    private int sendAway(int block, int order) {
        int page = split(block, order, REGION_ORDER);
        Raw.putInt(descriptor(page) + TAG, AWAY);
        return page;
    }

    private void takeBack(int page, boolean released) {
        Raw.putInt(descriptor(page) + TAG, 0);
        give(page, REGION_ORDER, released);
    }

    /** Takes back a run, of which the first pages count as handed out and no other has been touched. */
    void free(int page, int pages, int touched) {
        usedPages -= touched;
        for (int i = 0; i < pages; i++) {
            Raw.putInt(descriptor(page + i) + TAG, 0);
        }
        giveRange(page, page + touched, false);
        giveRange(page + touched, page + pages, true);
    }

    /** Notes that the run is one slab, so that {@link #slab} finds it. */
    void markSlab(int page, int pages) {
        int tag = SLAB | order(pages);
        for (int i = 0; i < pages; i++) {
            Raw.putInt(descriptor(page + i) + TAG, tag);
        }
    }

    /** The first page of the slab that holds the address, or -1 if it is not in a slab. */
    int slab(long address) {
        int page = page(address);
        int tag = tag(page);
        return (tag & SLAB) == 0 ? -1 : page & -(1 << (tag & ORDER_MASK));
    }

    private int take(int order) {
        int found = bestOrder(order);
        if (found > MAX_ORDER) {
            grow(order);
            found = bestOrder(order);
        }
        int page = split(free[found] >= 0 ? free[found] : freeReleased[found], found, order);
        leastFreeResidentPages = Math.min(leastFreeResidentPages, freeResidentPages);
        regionsTaken += found >= REGION_ORDER ? 1 : 0;
        return page;
    }

    /** The order of the block to take: rather a hole in a region than a region, and rather a resident region than one that is not. */
    private int bestOrder(int order) {
        int found = order;
        while (found < REGION_ORDER && free[found] < 0 && freeReleased[found] < 0) {
            found++;
        }
        if (found < REGION_ORDER) {
            return found;
        }
        int resident = first(free, found);
        return resident <= MAX_ORDER ? resident : first(freeReleased, found);
    }

    /** The first order from the given one on of which there is a block, or more than the highest. */
    private static int first(int[] lists, int order) {
        int found = order;
        while (found <= MAX_ORDER && lists[found] < 0) {
            found++;
        }
        return found;
    }

    /** Takes a block of an order out of a free one of {@code from}; the rest stays free. */
    private int split(int block, int from, int order) {
        int page = block;
        int at = from;
        boolean released = unlink(page, at);
        while (at > order) {
            released = at == REGION_ORDER ? isReleased(page) : released;
            at--;
            int other = page + (1 << at);
            if (at >= REGION_ORDER && residentRegions(page, at) == 0 && residentRegions(other, at) > 0) {
                other = page;
                page += 1 << at;
            }
            link(other, at, released);
        }
        takenReleased = order < REGION_ORDER ? released : residentRegions(page, order) == 0;
        return page;
    }

    private void grow(int order) {
        int size = 1 << Math.max(order, REGION_ORDER);
        long start = ((long) top + size - 1) & -size;
        if (start + size > limit) {
            throw new OutOfMemoryError("the reservation of " + data.bytes() + " bytes is full");
        }
        giveRange(top, (int) start, true);
        giveRange((int) start, (int) start + size, true);
        top = (int) start + size;
    }

    /** Returns [from, to) to the free lists as the largest aligned blocks it consists of. */
    private void giveRange(int from, int to, boolean untouched) {
        int page = from;
        while (page < to) {
            int order = Math.min(Integer.numberOfTrailingZeros(page), 31 - Integer.numberOfLeadingZeros(to - page));
            order = Math.min(order, MAX_ORDER);
            give(page, order, untouched);
            page += 1 << order;
        }
    }

    private void give(int page, int order, boolean untouched) {
        int block = page;
        int blockOrder = order;
        boolean released = untouched;
        for (int at = page; at < page + (1 << order); at += REGION) {
            markRegion(at, untouched);
        }
        while (blockOrder < MAX_ORDER) {
            int buddy = block ^ (1 << blockOrder);
            if (buddy >= limit || (tag(buddy) & (FREE | ORDER_MASK)) != (FREE | blockOrder)) {
                break;
            }
            // A merged block counts as resident if either half is: at worst it is discarded once more than needed.
            released &= unlink(buddy, blockOrder);
            block = Math.min(block, buddy);
            blockOrder++;
            if (blockOrder == REGION_ORDER) {
                markRegion(block, released);
            }
        }
        link(block, blockOrder, released);
    }

    int tag(int page) {
        return Raw.getInt(descriptor(page) + TAG);
    }

    private void link(int page, int order, boolean released) {
        int regions = order >= REGION_ORDER ? residentRegions(page, order) : 0;
        int resident = order >= REGION_ORDER ? regions << REGION_ORDER : released ? 0 : 1 << order;
        int[] lists = resident == 0 ? freeReleased : free;
        long descriptor = descriptor(page);
        int next = lists[order];
        Raw.putInt(descriptor + NEXT, next);
        Raw.putInt(descriptor + PREVIOUS, -1);
        Raw.putInt(descriptor + TAG, FREE | order | (resident == 0 ? RELEASED : 0));
        if (next >= 0) {
            Raw.putInt(descriptor(next) + PREVIOUS, page);
        }
        lists[order] = page;
        freeResidentPages += resident;
        freeResidentRegions += regions;
    }

    private boolean unlink(int page, int order) {
        long descriptor = descriptor(page);
        int next = Raw.getInt(descriptor + NEXT);
        int previous = Raw.getInt(descriptor + PREVIOUS);
        boolean released = (Raw.getInt(descriptor + TAG) & RELEASED) != 0;
        Raw.putInt(descriptor + TAG, 0);
        if (next >= 0) {
            Raw.putInt(descriptor(next) + PREVIOUS, previous);
        }
        if (previous >= 0) {
            Raw.putInt(descriptor(previous) + NEXT, next);
        } else {
            (released ? freeReleased : free)[order] = next;
        }
        if (order >= REGION_ORDER) {
            int regions = residentRegions(page, order);
            freeResidentPages -= (long) regions << REGION_ORDER;
            freeResidentRegions -= regions;
        } else if (!released) {
            freeResidentPages -= 1 << order;
        }
        return released;
    }

    // --- What is resident ---

    private void markRegion(int page, boolean released) {
        int region = page >> REGION_ORDER;
        long bit = 1L << region;
        releasedRegions[region >> 6] = releasedRegions[region >> 6] & ~bit | (released ? bit : 0);
    }

    private boolean isReleased(int page) {
        int region = page >> REGION_ORDER;
        return (releasedRegions[region >> 6] >>> region & 1) != 0;
    }

    /** Of a block of at least one region. */
    int residentRegions(int page, int order) {
        int first = page >> REGION_ORDER;
        int regions = 1 << (order - REGION_ORDER);
        if (regions < Long.SIZE) {
            return regions - Long.bitCount(releasedRegions[first >> 6] >>> first & (1L << regions) - 1);
        }
        int resident = regions;
        for (int i = first >> 6; i < (first + regions) >> 6; i++) {
            resident -= Long.bitCount(releasedRegions[i]);
        }
        return resident;
    }

    /**
     * Gives free memory that is not stocked back to the system, from the largest blocks first, until that is {@code bytes} or has
     * taken as long as {@code bytes} in large blocks do.
     *
     * @return how many bytes that were
     */
    long discardIdle(long bytes) {
        long left = bytes >> PAGE_SHIFT;
        long given = 0;
        while (left > 0 && freeResidentRegions > wantedStock()) {
            int order = first(free, REGION_ORDER);
            int page = sendAway(free[order], order);
            if (leaving < MOST_LEAVING) {
                leaving++;
                stock.discard(page, address(page), REGION_BYTES);
            } else {
                NativeMemory.discard(address(page), REGION_BYTES);
                takeBack(page, true);
            }
            left -= REGION;
            given += REGION;
        }
        for (int order = REGION_ORDER - 1; order >= 0; order--) {
            int size = 1 << order;
            while (left > 0 && free[order] >= 0) {
                int block = free[order];
                NativeMemory.discard(address(block), (long) PAGE * size);
                left -= Math.max(size, DISCARD_COST);
                given += size;
                unlink(block, order);
                link(block, order, true);
            }
        }
        return given << PAGE_SHIFT;
    }

    void close() {
        stock.close();
        NativeMemory.release(data);
        NativeMemory.release(descriptors);
    }
}
