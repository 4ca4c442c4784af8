package dev.jackdaw.server.memory;

/**
 * Owned by its {@link Slabs}: which allocations that expire may share a slab: those that expire within the same span of time, which is
 * short beside the time that is left. So a slab goes as a whole, and is seldom walked before.
 *
 * <p>Each group has slabs of its own for every size, of which one is half empty on average. Where these rests come to be much, spans
 * are wider from then on. In a small store all that expires is one group; so is what is so large that a walk through a slab costs next
 * to nothing.
 */
final class ExpiryGroups {
    /** What never expires. */
    static final long NONE = 0;

    private static final int WHOLE_SPAN = 62;

    /** All that expires, where there is but one group. */
    static final long ALL = WHOLE_SPAN;

    /** What never expires either, and lies apart in mixed slabs, so that the alignment that it needs leaves no gaps. */
    static final long ALIGNED = WHOLE_SPAN + 1;

    /** With less than so many bytes there is but one. */
    static final long GROUPED_BYTES = 1L << 28;

    /** So there is for slots of this size and larger ones: at most sixteen to a slab. */
    private static final int UNGROUPED_BYTES = 1 << 10;

    /** While there are few groups, one spans at most an eighth of the time that is left, and at least 2^10 milliseconds. */
    private static final int SPAN_SHIFT = 3;

    private static final int MIN_SPAN = 10;

    /** The rest of a slab, as a shift: half of those of small slots. */
    private static final int REST_SHIFT = 13;

    /** Spans are wider when the rests are more than this share of all, and narrower again with less than that one; as shifts. */
    private static final int MUCH_SHIFT = 5;

    private static final int LITTLE_SHIFT = 7;

    /** So many groups are expected when the first of them are about to come, as a shift. */
    private static final int USUAL_GROUPS_SHIFT = 5;

    /** A change takes some time to have an effect. */
    private static final long FIT_MILLIS = 2_000;

    private static final int MAX_WIDER = 6;

    private final long groupedBytes;
    /** The exponents of spans' widths are rounded up to multiples of two to the power of this. */
    private int wider;

    private long nextFitMillis = Long.MIN_VALUE;

    ExpiryGroups(long groupedBytes) {
        this.groupedBytes = groupedBytes;
    }

    /** The group of an allocation: the width of its span as a power of two in the low six bits, and the number of the span. */
    long of(int bytes, long expireAtMillis, long nowMillis, long storeBytes) {
        if (expireAtMillis == Slabs.NEVER) {
            return NONE;
        }
        int span = span(bytes, expireAtMillis, nowMillis, storeBytes);
        return (expireAtMillis >>> span) << 6 | span;
    }

    private int span(int bytes, long expireAtMillis, long nowMillis, long storeBytes) {
        if (storeBytes < groupedBytes || SizeClasses.taken(bytes) >= UNGROUPED_BYTES) {
            return WHOLE_SPAN;
        }
        long left = Math.max(1, expireAtMillis - nowMillis);
        int span = Math.max(MIN_SPAN, 63 - Long.numberOfLeadingZeros(left) - SPAN_SHIFT);
        int step = 1 << wider;
        return Math.min(WHOLE_SPAN, (span + step - 1) & -step);
    }

    /** Whether an allocation made for one time of expiry may keep its place when it gets the other. */
    static boolean hasRoomFor(long group, long expireAtMillis) {
        return group != NONE && expireAtMillis >>> (group & 63) == group >>> 6;
    }

    /** Whether all that lies in slabs of the group would now be allocated in one of a wider span. */
    boolean isNarrow(long group, int bytes, long nowMillis, long storeBytes) {
        int span = (int) (group & 63);
        long first = Math.max(group >>> 6 << span, nowMillis + 1);
        return group != NONE && span < span(bytes, first, nowMillis, storeBytes);
    }

    /**
     * Finds how wide spans are to be from now on; to be called now and then.
     *
     * @param lists how many groups and sizes have a slab with room
     * @return whether the rests are too much now, so that what lies in groups that are too narrow should move
     */
    boolean fit(int lists, long storeBytes, long nowMillis) {
        boolean isTooSoon = nowMillis < nextFitMillis && nextFitMillis - nowMillis <= FIT_MILLIS;
        if (isTooSoon) {
            return false;
        }
        nextFitMillis = nowMillis + FIT_MILLIS;
        long rests = (long) lists << REST_SHIFT;
        long much = storeBytes >> MUCH_SHIFT;
        if (storeBytes < groupedBytes) {
            long expected = (rests << USUAL_GROUPS_SHIFT) / (much + 1);
            wider = Math.min(Long.SIZE - Long.numberOfLeadingZeros(expected), MAX_WIDER);
        } else if (rests > much) {
            wider = Math.min(wider + 1, MAX_WIDER);
        } else if (rests < storeBytes >> LITTLE_SHIFT) {
            wider = Math.max(wider - 1, 0);
        }
        return rests > much;
    }
}
