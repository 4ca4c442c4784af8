package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by one event loop: the operations on hash tables of any size that lie in a {@link Heap}; a table is named by the
 * address of its root. One object serves all tables of a kind: those that have a value beside each key, or those that
 * have keys alone.
 *
 * <pre>
 *   block      | its bytes 4 | element | element | ...        all elements of a bucket, 8 on average; 0 for none
 *   element    | tag 1 | length 1 | key length 1, where there are values | key | value |     length: of what follows it
 *   or         | tag 1 | 255 | address 8 |  of  | key length 4 | value length 4, where there are values | key | value |
 * </pre>
 *
 * A table grows by splitting one bucket and shrinks by joining two ({@link LargeHashBuckets}), so no change costs more than a few
 * dozen elements. The tag is the hash's uppermost byte.
 *
 * <p>Elements are named by address, good until the next change of the table, and no longer than until the heap's blocks may move.
 */
public final class LargeHash {
    /** Elements a bucket, on average, above which a table grows and below which it shrinks. */
    private static final int MAX_LOAD = 8;

    private static final int MIN_LOAD = 5;
    static final int BLOCK_HEAD = 4;
    private static final int ELEMENT_HEAD = 2;
    private static final int MAX_INSIDE = 128;
    private static final int OUTSIDE = 255;
    private static final int TAG_SHIFT = 56;
    /** Hardly any bucket has more elements; those of one that has are drawn a little less often. */
    private static final int DRAWS = 4 * MAX_LOAD;

    private static final int DRAWN_AT_ONCE = 8;
    /** Kinds of blocks: of a bucket, and of an element that lies outside. */
    private static final int OF_BUCKET = LargeHashBuckets.FIRST_KIND;

    private static final int OF_ELEMENT = OF_BUCKET + 1;
    /** What is loaded ahead of a block of some hundred bytes; behind a shorter one lies other memory of ours. */
    private static final int FETCHED_BYTES = 7 * Prefetch.LINE;

    private final LargeHashBuckets buckets;
    private final long seed;
    private final boolean values;
    /** What precedes the key in an element, and in the block of one that lies outside. */
    private final int insideHead;

    private final int outsideHead;
    private boolean added;
    private final long[] candidates = new long[DRAWN_AT_ONCE];
    private final Prefetch prefetch = new Prefetch();

    /** @param seed makes the places of keys unpredictable for those who choose keys */
    public LargeHash(Heap heap, long seed, boolean values) {
        this.buckets = new LargeHashBuckets(heap, values ? Heap.Family.HASHES : Heap.Family.SETS);
        this.seed = seed;
        this.values = values;
        this.insideHead = values ? ELEMENT_HEAD + 1 : ELEMENT_HEAD;
        this.outsideHead = values ? 2 * Integer.BYTES : Integer.BYTES;
    }

    /** The root of a new, empty table. */
    public long create() {
        return buckets.create();
    }

    /** The root of a new table with the same elements. */
    public long copy(long root) {
        long copy = create();
        for (long bucket = 0; bucket < LargeHashBuckets.count(root); bucket++) {
            long block = Raw.getLong(LargeHashBuckets.word(root, bucket));
            if (bucket > 0) {
                buckets.add(copy);
            }
            Raw.putLong(LargeHashBuckets.word(copy, bucket), block == 0 ? 0 : copyOfBlock(block, copy));
        }
        size(copy, size(root));
        return copy;
    }

    private long copyOfBlock(long block, long root) {
        int end = Raw.getInt(block);
        long copy = copyOf(block, end, root, OF_BUCKET);
        for (long at = copy + BLOCK_HEAD; at < copy + end; at += elementBytes(at)) {
            if (isOutside(at)) {
                Raw.putLong(at + ELEMENT_HEAD, copyOf(outside(at), outsideBytes(at), root, OF_ELEMENT));
            }
        }
        return copy;
    }

    private long copyOf(long from, int bytes, long root, int kind) {
        long copy = buckets.allocate(root, bytes, kind);
        Raw.copy(from, copy, bytes);
        return copy;
    }

