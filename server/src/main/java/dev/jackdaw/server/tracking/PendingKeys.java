package dev.jackdaw.server.tracking;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.MemoryLimit;
import dev.jackdaw.server.memory.Heap;

/**
 * Owned by the event loop: the keys that a command has changed, copied, for their entries may move before anybody is told.
 *
 * <pre>
 *   | length (4) | key | length (4) | key | ...
 * </pre>
 */
final class PendingKeys {
    /** More than that is not kept: whoever tracks then has to forget all keys. */
    private static final int MAX_BYTES = 16 << 20;

    private static final int FIRST_BYTES = 4 << 10;

    private final Heap heap;
    private final MemoryLimit limit;
    private long address;
    private int capacity;
    private int used;
    private long last;

    PendingKeys(Engine engine) {
        this.heap = engine.heap();
        this.limit = engine.limit();
    }

    boolean isEmpty() {
        return used == 0;
    }

    /** Adds a key, unless it is the one that was added last; false if there is no room for it. */
    boolean add(long key, int length) {
        if (used > 0 && length(last) == length && Raw.equal(key(last), key, length)) {
            return true;
        }
        long needed = used + Integer.BYTES + (long) length;
        if (needed > MAX_BYTES) {
            return false;
        }
        if (needed > capacity) {
            grow((int) needed);
        }
        last = address + used;
        Raw.putInt(last, length);
        Raw.copy(key, key(last), length);
        used = (int) needed;
        return true;
    }

    private void grow(int needed) {
        int wider = Math.max(FIRST_BYTES, Integer.highestOneBit(needed - 1) << 1);
        long moved = heap.reserve(wider);
        limit.passing(wider);
        Raw.copy(address, moved, used);
        release();
        address = moved;
        capacity = wider;
    }

    void clear() {
        used = 0;
        if (capacity > FIRST_BYTES) {
            release();
            capacity = 0;
        }
    }

    private void release() {
        if (capacity > 0) {
            heap.unreserve(address, capacity);
            limit.passing(-capacity);
        }
    }

    /** The place of the first key. */
    long first() {
        return address;
    }

    /** Where the keys end. */
    long end() {
        return address + used;
    }

    /** The place after that one. */
    static long next(long place) {
        return place + Integer.BYTES + length(place);
    }

    static long key(long place) {
        return place + Integer.BYTES;
    }

    static int length(long place) {
        return Raw.getInt(place);
    }

    static boolean hasPrefix(long place, String prefix) {
        if (length(place) < prefix.length()) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            if (Raw.getUnsignedByte(key(place) + i) != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
