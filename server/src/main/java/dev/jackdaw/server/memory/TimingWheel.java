package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;
import java.util.Arrays;

/**
 * Owned by one event loop: slabs ordered by a time in milliseconds; adding and removing cost the same however many there
 * are. A hierarchical wheel (Varghese and Lauck, SOSP 1987): eight levels of 64 slots, each level 64 times as coarse as
 * the one below. The links lie in the slabs' descriptors.
 */
final class TimingWheel {
    static final int NONE = -1;

    private static final int BITS = 6;
    private static final int SLOTS = 1 << BITS;
    private static final int LEVELS = 8;
    private static final int AT = 32;
    private static final int NEXT = 52;
    private static final int PREVIOUS = 56;

    private final Pages pages;
    private final int[] heads = new int[LEVELS * SLOTS];
    /** The last millisecond whose slabs were handed out. */
    private long now;

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
    }

    private int place(long atMillis) {
        long distance = atMillis ^ now;
        int level = Math.min(LEVELS - 1, (63 - Long.numberOfLeadingZeros(distance | 1)) / BITS);
        int slot = (int) (atMillis >>> (level * BITS)) & (SLOTS - 1);
        return level * SLOTS + slot;
    }

    void remove(int slab) {
        long descriptor = pages.descriptor(slab);
        int next = Raw.getInt(descriptor + NEXT);
        int previous = Raw.getInt(descriptor + PREVIOUS);
        if (next != NONE) {
            Raw.putInt(pages.descriptor(next) + PREVIOUS, previous);
        }
        if (previous < NONE) {
            heads[-2 - previous] = next;
        } else {
            Raw.putInt(pages.descriptor(previous) + NEXT, next);
        }
    }

    /** Takes out a slab whose time is not after {@code nowMillis}, or returns {@link #NONE}. */
    int due(long nowMillis) {
        while (true) {
            int head = (int) now & (SLOTS - 1);
            int slab = heads[head];
            if (slab != NONE) {
                remove(slab);
                return slab;
            }
            if (now >= nowMillis) {
                return NONE;
            }
            advance(nowMillis);
        }
    }

    private void advance(long nowMillis) {
        now++;
        for (int level = 1; level < LEVELS && (now & ((1L << (level * BITS)) - 1)) == 0; level++) {
            cascade(level);
        }
        // Nothing lies in the rest of this turn of the lowest level: skip it.
        if (now < nowMillis && emptyLevelZero()) {
            now = Math.max(now, Math.min(nowMillis, now | (SLOTS - 1)));
        }
    }

    private boolean emptyLevelZero() {
        for (int i = 0; i < SLOTS; i++) {
            if (heads[i] != NONE) {
                return false;
            }
        }
        return true;
    }

    private void cascade(int level) {
        int head = level * SLOTS + ((int) (now >>> (level * BITS)) & (SLOTS - 1));
        int slab = heads[head];
        heads[head] = NONE;
        while (slab != NONE) {
            int next = Raw.getInt(pages.descriptor(slab) + NEXT);
            insert(slab, Raw.getLong(pages.descriptor(slab) + AT));
            slab = next;
        }
    }
}