    public long size(long root) {
        return Raw.getLong(root + LargeHashBuckets.SIZE);
    }

    private static void size(long root, long size) {
        Raw.putLong(root + LargeHashBuckets.SIZE, size);
    }

    /** All bytes that the table takes in the heap. */
    public long bytes(long root) {
        return LargeHashBuckets.bytes(root);
    }

    // --- Elements ---

    public int keyLength(long element) {
        int length = Raw.getUnsignedByte(element + 1);
        if (length == OUTSIDE) {
            return Raw.getInt(outside(element));
        }
        return values ? Raw.getUnsignedByte(element + ELEMENT_HEAD) : length;
    }

    public long keyAddress(long element) {
        return isOutside(element) ? outside(element) + outsideHead : element + insideHead;
    }

    /** The length of the value; only where there are values. */
    public int valueLength(long element) {
        int length = Raw.getUnsignedByte(element + 1);
        if (length == OUTSIDE) {
            return Raw.getInt(outside(element) + Integer.BYTES);
        }
        return length - 1 - Raw.getUnsignedByte(element + ELEMENT_HEAD);
    }

    public long valueAddress(long element) {
        return keyAddress(element) + keyLength(element);
    }

    static boolean isOutside(long element) {
        return Raw.getUnsignedByte(element + 1) == OUTSIDE;
    }

    static long outside(long element) {
        return Raw.getLong(element + ELEMENT_HEAD);
    }

    int outsideBytes(long element) {
        return outsideHead + keyLength(element) + (values ? valueLength(element) : 0);
    }

    static int elementBytes(long element) {
        int length = Raw.getUnsignedByte(element + 1);
        return ELEMENT_HEAD + (length == OUTSIDE ? Long.BYTES : length);
    }

    /** What an element takes outside its bucket, 0 if it fits inside. */
    private int outsideBytes(int keyLength, int valueLength) {
        boolean fitsInside = (long) keyLength + valueLength + insideHead - ELEMENT_HEAD <= MAX_INSIDE;
        return fitsInside ? 0 : Math.addExact(outsideHead + keyLength, valueLength);
    }

    // --- Finding and changing ---

    /** The element of the key, or 0. */
    public long find(long root, long key, int length) {
        long hash = hash(key, length);
        return search(Raw.getLong(LargeHashBuckets.wordOf(root, hash)), hash, key, length);
    }

    /**
     * The element of the key, made or changed so that its value has {@code valueLength} bytes, which the caller writes.
     * A value keeps its bytes only if its length stays; where there are no values, all lengths are 0.
     *
     * @throws ArithmeticException if both lengths are too much for one block; nothing has changed then
     */
    public long put(long root, long key, int keyLength, int valueLength) {
        int outsideBytes = outsideBytes(keyLength, valueLength);
        long hash = hash(key, keyLength);
        long word = LargeHashBuckets.wordOf(root, hash);
        long element = search(Raw.getLong(word), hash, key, keyLength);
        added = element == 0;
        if (added) {
            if (size(root) >= LargeHashBuckets.count(root) * MAX_LOAD) {
                split(root);
                word = LargeHashBuckets.wordOf(root, hash);
            }
            size(root, size(root) + 1);
            long block = Raw.getLong(word);
            int end = block == 0 ? BLOCK_HEAD : Raw.getInt(block);
            return write(root, word, end, 0, outsideBytes, hash, key, keyLength, valueLength);
        }
        if (!values || valueLength(element) == valueLength) {
            return element;
        }
        int oldBytes = elementBytes(element);
        int offset = (int) (element - Raw.getLong(word));
        freeOutside(root, element);
        return write(root, word, offset, oldBytes, outsideBytes, hash, key, keyLength, valueLength);
    }

    /** Whether the last {@link #put} made an element. */
    public boolean added() {
        return added;
    }

