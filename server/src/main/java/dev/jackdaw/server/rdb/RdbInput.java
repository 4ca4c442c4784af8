package dev.jackdaw.server.rdb;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Doubles;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.Heap;

/**
 * Owned by the event loop: the bytes of an RDB file or of a DUMP payload on their way in. Nothing is believed: whatever
 * would lie beyond the end, or is no such thing, is a {@link CorruptRdbException}.
 */
public final class RdbInput implements AutoCloseable {
    private static final int OLD_NAN = 253;
    private static final int OLD_INFINITY = 254;
    private static final int OLD_MINUS_INFINITY = 255;

    /** Owned by its input: a string that was read, good until the next one is read into it. */
    public static final class Text {
        private final long digits;
        /** Where the bytes are that were compressed in the input. */
        private long unpacked;

        private int unpackedBytes;
        private long address;
        private int length;

        Text(Heap heap) {
            digits = heap.reserve(Integers.MAX_BYTES);
        }

        public long address() {
            return address;
        }

        public int length() {
            return length;
        }

        private void release(Heap heap) {
            if (unpacked != 0) {
                heap.free(unpacked, unpackedBytes);
                unpacked = 0;
            }
        }
    }

    private final Heap heap;
    private final Text text;
    private final Text other;
    private final Text key;
    private long start;
    private long at;
    private long end;

    public RdbInput(Heap heap) {
        this.heap = heap;
        this.text = new Text(heap);
        this.other = new Text(heap);
        this.key = new Text(heap);
    }

    /** Turns to some bytes. */
    public void at(long address, long length) {
        start = address;
        at = address;
        end = address + length;
    }

    /** Gives back what strings have taken. */
    @Override
    public void close() {
        text.release(heap);
        other.release(heap);
        key.release(heap);
    }

    public CorruptRdbException corrupt(String what) {
        return new CorruptRdbException(what, at - start);
    }

    /** How many bytes have been read. */
    public long offset() {
        return at - start;
    }

    /** Goes back to where so many bytes had been read. */
    public void back(long offset) {
        at = start + offset;
    }

    /** Where the bytes begin. */
    public long address() {
        return start;
    }

    /** How many bytes there are in all. */
    public long bytes() {
        return end - start;
    }

    /** Where so many bytes are, which are read then. */
    public long take(long bytes) {
        if (bytes < 0 || bytes > end - at) {
            throw corrupt("the end comes too early");
        }
        long from = at;
        at += bytes;
        return from;
    }

    public int uint8() {
        return Raw.getUnsignedByte(take(1));
    }

    public int int32() {
        return Raw.getInt(take(Integer.BYTES));
    }

    public long int64() {
        return Raw.getLong(take(Long.BYTES));
    }

    public double number() {
        return Raw.getDouble(take(Double.BYTES));
    }

    /** A number as it was written before there were binary ones. */
    public double oldNumber() {
        int length = uint8();
        return switch (length) {
            case OLD_NAN -> Double.NaN;
            case OLD_INFINITY -> Double.POSITIVE_INFINITY;
            case OLD_MINUS_INFINITY -> Double.NEGATIVE_INFINITY;
            default -> Doubles.parseAnySize(take(length), length);
        };
    }

    /** A part of the id of a stream's entry. */
    public long idPart() {
        return Long.reverseBytes(int64());
    }

    /** A length, or any number that is written like one. */
    public long length() {
        int first = uint8();
        if ((first & RdbFormat.ENCODED) == RdbFormat.ENCODED) {
            throw corrupt("a string in place of a length");
        }
        return length(first);
    }

    private long length(int first) {
        if (first < RdbFormat.LENGTH_14) {
            return first;
        }
        if (first < RdbFormat.LENGTH_32) {
            return (first & 0x3f) << Byte.SIZE | uint8();
        }
        return switch (first) {
            case RdbFormat.LENGTH_32 -> Integer.toUnsignedLong(Integer.reverseBytes(int32()));
            case RdbFormat.LENGTH_64 -> Long.reverseBytes(int64());
            default -> throw corrupt("no length");
        };
    }

    /** How many elements follow, each of which takes a byte at least. */
    public long count() {
        long count = length();
        if (count < 0 || count > end - at) {
            throw corrupt("more elements than bytes");
        }
        return count;
    }

    public Text string() {
        return string(text);
    }

    /** The same, while the other one is still needed. */
    public Text secondString() {
        return string(other);
    }

    /** The same, while both are needed and until {@link #close}. */
    public Text keyString() {
        return string(key);
    }

    private Text string(Text into) {
        into.release(heap);
        int first = uint8();
        switch (first) {
            case RdbFormat.ENCODED | RdbFormat.INT_8 -> integer(into, (byte) uint8());
            case RdbFormat.ENCODED | RdbFormat.INT_16 -> integer(into, Raw.getShort(take(Short.BYTES)));
            case RdbFormat.ENCODED | RdbFormat.INT_32 -> integer(into, int32());
            case RdbFormat.ENCODED | RdbFormat.LZF -> unpack(into);
            default -> {
                long length = length(first);
                into.address = take(length);
                into.length = stringLength(length);
            }
        }
        return into;
    }

    private static void integer(Text into, int value) {
        into.address = into.digits;
        into.length = (int) (Integers.write(value, into.digits) - into.digits);
    }

    private void unpack(Text into) {
        long packedBytes = length();
        long bytes = length();
        long packed = take(packedBytes);
        if (bytes <= 0 || bytes > packedBytes * Lzf.MAX_RATIO) {
            throw corrupt("more bytes than can be compressed so");
        }
        into.unpackedBytes = stringLength(bytes);
        into.unpacked = heap.allocate(into.unpackedBytes);
        if (!Lzf.decompress(packed, (int) packedBytes, into.unpacked, into.unpackedBytes)) {
            into.release(heap);
            throw corrupt("bytes that were not compressed so");
        }
        into.address = into.unpacked;
        into.length = into.unpackedBytes;
    }

    private int stringLength(long length) {
        if (length > Entry.MAX_LENGTH) {
            throw corrupt("a string that is too long");
        }
        return (int) length;
    }

    public void skipString() {
        int first = uint8();
        switch (first) {
            case RdbFormat.ENCODED | RdbFormat.INT_8 -> take(Byte.BYTES);
            case RdbFormat.ENCODED | RdbFormat.INT_16 -> take(Short.BYTES);
            case RdbFormat.ENCODED | RdbFormat.INT_32 -> take(Integer.BYTES);
            case RdbFormat.ENCODED | RdbFormat.LZF -> {
                long packedBytes = length();
                length();
                take(packedBytes);
            }
            default -> take(length(first));
        }
    }
}
