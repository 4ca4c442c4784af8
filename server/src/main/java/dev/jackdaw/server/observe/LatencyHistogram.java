package dev.jackdaw.server.observe;

/**
 * Owned by the event loop: how often something took how long, to about 3 %: each power of two of nanoseconds is cut into 32
 * equal parts. What takes longer than a second or so counts as a second.
 */
public final class LatencyHistogram {
    private static final int PARTS_SHIFT = 5;
    private static final int PARTS = 1 << PARTS_SHIFT;
    private static final int MOST_BITS = 30;
    private static final long LONGEST_NANOS = (1L << MOST_BITS) - 1;

    private final int[] counts = new int[(MOST_BITS - PARTS_SHIFT + 1) << PARTS_SHIFT];
    private long total;

    public void add(long nanos) {
        counts[bucket(Math.clamp(nanos, 0, LONGEST_NANOS))]++;
        total++;
    }

    /** How many were added. */
    public long total() {
        return total;
    }

    /** How many took no longer than that. */
    public long atMost(long nanos) {
        int last = bucket(Math.clamp(nanos, 0, LONGEST_NANOS));
        long sum = 0;
        for (int i = 0; i <= last; i++) {
            sum += counts[i];
        }
        return sum;
    }

    /** The nanoseconds within which that share of all, in percent, was done. */
    public long percentile(double percent) {
        long wanted = Math.max(1, (long) Math.ceil(total * percent / 100));
        long sum = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += counts[i];
            if (sum >= wanted) {
                return longest(i);
            }
        }
        return 0;
    }

    private static int bucket(long nanos) {
        int shift = Math.max(0, Long.SIZE - PARTS_SHIFT - 1 - Long.numberOfLeadingZeros(nanos));
        return (shift << PARTS_SHIFT) + (int) (nanos >>> shift);
    }

    /** The longest time that belongs to a bucket. */
    private static long longest(int bucket) {
        if (bucket < 2 * PARTS) {
            return bucket;
        }
        int shift = (bucket >>> PARTS_SHIFT) - 1;
        long part = (bucket & PARTS - 1) + PARTS;
        return (part + 1 << shift) - 1;
    }
}