    /** Removes the key's element; false if there is none. */
    public boolean remove(long root, long key, int length) {
        long hash = hash(key, length);
        long word = LargeHashBuckets.wordOf(root, hash);
        long block = Raw.getLong(word);
        long element = search(block, hash, key, length);
        if (element == 0) {
            return false;
        }
        int bytes = elementBytes(element);
        freeOutside(root, element);
        replace(root, word, (int) (element - block), bytes, 0);
        long size = size(root) - 1;
        size(root, size);
        long count = LargeHashBuckets.count(root);
        if (count > 1 && size < count * MIN_LOAD) {
            join(root);
        }
        return true;
    }

    long hash(long key, int length) {
        return Hash.of(key, length, seed);
    }

    /** Begins to load the word of a key's bucket; returns its place. */
    public long fetchBucket(long root, long key, int length) {
        long word = LargeHashBuckets.wordOf(root, hash(key, length));
        prefetch.line(word);
        return word;
    }

    /** Begins to load, of the elements in the bucket at a place that {@link #fetchBucket} returned, as much as a search may read. */
    public void fetchElements(long word) {
        long block = Raw.getLong(word);
        if (block != 0) {
            prefetch.lines(block, FETCHED_BYTES);
        }
    }

    private long search(long block, long hash, long key, int length) {
        if (block == 0) {
            return 0;
        }
        long end = block + Raw.getInt(block);
        int tag = (int) (hash >>> TAG_SHIFT);
        long at = block + BLOCK_HEAD;
        while (at < end) {
            int head = Raw.getUnsignedShort(at);
            if ((head & 0xff) == tag && keyLength(at) == length && Raw.equal(keyAddress(at), key, length)) {
                return at;
            }
            int rest = head >>> 8;
            at += ELEMENT_HEAD + (rest == OUTSIDE ? Long.BYTES : rest);
        }
        return 0;
    }

    /** Writes an element, but for its value, in place of what lies at an offset in a bucket's block. */
    private long write(
            long root,
            long word,
            int offset,
            int oldBytes,
            int outsideBytes,
            long hash,
            long key,
            int keyLength,
            int valueLength) {
        boolean inside = outsideBytes == 0;
        int rest = inside ? insideHead - ELEMENT_HEAD + keyLength + valueLength : Long.BYTES;
        long element = replace(root, word, offset, oldBytes, ELEMENT_HEAD + rest);
        Raw.putByte(element, (int) (hash >>> TAG_SHIFT));
        Raw.putByte(element + 1, inside ? rest : OUTSIDE);
        if (inside) {
            if (values) {
                Raw.putByte(element + ELEMENT_HEAD, keyLength);
            }
        } else {
            long outside = buckets.allocate(root, outsideBytes, OF_ELEMENT);
            Raw.putLong(element + ELEMENT_HEAD, outside);
            Raw.putInt(outside, keyLength);
            if (values) {
                Raw.putInt(outside + Integer.BYTES, valueLength);
            }
        }
        Raw.copy(key, keyAddress(element), keyLength);
        return element;
    }

    /** Puts room for some bytes in place of others in a bucket's block and returns where it is. */
    private long replace(long root, long word, int offset, int oldBytes, int newBytes) {
        long old = Raw.getLong(word);
        int oldEnd = old == 0 ? BLOCK_HEAD : Raw.getInt(old);
        int newEnd = oldEnd - oldBytes + newBytes;
        if (newEnd == BLOCK_HEAD) {
            buckets.release(root, old, oldEnd);
            Raw.putLong(word, 0);
            return 0;
        }
        long block = old;
        if (old == 0 || !Slabs.sameSlot(oldEnd, newEnd)) {
            block = buckets.allocate(root, newEnd, OF_BUCKET);
            Raw.putLong(word, block);
            Raw.copy(old, block, old == 0 ? 0 : offset);
        }
        Raw.copy(old + offset + oldBytes, block + offset + newBytes, oldEnd - offset - oldBytes);
        Raw.putInt(block, newEnd);
        if (old != 0 && old != block) {
            buckets.release(root, old, oldEnd);
        }
        return block + offset;
    }

    private void freeOutside(long root, long element) {
        if (isOutside(element)) {
            buckets.release(root, outside(element), outsideBytes(element));
        }
    }

