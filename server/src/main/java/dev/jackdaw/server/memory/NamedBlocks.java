package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by one event loop: blocks with names, in the order of the names' bytes; for lists that are rarely long. One object
 * serves any number of lists, one after the other ({@link #at}).
 *
 * <pre>
 *   root, a part of its owner's block   | array 8 | count 4 | capacity 4 |       without an array while it is empty
 *   array                               | address 8 | address 8 | ...
 *   block                               | name length 4 | what the owner keeps | name |
 * </pre>
 */
final class NamedBlocks {
    static final int ROOT_BYTES = 16;

    private static final int COUNT = 8;
    static final int CAPACITY = 12;
    private static final int FIRST_CAPACITY = 1;

    private final Heap heap;
    private final int nameAt;
    private long root;

    /** @param nameAt where the name begins in a block */
    NamedBlocks(Heap heap, int nameAt) {
        this.heap = heap;
        this.nameAt = nameAt;
    }

    /** Turns to the list with this root. */
    void at(long newRoot) {
        root = newRoot;
    }

    int count() {
        return count(root);
    }

    static int count(long root) {
        return Raw.getInt(root + COUNT);
    }

    long get(int i) {
        return Raw.getLong(Raw.getLong(root) + 8L * i);
    }

    long name(long block) {
        return block + nameAt;
    }

    static int nameLength(long block) {
        return Raw.getInt(block);
    }

    /** The block of a name, or 0. */
    long find(long name, int length) {
        int i = below(name, length);
        return i < count() && order(i, name, length) == 0 ? get(i) : 0;
    }

    private int below(long name, int length) {
        int low = 0;
        int high = count();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (order(middle, name, length) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int order(int i, long name, int length) {
        long block = get(i);
        return Raw.compare(name(block), nameLength(block), name, length);
    }

    /** Adds a block for a name that has none; what its owner keeps is zero. */
    long add(long name, int length) {
        int count = count();
        int capacity = Raw.getInt(root + CAPACITY);
        if (count == capacity) {
            grow(Math.max(FIRST_CAPACITY, 2 * capacity));
        }
        long block = heap.allocate(nameAt + length);
        Raw.fill(block, nameAt, 0);
        Raw.putInt(block, length);
        Raw.copy(name, block + nameAt, length);

        int i = below(name, length);
        long place = Raw.getLong(root) + 8L * i;
        Raw.copy(place, place + 8, 8L * (count - i));
        Raw.putLong(place, block);
        Raw.putInt(root + COUNT, count + 1);
        return block;
    }

    private void grow(int capacity) {
        long larger = heap.allocate(8 * capacity);
        long array = Raw.getLong(root);
        if (array != 0) {
            Raw.copy(array, larger, 8L * count());
            heap.free(array, 8 * Raw.getInt(root + CAPACITY));
        }
        Raw.putLong(root, larger);
        Raw.putInt(root + CAPACITY, capacity);
    }

    void remove(long block) {
        int i = below(name(block), nameLength(block));
        int left = count() - 1;
        long place = Raw.getLong(root) + 8L * i;
        Raw.copy(place + 8, place, 8L * (left - i));
        Raw.putInt(root + COUNT, left);
        heap.free(block, nameAt + nameLength(block));
        if (left == 0) {
            heap.free(Raw.getLong(root), 8 * Raw.getInt(root + CAPACITY));
            Raw.fill(root, ROOT_BYTES, 0);
        }
    }

    /** The bytes of the array and of the blocks. */
    long bytes() {
        long bytes = count() == 0 ? 0 : Heap.taken(8L * Raw.getInt(root + CAPACITY));
        for (int i = 0; i < count(); i++) {
            bytes += Heap.taken(nameAt + nameLength(get(i)));
        }
        return bytes;
    }
}
