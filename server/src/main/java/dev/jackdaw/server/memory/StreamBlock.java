package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Shared and stateless: the layout of a block of a {@link StreamLog}: a {@link Listpack} of entries. Ids are stored as
 * differences to the block's id, which is that of its first entry; the names of the fields are stored once if entries have
 * the same.
 *
 * <pre>
 *   | capacity 4 | first entry 4 | last entry 4 | id 16 | listpack:  head  entry  entry ... |
 *
 *   head    live, removed, n, name x n, 0
 *   entry   flags, upper, lower, value x n, elements        if it has the fields of the head
 *           flags, upper, lower, n, (name, value) x n, elements
 * </pre>
 *
 * {@code elements} counts those of the entry before it, for the way back. An entry that was removed is only marked. A block is full
 * at some kilobytes, so only its head or its last entry can have very many fields: none of them is ever walked over.
 */
final class StreamBlock {
    static final int REMOVED = 1;
    static final int SAME_FIELDS = 2;

    /** The most that the numbers in the head may grow by, as entries are removed. */
    private static final int SPARE = 4;

    private static final int FIRST = 4;
    private static final int LAST = 8;
    private static final int ID = 12;
    private static final int PACK = ID + IdNode.ID_BYTES;
    private static final int FIRST_CAPACITY = 64;
    private static final int GROWTH_LIMIT = 4 << 10;
    private static final int HEAD_ELEMENTS = 4;
    private static final int FIXED_ELEMENTS = 3;

    private StreamBlock() {}

    static int capacity(long block) {
        return Raw.getInt(block);
    }

    /** The bytes that the block takes of the heap. */
    static long taken(long block) {
        return Heap.taken(PACK + (long) capacity(block));
    }

    /** Notes under which id the block is found. */
    static void id(long block, long upper, long lower) {
        IdNode.id(block + ID, upper, lower);
    }

    /** Where the id is. */
    static long id(long block) {
        return block + ID;
    }

    static long pack(long block) {
        return block + PACK;
    }

    /** The bytes of the listpack. */
    static int bytes(long block) {
        return Listpack.bytes(pack(block));
    }

    // --- The head ---

    static long live(long block) {
        return Listpack.integer(Listpack.first(pack(block)));
    }

    static long removed(long block) {
        return Listpack.integer(Listpack.next(Listpack.first(pack(block))));
    }

    /** Notes that so many more entries live and are removed. */
    static void count(long block, long live, long removed) {
        long pack = pack(block);
        int before = Listpack.bytes(pack);
        long at = Listpack.first(pack);
        Listpack.replace(pack, at, Listpack.integer(at) + live);
        at = Listpack.next(at);
        Listpack.replace(pack, at, Listpack.integer(at) + removed);
        int shift = Listpack.bytes(pack) - before;
        entries(block, Raw.getInt(block + FIRST) + shift, Raw.getInt(block + LAST) + shift);
    }

    private static void entries(long block, int first, int last) {
        Raw.putInt(block + FIRST, first);
        Raw.putInt(block + LAST, last);
    }

    /** Where the number of fields is that entries share. */
    static long shared(long block) {
        return Listpack.next(Listpack.next(Listpack.first(pack(block))));
    }

    static boolean hasSharedFields(long block, StreamLog.Fields fields) {
        long at = shared(block);
        if (Listpack.integer(at) != fields.count()) {
            return false;
        }
        for (int i = 0; i < fields.count(); i++) {
            at = Listpack.next(at);
            if (!holds(at, fields, 2 * i)) {
                return false;
            }
        }
        return true;
    }

    /** Where the first entry is. */
    static long first(long block) {
        return block + Raw.getInt(block + FIRST);
    }

    /** Where the last entry is. */
    static long last(long block) {
        return block + Raw.getInt(block + LAST);
    }

    private static long firstBehindHead(long block) {
        long at = shared(block);
        long toSkip = Listpack.integer(at) + 2;
        for (; toSkip > 0; toSkip--) {
            at = Listpack.next(at);
        }
        return at;
    }

    /** Where the last entry ends. */
    static long end(long block) {
        return Listpack.end(pack(block));
    }

    /** Where the entry begins that ends here. */
    static long before(long end) {
        long at = Listpack.previous(end);
        for (long left = Listpack.integer(at); left > 0; left--) {
            at = Listpack.previous(at);
        }
        return at;
    }

    // --- Writing ---

    /** A block that has the fields of its first entry, which is still to be appended. */
    static long create(Heap heap, long owner, StreamLog.Fields fields) {
        long bytes = Listpack.elementBytes(fields.count()) + HEAD_ELEMENTS * Listpack.elementBytes(0);
        for (int i = 0; i < fields.count(); i++) {
            bytes += elementBytes(fields, 2 * i);
        }
        bytes += entryBytes(0, 0, fields, true);
        long block =
                allocate(heap, owner, Math.max(FIRST_CAPACITY, Listpack.HEADER + Listpack.END_BYTES + bytes + SPARE));
        long pack = pack(block);
        Listpack.init(pack);
        long at = Listpack.write(Listpack.first(pack), 0);
        at = Listpack.write(at, 0);
        at = Listpack.write(at, fields.count());
        for (int i = 0; i < fields.count(); i++) {
            at = write(at, fields, 2 * i);
        }
        at = Listpack.write(at, 0);
        Listpack.appended(pack, at, HEAD_ELEMENTS + fields.count());
        entries(block, (int) (at - block), (int) (at - block));
        return block;
    }

