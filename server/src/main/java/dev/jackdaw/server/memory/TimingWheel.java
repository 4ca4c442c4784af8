package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;
import java.util.Arrays;

/**
 * Owned by one event loop: slabs ordered by a time in milliseconds; adding and removing cost the same however many there
 * are, and so does every step. A hierarchical wheel (Varghese and Lauck, SOSP 1987): eight levels of 64 slots, each level 64
 * times as coarse as the one below. The links lie in the slabs' descriptors.
 *
 * When the clock has been set back, places that were counted from the later time are wrong. So there are two wheels, one of which
 * is in use; all that lies in the other goes over by and by.
 */
final class TimingWheel {
    static final int NONE = -1;
    /** As an answer of {@link #due}: there may be more, ask again. */
    static final int BUSY = -2;

    /** Slabs that one call moves from a coarse level to finer ones. */
    static final int STEP = 64;

    private static final int BITS = 6;
    private static final int SLOTS = 1 << BITS;
    static final int LEVELS = 8;
    /** What is due after this, in 8,900 years, counts as due then. */
    private static final long LAST = (1L << LEVELS * BITS) - 1;

    /** The clock may go back by so much before it counts as set back; what is due then waits until it has caught up. */
    static final long SLACK_MILLIS = 100;

    private static final int AT = 32;
    static final int NEXT = 52;
    static final int PREVIOUS = 56;

    private final Pages pages;
    final int[] heads = new int[2 * LEVELS * SLOTS];
    /** One bit for each slot of a level that holds something. */
    final long[] occupied = new long[2 * LEVELS];
    /** The lowest level of the wheel in use: 0 or {@link #LEVELS}. */
    int lowest;
    /** Whether the other wheel may hold something. */
    private boolean wasTurnedBack;
    /** The last millisecond whose slabs were handed out, or are. */
    long now;
    /** The level of which the slot for this time is being emptied; 0 if none is. */
    int emptied;

    TimingWheel(Pages pages, long nowMillis) {
        this.pages = pages;
        this.now = nowMillis;
        Arrays.fill(heads, NONE);
    }

    /** Adds a slab whose descriptor holds {@code atMillis} already. */
    void add(int slab, long atMillis) {
        assert Raw.getLong(pages.descriptor(slab) + AT) == atMillis;
        insert(slab, atMillis);
    }

    private void insert(int slab, long atMillis) {
        int head = place(Math.max(atMillis, now));
        int next = heads[head];
        long descriptor = pages.descriptor(slab);
        Raw.putInt(descriptor + NEXT, next);
        // A list's first slab names its head instead of a predecessor.
        Raw.putInt(descriptor + PREVIOUS, -2 - head);
        if (next != NONE) {
            Raw.putInt(pages.descriptor(next) + PREVIOUS, slab);
        }
        heads[head] = slab;
        occupied[head / SLOTS] |= 1L << head;
    }

    int place(long millis) {
        long atMillis = Math.min(millis, LAST);
        long distance = atMillis ^ now;
        int level = (63 - Long.numberOfLeadingZeros(distance | 1)) / BITS;
        return head(level, slot(atMillis, level));
    }

    private int head(int level, int slot) {
        return (lowest + level) * SLOTS + slot;
    }

    private static int slot(long atMillis, int level) {
        return (int) (atMillis >>> level * BITS) & (SLOTS - 1);
    }

    void remove(int slab) {
        long descriptor = pages.descriptor(slab);
        int next = Raw.getInt(descriptor + NEXT);
        int previous = Raw.getInt(descriptor + PREVIOUS);
        if (next != NONE) {
            Raw.putInt(pages.descriptor(next) + PREVIOUS, previous);
        }
        if (previous < NONE) {
            int head = -2 - previous;
            heads[head] = next;
            if (next == NONE) {
                occupied[head / SLOTS] &= ~(1L << head);
            }
        } else {
            Raw.putInt(pages.descriptor(previous) + NEXT, next);
        }
    }

