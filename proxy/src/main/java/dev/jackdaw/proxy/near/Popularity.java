package dev.jackdaw.proxy.near;

/**
 * Owned by one event loop: which keys are read often: counters in two rows, of which a key has one each and the smaller counts.
 * Every so many reads all are halved, so that what was hot is forgotten.
 *
 * <p>With as many reads between two halvings as there are counters in a row, a counter stands at one or two when all keys are
 * equally rare; {@value #HOT} in both rows is far from that by chance.
 */
final class Popularity {
    private static final int COUNTERS = 1 << 16;
    /** Reads between two halvings: the longest time over which it can tell what is hot. */
    static final int WINDOW = COUNTERS;

    private static final int HOT = 8;
    private static final int MOST = 127;

    private final byte[] counters = new byte[2 * COUNTERS];
    private int reads;

    /**
     * Counts a read of the key; whether it is hot.
     *
     * @param span a number of reads in which a key must come up {@value #HOT} times, if it is to be called hot
     */
    boolean read(long hash, long span) {
        if (++reads == WINDOW) {
            halve();
        }
        int first = (int) hash & (COUNTERS - 1);
        int second = COUNTERS + ((int) (hash >>> 24) & (COUNTERS - 1));
        int count = Math.min(counters[first], counters[second]);
        if (count < MOST) {
            counters[first] = (byte) Math.min(MOST, counters[first] + 1);
            counters[second] = (byte) Math.min(MOST, counters[second] + 1);
        }
        return (count + 1) * Math.min(WINDOW, span) >= (long) HOT * WINDOW;
    }

    private void halve() {
        for (int i = 0; i < counters.length; i++) {
            counters[i] >>= 1;
        }
        reads = 0;
    }
}
