package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by one event loop: a list of byte strings in a chain of {@link PackedList} blocks, seen through a cursor. One
 * object serves any number of lists, one after the other ({@link #at}).
 *
 * <pre>
 *   root   | first 8 | last 8 | size 8 | bytes 8 | walked 8 | handle 8 |
 *             |         '-----------------------------.
 *   chunk  | next 8 | previous 8 | block bytes 4 | block |  <->  chunk  <->  chunk
 * </pre>
 *
 * Pushing and popping touch the chunk at that end alone. An end chunk begins small and doubles. An element that is
 * larger than a chunk has one for itself. {@code walked} is the chunk to which compaction comes next.
 */
public final class LargeList {
    static final int LAST = 8;
    static final int SIZE = 16;
    private static final int BYTES = 24;
    private static final int WALKED = 32;
    static final int HANDLE = 40;
    static final int ROOT_BYTES = 48;

    static final int NEXT = 0;
    static final int PREVIOUS = 8;
    private static final int BLOCK_BYTES = 16;
    static final int BLOCK = 20;

    private static final int FIRST_CHUNK_BYTES = 1 << 10;
    /** What a chunk counts for where lists are freed: it is as large as two pages, and only the one before it says where it is. */
    private static final int CHUNK_COST = 4;

    /** Elements are moved within a chunk to make room if at least this share of it, as a shift, is room. */
    private static final int SLIDE_SHIFT = 2;

    private final Heap heap;
    private int maxBlockBytes = (8 << 10) - BLOCK;
    private int maxCount = Integer.MAX_VALUE;
    private long root;
    private long chunk;
    private long element;

    public LargeList(Heap heap) {
        this.heap = heap;
    }

    /** How much a chunk holds at most, in bytes (up to {@link PackedList#MAX_BYTES}) and in elements. */
    public void limits(int chunkBytes, int chunkCount) {
        maxBlockBytes = Math.min(chunkBytes, PackedList.MAX_BYTES) - BLOCK;
        maxCount = chunkCount;
    }

    // --- Whole lists ---

    /** Makes a list that holds what the packed block does, and turns to it. Returns its root. */
    public long create(long packed, int packedBytes) {
        createRoot();
        int count = PackedList.count(packed);
        if (count > 0) {
            int used = PackedList.used(packed, packedBytes);
            int blockBytes = Math.max(maxBlockBytes, PackedList.HEADER + used);
            long only = newChunk(blockBytes, 0, 0);
            int gap = (blockBytes - PackedList.HEADER - used) >> 1;
            PackedList.copy(PackedList.first(packed), used, count, only + BLOCK, blockBytes, gap);
            size(count);
        }
        return root;
    }

    private void createRoot() {
        root = heap.allocate(ROOT_BYTES);
        Raw.fill(root, ROOT_BYTES, 0);
        Raw.putLong(root + HANDLE, heap.handle(root));
        grewBy(ROOT_BYTES);
        grewBy(Heap.HANDLE_BYTES);
    }

    /** Makes a list with the same elements as another, and turns to it. Returns its root. */
    public long copy(long other) {
        createRoot();
        for (long from = Raw.getLong(other); from != 0; from = Raw.getLong(from + NEXT)) {
            int blockBytes = blockBytes(from);
            long to = newChunk(blockBytes, Raw.getLong(root + LAST), 0);
            Raw.copy(from + BLOCK, to + BLOCK, blockBytes);
        }
        Raw.putLong(root + SIZE, Raw.getLong(other + SIZE));
        return root;
    }

    /** Turns to the list with this root. */
    public void at(long newRoot) {
        root = newRoot;
        chunk = 0;
        element = 0;
    }

    public long size() {
        return Raw.getLong(root + SIZE);
    }

    /** All bytes of the list. */
    public static long bytes(long root) {
        return Raw.getLong(root + BYTES);
    }

    /** The block of the only chunk, or 0 if there are more. */
    public long onlyBlock() {
        long first = Raw.getLong(root);
        return first != 0 && first == Raw.getLong(root + LAST) ? first + BLOCK : 0;
    }

    public int onlyBlockBytes() {
        return blockBytes(Raw.getLong(root));
    }

    /** Frees the list. */
    public static void free(Heap heap, long root) {
        int left = freeStep(heap, root, Integer.MAX_VALUE);
        assert left > 0;
    }

    /** For lists that nobody uses any more. */
    public static Graveyard graveyard(Heap heap) {
        return new Graveyard((root, budget) -> freeStep(heap, root, budget), SIZE);
    }

    /** See {@link Graveyard.Digger}: frees chunks of a list that nobody uses any more. */
    public static int freeStep(Heap heap, long root, int budget) {
        long at = Raw.getLong(root);
        int left = budget;
        for (; at != 0; left -= CHUNK_COST) {
            if (left <= 0) {
                Raw.putLong(root, at);
                Raw.putLong(at + PREVIOUS, 0);
                return 0;
            }
            long next = Raw.getLong(at + NEXT);
            heap.free(at, BLOCK + blockBytes(at));
            at = next;
        }
        heap.freeRoot(root, ROOT_BYTES, HANDLE);
        return Math.max(1, left);
    }

    /** Moves chunks of the list to which a word refers, from where the walk is; returns whether it is at the end. */
    public boolean compact(long rootWord, BlockWalk walk) {
        at(walk.settleRoot(rootWord, ROOT_BYTES, HANDLE));
        if (walk.place == 0) {
            compactHandle(walk);
            Raw.putLong(root + WALKED, Raw.getLong(root));
            walk.place = 1;
        }
        for (long at = Raw.getLong(root + WALKED); at != 0; at = Raw.getLong(root + WALKED)) {
            if (walk.isOver()) {
                return false;
            }
            long previous = Raw.getLong(at + PREVIOUS);
            long next = Raw.getLong(at + NEXT);
            long settled = walk.settle(previous == 0 ? root : previous + NEXT, BLOCK + blockBytes(at), owner());
            Raw.putLong(next == 0 ? root + LAST : next + PREVIOUS, settled);
            Raw.putLong(root + WALKED, next);
        }
        return true;
    }

    private void compactHandle(BlockWalk walk) {
        int chunks = 0;
        for (long at = Raw.getLong(root); at != 0 && chunks <= Heap.MOST_TOLD; at = Raw.getLong(at + NEXT)) {
            chunks++;
        }
        if (walk.settleHandle(root + HANDLE, chunks)) {
            for (long at = Raw.getLong(root); at != 0; at = Raw.getLong(at + NEXT)) {
                heap.changeOwner(at, BLOCK + blockBytes(at), owner());
            }
        }
    }

    /** A {@link Heap.Mover}. Turns to the list. */
    public void move(long at, long ofRoot, int kind) {
        at(ofRoot);
        long previous = Raw.getLong(at + PREVIOUS);
        long next = Raw.getLong(at + NEXT);
        long moved = heap.move(at, BLOCK + blockBytes(at), owner());
        Raw.putLong(previous == 0 ? root : previous + NEXT, moved);
        Raw.putLong(next == 0 ? root + LAST : next + PREVIOUS, moved);
        if (Raw.getLong(root + WALKED) == at) {
            Raw.putLong(root + WALKED, moved);
        }
    }

    private long owner() {
        return Heap.owner(Raw.getLong(root + HANDLE), Heap.Family.LISTS, 0);
    }

    // --- Ends ---

    public void pushFront(long address, int length) {
        int needed = PackedList.elementBytes(length);
        long first = Raw.getLong(root);
        if (first == 0 || !hasRoom(first, needed, PackedList.frontGap(first + BLOCK))) {
            first = makeRoom(first, needed, true);
        }
        if (first == 0) {
            PackedList.single(newSingle(0, Raw.getLong(root), needed) + BLOCK, address, length);
        } else {
            PackedList.pushFront(first + BLOCK, address, length);
        }
        size(1);
    }

    public void pushBack(long address, int length) {
        int needed = PackedList.elementBytes(length);
        long last = Raw.getLong(root + LAST);
        if (last == 0 || !hasRoom(last, needed, PackedList.backGap(last + BLOCK))) {
            last = makeRoom(last, needed, false);
        }
        if (last == 0) {
            PackedList.single(newSingle(Raw.getLong(root + LAST), 0, needed) + BLOCK, address, length);
        } else {
            PackedList.pushBack(last + BLOCK, blockBytes(last), address, length);
        }
        size(1);
    }

    /** Removes {@code count} elements at the front. */
    public void removeFront(long count) {
        long left = count;
        while (left > 0) {
            long first = Raw.getLong(root);
            int held = PackedList.count(first + BLOCK);
            if (held > left) {
                PackedList.removeFront(first + BLOCK, blockBytes(first), (int) left);
                break;
            }
            drop(first);
            left -= held;
        }
        size(-count);
    }

    /** Removes {@code count} elements at the back. */
    public void removeBack(long count) {
        long left = count;
        while (left > 0) {
            long last = Raw.getLong(root + LAST);
            int held = PackedList.count(last + BLOCK);
            if (held > left) {
                PackedList.removeBack(last + BLOCK, blockBytes(last), (int) left);
                break;
            }
            drop(last);
            left -= held;
        }
        size(-count);
    }

    private boolean hasRoom(long at, int needed, int gap) {
        return gap >= needed && PackedList.count(at + BLOCK) < maxCount;
    }

    /** Gives the end chunk, or a new one beyond it, a gap of {@code needed} bytes at that end; 0 if no chunk is so large. */
    private long makeRoom(long end, int needed, boolean front) {
        if (PackedList.HEADER + needed > maxBlockBytes) {
            return 0;
        }
        if (end != 0 && PackedList.count(end + BLOCK) < maxCount) {
            int blockBytes = blockBytes(end);
            int room = PackedList.room(end + BLOCK);
            if (room >= needed && room >= blockBytes >> SLIDE_SHIFT) {
                int spare = room - needed >> 1;
                PackedList.slide(end + BLOCK, blockBytes, front ? needed + spare : spare);
                return end;
            }
            int used = PackedList.used(end + BLOCK, blockBytes);
            if (blockBytes < maxBlockBytes && PackedList.HEADER + used + needed <= maxBlockBytes) {
                return grow(end, grownBytes(used + needed), front);
            }
        }
        int blockBytes = grownBytes(needed);
        long fresh = front ? newChunk(blockBytes, 0, end) : newChunk(blockBytes, end, 0);
        PackedList.clear(fresh + BLOCK, blockBytes, front ? blockBytes - PackedList.HEADER : 0);
        return fresh;
    }

    /** Twice the bytes needed, between the first size and the last, such that the allocation has no slack. */
    private int grownBytes(int needed) {
        int wanted = Math.max(FIRST_CHUNK_BYTES, 2 * (needed + BLOCK));
        return Math.min(maxBlockBytes, (int) Heap.taken(wanted) - BLOCK);
    }

    private long grow(long old, int blockBytes, boolean front) {
        int oldBytes = blockBytes(old);
        int used = PackedList.used(old + BLOCK, oldBytes);
        long previous = Raw.getLong(old + PREVIOUS);
        long next = Raw.getLong(old + NEXT);
        long grown = newChunk(blockBytes, previous, next);
        int gap = front ? blockBytes - PackedList.HEADER - used : 0;
        long block = old + BLOCK;
        PackedList.copy(PackedList.first(block), used, PackedList.count(block), grown + BLOCK, blockBytes, gap);
        release(old);
        return grown;
    }

    // --- The cursor ---

    /** Puts the cursor on the element at {@code index}; false if there is none. */
    public boolean seek(long index) {
        long size = size();
        if (index < 0 || index >= size) {
            return false;
        }
        if (index < size >> 1) {
            chunk = Raw.getLong(root);
            long before = 0;
            for (int count = PackedList.count(chunk + BLOCK); before + count <= index; ) {
                before += count;
                chunk = Raw.getLong(chunk + NEXT);
                count = PackedList.count(chunk + BLOCK);
            }
            element = PackedList.element(chunk + BLOCK, blockBytes(chunk), (int) (index - before));
        } else {
            chunk = Raw.getLong(root + LAST);
            long before = size - PackedList.count(chunk + BLOCK);
            while (before > index) {
                chunk = Raw.getLong(chunk + PREVIOUS);
                before -= PackedList.count(chunk + BLOCK);
            }
            element = PackedList.element(chunk + BLOCK, blockBytes(chunk), (int) (index - before));
        }
        return true;
    }

    /** Moves the cursor to the next element; false, and the cursor is nowhere, if there is none. */
    public boolean next() {
        element = PackedList.next(element);
        return onElement();
    }

    /** Moves the cursor to the element before; false, and the cursor is nowhere, if there is none. */
    public boolean previous() {
        if (element == PackedList.first(chunk + BLOCK)) {
            chunk = Raw.getLong(chunk + PREVIOUS);
            if (chunk == 0) {
                return false;
            }
            element = PackedList.end(chunk + BLOCK, blockBytes(chunk));
        }
        element = PackedList.previous(element);
        return true;
    }

    private boolean onElement() {
        if (element == PackedList.end(chunk + BLOCK, blockBytes(chunk))) {
            chunk = Raw.getLong(chunk + NEXT);
            if (chunk == 0) {
                return false;
            }
            element = PackedList.first(chunk + BLOCK);
        }
        return true;
    }

    /** Where the bytes of the element at the cursor are. */
    public long address() {
        return PackedList.bytes(element);
    }

    public int length() {
        return PackedList.length(element);
    }

    /** Adds an element before the one at the cursor. The cursor is nowhere afterwards. */
    public void insertBefore(long address, int length) {
        insert(element, address, length);
    }

    /** Adds an element behind the one at the cursor. The cursor is nowhere afterwards. */
    public void insertAfter(long address, int length) {
        insert(PackedList.next(element), address, length);
    }

    private void insert(long before, long address, int length) {
        long block = chunk + BLOCK;
        int needed = PackedList.elementBytes(length);
        boolean fits = PackedList.room(block) >= needed && PackedList.count(block) < maxCount;
        if (fits) {
            PackedList.insert(block, blockBytes(chunk), before, address, length);
        } else if (before == PackedList.first(block)) {
            addChunk(Raw.getLong(chunk + PREVIOUS), chunk, needed, address, length);
        } else {
            if (before != PackedList.end(block, blockBytes(chunk))) {
                split(before);
            }
            addChunk(chunk, Raw.getLong(chunk + NEXT), needed, address, length);
        }
        size(1);
        element = 0;
    }

    /** Adds a chunk with one element, and room for more of its like, between two. */
    private void addChunk(long previous, long next, int needed, long address, int length) {
        if (PackedList.HEADER + needed > maxBlockBytes) {
            PackedList.single(newSingle(previous, next, needed) + BLOCK, address, length);
            return;
        }
        int blockBytes = grownBytes(needed);
        long fresh = newChunk(blockBytes, previous, next);
        PackedList.clear(fresh + BLOCK, blockBytes, (blockBytes - PackedList.HEADER - needed) >> 1);
        PackedList.pushBack(fresh + BLOCK, blockBytes, address, length);
    }

    /** Moves the elements of the cursor's chunk from {@code from} on to a new chunk behind it. */
    private void split(long from) {
        long block = chunk + BLOCK;
        int bytes = blockBytes(chunk);
        int moved = 0;
        long end = PackedList.end(block, bytes);
        for (long at = from; at != end; at = PackedList.next(at)) {
            moved++;
        }
        int used = (int) (end - from);
        // A packed list that became large may have left a chunk that is a little longer than those made here.
        int movedBytes = Math.max(grownBytes(used), PackedList.HEADER + used);
        long right = newChunk(movedBytes, chunk, Raw.getLong(chunk + NEXT));
        PackedList.copy(from, used, moved, right + BLOCK, movedBytes, 0);
        PackedList.removeBack(block, bytes, moved);
    }

    /** Removes the element at the cursor, which moves to the next one; false, and the cursor is nowhere, if there is none. */
    public boolean remove() {
        size(-1);
        if (PackedList.count(chunk + BLOCK) == 1) {
            long next = Raw.getLong(chunk + NEXT);
            drop(chunk);
            chunk = next;
            if (next == 0) {
                return false;
            }
            element = PackedList.first(next + BLOCK);
            return true;
        }
        element = PackedList.remove(chunk + BLOCK, blockBytes(chunk), element);
        return onElement();
    }

    // --- Chunks ---

    static int blockBytes(long chunk) {
        return Raw.getInt(chunk + BLOCK_BYTES);
    }

    private long newSingle(long previous, long next, int elementBytes) {
        return newChunk(PackedList.HEADER + elementBytes, previous, next);
    }

    /** A chunk between two; 0 stands for the ends of the list. Its block is still to be written. */
    private long newChunk(int blockBytes, long previous, long next) {
        long at = heap.allocate(BLOCK + blockBytes, owner());
        grewBy(BLOCK + blockBytes);
        Raw.putLong(at + NEXT, next);
        Raw.putLong(at + PREVIOUS, previous);
        Raw.putInt(at + BLOCK_BYTES, blockBytes);
        Raw.putLong(previous == 0 ? root : previous + NEXT, at);
        Raw.putLong(next == 0 ? root + LAST : next + PREVIOUS, at);
        return at;
    }

    private void drop(long at) {
        long previous = Raw.getLong(at + PREVIOUS);
        long next = Raw.getLong(at + NEXT);
        Raw.putLong(previous == 0 ? root : previous + NEXT, next);
        Raw.putLong(next == 0 ? root + LAST : next + PREVIOUS, previous);
        release(at);
    }

    private void release(long at) {
        if (Raw.getLong(root + WALKED) == at) {
            Raw.putLong(root + WALKED, Raw.getLong(at + NEXT));
        }
        int bytes = BLOCK + blockBytes(at);
        grewBy(-bytes);
        heap.free(at, bytes);
    }

    private void size(long change) {
        Raw.putLong(root + SIZE, size() + change);
    }

    private void grewBy(int bytes) {
        long taken = bytes < 0 ? -Heap.taken(-bytes) : Heap.taken(bytes);
        Raw.putLong(root + BYTES, bytes(root) + taken);
    }
}
