package dev.jackdaw.server.rdb;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.server.memory.Heap;

/**
 * Owned by the event loop: the bytes of an RDB file or of a DUMP payload on their way out. They gather in one buffer, which
 * grows, or goes to a {@link Drain} when it is full.
 */
public final class RdbOutput implements AutoCloseable {
    private static final int FIRST_BYTES = 1 << 10;
    private static final int MAX_INTEGER_DIGITS = 11;
    /** Shorter strings gain too little by compression for the time that it takes. */
    private static final int MIN_COMPRESSED = 64;

    private static final int MIN_GAIN = 4;
    /** Longer strings are written as they are: to compress them would keep the loop too long. */
    static final int MAX_COMPRESSED = 128 << 10;

    /** Takes full buffers. */
    public interface Drain {
        /** Takes a buffer with so many bytes; returns an empty one of the same size. */
        long full(long buffer, int bytes);
    }

    private final Heap heap;
    private final Lzf lzf = new Lzf();
    private final Drain drain;
    private boolean compresses = true;
    private int capacity;
    private long buffer;
    private int size;
    private long drained;

    /** What is written stays in a buffer that grows. */
    public RdbOutput(Heap heap) {
        this(heap, null, heap.reserve(FIRST_BYTES), FIRST_BYTES);
    }

    /** What is written goes to the drain, in buffers of this capacity, of which this is the first. */
    public RdbOutput(Heap heap, Drain drain, long buffer, int capacity) {
        this.heap = heap;
        this.drain = drain;
        this.buffer = buffer;
        this.capacity = capacity;
    }

    public void compresses(boolean does) {
        compresses = does;
    }

    /** What was written and not drained. */
    public long address() {
        return buffer;
    }

    public int size() {
        return size;
    }

    /** All that was written. */
    public long written() {
        return drained + size;
    }

    /** Hands over what the buffer has. */
    public void flush() {
        drained += size;
        buffer = drain.full(buffer, size);
        size = 0;
    }

    /** Forgets what was written, and the memory that it took. */
    @Override
    public void close() {
        size = 0;
        if (drain == null && capacity > FIRST_BYTES) {
            heap.unreserve(buffer, capacity);
            capacity = FIRST_BYTES;
            buffer = heap.reserve(capacity);
        }
    }

    private void room(int bytes) {
        if (capacity - size >= bytes) {
            return;
        }
        if (drain != null) {
            flush();
            return;
        }
        int grown = Math.max(Math.addExact(size, bytes), (int) Math.min(2L * capacity, Integer.MAX_VALUE));
        long moved = heap.reserve(grown);
        Raw.copy(buffer, moved, size);
        heap.unreserve(buffer, capacity);
        buffer = moved;
        capacity = grown;
    }

    public void int8(int value) {
        room(1);
        Raw.putByte(buffer + size++, value);
    }

    public void int16(int value) {
        room(Short.BYTES);
        Raw.putShort(buffer + size, value);
        size += Short.BYTES;
    }

    public void int32(int value) {
        room(Integer.BYTES);
        Raw.putInt(buffer + size, value);
        size += Integer.BYTES;
    }

    public void int64(long value) {
        room(Long.BYTES);
        Raw.putLong(buffer + size, value);
        size += Long.BYTES;
    }

    public void bytes(long address, int length) {
        int done = 0;
        while (done < length) {
            room(drain == null ? length : 1);
            int part = Math.min(length - done, capacity - size);
            Raw.copy(address + done, buffer + size, part);
            size += part;
            done += part;
        }
    }

    /** The id of a stream's entry, in the order in which ids sort. */
    public void id(long upper, long lower) {
        int64(Long.reverseBytes(upper));
        int64(Long.reverseBytes(lower));
    }

    public void length(long value) {
        if (value >= 0 && value < RdbFormat.LENGTH_14) {
            int8((int) value);
        } else if (value >= 0 && value < 1 << 14) {
            int8(RdbFormat.LENGTH_14 | (int) value >> Byte.SIZE);
            int8((int) value);
        } else if (value >>> Integer.SIZE == 0) {
            int8(RdbFormat.LENGTH_32);
            int32(Integer.reverseBytes((int) value));
        } else {
            int8(RdbFormat.LENGTH_64);
            int64(Long.reverseBytes(value));
        }
    }

    /** A string, as an integer or compressed where that is shorter. */
    public void string(long address, int length) {
        if (length <= MAX_INTEGER_DIGITS && Integers.isInteger(address, length)) {
            long value = Integers.parse(address, length);
            if (value == (int) value) {
                shortInteger((int) value);
                return;
            }
        }
        if (!compresses || length < MIN_COMPRESSED || length > MAX_COMPRESSED || !compressed(address, length)) {
            length(length);
            bytes(address, length);
        }
    }

    public void string(String ascii) {
        length(ascii.length());
        for (int i = 0; i < ascii.length(); i++) {
            int8(ascii.charAt(i));
        }
    }

    private void shortInteger(int value) {
        if (value == (byte) value) {
            int8(RdbFormat.ENCODED | RdbFormat.INT_8);
            int8(value);
        } else if (value == (short) value) {
            int8(RdbFormat.ENCODED | RdbFormat.INT_16);
            int16(value);
        } else {
            int8(RdbFormat.ENCODED | RdbFormat.INT_32);
            int32(value);
        }
    }

    private boolean compressed(long address, int length) {
        long packed = heap.allocate(length);
        int packedBytes = lzf.compress(address, length, packed, length - MIN_GAIN);
        if (packedBytes > 0) {
            int8(RdbFormat.ENCODED | RdbFormat.LZF);
            length(packedBytes);
            length(length);
            bytes(packed, packedBytes);
        }
        heap.free(packed, length);
        return packedBytes > 0;
    }
}
