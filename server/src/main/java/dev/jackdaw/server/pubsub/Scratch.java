package dev.jackdaw.server.pubsub;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.memory.Heap;

/** Owned by the event loop: bytes in native memory that are added to one after the other; what is large is soon given back. */
final class Scratch {
    private static final int KEPT_BYTES = 4 << 10;

    private final Heap heap;
    private long address;
    private int capacity;
    private int length;

    Scratch(Heap heap) {
        this.heap = heap;
    }

    /** Where the bytes are, until more are added. */
    long address() {
        return address;
    }

    int length() {
        return length;
    }

    /** Adds so many bytes, to be written where it returns. */
    long room(int bytes) {
        int needed = Math.addExact(length, bytes);
        if (needed > capacity) {
            grow(needed);
        }
        length = needed;
        return address + needed - bytes;
    }

    void add(byte[] bytes) {
        Raw.copy(bytes, 0, room(bytes.length), bytes.length);
    }

    private void grow(int needed) {
        int wider = (int) Math.min(Integer.MAX_VALUE, Math.max(KEPT_BYTES, 2L * needed));
        long moved = heap.reserve(wider);
        Raw.copy(address, moved, length);
        release();
        address = moved;
        capacity = wider;
    }

    void clear() {
        length = 0;
        if (capacity > KEPT_BYTES) {
            release();
            capacity = 0;
        }
    }

    private void release() {
        if (capacity > 0) {
            heap.unreserve(address, capacity);
        }
    }
}
