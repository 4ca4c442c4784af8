package dev.jackdaw.protocol.resp;

import dev.jackdaw.protocol.raw.Raw;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Owned by one connection: the arguments of one command as slices of native memory, the command's name first.
 *
 * <p>The slices point into the read buffer and are good until it is released or compacted, or the next request is decoded.
 * Arguments of inline commands and those given to {@link #set} lie in memory of the request's own.
 */
public final class Request {
    private static final long[] NO_SLICES = {};
    private static final int FIRST_SLOTS = 8;
    private static final int KEPT_SLOTS = 256;
    private static final int KEPT_SCRATCH_BYTES = 1024;

    /** Each argument's offset from {@code base} in the upper half, its length in the lower. */
    private long[] slices = NO_SLICES;

    private int count;
    private long base;
    private long start;
    private long bytes;
    private MemorySegment scratch = MemorySegment.NULL;

    /** The number of arguments, the name included; zero while no request is decoded. */
    public int count() {
        return count;
    }

    public long address(int i) {
        assert i < count;
        return base + (slices[i] >>> 32);
    }

    public int length(int i) {
        assert i < count;
        return (int) slices[i];
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

    /** Forgets the arguments, and the memory that only an unusually large request needed. */
    void clear() {
        count = 0;
        start = 0;
        bytes = 0;
        if (slices.length > KEPT_SLOTS) {
            slices = NO_SLICES;
        }
        if (scratch.byteSize() > KEPT_SCRATCH_BYTES) {
            scratch = MemorySegment.NULL;
        }
    }

    /** Adds an argument at {@code offset} from what will be the base: the command's start, or the scratch memory. */
    void add(int offset, int length) {
        if (count == slices.length) {
            slices = Arrays.copyOf(slices, Math.max(FIRST_SLOTS, 2 * count));
        }
        slices[count++] = Header.pack(offset, length);
    }

    /** Tells where the command stands, now that all of it has been received and will not move. */
    void place(long start, int bytes) {
        this.start = start;
        this.bytes = bytes;
        base = start;
    }

    /** At least {@code bytes} of native memory, from which the arguments to be added are counted. */
    long scratch(int bytes) {
        if (scratch.byteSize() < bytes) {
            // Freed with the request: inline commands are too rare to ask every owner to close it.
            scratch = Arena.ofAuto().allocate(Math.max(64, bytes));
        }
        base = scratch.address();
        return base;
    }
}
