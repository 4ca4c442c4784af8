package dev.jackdaw.server.memory;

/**
 * Immutable and shared: the sizes that slabs come in. Steps of 4 bytes up to 256, then sixteen steps to each power of
 * two (at most 6 % slack), up to 32 KiB; what is larger takes whole pages.
 */
final class SizeClasses {
    /** The largest allocation that shares a slab. */
    static final int MAX_SMALL = 32 << 10;

    private static final int STEP_SHIFT = 2;
    private static final int FINE_LIMIT_SHIFT = 8;
    private static final int FINE = 1 << (FINE_LIMIT_SHIFT - STEP_SHIFT);
    private static final int STEPS_SHIFT = 4;
    /** The smallest slot: a free one holds its mark and the link to the next. */
    private static final int MIN = 8;

    /** No size's class: that of slabs whose slots are of any size, which are counted in units of its bytes. */
    static final int MIXED = 1;

    /** No size's class either: that of the same slabs with slots that say whose they are. */
    static final int HEADED = 0;

    static final int COUNT = of(MAX_SMALL) + 1;

    /** Slabs have a multiple of so many pages: as many as it takes to have room for a descriptor, and leave what a slab can use. */
    private static final int SLAB_UNIT = 4;
    /** They are as small as they can be with less than this share, as a shift, behind the last slot. */
    private static final int TAIL_SHIFT = 5;

    /** The more, the less the rest of a page behind the last slot matters; the fewer, the less is moved to empty one. */
    private static final int MIXED_PAGES = 16;

    private static final byte[] SLAB_PAGES = slabPages();

    private SizeClasses() {}

    /** The class of the smallest slot that holds {@code bytes}, at most {@link #MAX_SMALL}. */
    static int of(int bytes) {
        if (bytes <= 1 << FINE_LIMIT_SHIFT) {
            return (Math.max(bytes, MIN) + (1 << STEP_SHIFT) - 1) >> STEP_SHIFT;
        }
        int octave = 31 - Integer.numberOfLeadingZeros(bytes - 1);
        int step = (bytes - 1) >> (octave - STEPS_SHIFT) & ((1 << STEPS_SHIFT) - 1);
        return FINE + ((octave - FINE_LIMIT_SHIFT) << STEPS_SHIFT) + step + 1;
    }

    /** The class of the largest slot that {@code bytes} have room for; that of the smallest is {@link #MIXED}. */
    static int within(int bytes) {
        int sizeClass = of(Math.min(bytes, MAX_SMALL));
        return bytes(sizeClass) <= bytes ? sizeClass : sizeClass - 1;
    }

    /** The bytes of a slot of the class. */
    static int bytes(int sizeClass) {
        if (sizeClass <= FINE) {
            return sizeClass << STEP_SHIFT;
        }
        int coarse = sizeClass - FINE - 1;
        int octave = (coarse >> STEPS_SHIFT) + FINE_LIMIT_SHIFT;
        int step = (coarse & ((1 << STEPS_SHIFT) - 1)) + 1;
        return (1 << octave) + (step << (octave - STEPS_SHIFT));
    }

    /** The pages of a slab of the class. It lies at the beginning of a block of the next power of two. */
    static int slabPages(int sizeClass) {
        return SLAB_PAGES[sizeClass];
    }

    private static byte[] slabPages() {
        byte[] pages = new byte[COUNT];
        pages[MIXED] = MIXED_PAGES;
        pages[HEADED] = MIXED_PAGES;
        for (int sizeClass = of(MIN); sizeClass < COUNT; sizeClass++) {
            int slabBytes = 0;
            do {
                slabBytes += SLAB_UNIT << Pages.PAGE_SHIFT;
            } while (slabBytes % bytes(sizeClass) > slabBytes >> TAIL_SHIFT);
            pages[sizeClass] = (byte) (slabBytes >> Pages.PAGE_SHIFT);
        }
        return pages;
    }

    /** What an allocation of {@code bytes} takes. */
    static long taken(long bytes) {
        return bytes <= MAX_SMALL ? bytes(of((int) bytes)) : (long) Pages.pagesFor(bytes) << Pages.PAGE_SHIFT;
    }
}
