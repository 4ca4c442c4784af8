package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Shared and stateless: the times at which fields of a small hash expire, each in its element. It is a {@link PackedHash} with more:
 *
 * <pre>
 *   run      | when the next field expires 6 | count 2 | element | element | ...
 *   element  | when it expires 6 | as in a hash without times |
 * </pre>
 *
 * Times are milliseconds since 1970, up to the year 10,889; the last one stands for never.
 */
public final class PackedTimes {
    /** What a time takes. */
    static final int BYTES = 6;

    private static final int HIGH_SHIFT = Integer.SIZE;
    private static final long LOW_MASK = (1L << HIGH_SHIFT) - 1;
    private static final long NONE = (1L << BYTES * Byte.SIZE) - 1;
    private static final PackedHash TIMED = PackedHash.WITH_TIMES;
    private static final PackedHash PLAIN = PackedHash.WITH_VALUES;

    private PackedTimes() {}

    /** When the next field of the run expires, {@link Entry#NEVER} if none does. */
    public static long nextMillis(long run) {
        return millis(run);
    }

    /** When the field of the element expires, {@link Entry#NEVER} for not at all. */
    public static long millis(long element) {
        long millis = get(element);
        return millis == NONE ? Entry.NEVER : millis;
    }

    /** Gives an element that was just written no time. */
    public static void begin(long element) {
        put(element, NONE);
    }

    /** Gives an element a time, {@link Entry#NEVER} for none. */
    public static void set(long run, int runBytes, long element, long atMillis) {
        long old = millis(element);
        long time = atMillis == Entry.NEVER ? NONE : Math.min(atMillis, NONE - 1);
        put(element, time);
        if (time < get(run)) {
            put(run, time);
        } else {
            gone(run, runBytes, old);
        }
    }

    /** Looks for the next time anew if the one that has gone was it. */
    private static void gone(long run, int runBytes, long atMillis) {
        if (atMillis != Entry.NEVER && atMillis == get(run)) {
            long next = NONE;
            long end = run + runBytes;
            for (long at = TIMED.first(run); at < end; at = TIMED.next(at)) {
                next = Math.min(next, get(at));
            }
            put(run, next);
        }
    }

    /** How many elements have a time that is not after that one. */
    public static int due(long run, int runBytes, long nowMillis) {
        int due = 0;
        long end = run + runBytes;
        for (long at = TIMED.first(run); at < end; at = TIMED.next(at)) {
            due += get(at) <= nowMillis ? 1 : 0;
        }
        return due;
    }

    /**
     * Removes elements that are due, at most {@code limit}, each after the visitor has been told its field; returns how long the
     * run is then.
     */
    public static int expire(long run, int runBytes, long nowMillis, int limit, ExpiringHash.FieldVisitor leaving) {
        long next = NONE;
        int left = TIMED.count(run);
        int least = left - limit;
        long end = run + runBytes;
        long to = TIMED.first(run);
        int bytes;
        for (long at = to; at < end; at += bytes) {
            bytes = TIMED.bytes(at);
            long time = get(at);
            if (time <= nowMillis && left > least) {
                leaving.visit(TIMED.keyAddress(at), TIMED.keyLength(at));
                left--;
            } else {
                next = Math.min(next, time);
                Raw.copy(at, to, bytes);
                to += bytes;
            }
        }
        put(run, next);
        TIMED.count(run, left);
        return (int) (to - run);
    }

    /** How long a run is when it has got times. */
    public static int widenedBytes(long run, int runBytes) {
        return Math.addExact(runBytes, BYTES * (PLAIN.count(run) + 1));
    }

    /** Gives a run of {@code runBytes} without times, behind which there is room for them, times that are never. */
    public static void widen(long run, int runBytes) {
        int count = PLAIN.count(run);
        long plain = run + BYTES * (count + 1);
        Raw.copy(run, plain, runBytes);
        put(run, NONE);
        TIMED.count(run, count);
        long to = TIMED.first(run);
        long at = PLAIN.first(plain);
        for (int i = 0; i < count; i++) {
            int bytes = PLAIN.bytes(at);
            put(to, NONE);
            Raw.copy(at, to + BYTES, bytes);
            to += BYTES + bytes;
            at += bytes;
        }
    }

    /** Takes the times out of a run; returns how long it is then. */
    public static int narrow(long run, int runBytes) {
        PLAIN.count(run, TIMED.count(run));
        long end = run + runBytes;
        long to = PLAIN.first(run);
        int bytes;
        for (long at = TIMED.first(run); at < end; at += bytes) {
            bytes = TIMED.bytes(at);
            Raw.copy(at + BYTES, to, bytes - BYTES);
            to += bytes - BYTES;
        }
        return (int) (to - run);
    }

    private static long get(long address) {
        return Raw.getInt(address) & LOW_MASK | (long) Raw.getUnsignedShort(address + Integer.BYTES) << HIGH_SHIFT;
    }

    private static void put(long address, long time) {
        Raw.putInt(address, (int) time);
        Raw.putShort(address + Integer.BYTES, (int) (time >>> HIGH_SHIFT));
    }
}