    // --- Buckets ---

    /** Adds a bucket, to which a part of the elements of another belongs. */
    private void split(long root) {
        long count = LargeHashBuckets.count(root);
        long half = Long.highestOneBit(count);
        buckets.add(root);
        long lowerWord = LargeHashBuckets.word(root, count - half);
        long lower = Raw.getLong(lowerWord);
        if (lower == 0) {
            return;
        }
        int oldEnd = Raw.getInt(lower);
        long upper = buckets.allocate(root, oldEnd, OF_BUCKET);
        int lowerEnd = BLOCK_HEAD;
        int upperEnd = BLOCK_HEAD;
        int bytes;
        for (int at = BLOCK_HEAD; at < oldEnd; at += bytes) {
            long element = lower + at;
            bytes = elementBytes(element);
            if ((hash(keyAddress(element), keyLength(element)) & half) != 0) {
                Raw.copy(element, upper + upperEnd, bytes);
                upperEnd += bytes;
            } else {
                Raw.copy(element, lower + lowerEnd, bytes);
                lowerEnd += bytes;
            }
        }
        Raw.putLong(lowerWord, cut(root, lower, oldEnd, lowerEnd));
        Raw.putLong(LargeHashBuckets.word(root, count), cut(root, upper, oldEnd, upperEnd));
    }

    /** Gives back what a block has too much of and returns where the rest is. */
    private long cut(long root, long block, int oldEnd, int newEnd) {
        long rest = 0;
        if (newEnd != BLOCK_HEAD) {
            rest = buckets.resized(root, block, oldEnd, newEnd, OF_BUCKET);
            Raw.putInt(rest, newEnd);
        } else {
            buckets.release(root, block, oldEnd);
        }
        return rest;
    }

    /** Takes the last bucket away and gives its elements back to the one that they were split off. */
    private void join(long root) {
        long last = LargeHashBuckets.count(root) - 1;
        long upper = Raw.getLong(LargeHashBuckets.word(root, last));
        buckets.removeLast(root);
        if (upper != 0) {
            long lowerWord = LargeHashBuckets.word(root, last - Long.highestOneBit(last));
            long lower = Raw.getLong(lowerWord);
            int moved = Raw.getInt(upper) - BLOCK_HEAD;
            int end = lower == 0 ? BLOCK_HEAD : Raw.getInt(lower);
            long room = replace(root, lowerWord, end, 0, moved);
            Raw.copy(upper + BLOCK_HEAD, room, moved);
            buckets.release(root, upper, BLOCK_HEAD + moved);
        }
    }

    // --- Drawing ---

    /**
     * An element of a table that is not empty, each as likely as any other. Most draws come to nothing, so several are
     * prepared at once: waiting for their cache lines together takes no longer than for one.
     */
    public long random(long root, long randomBits) {
        long count = LargeHashBuckets.count(root);
        long bits = randomBits;
        while (true) {
            for (int i = 0; i < candidates.length; i++) {
                bits = Hash.mixed(bits);
                candidates[i] = LargeHashBuckets.word(root, Math.unsignedMultiplyHigh(bits, count));
                prefetch.line(candidates[i]);
            }
            for (long word : candidates) {
                fetchElements(word);
            }
            for (long word : candidates) {
                bits = Hash.mixed(bits);
                long block = Raw.getLong(word);
                long element = block == 0 ? 0 : drawn(block, (int) bits & 0xffff);
                if (element != 0) {
                    return element;
                }
            }
        }
    }

    /** Draws a number as large as buckets hardly ever are; the element that has it, or 0, so that all are alike. */
    private static long drawn(long block, int bits) {
        int count = 0;
        long end = block + Raw.getInt(block);
        for (long at = block + BLOCK_HEAD; at < end; at += elementBytes(at)) {
            count++;
        }
        int wanted = bits % Math.max(DRAWS, count);
        if (wanted >= count) {
            return 0;
        }
        long at = block + BLOCK_HEAD;
        for (int i = 0; i < wanted; i++) {
            at += elementBytes(at);
        }
        return at;
    }

