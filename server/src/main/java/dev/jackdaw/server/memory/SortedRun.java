package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Shared and stateless: entries of score and member, one behind the other in ascending order of score, then of the
 * member's bytes. A small sorted set is one run, the leaves of a {@link SortedTree} hold one each.
 *
 * <pre>
 *   entry  | score 1..9 | length 1, 2 or 5 | member |      see {@link Score} and {@link Varint}
 * </pre>
 *
 * A run is given by its start and its end.
 */
public final class SortedRun {
    private SortedRun() {}

    /** What an entry takes. */
    public static int entryBytes(double score, int length) {
        return Score.bytes(score) + Varint.bytes(length) + length;
    }

    /** Writes an entry and returns the address after it. */
    public static long write(long at, double score, long member, int length) {
        long bytes = Varint.put(Score.put(at, score), length);
        Raw.copy(member, bytes, length);
        return bytes + length;
    }

    public static double score(long entry) {
        return Score.get(entry);
    }

    public static int length(long entry) {
        return Varint.get(entry + Score.bytesAt(entry));
    }

    /** Where the bytes of the member are. */
    public static long member(long entry) {
        long at = entry + Score.bytesAt(entry);
        return at + Varint.bytesAt(at);
    }

    public static long next(long entry) {
        long at = entry + Score.bytesAt(entry);
        return at + Varint.bytesAt(at) + Varint.get(at);
    }

    /** The entry before one that is not the first. */
    public static long previous(long start, long entry) {
        long at = start;
        for (long next = next(at); next != entry; next = next(at)) {
            at = next;
        }
        return at;
    }

    /** The entry {@code count} places behind. */
    public static long skip(long entry, int count) {
        long at = entry;
        for (int i = 0; i < count; i++) {
            at = next(at);
        }
        return at;
    }

    /** How many entries lie between. */
    public static int count(long start, long end) {
        int count = 0;
        for (long at = start; at != end; at = next(at)) {
            count++;
        }
        return count;
    }

    /** The entry of the member, or 0. */
    public static long find(long start, long end, long member, int length) {
        for (long at = start; at != end; ) {
            long lengthAt = at + Score.bytesAt(at);
            long bytes = lengthAt + Varint.bytesAt(lengthAt);
            int found = Varint.get(lengthAt);
            if (found == length && Raw.equal(bytes, member, length)) {
                return at;
            }
            at = bytes + found;
        }
        return 0;
    }

    /** Orders an entry and a score with its member: negative, zero or positive. */
    static int compare(long entry, double score, long member, int length) {
        double found = Score.get(entry);
        if (found != score) {
            return found < score ? -1 : 1;
        }
        return Raw.compare(member(entry), length(entry), member, length);
    }

    /** The first entry that is not below the score with its member, or the end. */
    public static long ceiling(long start, long end, double score, long member, int length) {
        long at = start;
        while (at != end && compare(at, score, member, length) < 0) {
            at = next(at);
        }
        return at;
    }

    /** The first entry whose score is not below {@code score}, or is above it if {@code above}; or the end. */
    public static long byScore(long start, long end, double score, boolean above) {
        long at = start;
        while (at != end && isBelow(Score.get(at), score, above)) {
            at = next(at);
        }
        return at;
    }

    static boolean isBelow(double found, double score, boolean orEqual) {
        return orEqual ? found <= score : found < score;
    }

    /** The same by member alone; means something if all scores are the same. */
    public static long byMember(long start, long end, long member, int length, boolean above) {
        long at = start;
        while (at != end && isBelow(at, member, length, above)) {
            at = next(at);
        }
        return at;
    }

    static boolean isBelow(long entry, long member, int length, boolean orEqual) {
        int order = Raw.compare(member(entry), length(entry), member, length);
        return orEqual ? order <= 0 : order < 0;
    }
}