    /** Appends an entry; returns where the block is now. */
    static long append(Heap heap, long owner, long block, long upper, long lower, StreamLog.Fields fields) {
        boolean same = hasSharedFields(block, fields);
        long needed = bytes(block) + entryBytes(upper, lower, fields, same) + SPARE;
        long grown = needed <= capacity(block) ? block : move(heap, owner, block, grownCapacity(block, needed));
        long pack = pack(grown);
        count(grown, 1, 0);
        long end = Listpack.end(pack);
        Raw.putInt(grown + LAST, (int) (end - grown));
        long at = Listpack.write(end, same ? SAME_FIELDS : 0);
        at = Listpack.write(at, upper);
        at = Listpack.write(at, lower);
        if (!same) {
            at = Listpack.write(at, fields.count());
        }
        for (int i = 0; i < 2 * fields.count(); i++) {
            if (!same || i % 2 != 0) {
                at = write(at, fields, i);
            }
        }
        int elements = elements(fields, same);
        at = Listpack.write(at, elements);
        Listpack.appended(pack, at, elements + 1);
        return grown;
    }

    private static int elements(StreamLog.Fields fields, boolean same) {
        return FIXED_ELEMENTS + (same ? fields.count() : 2 * fields.count() + 1);
    }

    private static long entryBytes(long upper, long lower, StreamLog.Fields fields, boolean same) {
        long bytes = Listpack.elementBytes(0)
                + Listpack.elementBytes(upper)
                + Listpack.elementBytes(lower)
                + Listpack.elementBytes(elements(fields, same));
        if (!same) {
            bytes += Listpack.elementBytes(fields.count());
        }
        for (int i = 0; i < 2 * fields.count(); i++) {
            if (!same || i % 2 != 0) {
                bytes += elementBytes(fields, i);
            }
        }
        return bytes;
    }

    private static int elementBytes(StreamLog.Fields fields, int i) {
        return fields.isInteger(i)
                ? Listpack.elementBytes(fields.integer(i))
                : Listpack.textElementBytes(fields.length(i));
    }

    private static long write(long at, StreamLog.Fields fields, int i) {
        return fields.isInteger(i)
                ? Listpack.write(at, fields.integer(i))
                : Listpack.write(at, fields.address(i), fields.length(i));
    }

    private static boolean holds(long element, StreamLog.Fields fields, int i) {
        return fields.isInteger(i)
                ? Listpack.isInteger(element) && Listpack.integer(element) == fields.integer(i)
                : Listpack.holds(element, fields.address(i), fields.length(i));
    }

    /** Twice what there is, up to a limit. */
    private static long grownCapacity(long block, long needed) {
        return Math.max(needed, Math.min(2L * capacity(block), GROWTH_LIMIT));
    }

    /** Gives back what a block has no use for when nothing more will be appended; returns where it is now. */
    static long shrink(Heap heap, long owner, long block) {
        long needed = bytes(block) + (long) SPARE;
        return Heap.taken(PACK + needed) < taken(block) ? move(heap, owner, block, needed) : block;
    }

    /** A block with a copy of a listpack. */
    static long of(Heap heap, long owner, long listpack) {
        long block = allocate(heap, owner, (long) Listpack.bytes(listpack) + SPARE);
        Raw.copy(listpack, pack(block), Listpack.bytes(listpack));
        entries(block, (int) (firstBehindHead(block) - block), (int) (before(end(block)) - block));
        return block;
    }

    static long copy(Heap heap, long owner, long block) {
        long copy = allocate(heap, owner, capacity(block));
        copyContents(block, copy);
        return copy;
    }

    static void settle(long word, long owner, BlockWalk walk) {
        walk.settle(word, allocated(Raw.getLong(word)), owner);
    }

    /** Moves a block to which a word refers. */
    static void move(Heap heap, long owner, long word) {
        long block = Raw.getLong(word);
        Raw.putLong(word, heap.move(block, allocated(block), owner));
    }

    static void tell(Heap heap, long owner, long block) {
        heap.changeOwner(block, allocated(block), owner);
    }

    static void free(Heap heap, long block) {
        heap.free(block, allocated(block));
    }

    private static int allocated(long block) {
        return PACK + capacity(block);
    }

    private static long move(Heap heap, long owner, long block, long capacity) {
        long moved = allocate(heap, owner, capacity);
        copyContents(block, moved);
        free(heap, block);
        return moved;
    }

    private static void copyContents(long block, long to) {
        Raw.copy(block + FIRST, to + FIRST, PACK - FIRST + bytes(block));
    }

    /** A block of at least this capacity that wastes nothing. */
    private static long allocate(Heap heap, long owner, long capacity) {
        int taken = Math.toIntExact(Heap.taken(PACK + capacity));
        long block = heap.allocate(taken, owner);
        Raw.putInt(block, taken - PACK);
        return block;
    }
}
