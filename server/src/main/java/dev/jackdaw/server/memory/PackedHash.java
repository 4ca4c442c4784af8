package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Immutable and shared: how a small hash lies in one run of bytes, or a small set, which has no values: its elements one
 * after the other in the order in which they came. Who owns the run makes room and moves what follows.
 *
 * <pre>
 *   run       | count 2 | element | element | ...
 *
 *   element   | lengths 1 | key length 0, 1, 2 or 5 | value length 0, 1, 2 or 5 | key | value |    in a hash
 *             the upper four bits have the key's length, the lower the value's; 15: it follows (see {@link Varint})
 *   element   | key length 1, 2 or 5 | key |                                                        in a set
 * </pre>
 *
 * A hash of which fields expire has more before its count and before each element: see {@link PackedTimes}. Elements are named by
 * address.
 */
public final class PackedHash {
    public static final PackedHash WITH_VALUES = new PackedHash(true, 0);
    public static final PackedHash WITHOUT_VALUES = new PackedHash(false, 0);
    public static final PackedHash WITH_TIMES = new PackedHash(true, PackedTimes.BYTES);

    /** The bytes of a run without elements and times. */
    public static final int EMPTY_BYTES = 2;

    /** The most elements that a run may have. */
    public static final int MAX_COUNT = (1 << 16) - 1;

    private static final int FOLLOWS = 15;

    private final boolean values;
    /** What precedes the count, and each element. */
    private final int before;

    private PackedHash(boolean values, int before) {
        this.values = values;
        this.before = before;
    }

    public int count(long run) {
        return Raw.getUnsignedShort(run + before);
    }

    public void count(long run, int count) {
        Raw.putShort(run + before, count);
    }

    /** The first element, if there is one. */
    public long first(long run) {
        return run + before + EMPTY_BYTES;
    }

    /** Where the next element is, if there is one. */
    public long next(long element) {
        return element + bytes(element);
    }

    /** The element of the key, or 0. */
    public long find(long run, int runBytes, long key, int length) {
        long end = run + runBytes;
        for (long at = first(run); at < end; at = next(at)) {
            if (keyLength(at) == length && Raw.equal(keyAddress(at), key, length)) {
                return at;
            }
        }
        return 0;
    }

    public int keyLength(long element) {
        long at = element + before;
        if (!values) {
            return Varint.get(at);
        }
        int length = Raw.getUnsignedByte(at) >> 4;
        return length < FOLLOWS ? length : Varint.get(at + 1);
    }

    /** The length of the value; only in a hash. */
    public int valueLength(long element) {
        long at = element + before;
        int lengths = Raw.getUnsignedByte(at++);
        int length = lengths & FOLLOWS;
        if (length < FOLLOWS) {
            return length;
        }
        return Varint.get(lengths >> 4 < FOLLOWS ? at : at + Varint.bytesAt(at));
    }

    public long keyAddress(long element) {
        long at = element + before;
        if (!values) {
            return at + Varint.bytesAt(at);
        }
        int lengths = Raw.getUnsignedByte(at++);
        if (lengths >> 4 == FOLLOWS) {
            at += Varint.bytesAt(at);
        }
        return (lengths & FOLLOWS) == FOLLOWS ? at + Varint.bytesAt(at) : at;
    }

    public long valueAddress(long element) {
        return keyAddress(element) + keyLength(element);
    }

    /** All bytes of the element. */
    public int bytes(long element) {
        int head = (int) (keyAddress(element) - element);
        return head + keyLength(element) + (values ? valueLength(element) : 0);
    }

    /** What an element takes. */
    public int bytes(int keyLength, int valueLength) {
        int head = values ? 1 + following(keyLength) + following(valueLength) : Varint.bytes(keyLength);
        return Math.addExact(before + head + keyLength, valueLength);
    }

    private static int following(int length) {
        return length < FOLLOWS ? 0 : Varint.bytes(length);
    }

    /** Writes an element but for its value, and for its time if there are times. */
    public void write(long element, long key, int keyLength, int valueLength) {
        long at = element + before;
        if (values) {
            Raw.putByte(at++, Math.min(FOLLOWS, keyLength) << 4 | Math.min(FOLLOWS, valueLength));
            at = keyLength < FOLLOWS ? at : Varint.put(at, keyLength);
            at = valueLength < FOLLOWS ? at : Varint.put(at, valueLength);
        } else {
            at = Varint.put(at, keyLength);
        }
        Raw.copy(key, at, keyLength);
    }
}
