package dev.jackdaw.protocol.resp;

import dev.jackdaw.protocol.raw.Raw;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Owned by one connection: the arguments of one command as slices of native memory, the command's name first.
 *
 * <p>The slices point into the read buffer and are good until it is released or compacted, or the next request is decoded.
 * Arguments of inline commands and those given to {@link #set} lie in memory of the request's own. Who gives up a request that
 * may be large closes it.
 */
public final class Request implements AutoCloseable {
    private static final long[] NO_SLICES = {};
    private static final int FIRST_SLOTS = 8;
    private static final int MOST_SLOTS = 256;
    private static final int KEPT_SCRATCH_BYTES = 1024;

    /** Each argument's offset from {@code base} in the upper half, its length in the lower. */
    private long[] slices = NO_SLICES;
    /** The slices that {@code slices} has no room for, off-heap, since a client may send very many; null if there are none. */
    private Arena moreArena;

    private long more;
    private int moreSlots;

    private int count;
    private long base;
    private long start;
    private long bytes;
    private boolean incomplete;
    private MemorySegment scratch = MemorySegment.NULL;
    /** The memory of a long line; null if there is none. */
    private Arena line;

    /** The number of arguments, the name included; zero while no request is decoded. */
    public int count() {
        return count;
    }

    public long address(int i) {
        assert i < count;
        return base + (slice(i) >>> 32);
    }

    public int length(int i) {
        assert i < count;
        return (int) slice(i);
    }

    private long slice(int i) {
        return i < MOST_SLOTS ? slices[i] : Raw.getLong(more + (long) (i - MOST_SLOTS) * Long.BYTES);
    }

    /** Argument {@code i} as a string, one character a byte. */
    public String text(int i) {
        return Raw.latin1(address(i), length(i));
    }

    /** Whether argument {@code i} is {@code upperCaseKeyword}, whatever the case of its letters. */
    public boolean is(int i, String upperCaseKeyword) {
        int length = length(i);
        if (length != upperCaseKeyword.length()) {
            return false;
        }
        long address = address(i);
        for (int at = 0; at < length; at++) {
            int letter = Raw.getUnsignedByte(address + at);
            if (letter >= 'a' && letter <= 'z') {
                letter -= 'a' - 'A';
            }
            if (letter != upperCaseKeyword.charAt(at)) {
                return false;
            }
        }
        return true;
    }

    /** Where the whole encoded command begins in the read buffer; zero if the arguments do not lie there. */
    public long start() {
        return start;
    }

    /** The size of the whole encoded command; zero if the arguments do not lie in the read buffer. */
    public long bytes() {
        return bytes;
    }

    /** Whether an argument was too large to be received, so that the request must not run. */
    public boolean isIncomplete() {
        return incomplete;
    }

    void incomplete() {
        incomplete = true;
    }

    /** Makes this the request of these arguments, copied. */
    public void set(byte[]... arguments) {
        clear();
        int total = 0;
        for (byte[] argument : arguments) {
            total = Math.addExact(total, argument.length);
        }
        long address = scratch(total);
        int offset = 0;
        for (byte[] argument : arguments) {
            Raw.copy(argument, 0, address + offset, argument.length);
            add(offset, argument.length);
            offset += argument.length;
        }
    }

    /** Makes this the request of another's arguments from there on, which lie where they are. */
    public void tail(Request whole, int from) {
        clear();
        base = whole.base;
        for (int i = from; i < whole.count; i++) {
            add((int) (whole.slice(i) >>> 32), (int) whole.slice(i));
        }
    }

    @Override
    public void close() {
        clear();
    }

    /** Forgets the arguments, and frees the memory that only an unusually large request needed. */
    void clear() {
        count = 0;
        start = 0;
        bytes = 0;
        incomplete = false;
        if (moreArena != null) {
            moreArena.close();
            moreArena = null;
            moreSlots = 0;
        }
        if (scratch.byteSize() > KEPT_SCRATCH_BYTES) {
            scratch = MemorySegment.NULL;
        }
        if (line != null) {
            line.close();
            line = null;
        }
    }

    /** Adds an argument at {@code offset} from what will be the base: the command's start, or the scratch memory. */
    void add(int offset, int length) {
        long slice = Header.pack(offset, length);
        if (count < MOST_SLOTS) {
            if (count == slices.length) {
                slices = Arrays.copyOf(slices, Math.max(FIRST_SLOTS, 2 * count));
            }
            slices[count] = slice;
        } else {
            int i = count - MOST_SLOTS;
            if (i == moreSlots) {
                growMore();
            }
            Raw.putLong(more + (long) i * Long.BYTES, slice);
        }
        count++;
    }

    private void growMore() {
        Arena larger = Arena.ofConfined();
        int slots = Math.max(MOST_SLOTS, 2 * moreSlots);
        long address = larger.allocate((long) slots * Long.BYTES).address();
        if (moreArena != null) {
            Raw.copy(more, address, (long) moreSlots * Long.BYTES);
            moreArena.close();
        }
        moreArena = larger;
        more = address;
        moreSlots = slots;
    }

    /** Tells where the command stands, now that all of it has been received and will not move. */
    void place(long start, int bytes) {
        this.start = start;
        this.bytes = bytes;
        base = start;
    }

    /** Memory for the arguments of a line, as {@link #scratch}; that of a long one is freed when the request is cleared. */
    long line(int bytes) {
        if (bytes <= KEPT_SCRATCH_BYTES) {
            return scratch(bytes);
        }
        line = Arena.ofConfined();
        base = line.allocate(bytes).address();
        return base;
    }

    /** At least {@code bytes} of native memory, from which the arguments to be added are counted. */
    long scratch(int bytes) {
        if (scratch.byteSize() < bytes) {
            // Freed with the request: it is too small, or too rare, to ask every owner to close it.
            scratch = Arena.ofAuto().allocate(Math.max(64, bytes));
        }
        base = scratch.address();
        return base;
    }
}
