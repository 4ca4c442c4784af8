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
 * A block of 2^n pages is aligned to its size, so that the slab which holds an address is found by masking. A run of any
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
    static final int ORDER_MASK = 0x3f;
    static final int NEXT = 0;
    static final int PREVIOUS = 4;
    private static final int MAX_ORDER = 25;
    /** Fresh address space is taken in regions of 2 MiB. */
    static final int REGION_ORDER = 9;

    private static final int REGION = 1 << REGION_ORDER;
    /** As many pages as one call to the system is worth. */
    private static final int DISCARD_COST = 16;

    /** Below this many pages in use none are kept in stock; a small node shall stay small. */
    private static final int MIN_USED_FOR_STOCK = 4 * REGION;

    /** How many regions the stock has, at least and at most. */
    private static final int MIN_STOCK = 2;

    private static final int MAX_STOCK = 16;
    /** The stock's share of what is in use, as a shift. */
    private static final int STOCK_SHIFT = 6;

    private final PageStock populating = new PageStock();
    private final NativeMemory.Range data;
    private final long base;
    private final NativeMemory.Range descriptors;
    /** Blocks of each order that are resident, wholly or in part: the first of a list, or -1. */
    final int[] free = new int[MAX_ORDER + 1];
    /** The same of blocks that are not. */
    final int[] freeReleased = new int[MAX_ORDER + 1];
    /** One bit for each region, of meaning where it lies in a free block of its size or more: whether it is not resident. */
    private final long[] releasedRegions;

    private final int limit;
    /** The first page that was never handed out. Page 0 stays unused, so that no block has the address 0. */
    int top;

    private long usedPages;
    /** Bytes of everything that lies in runs of these pages, as its owners count it. */
    private long liveBytes;

    private long freeResidentPages;
    /** Of these, whole regions: what is stocked. */
    private int freeResidentRegions;

    Pages(long reservationBytes) {
        data = NativeMemory.reserve(reservationBytes);
        long hugePage = (long) PAGE << REGION_ORDER;
        base = (data.address() + hugePage - 1) & -hugePage;
        long bytes = data.address() + data.bytes() - base;
        NativeMemory.preferHugePages(base, bytes);
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
        int order = 32 - Integer.numberOfLeadingZeros(pages - 1);
        if (order > MAX_ORDER) {
            throw new OutOfMemoryError("a run of " + pages + " pages");
        }
        int page = take(order);
        giveRange(page + pages, page + (1 << order), false);
        usedPages += pages;
        if (freeResidentRegions < stock()) {
            stockUp();
        }
        return page;
    }

    /** How many free regions are kept resident. Smaller free blocks, however many, are of no use to who needs a larger one. */
    private int stock() {
        return usedPages < MIN_USED_FOR_STOCK
                ? 0
                : Math.clamp(usedPages >> REGION_ORDER >> STOCK_SHIFT, MIN_STOCK, MAX_STOCK);
    }

    /** Bytes of the free regions that are kept resident. */
    long stockedBytes() {
        return (long) Math.min(freeResidentRegions, stock()) << REGION_ORDER << PAGE_SHIFT;
    }

    /** Has a region made resident that will be needed soon. */
    private void stockUp() {
        int order = REGION_ORDER;
        while (order <= MAX_ORDER && freeReleased[order] < 0) {
            order++;
        }
        if (order > MAX_ORDER) {
            if (top + REGION <= limit) {
                grow(REGION_ORDER);
            }
            return;
        }
        int block = freeReleased[order];
        unlink(block, order);
        while (order > REGION_ORDER) {
            order--;
            link(block + (1 << order), order, true);
        }
        populating.populate(address(block), (long) PAGE << REGION_ORDER);
        markRegion(block, false);
        linkLast(block);
    }

    /** Puts a region behind all others that are free: those are resident sooner. */
    private void linkLast(int page) {
        int last = free[REGION_ORDER];
        link(page, REGION_ORDER, false);
        if (last < 0) {
            return;
        }
        free[REGION_ORDER] = last;
        Raw.putInt(descriptor(last) + PREVIOUS, -1);
        while (Raw.getInt(descriptor(last) + NEXT) >= 0) {
            last = Raw.getInt(descriptor(last) + NEXT);
        }
        Raw.putInt(descriptor(last) + NEXT, page);
        Raw.putInt(descriptor(page) + NEXT, -1);
        Raw.putInt(descriptor(page) + PREVIOUS, last);
    }

    void free(int page, int pages) {
        usedPages -= pages;
        for (int i = 0; i < pages; i++) {
            Raw.putInt(descriptor(page + i) + TAG, 0);
        }
        giveRange(page, page + pages, false);
    }

    /** Notes that the block of 2^order pages is one slab, so that {@link #slab} finds it. */
    void markSlab(int page, int pages) {
        int tag = SLAB | Integer.numberOfTrailingZeros(pages);
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
        int found = order;
        while (found <= MAX_ORDER && free[found] < 0 && freeReleased[found] < 0) {
            found++;
        }
        if (found > MAX_ORDER) {
            grow(order);
            return take(order);
        }
        int page = free[found] >= 0 ? free[found] : freeReleased[found];
        boolean released = unlink(page, found);
        while (found > order) {
            released = found == REGION_ORDER ? isReleased(page) : released;
            found--;
            int other = page + (1 << found);
            if (found >= REGION_ORDER && residentRegions(page, found) == 0 && residentRegions(other, found) > 0) {
                other = page;
                page += 1 << found;
            }
            link(other, found, released);
        }
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

    /** Gives free memory that is not stocked back to the system, from the largest blocks first, about {@code bytes} at most. */
    void discardIdle(long bytes) {
        long left = bytes >> PAGE_SHIFT;
        for (int order = MAX_ORDER; order >= 0; order--) {
            boolean small = order < REGION_ORDER;
            while (left > 0 && free[order] >= 0 && (small || freeResidentRegions > stock())) {
                int block = free[order];
                int page = small ? block : firstResidentRegion(block);
                int pages = 1 << Math.min(order, REGION_ORDER);
                NativeMemory.discard(address(page), (long) PAGE * pages);
                left -= Math.max(pages, DISCARD_COST);
                unlink(block, order);
                if (!small) {
                    markRegion(page, true);
                }
                link(block, order, true);
            }
        }
    }

    private int firstResidentRegion(int block) {
        int page = block;
        while (isReleased(page)) {
            page += REGION;
        }
        return page;
    }

    void close() {
        populating.close();
        NativeMemory.release(data);
        NativeMemory.release(descriptors);
    }
}