    // --- Memory ---

    /** Moves blocks of the table to which a word refers, from where the walk is; returns whether it is at the end. */
    public boolean compact(long rootWord, BlockWalk walk) {
        long root = walk.settleRoot(rootWord, LargeHashBuckets.ROOT_BYTES, LargeHashBuckets.HANDLE);
        long count = LargeHashBuckets.count(root);
        if (walk.place == 0 && walk.settleHandle(root + LargeHashBuckets.HANDLE, count)) {
            tellBlocks(root);
        }
        for (; walk.place < count; walk.place++) {
            if (walk.isOver()) {
                return false;
            }
            buckets.compactWords(root, walk.place, walk);
            long word = LargeHashBuckets.word(root, walk.place);
            long block = Raw.getLong(word);
            if (block != 0) {
                block = walk.settle(word, Raw.getInt(block), buckets.owner(root, OF_BUCKET));
                long end = block + Raw.getInt(block);
                for (long at = block + BLOCK_HEAD; at < end; at += elementBytes(at)) {
                    if (isOutside(at)) {
                        walk.settle(at + ELEMENT_HEAD, outsideBytes(at), buckets.owner(root, OF_ELEMENT));
                    }
                }
            }
        }
        return true;
    }

    private void tellBlocks(long root) {
        buckets.tellWords(root);
        for (long bucket = 0; bucket < LargeHashBuckets.count(root); bucket++) {
            long block = Raw.getLong(LargeHashBuckets.word(root, bucket));
            int end = block == 0 ? 0 : Raw.getInt(block);
            for (int at = BLOCK_HEAD; at < end; at += elementBytes(block + at)) {
                if (isOutside(block + at)) {
                    buckets.tell(root, outside(block + at), outsideBytes(block + at), OF_ELEMENT);
                }
            }
            if (block != 0) {
                buckets.tell(root, block, end, OF_BUCKET);
            }
        }
    }

    /** A {@link Heap.Mover}: the keys in the block say where it is referred to. */
    public void move(long block, long root, int kind) {
        if (kind == OF_BUCKET) {
            long first = block + BLOCK_HEAD;
            long word = LargeHashBuckets.wordOf(root, hash(keyAddress(first), keyLength(first)));
            buckets.move(word, block, Raw.getInt(block), root, kind);
        } else if (kind == OF_ELEMENT) {
            long hash = hash(block + outsideHead, Raw.getInt(block));
            long element = Raw.getLong(LargeHashBuckets.wordOf(root, hash)) + BLOCK_HEAD;
            while (!isOutside(element) || outside(element) != block) {
                element += elementBytes(element);
            }
            buckets.move(element + ELEMENT_HEAD, block, outsideBytes(element), root, kind);
        } else {
            buckets.move(block, root, kind);
        }
    }

    /** Frees a table. */
    public void free(long root) {
        boolean gone = false;
        while (!gone) {
            gone = freeStep(root, Integer.MAX_VALUE) > 0;
        }
    }

    /** For tables that are not used any more. */
    public Graveyard graveyard() {
        return new Graveyard(this::freeStep, LargeHashBuckets.SIZE);
    }

    /** See {@link Graveyard.Digger}: frees elements of a table that is not used any more. */
    public int freeStep(long root, int elements) {
        int left = elements;
        for (long last = LargeHashBuckets.count(root) - 1; last >= 0; last--) {
            if (left <= 0) {
                return 0;
            }
            left -= 1 + freeBlock(root, Raw.getLong(LargeHashBuckets.word(root, last)));
            buckets.removeLast(root);
        }
        buckets.free(root);
        return Math.max(1, left);
    }

    private int freeBlock(long root, long block) {
        if (block == 0) {
            return 0;
        }
        int elements = 0;
        int end = Raw.getInt(block);
        for (long at = block + BLOCK_HEAD; at < block + end; at += elementBytes(at)) {
            freeOutside(root, at);
            elements++;
        }
        buckets.release(root, block, end);
        return elements;
    }
}