    /**
     * Takes out a slab whose time is not after {@code nowMillis}.
     *
     * @return the slab, {@link #NONE}, or {@link #BUSY}
     */
    int due(long nowMillis) {
        while (true) {
            if (now - nowMillis > SLACK_MILLIS && !wasTurnedBack) {
                turnBack(nowMillis);
            }
            if (wasTurnedBack && !emptyOther() || emptied > 0 && !emptySlot()) {
                return BUSY;
            }
            if (now > nowMillis) {
                return NONE;
            }
            int slab = heads[head(0, slot(now, 0))];
            if (slab != NONE) {
                remove(slab);
                return slab;
            }
            if (now == nowMillis) {
                return NONE;
            }
            advance(nowMillis);
        }
    }

    /** Whether {@link #due} may have a slab, or work to do before it knows. */
    boolean mayBeDue(long nowMillis) {
        return wasTurnedBack
                || emptied > 0
                || now <= nowMillis && (heads[head(0, slot(now, 0))] != NONE || begins(nextLevel()) <= nowMillis);
    }

    /** Goes to the next slot that holds something, but not beyond {@code nowMillis}. */
    private void advance(long nowMillis) {
        int level = nextLevel();
        long begins = begins(level);
        now = Math.min(begins, nowMillis);
        emptied = begins <= nowMillis ? level : 0;
    }

    /** The level of the next slot that holds something, or {@link #LEVELS}. Whatever a finer level holds is due before all that a coarser one does. */
    private int nextLevel() {
        int level = 0;
        while (level < LEVELS && later(level) == 0) {
            level++;
        }
        return level;
    }

    private long later(int level) {
        return occupied[lowest + level] & -2L << slot(now, level);
    }

    /** When the next slot of a level that holds something begins. */
    private long begins(int level) {
        if (level == LEVELS) {
            return Long.MAX_VALUE;
        }
        int above = (level + 1) * BITS;
        return now >>> above << above | (long) Long.numberOfTrailingZeros(later(level)) << level * BITS;
    }

    /** Moves slabs of the coarse slot whose time has begun to finer ones; returns whether none is left. */
    private boolean emptySlot() {
        int head = head(emptied, slot(now, emptied));
        for (int i = 0; i < STEP && heads[head] != NONE; i++) {
            settle(heads[head]);
        }
        if (heads[head] != NONE) {
            return false;
        }
        emptied = 0;
        return true;
    }

    private void turnBack(long nowMillis) {
        now = nowMillis;
        emptied = 0;
        lowest = LEVELS - lowest;
        wasTurnedBack = true;
    }

    /** Moves slabs of the wheel that is not in use to their places in the other; returns whether none is left. */
    private boolean emptyOther() {
        int other = LEVELS - lowest;
        int moved = 0;
        for (int level = other; level < other + LEVELS; level++) {
            for (; occupied[level] != 0; moved++) {
                if (moved == STEP) {
                    return false;
                }
                settle(heads[level * SLOTS + Long.numberOfTrailingZeros(occupied[level])]);
            }
        }
        wasTurnedBack = false;
        return true;
    }

    /** Moves a slab to where it belongs now. */
    private void settle(int slab) {
        remove(slab);
        insert(slab, Raw.getLong(pages.descriptor(slab) + AT));
    }

    /** A slab of any time, or {@link #NONE}: the first in the first slot that holds something, from one chosen by a random number on. */
    int any(long random) {
        int first = (int) (random & 2 * LEVELS - 1);
        for (int i = 0; i <= 2 * LEVELS; i++) {
            int level = (first + i) % (2 * LEVELS);
            long there = occupied[level];
            long later = i == 0 ? there & -1L << (random >>> 32) : there;
            if (later != 0) {
                return heads[level * SLOTS + Long.numberOfTrailingZeros(later)];
            }
        }
        return NONE;
    }
}
