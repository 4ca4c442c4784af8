package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by one event loop: a set of integers that lies in one run of bytes, in ascending order; one run at a time, to which
 * {@link #at} turns. Few integers, and very many, lie <em>plain</em>, all as wide as the widest needs; those in between as
 * {@link EliasFano}.
 *
 * <pre>
 *   plain     | width 1 | integer | integer | ...        width 2, 4 or 8
 *   compact   see EliasFano, which has no such first byte
 * </pre>
 *
 * How many there are says which form it is.
 */
public final class PackedIntegers {
    /** The bytes of a run without integers. */
    public static final int EMPTY_BYTES = 1;

    /** The head of the compact form takes what fewer would save. */
    private static final int LEAST_COMPACT = 24;
    /** Redis's threshold for sets of integers. Each change shifts bits behind it, which takes longer than to move bytes. */
    private static final int MOST_COMPACT = 512;

    /** Whoever has the run, and can make it longer and shorter. */
    public interface Room {
        /** Gives the run so many bytes, of which the first are as they were, and returns where it is now. */
        long resize(int bytes);
    }

    private final Heap heap;
    private final Room room;
    private final EliasFano compact;
    private long run;
    private int count;
    /** Bytes of an integer; 0 in the compact form. */
    private int width;

    private int next;

    public PackedIntegers(Heap heap, Room room) {
        this.heap = heap;
        this.room = room;
        this.compact = new EliasFano(room);
    }

    /** Makes the run one without integers. */
    public static void clear(long run) {
        Raw.putByte(run, Short.BYTES);
    }

    /** Turns to a run, before which three bytes more can be read and written. */
    public void at(long newRun, int bytes) {
        run = newRun;
        if (EliasFano.is(run)) {
            width = 0;
            compact.at(run, bytes);
            count = compact.count();
        } else {
            width = Raw.getByte(run);
            count = (bytes - EMPTY_BYTES) / width;
        }
    }

    public int count() {
        return count;
    }

    /** The integer at place {@code i} of the order. */
    public long get(int i) {
        return isCompact() ? compact.get(i) : get(place(i), width);
    }

    private long place(int i) {
        return run + EMPTY_BYTES + (long) i * width;
    }

    /** The place of the value; where it is not there, minus the place that it would have, minus 1. */
    public int find(long value) {
        if (isCompact()) {
            return compact.find(value);
        }
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = get(place(middle), width);
            if (found < value) {
                low = middle + 1;
            } else if (found > value) {
                high = middle - 1;
            } else {
                return middle;
            }
        }
        return -low - 1;
    }

    private boolean isCompact() {
        return width == 0;
    }

    // --- Walks ---

    /** Begins a walk through all, in their order; the set must not change meanwhile. */
    public void walk() {
        next = 0;
        if (isCompact()) {
            compact.walk();
        }
    }

    /** Whether {@link #next} can be asked for another one. */
    public boolean hasNext() {
        return next < count;
    }

    public long next() {
        int i = next++;
        return isCompact() ? compact.next(i) : get(place(i), width);
    }

    /** Writes all to an address, 64 bits each. */
    public void copyTo(long values) {
        walk();
        for (long at = values; hasNext(); at += Long.BYTES) {
            Raw.putLong(at, next());
        }
    }

    // --- Changes ---

    /** Adds a value that is not there, at the place that {@link #find} says it would have. */
    public void insert(int i, long value) {
        if (isCompact()) {
            if (!compact.takes(value)) {
                rewrite(true, Math.min(value, get(0)), Math.max(value, get(count - 1)));
            }
            compact.insert(i, value);
        } else {
            insertPlain(i, value);
        }
        count++;
        settle();
    }

    /** Removes the integer at place {@code i}. */
    public void remove(int i) {
        if (isCompact()) {
            compact.remove(i);
        } else {
            removePlain(i);
        }
        count--;
        settle();
    }

    private void settle() {
        boolean wantsCompact = count >= LEAST_COMPACT && count <= MOST_COMPACT;
        if (wantsCompact != isCompact() || isCompact() && !compact.isFit()) {
            rewrite(wantsCompact, get(0), get(count - 1));
        }
    }

    /** Writes the run anew, so that it is compact, or else plain, and apt for integers from {@code least} to {@code most}. */
    private void rewrite(boolean asCompact, long least, long most) {
        int bytes = Math.multiplyExact(count, Long.BYTES);
        long values = heap.allocate(bytes);
        copyTo(values);
        if (asCompact) {
            compact.write(values, count, least, most);
            width = 0;
        } else {
            writePlain(values, Math.max(width(least), width(most)));
        }
        heap.free(values, bytes);
    }

    // --- The plain form ---

    private void writePlain(long values, int newWidth) {
        width = newWidth;
        run = room.resize(Math.addExact(EMPTY_BYTES, Math.multiplyExact(count, width)));
        Raw.putByte(run, width);
        for (int i = 0; i < count; i++) {
            put(place(i), width, Raw.getLong(values + (long) i * Long.BYTES));
        }
    }

    private void insertPlain(int i, long value) {
        int oldWidth = width;
        width = Math.max(width, width(value));
        run = room.resize(Math.addExact(EMPTY_BYTES, Math.multiplyExact(count + 1, width)));
        if (width == oldWidth) {
            Raw.copy(place(i), place(i + 1), place(count) - place(i));
        } else {
            for (int from = count - 1; from >= 0; from--) {
                long moved = get(run + EMPTY_BYTES + (long) from * oldWidth, oldWidth);
                put(place(from < i ? from : from + 1), width, moved);
            }
            Raw.putByte(run, width);
        }
        put(place(i), width, value);
    }

    private void removePlain(int i) {
        Raw.copy(place(i + 1), place(i), place(count) - place(i + 1));
        run = room.resize((int) (place(count - 1) - run));
    }

    // --- Integers of a width ---

    /** The width that the value needs. */
    static int width(long value) {
        return value == (short) value ? Short.BYTES : value == (int) value ? Integer.BYTES : Long.BYTES;
    }

    static long get(long at, int width) {
        return width == Short.BYTES ? Raw.getShort(at) : width == Integer.BYTES ? Raw.getInt(at) : Raw.getLong(at);
    }

    static void put(long at, int width, long value) {
        if (width == Short.BYTES) {
            Raw.putShort(at, (int) value);
        } else if (width == Integer.BYTES) {
            Raw.putInt(at, (int) value);
        } else {
            Raw.putLong(at, value);
        }
    }
}
