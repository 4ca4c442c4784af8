package dev.jackdaw.server.rdb;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Doubles;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.server.memory.Heap;
import dev.jackdaw.server.memory.Listpack;

/** Owned by the event loop: a listpack that is being filled, one after the other. */
final class PackWriter {
    private static final int FIRST_BYTES = 1 << 10;

    private final Heap heap;
    private final long digits;
    private int capacity = FIRST_BYTES;
    private long pack;
    private long end;

    PackWriter(Heap heap) {
        this.heap = heap;
        this.pack = heap.reserve(capacity);
        this.digits = heap.reserve(Doubles.MAX_BYTES);
        begin();
    }

    /** Begins an empty one. */
    void begin() {
        if (capacity > FIRST_BYTES) {
            heap.unreserve(pack, capacity);
            capacity = FIRST_BYTES;
            pack = heap.reserve(capacity);
        }
        Listpack.init(pack);
        end = Listpack.end(pack);
    }

    /** What {@link #add} takes for these bytes. */
    static int elementBytes(long address, int length) {
        return Integers.isInteger(address, length)
                ? Listpack.elementBytes(Integers.parse(address, length))
                : Listpack.textElementBytes(length);
    }

    void add(long address, int length) {
        room(elementBytes(address, length));
        end = Integers.isInteger(address, length)
                ? Listpack.write(end, Integers.parse(address, length))
                : Listpack.write(end, address, length);
        Listpack.appended(pack, end, 1);
    }

    void add(double value) {
        long after =
                Doubles.isListpackInteger(value) ? Integers.write((long) value, digits) : Doubles.write(value, digits);
        add(digits, (int) (after - digits));
    }

    private void room(int bytes) {
        int used = Listpack.bytes(pack);
        if (capacity - used >= bytes) {
            return;
        }
        int grown = Math.max(Math.addExact(used, bytes), (int) Math.min(2L * capacity, Integer.MAX_VALUE));
        long moved = heap.reserve(grown);
        Raw.copy(pack, moved, used);
        heap.unreserve(pack, capacity);
        end += moved - pack;
        pack = moved;
        capacity = grown;
    }

    boolean isEmpty() {
        return Listpack.bytes(pack) == Listpack.EMPTY_BYTES;
    }

    void writeTo(RdbOutput out) {
        out.string(pack, Listpack.bytes(pack));
    }
}
