package dev.jackdaw.server.algorithm;

import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.memory.Heap;
import dev.jackdaw.server.memory.Scratch;

/**
 * Owned by the event loop: strings, each with a weight to sort it by; copies, so that nothing that happens to the keys
 * they are from matters. Lies off-heap.
 *
 * <pre>
 *   item    | weight 8: a number, or where a text is, 0 for none; or a part of the string | where the string is 8 |
 *   string  | length 4 | bytes |
 * </pre>
 */
public final class SortVector implements AutoCloseable {
    private static final int ITEM = 2 * Long.BYTES;
    private static final int MAX_ITEMS = Integer.MAX_VALUE / ITEM;

    private final Heap heap;
    private final Scratch strings;
    private long items;
    private int itemsBytes;
    private int count;

    /** How two items compare. */
    private boolean byNumber;

    private boolean thenByBytes;
    private boolean byText;
    private boolean collated;
    private boolean descending;

    public SortVector(Heap heap) {
        this.heap = heap;
        this.strings = new Scratch(heap);
    }

    /** Makes room for so many strings; for more there will be when they come. */
    public void begin(long capacity) {
        close();
        itemsBytes = bytes(capacity);
        items = heap.allocate(itemsBytes);
    }

    private static int bytes(long capacity) {
        if (capacity > MAX_ITEMS) {
            throw Refusal.OUT_OF_MEMORY;
        }
        return (int) capacity * ITEM;
    }

    /** Adds a copy of the string, of no weight. */
    public void add(long address, int length) {
        Raw.copy(address, add(length), length);
    }

    /** Adds a string of no weight; returns where its bytes are to be written. */
    public long add(int length) {
        if (count * (long) ITEM == itemsBytes) {
            grow();
        }
        long string = allocate(length);
        long item = item(count++);
        Raw.putLong(item, 0);
        Raw.putLong(item + Long.BYTES, string);
        return string + Integer.BYTES;
    }

    private void grow() {
        int bytes = bytes(2L * count);
        long grown = heap.allocate(bytes);
        Raw.copy(items, grown, itemsBytes);
        heap.free(items, itemsBytes);
        items = grown;
        itemsBytes = bytes;
    }

    private long allocate(int length) {
        long string = strings.allocate(Math.addExact(Integer.BYTES, length));
        Raw.putInt(string, length);
        return string;
    }

    public int count() {
        return count;
    }

    public long address(int i) {
        return Raw.getLong(item(i) + Long.BYTES) + Integer.BYTES;
    }

    public int length(int i) {
        return Raw.getInt(Raw.getLong(item(i) + Long.BYTES));
    }

    /** The number that is the weight. */
    public double number(int i) {
        return Raw.getDouble(item(i));
    }

    public void weight(int i, double number) {
        Raw.putDouble(item(i), number);
    }

    public void weight(int i, long address, int length) {
        long text = allocate(length);
        Raw.copy(address, text + Integer.BYTES, length);
        Raw.putLong(item(i), text);
    }

    private long item(int i) {
        return items + (long) i * ITEM;
    }

    // --- Sorting ---

    /** Sorts by the numbers that are the weights; of equal ones the strings decide, or they keep their order. */
    public void sortByNumber(boolean downwards, boolean thenByString) {
        byNumber = true;
        thenByBytes = thenByString;
        sort(downwards);
    }

    /** Sorts by the texts that are the weights, those without one first; equal ones keep their order. */
    public void sortByText(boolean downwards, boolean collate) {
        byNumber = false;
        byText = true;
        collated = collate;
        sort(downwards);
    }

    /** Sorts the strings themselves, which have no weights after it. */
    public void sort(boolean downwards, boolean collate) {
        byNumber = false;
        byText = false;
        collated = collate;
        weighByPart();
        sort(downwards);
        for (int i = 0; i < count; i++) {
            Raw.putLong(item(i), 0);
        }
    }

    /** Most comparisons then need only the eight bytes that follow what all strings begin with, up to a zero if they end there. */
    private void weighByPart() {
        int common = count == 0 ? 0 : length(0);
        for (int i = 1; i < count; i++) {
            common = common(string(item(0)), string(item(i)), common);
        }
        for (int i = 0; i < count; i++) {
            Raw.putLong(item(i), part(string(item(i)), common));
        }
    }

