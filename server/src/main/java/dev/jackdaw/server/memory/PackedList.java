package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Shared and stateless: the layout of a block that holds a run of byte strings with room before and behind it, so that
 * both ends grow and shrink without moving the rest. A small list is one block, a {@link LargeList} a chain of them.
 *
 * <pre>
 *   | front gap 2 | back gap 2 | count 2 | room | element | element | ... | room |
 *
 *   element  | length | bytes | length backwards |      see {@link Varint}
 * </pre>
 *
 * The owner knows how many bytes the block has. Elements are named by address. Gaps have 16 bits, so a block beyond
 * {@link #MAX_BYTES} is one that a single element fills ({@link #single}).
 */
public final class PackedList {
    /** The bytes of a block that has no element and no room. */
    public static final int HEADER = 6;

    /** The most bytes of a block with room. */
    public static final int MAX_BYTES = 32 << 10;

    private static final int BACK_GAP = 2;
    private static final int COUNT = 4;

    private PackedList() {}

    /** What an element of {@code length} bytes takes. */
    public static int elementBytes(int length) {
        return length + 2 * Varint.bytes(length);
    }

    /** Makes a block empty. */
    public static void clear(long block, int bytes, int frontGap) {
        assert bytes <= MAX_BYTES && frontGap <= bytes - HEADER;
        Raw.putShort(block, frontGap);
        Raw.putShort(block + BACK_GAP, bytes - HEADER - frontGap);
        Raw.putShort(block + COUNT, 0);
    }

    /** Makes a block of {@code HEADER + elementBytes(length)} bytes hold this element alone. */
    public static void single(long block, long address, int length) {
        Raw.putInt(block, 0);
        Raw.putShort(block + COUNT, 1);
        write(block + HEADER, address, length);
    }

    public static int count(long block) {
        return Raw.getUnsignedShort(block + COUNT);
    }

    public static int frontGap(long block) {
        return Raw.getUnsignedShort(block);
    }

    public static int backGap(long block) {
        return Raw.getUnsignedShort(block + BACK_GAP);
    }

    /** The room on both sides together. */
    public static int room(long block) {
        return frontGap(block) + backGap(block);
    }

    /** The bytes of the elements. */
    public static int used(long block, int bytes) {
        return bytes - HEADER - room(block);
    }

    /** The first element; the same as {@link #end} if there is none. */
    public static long first(long block) {
        return block + HEADER + frontGap(block);
    }

    /** Where the last element ends. */
    public static long end(long block, int bytes) {
        return block + bytes - backGap(block);
    }

    public static long next(long element) {
        return element + elementBytes(length(element));
    }

    /** The element that ends where this one begins. */
    public static long previous(long element) {
        return element - elementBytes(Varint.getBackwards(element));
    }

    /** The element at {@code index}, which must exist. */
    public static long element(long block, int bytes, int index) {
        int count = count(block);
        assert index >= 0 && index < count;
        long at;
        if (index <= count >> 1) {
            at = first(block);
            for (int i = 0; i < index; i++) {
                at = next(at);
            }
        } else {
            at = end(block, bytes);
            for (int i = count; i > index; i--) {
                at = previous(at);
            }
        }
        return at;
    }

    public static int length(long element) {
        return Varint.get(element);
    }

    /** Where the element's bytes are. */
    public static long bytes(long element) {
        return element + Varint.bytesAt(element);
    }

    /** Adds an element for which the front gap has room. */
    public static void pushFront(long block, long address, int length) {
        int gap = frontGap(block) - elementBytes(length);
        Raw.putShort(block, gap);
        count(block, 1);
        write(block + HEADER + gap, address, length);
    }

    /** Adds an element for which the back gap has room. */
    public static void pushBack(long block, int bytes, long address, int length) {
        long end = end(block, bytes);
        Raw.putShort(block + BACK_GAP, backGap(block) - elementBytes(length));
        count(block, 1);
        write(end, address, length);
    }

    /** Adds an element before another, or at the end, for which both gaps together have room; returns where it is. */
    public static long insert(long block, int bytes, long before, long address, int length) {
        int size = elementBytes(length);
        long first = first(block);
        long end = end(block, bytes);
        int frontGap = frontGap(block);
        int backGap = backGap(block);
        assert size <= frontGap + backGap;
        long at;
        if (frontGap >= size && (before - first <= end - before || backGap < size)) {
            Raw.copy(first, first - size, before - first);
            Raw.putShort(block, frontGap - size);
            at = before - size;
        } else {
            int forward = Math.min(size, backGap);
            Raw.copy(before, before + forward, end - before);
            Raw.copy(first, first - (size - forward), before - first);
            Raw.putShort(block, frontGap - (size - forward));
            Raw.putShort(block + BACK_GAP, backGap - forward);
            at = before - (size - forward);
        }
        count(block, 1);
        write(at, address, length);
        return at;
    }

    /** Removes an element; returns the one after it, or the end. */
    public static long remove(long block, int bytes, long element) {
        int size = elementBytes(length(element));
        long first = first(block);
        long end = end(block, bytes);
        count(block, -1);
        if (element - first <= end - element - size) {
            Raw.copy(first, first + size, element - first);
            Raw.putShort(block, frontGap(block) + size);
            return element + size;
        }
        Raw.copy(element + size, element, end - element - size);
        Raw.putShort(block + BACK_GAP, backGap(block) + size);
        return element;
    }

    /** Removes {@code removed} elements at the front. */
    public static void removeFront(long block, int bytes, int removed) {
        long at = removed == 0 ? first(block) : next(element(block, bytes, removed - 1));
        Raw.putShort(block, (int) (at - block - HEADER));
        count(block, -removed);
    }

    /** Removes {@code removed} elements at the back. */
    public static void removeBack(long block, int bytes, int removed) {
        long end = removed == 0 ? end(block, bytes) : element(block, bytes, count(block) - removed);
        Raw.putShort(block + BACK_GAP, (int) (block + bytes - end));
        count(block, -removed);
    }

    /** Moves the elements so that the front gap becomes this. */
    public static void slide(long block, int bytes, int frontGap) {
        int used = used(block, bytes);
        long first = first(block);
        Raw.copy(first, block + HEADER + frontGap, used);
        Raw.putShort(block, frontGap);
        Raw.putShort(block + BACK_GAP, bytes - HEADER - frontGap - used);
    }

    /**
     * Gives the block another number of bytes: its owner has seen to it that what begins at {@code block} has as many.
     * The elements must fit below the smaller of both.
     */
    public static void resize(long block, int oldBytes, int newBytes, int frontGap) {
        int used = used(block, oldBytes);
        if (newBytes > oldBytes) {
            Raw.putShort(block + BACK_GAP, backGap(block) + newBytes - oldBytes);
            slide(block, newBytes, frontGap);
        } else {
            slide(block, oldBytes, frontGap);
            Raw.putShort(block + BACK_GAP, newBytes - HEADER - frontGap - used);
        }
    }

    /** Fills another block with the {@code taken} elements from {@code element} on, which span {@code used} bytes. */
    public static void copy(long element, int used, int taken, long to, int toBytes, int frontGap) {
        clear(to, toBytes, frontGap);
        Raw.copy(element, to + HEADER + frontGap, used);
        Raw.putShort(to + BACK_GAP, toBytes - HEADER - frontGap - used);
        Raw.putShort(to + COUNT, taken);
    }

    private static void count(long block, int change) {
        Raw.putShort(block + COUNT, count(block) + change);
    }

    private static void write(long at, long address, int length) {
        long bytes = Varint.put(at, length);
        Raw.copy(address, bytes, length);
        Varint.putBackwards(bytes + length, length);
    }
}
