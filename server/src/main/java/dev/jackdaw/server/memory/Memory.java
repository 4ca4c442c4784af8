package dev.jackdaw.server.memory;

/**
 * Owned by one event loop: all off-heap memory of one engine. Databases and large collections take theirs from here, and
 * here it is counted.
 */
public final class Memory implements AutoCloseable {
    /** Address space, not memory: what an entry's address in the index can name. */
    private static final long RESERVATION = 128L << 30;

    /** Idle pages are kept up to this share of the used ones, as a shift, before they go back to the system. */
    private static final int IDLE_SHIFT = 5;

    private static final long MIN_IDLE = 4L << 20;

    private final Pages pages;
    private final Heap heap;

    public Memory() {
        this(RESERVATION);
    }

    public Memory(long reservationBytes) {
        pages = new Pages(reservationBytes);
        heap = new Heap(new Slabs(pages, 0));
    }

    /** For large collections and everything else that is not an entry. */
    public Heap heap() {
        return heap;
    }

    Pages pages() {
        return pages;
    }

    /** Bytes of all that lies here: entries, indexes, large values; slack of their size classes included. */
    public long liveBytes() {
        return pages.liveBytes();
    }

    /** Bytes of all pages that hold something. */
    public long heldBytes() {
        return pages.usedBytes();
    }

    /** Gives idle pages back to the system, at most {@code bytes} of them; returns whether there are more to give. */
    public boolean trim(long bytes) {
        long idle = pages.idleBytes() - Math.max(MIN_IDLE, pages.usedBytes() >> IDLE_SHIFT);
        if (idle > 0) {
            pages.discardIdle(Math.min(idle, bytes));
        }
        return idle > bytes;
    }

    /** Bytes of pages that hold nothing, and have not been given back to the system yet. */
    public long idleBytes() {
        return pages.idleBytes();
    }

    @Override
    public void close() {
        pages.close();
    }
}
