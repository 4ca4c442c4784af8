package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by one event loop: ascending integers without their redundance, one run of them at a time. Of each integer the lowest
 * bits stand as they are. What is above them grows slowly, so only its growth is written: as many zeros as it grows by, and
 * a one for the integer (Elias 1974, Fano 1971; Vigna, "Quasi-succinct indices", 2013).
 *
 * <pre>
 *   run      | base's width, low bits 1 | count 2 | base 2, 4 or 8 | lows: count x low bits | uppers |
 *
 *   integer  (base + zeros before its one in the uppers) << low bits | its low bits
 *
 *   9, 12, 13, 30 with 2 low bits:   base 2   lows 01 00 01 10   uppers 1 011 00001 (first bit on the left)
 * </pre>
 *
 * Lows and uppers begin at whole bytes; a byte's lowest bit is its first. With as many low bits as the logarithm of the mean
 * distance has, an integer takes two to three bits more than these, half a bit or so more than any code needs. With fewer or
 * more it is not much worse at first, so few changes must write the whole run anew: {@link #takes} and {@link #isFit} tell.
 *
 * <p>A search and an access by place count bits of the uppers, eight bytes at a time; a search then halves those that are
 * the same above their low bits. A walk takes the next one. A change shifts the bits behind it. {@link PackedBits} reads and
 * writes back up to three bytes before the run: an entry has its head there.
 */
final class EliasFano {
    private static final int WIDTH_SHIFT = 6;
    private static final int LOW_BITS = (1 << WIDTH_SHIFT) - 1;
    private static final int COUNT = 1;
    private static final int BASE = 3;

    private final PackedIntegers.Room room;
    private long run;
    private int count;
    private int lowBits;
    private long base;
    private long lows;
    private long uppers;
    private long end;
    /** The word of the uppers that a walk is in, and its ones that are still to come. */
    private long walked;

    private long ones;

    EliasFano(PackedIntegers.Room room) {
        this.room = room;
    }

    /** Whether the run has this form; otherwise its first byte is the width of an integer. */
    static boolean is(long run) {
        return Raw.getUnsignedByte(run) > LOW_BITS;
    }

    /** Turns to a run. */
    void at(long newRun, int bytes) {
        run = newRun;
        end = run + bytes;
        int first = Raw.getUnsignedByte(run);
        int baseWidth = 1 << (first >>> WIDTH_SHIFT);
        lowBits = first & LOW_BITS;
        count = Raw.getShort(run + COUNT);
        base = PackedIntegers.get(run + BASE, baseWidth);
        lows = run + BASE + baseWidth;
        uppers = lows + lowBytes(count);
    }

    int count() {
        return count;
    }

    private int lowBytes(int integers) {
        return bytes(integers * lowBits);
    }

    private static int bytes(int bits) {
        return bits + Byte.SIZE - 1 >>> 3;
    }

    // --- Reading ---

    /** The integer at place {@code i} of the order. */
    long get(int i) {
        return integer(i, select(i, 0));
    }

    /** The integer at place {@code i}, which has its one at a bit of the uppers. */
    private long integer(int i, int upper) {
        return base + upper - i << lowBits | low(i);
    }

    private long low(int i) {
        return PackedBits.get((lows << 3) + (long) i * lowBits, lowBits);
    }

    /** The place of the value; where it is not there, minus the place that it would have, minus 1. */
    int find(long value) {
        long upper = value >> lowBits;
        if (upper < base) {
            return -1;
        }
        if (Long.compareUnsigned(upper - base, zeros()) > 0) {
            return -count - 1;
        }
        // Those between two zeros have the same above their low bits.
        int zerosBefore = (int) (upper - base);
        int from = zerosBefore == 0 ? 0 : select(zerosBefore - 1, -1) + 1;
        int low = from - zerosBefore;
        int high = low + onesFrom(from) - 1;
        long wanted = value & PackedBits.mask(lowBits);
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = low(middle);
            if (found < wanted) {
                low = middle + 1;
            } else if (found > wanted) {
                high = middle - 1;
            } else {
                return middle;
            }
        }
        return -low - 1;
    }

    /** Begins a walk. */
    void walk() {
        walked = uppers;
        ones = word(walked);
    }

    /** The integer at place {@code i}, to which the walk has come. */
    long next(int i) {
        while (ones == 0) {
            walked += Long.BYTES;
            ones = word(walked);
        }
        int upper = (int) (walked - uppers) * Byte.SIZE + Long.numberOfTrailingZeros(ones);
        ones &= ones - 1;
        return integer(i, upper);
    }

    // --- The uppers ---

    private int zeros() {
        return (int) (end - uppers) * Byte.SIZE - count;
    }

    /** Eight bytes of the uppers; zeros come after their end. */
    private long word(long at) {
        if (end - at >= Long.BYTES) {
            return Raw.getLong(at);
        }
        return at < end ? Raw.getLong(end - Long.BYTES) >>> (at - end << 3) : 0;
    }

    /** The one in the uppers that has {@code before} others before it; with {@code flip} -1 instead of 0, the zero. */
    private int select(int before, long flip) {
        long at = uppers;
        int left = before;
        while (true) {
            long word = word(at) ^ flip;
            int found = Long.bitCount(word);
            if (left < found) {
                return (int) (at - uppers) * Byte.SIZE + Long.numberOfTrailingZeros(Long.expand(1L << left, word));
            }
            left -= found;
            at += Long.BYTES;
        }
    }

    /** How many ones follow each other in the uppers, from a bit on. */
    private int onesFrom(int bit) {
        long at = uppers + (bit >>> 3);
        int skipped = bit & 7;
        int found = Long.numberOfTrailingZeros(~(word(at) >>> skipped));
        for (int looked = Long.SIZE - skipped; found == looked; looked += Long.SIZE) {
            at += Long.BYTES;
            found += Long.numberOfTrailingZeros(~word(at));
        }
        return found;
    }

    // --- Changes ---

    /** Whether the value can be inserted where it belongs, and the run is about as short then as it can be. */
    boolean takes(long value) {
        long upper = value >> lowBits;
        return upper >= base && Long.compareUnsigned(upper - base, 3L * count) <= 0;
    }

    /** Whether the run is about as short as it can be. */
    boolean isFit() {
        int zeros = zeros();
        return zeros <= 3 * count && (lowBits == 0 || zeros >= count - (count >> 2));
    }

    /** Inserts a value that it {@link #takes}, at place {@code i}. */
    void insert(int i, long value) {
        int bit = i + (int) ((value >> lowBits) - base);
        int upperBytes = (int) (end - uppers);
        boolean overflows = Raw.getByte(end - 1) < 0;
        int newUpperBytes = Math.max(overflows ? upperBytes + 1 : upperBytes, (bit >>> 3) + 1);
        int more = lowBytes(count + 1) - lowBytes(count);
        turn((int) (uppers - run) + more + newUpperBytes);
        Raw.copy(uppers, uppers + more, upperBytes);
        Raw.fill(uppers + more + upperBytes, newUpperBytes - upperBytes, 0);
        Raw.fill(uppers, more, 0);
        uppers += more;

        PackedBits.open(end, (uppers << 3) + bit, 1);
        PackedBits.put((uppers << 3) + bit, 1, 1);
        long low = (lows << 3) + (long) i * lowBits;
        PackedBits.open(uppers, low, lowBits);
        PackedBits.put(low, lowBits, value);
        Raw.putShort(run + COUNT, ++count);
    }

    /** Removes the integer at place {@code i}. */
    void remove(int i) {
        PackedBits.close(end, (uppers << 3) + select(i, 0), 1);
        PackedBits.close(uppers, (lows << 3) + (long) i * lowBits, lowBits);
        Raw.putShort(run + COUNT, --count);
        while (end > uppers && Raw.getByte(end - 1) == 0) {
            end--;
        }

        long newUppers = lows + lowBytes(count);
        Raw.copy(uppers, newUppers, end - uppers);
        turn((int) (end - uppers + newUppers - run));
        uppers = lows + lowBytes(count);
    }

    /** Gives the run so many bytes; lows and uppers begin where they did. */
    private void turn(int bytes) {
        long moved = room.resize(bytes) - run;
        run += moved;
        lows += moved;
        uppers += moved;
        end = run + bytes;
    }

    /** Writes a run of those values anew, with as many low bits as suit integers from {@code least} to {@code most}. */
    void write(long values, int newCount, long least, long most) {
        long mean = Long.divideUnsigned(most - least, newCount);
        lowBits = Math.max(0, Long.SIZE - 1 - Long.numberOfLeadingZeros(mean));
        base = least >> lowBits;
        int baseWidth = PackedIntegers.width(base);
        long last = Raw.getLong(values + (newCount - 1L) * Long.BYTES);
        int lowsAt = BASE + baseWidth;
        int uppersAt = lowsAt + lowBytes(newCount);
        int bytes = uppersAt + bytes(newCount + (int) ((last >> lowBits) - base));

        run = room.resize(bytes);
        Raw.fill(run, bytes, 0);
        Raw.putByte(run, Integer.numberOfTrailingZeros(baseWidth) << WIDTH_SHIFT | lowBits);
        Raw.putShort(run + COUNT, newCount);
        PackedIntegers.put(run + BASE, baseWidth, base);
        for (int i = 0; i < newCount; i++) {
            long value = Raw.getLong(values + (long) i * Long.BYTES);
            PackedBits.put((run + lowsAt << 3) + (long) i * lowBits, lowBits, value);
            PackedBits.put((run + uppersAt << 3) + i + ((value >> lowBits) - base), 1, 1);
        }
        at(run, bytes);
    }
}
