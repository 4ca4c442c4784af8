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
    private static final int FREE = 0x40;
    private static final int SLAB = 0x100;
    private static final int RELEASED = 0x80;
    private static final int ORDER_MASK = 0x3f;
    private static final int NEXT = 0;
    private static final int PREVIOUS = 4;
    private static final int MAX_ORDER = 25;
    /** Fresh address space is taken in pieces of 2 MiB: one huge page. */
    private static final int GROWTH_ORDER = 9;

    private final NativeMemory.Range data;
    private final long base;
    private final NativeMemory.Range descriptors;
    private final int[] free = new int[MAX_ORDER + 1];
    private final int limit;
    /** The first page that was never handed out. Page 0 stays unused, so that no block has the address 0. */
    private int top;

    private long usedPages;
    /** Bytes of everything that lies in runs of these pages, as its owners count it. */
    private long liveBytes;

    private long freeResidentPages;

    Pages(long reservationBytes) {
        data = NativeMemory.reserve(reservationBytes);
        long hugePage = (long) PAGE << GROWTH_ORDER;
        base = (data.address() + hugePage - 1) & -hugePage;
        long bytes = data.address() + data.bytes() - base;
        NativeMemory.preferHugePages(base, bytes);
        limit = (int) Math.min(Integer.MAX_VALUE - 1, bytes >> PAGE_SHIFT);
        descriptors = NativeMemory.reserve((long) (limit + 1) * DESCRIPTOR);
        Arrays.fill(free, -1);
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
        return page;
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
        while (found <= MAX_ORDER && free[found] < 0) {
            found++;
        }
        if (found > MAX_ORDER) {
            grow(order);
            return take(order);
        }
        int page = free[found];
        boolean released = unlink(page, found);
        while (found > order) {
            found--;
            link(page + (1 << found), found, released);
        }
        return page;
    }

    private void grow(int order) {
        int size = 1 << Math.max(order, GROWTH_ORDER);
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
        while (blockOrder < MAX_ORDER) {
            int buddy = block ^ (1 << blockOrder);
            if (buddy >= limit || (tag(buddy) & (FREE | ORDER_MASK)) != (FREE | blockOrder)) {
                break;
            }
            // A merged block counts as resident if either half is: at worst it is discarded once more than needed.
            released &= unlink(buddy, blockOrder);
            block = Math.min(block, buddy);
            blockOrder++;
        }
        link(block, blockOrder, released);
    }

    private int tag(int page) {
        return Raw.getInt(descriptor(page) + TAG);
    }

    private void link(int page, int order, boolean released) {
        long descriptor = descriptor(page);
        int next = free[order];
        Raw.putInt(descriptor + NEXT, next);
        Raw.putInt(descriptor + PREVIOUS, -1);
        Raw.putInt(descriptor + TAG, FREE | order | (released ? RELEASED : 0));
        if (next >= 0) {
            Raw.putInt(descriptor(next) + PREVIOUS, page);
        }
        free[order] = page;
        if (!released) {
            freeResidentPages += 1L << order;
        }
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
            free[order] = next;
        }
        if (!released) {
            freeResidentPages -= 1L << order;
        }
        return released;
    }

    /** Gives free blocks back to the system, the largest first, about {@code bytes} of them at most. */
    void discardIdle(long bytes) {
        long left = bytes >> PAGE_SHIFT;
        for (int order = MAX_ORDER; order >= 0 && left > 0; order--) {
            for (int page = free[order]; page >= 0 && left > 0; ) {
                int next = Raw.getInt(descriptor(page) + NEXT);
                if ((tag(page) & RELEASED) == 0) {
                    NativeMemory.discard(address(page), (long) PAGE << order);
                    Raw.putInt(descriptor(page) + TAG, FREE | order | RELEASED);
                    freeResidentPages -= 1L << order;
                    left -= 1L << order;
                }
                page = next;
            }
        }
    }

    void close() {
        NativeMemory.release(data);
        NativeMemory.release(descriptors);
    }
}
