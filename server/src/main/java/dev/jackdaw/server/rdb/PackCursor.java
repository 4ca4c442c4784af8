package dev.jackdaw.server.rdb;

import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.server.memory.Heap;

/**
 * Owned by the event loop: a walk through the elements of a listpack or a ziplist, as bytes. The bytes of the last few
 * elements stay good, so that a field is still there when its value has been read.
 */
final class PackCursor {
    /** Digits of so many integers are kept; a power of two. */
    private static final int KEPT = 4;

    private final long digits;
    private PackFormat format;
    private long next;
    private long end;
    private long address;
    private int length;
    private int turn;

    PackCursor(Heap heap) {
        digits = heap.reserve(KEPT * Integers.MAX_BYTES);
    }

    /** Begins with what a string holds; false if that is not sound. */
    boolean begin(PackFormat newFormat, RdbInput.Text pack) {
        format = newFormat;
        end = pack.address() + pack.length() - 1;
        if (!format.isSound(pack.address(), pack.length())) {
            return false;
        }
        next = format.first(pack.address());
        return true;
    }

    /** Goes to the next element; false if there is none. */
    boolean next() {
        if (next == end) {
            return false;
        }
        if (format.isInteger(next)) {
            address = digits + (long) (turn++ & KEPT - 1) * Integers.MAX_BYTES;
            length = (int) (Integers.write(format.integer(next), address) - address);
        } else {
            address = format.text(next);
            length = format.textLength(next);
        }
        next = format.next(next);
        return true;
    }

    long address() {
        return address;
    }

    int length() {
        return length;
    }
}
