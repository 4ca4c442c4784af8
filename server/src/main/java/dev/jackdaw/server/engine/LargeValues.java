package dev.jackdaw.server.engine;

/**
 * Owned by its keyspace: how many values have blocks outside their entry, by the part of all hashes that the hash of their key is in.
 * So a walk over such values does not have to look at every entry of the others.
 */
final class LargeValues {
    /** As the hash of a part behind the last one. */
    static final long NONE = -1;

    private static final int PART_BITS = 12;
    static final int PART_SHIFT = Long.SIZE - PART_BITS;

    /** Null while there has been none. */
    private int[] counts;

    void count(long hash, int change) {
        if (counts == null) {
            counts = new int[1 << PART_BITS];
        }
        counts[(int) (hash >>> PART_SHIFT)] += change;
    }

    /** The first hash, not below the given one as numbers without sign, that is in a part with such values; or {@link #NONE}. */
    long next(long hash) {
        if (counts == null) {
            return NONE;
        }
        int first = (int) (hash >>> PART_SHIFT);
        int part = first;
        while (counts[part] == 0) {
            part++;
            if (part == counts.length) {
                return NONE;
            }
        }
        return part == first ? hash : (long) part << PART_SHIFT;
    }
}