    private static int common(long a, long b, int most) {
        int end = Math.min(most, Raw.getInt(b));
        int at = 0;
        while (at < end
                && Raw.getByte(a + Integer.BYTES + at) != 0
                && Raw.getByte(a + Integer.BYTES + at) == Raw.getByte(b + Integer.BYTES + at)) {
            at++;
        }
        return at;
    }

    private static long part(long string, int from) {
        int end = Math.min(from + Long.BYTES, Raw.getInt(string));
        long part = 0;
        for (int at = from; at < from + Long.BYTES; at++) {
            part = part << 8 | (at < end ? Raw.getUnsignedByte(string + Integer.BYTES + at) : 0);
            // What is behind a zero does not count where strings are collated; where it does, they are compared in
            // full.
            end = at < end && (part & 0xff) == 0 ? at : end;
        }
        return part;
    }

    /** Merges sorted runs into longer ones, from one half of the memory to the other and back. */
    private void sort(boolean downwards) {
        descending = downwards;
        if (count < 2) {
            return;
        }
        long from = items;
        long to = heap.allocate(itemsBytes);
        for (long run = 1; run < count; run *= 2) {
            for (long at = 0; at < count; at += 2 * run) {
                merge(from, to, at, Math.min(at + run, count), Math.min(at + 2 * run, count));
            }
            long merged = to;
            to = from;
            from = merged;
        }
        items = from;
        heap.free(to, itemsBytes);
    }

    private void merge(long from, long to, long start, long middle, long end) {
        long a = from + start * ITEM;
        long b = from + middle * ITEM;
        long endA = b;
        long endB = from + end * ITEM;
        long out = to + start * ITEM;
        while (a < endA && b < endB) {
            if (compare(a, b) <= 0) {
                move(a, out);
                a += ITEM;
            } else {
                move(b, out);
                b += ITEM;
            }
            out += ITEM;
        }
        Raw.copy(a, out, endA - a);
        Raw.copy(b, out + endA - a, endB - b);
    }

    private static void move(long item, long to) {
        Raw.putLong(to, Raw.getLong(item));
        Raw.putLong(to + Long.BYTES, Raw.getLong(item + Long.BYTES));
    }

    private int compare(long a, long b) {
        int order = byNumber ? compareNumbers(a, b) : byText ? compareTexts(a, b) : compareStrings(a, b);
        return descending ? -order : order;
    }

    private int compareNumbers(long a, long b) {
        double numberA = Raw.getDouble(a);
        double numberB = Raw.getDouble(b);
        // Zero and minus zero are the same here.
        int order = numberA > numberB ? 1 : numberA < numberB ? -1 : 0;
        return order == 0 && thenByBytes ? compareBytes(string(a), string(b)) : order;
    }

    private int compareTexts(long a, long b) {
        long textA = Raw.getLong(a);
        long textB = Raw.getLong(b);
        if (textA == 0 || textB == 0) {
            return Boolean.compare(textA != 0, textB != 0);
        }
        return collated ? collate(textA, textB) : compareBytes(textA, textB);
    }

    private int compareStrings(long a, long b) {
        int order = Long.compareUnsigned(Raw.getLong(a), Raw.getLong(b));
        if (order != 0) {
            return order;
        }
        return collated ? collate(string(a), string(b)) : compareBytes(string(a), string(b));
    }

    private static long string(long item) {
        return Raw.getLong(item + Long.BYTES);
    }

    private static int compareBytes(long a, long b) {
        return Raw.compare(a + Integer.BYTES, Raw.getInt(a), b + Integer.BYTES, Raw.getInt(b));
    }

    /** As the C library does without a locale: by bytes, up to a zero. */
    private static int collate(long a, long b) {
        return Raw.compare(a + Integer.BYTES, beforeZero(a), b + Integer.BYTES, beforeZero(b));
    }

    private static int beforeZero(long string) {
        int length = Raw.getInt(string);
        int before = 0;
        while (before < length && Raw.getByte(string + Integer.BYTES + before) != 0) {
            before++;
        }
        return before;
    }

    @Override
    public void close() {
        strings.close();
        count = 0;
        if (items != 0) {
            heap.free(items, itemsBytes);
            items = 0;
        }
    }
}
