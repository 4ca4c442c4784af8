package dev.jackdaw.server.memory;

/**
 * Owned by one event loop: all off-heap memory of one engine. Databases and large collections take theirs from here, and
 * here it is counted.
 */
public final class Memory implements AutoCloseable {
    /** Address space, not memory: what an entry's address in the index can name. */
    private static final long RESERVATION = 128L << 30;

    /** Idle pages beside those in stock are kept up to this share of the used ones, as a shift, if they were lately in use. */
    private static final int IDLE_SHIFT = 5;

    private static final long MIN_IDLE = 256L << 10;
    /** For so long it is watched what is in use now and then. */
    private static final long LOOK_MILLIS = 500;

    private static final long DECAY_MILLIS = 2_000;
    private static final long MIN_DECAY = 64L << 10;
    private static final long MAX_DECAY = 1L << 20;

    private final Pages pages;
    private final Heap heap;
    private long decayedMillis;
    private long lookMillis;

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

    /** Bytes that slabs with slots of any size hold beside what lives in them. */
    public long looseBytes() {
        return pages.looseBytes();
    }

    /**
     * Gives idle pages back to the system, about {@code bytes} of them at most, but for {@code kept} bytes and for what is in stock; returns how many
     * that were.
     */
    public long trim(long bytes, long kept) {
        long spare = pages.idleBytes() - Math.max(kept, pages.stockedBytes() + MIN_IDLE);
        return spare > 0 ? pages.discardIdle(Math.min(spare, bytes)) : 0;
    }

    /**
     * Gives idle pages back by and by, as many as are due: memory that was freed is often needed again soon, and costs
     * much more when the system has to find it anew.
     *
     * @return whether there is more to give at once
     */
    public boolean decay(long nowMillis) {
        if (Math.abs(nowMillis - lookMillis) >= LOOK_MILLIS) {
            lookMillis = nowMillis;
            pages.look();
        }
        long excess = excess();
        if (excess < MIN_DECAY || nowMillis < decayedMillis) {
            decayedMillis = nowMillis;
            return false;
        }
        long elapsed = nowMillis - decayedMillis;
        long due = elapsed >= DECAY_MILLIS ? excess : excess * elapsed / DECAY_MILLIS;
        if (due < MIN_DECAY) {
            return false;
        }
        long given = trim(Math.min(due, MAX_DECAY), 0);
        // As if the time had passed that this much takes.
        decayedMillis += Math.max(1, elapsed * given / due);
        return due > given;
    }

    private long excess() {
        long kept = Math.max(MIN_IDLE, Math.min(pages.busyBytes(), pages.usedBytes() >> IDLE_SHIFT));
        return pages.idleBytes() - pages.stockedBytes() - kept;
    }

    /** Bytes of pages that hold nothing, and have not been given back to the system yet. */
    public long idleBytes() {
        return pages.idleBytes() + pages.lentBytes();
    }

    @Override
    public void close() {
        pages.close();
    }
}
