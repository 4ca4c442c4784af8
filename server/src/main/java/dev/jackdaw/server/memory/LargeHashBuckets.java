package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by one event loop: the buckets of tables of one kind, each of which has one block or none, and the memory that a table takes.
 *
 * <pre>
 *   root       | size 8 | buckets 8 | bytes 8 | directory 8 | handle 8 |
 *   directory  | chunk | chunk | ...          grown by 8 words at a time
 *   chunk      | block | block | ...          512 words, one for each bucket; the last chunk grows by 16 at a time
 * </pre>
 *
 * Linear hashing (Litwin, VLDB 1980): with n buckets, 2^k &lt;= n &lt; 2^(k+1), a hash belongs to the bucket that its
 * lowest k+1 bits name, or k where there is no such bucket yet. So a table grows by splitting one bucket and shrinks
 * by joining two.
 */
final class LargeHashBuckets {
    static final int SIZE = 0;
    static final int BUCKETS = 8;
    private static final int BYTES = 16;
    static final int DIRECTORY = 24;
    static final int HANDLE = 32;
    static final int ROOT_BYTES = 40;
    private static final long EMPTY_BYTES = Heap.taken(ROOT_BYTES) + Heap.taken(Heap.HANDLE_BYTES);
    private static final int CHUNK_SHIFT = 9;
    static final int CHUNK = 1 << CHUNK_SHIFT;
    static final int CHUNK_STEP = 16;
    static final int DIRECTORY_STEP = 8;

    /** Kinds of blocks; all others are the table's. */
    private static final int WORDS_OF_DIRECTORY = 0;

    private static final int WORDS_OF_CHUNK = 1;
    static final int FIRST_KIND = 2;

    private final Heap heap;
    private final Heap.Family family;

    LargeHashBuckets(Heap heap, Heap.Family family) {
        this.heap = heap;
        this.family = family;
    }

    /** The root of a new table of one bucket. */
    long create() {
        long root = heap.allocate(ROOT_BYTES);
        Raw.putLong(root + SIZE, 0);
        Raw.putLong(root + BUCKETS, 0);
        Raw.putLong(root + BYTES, EMPTY_BYTES);
        Raw.putLong(root + HANDLE, heap.handle(root));
        add(root);
        return root;
    }

    /** Frees the root of a table that has no bucket. */
    void free(long root) {
        assert bytes(root) == EMPTY_BYTES : "blocks that nobody knows any more";
        heap.freeRoot(root, ROOT_BYTES, HANDLE);
    }

    /** All bytes that the table takes in the heap. */
    static long bytes(long root) {
        return Raw.getLong(root + BYTES);
    }

    static long count(long root) {
        return Raw.getLong(root + BUCKETS);
    }

    /** The bucket to which a hash belongs. */
    static long of(long root, long hash) {
        long buckets = count(root);
        long half = Long.highestOneBit(buckets);
        long bucket = hash & (2 * half - 1);
        return bucket < buckets ? bucket : bucket - half;
    }

    /** Where the address of a bucket's block is. */
    static long word(long root, long bucket) {
        long chunk = Raw.getLong(chunkWord(root, bucket));
        return chunk + (bucket & (CHUNK - 1)) * Long.BYTES;
    }

    /** Where the address of the block is of the bucket to which a hash belongs. */
    static long wordOf(long root, long hash) {
        return word(root, of(root, hash));
    }

    private static long chunkWord(long root, long bucket) {
        return Raw.getLong(root + DIRECTORY) + (bucket >>> CHUNK_SHIFT) * Long.BYTES;
    }

    /** Adds a bucket without a block. */
    void add(long root) {
        long bucket = count(root);
        int inChunk = (int) bucket & (CHUNK - 1);
        if (inChunk == 0) {
            int chunks = (int) (bucket >>> CHUNK_SHIFT);
            if (chunks % DIRECTORY_STEP == 0) {
                long old = chunks == 0 ? 0 : Raw.getLong(root + DIRECTORY);
                resizeDirectory(root, old, chunks, chunks + DIRECTORY_STEP);
            }
            Raw.putLong(chunkWord(root, bucket), allocate(root, CHUNK_STEP * Long.BYTES, WORDS_OF_CHUNK));
        } else if (inChunk % CHUNK_STEP == 0) {
            resizeChunk(root, bucket, inChunk, inChunk + CHUNK_STEP);
        }
        Raw.putLong(word(root, bucket), 0);
        Raw.putLong(root + BUCKETS, bucket + 1);
    }

    /** Removes the last bucket, of which the block is somebody else's now. */
    void removeLast(long root) {
        long bucket = count(root) - 1;
        Raw.putLong(root + BUCKETS, bucket);
        int inChunk = (int) bucket & (CHUNK - 1);
        if (inChunk == 0) {
            release(root, Raw.getLong(chunkWord(root, bucket)), CHUNK_STEP * Long.BYTES);
            int chunks = (int) (bucket >>> CHUNK_SHIFT);
            if (chunks % DIRECTORY_STEP == 0) {
                resizeDirectory(root, Raw.getLong(root + DIRECTORY), chunks + DIRECTORY_STEP, chunks);
            }
        } else if (inChunk % CHUNK_STEP == 0) {
            resizeChunk(root, bucket, inChunk + CHUNK_STEP, inChunk);
        }
    }

    private void resizeDirectory(long root, long old, int oldWords, int newWords) {
        int oldBytes = oldWords * Long.BYTES;
        Raw.putLong(root + DIRECTORY, resized(root, old, oldBytes, newWords * Long.BYTES, WORDS_OF_DIRECTORY));
    }

    private void resizeChunk(long root, long bucket, int oldWords, int newWords) {
        long at = chunkWord(root, bucket);
        int oldBytes = oldWords * Long.BYTES;
        Raw.putLong(at, resized(root, Raw.getLong(at), oldBytes, newWords * Long.BYTES, WORDS_OF_CHUNK));
    }

    // --- Memory ---

    /** A block of a table. */
    long allocate(long root, int bytes, int kind) {
        Raw.putLong(root + BYTES, bytes(root) + Heap.taken(bytes));
        return heap.allocate(bytes, owner(root, kind));
    }

    void release(long root, long address, int bytes) {
        Raw.putLong(root + BYTES, bytes(root) - Heap.taken(bytes));
        heap.free(address, bytes);
    }

    /** The same bytes, as far as there is room for them, in room of another size; either may be none. */
    long resized(long root, long old, int oldBytes, int newBytes, int kind) {
        if (oldBytes > 0 && newBytes > 0 && Slabs.sameSlot(oldBytes, newBytes)) {
            return old;
        }
        long resized = newBytes == 0 ? 0 : allocate(root, newBytes, kind);
        if (oldBytes > 0) {
            Raw.copy(old, resized, Math.min(oldBytes, newBytes));
            release(root, old, oldBytes);
        }
        return resized;
    }

    /** As the heap knows whose a block is. */
    long owner(long root, int kind) {
        return Heap.owner(Raw.getLong(root + HANDLE), family, kind);
    }

    /** Tells the blocks of words what the table's handle is now. */
    void tellWords(long root) {
        long buckets = count(root);
        tell(root, Raw.getLong(root + DIRECTORY), directoryBytes(buckets), WORDS_OF_DIRECTORY);
        for (long bucket = 0; bucket < buckets; bucket += CHUNK) {
            tell(root, Raw.getLong(chunkWord(root, bucket)), chunkBytes(buckets, bucket), WORDS_OF_CHUNK);
        }
    }

    /** The same for another block. */
    void tell(long root, long block, int bytes, int kind) {
        heap.changeOwner(block, bytes, owner(root, kind));
    }

    /** Moves the words of a bucket, where it is the first of them, from where the walk is. */
    void compactWords(long root, long bucket, BlockWalk walk) {
        long buckets = count(root);
        if (bucket == 0) {
            walk.settle(root + DIRECTORY, directoryBytes(buckets), owner(root, WORDS_OF_DIRECTORY));
        }
        if ((bucket & (CHUNK - 1)) == 0) {
            walk.settle(chunkWord(root, bucket), chunkBytes(buckets, bucket), owner(root, WORDS_OF_CHUNK));
        }
    }

    /** Moves a block of words. */
    void move(long block, long root, int kind) {
        long buckets = count(root);
        if (kind == WORDS_OF_DIRECTORY) {
            move(root + DIRECTORY, block, directoryBytes(buckets), root, kind);
            return;
        }
        long bucket = 0;
        while (Raw.getLong(chunkWord(root, bucket)) != block) {
            bucket += CHUNK;
            assert bucket < buckets : "words that are no chunk of their table";
        }
        move(chunkWord(root, bucket), block, chunkBytes(buckets, bucket), root, kind);
    }

    /** Moves a block to which a word refers. */
    void move(long word, long block, int bytes, long root, int kind) {
        assert Raw.getLong(word) == block : "a block that is not its table's";
        Raw.putLong(word, heap.move(block, bytes, owner(root, kind)));
    }

    private static int directoryBytes(long buckets) {
        return words((buckets + CHUNK - 1) >>> CHUNK_SHIFT, DIRECTORY_STEP);
    }

    private static int chunkBytes(long buckets, long first) {
        return words(Math.min(CHUNK, buckets - first), CHUNK_STEP);
    }

    /** The bytes of so many words, which come by the step. */
    private static int words(long count, int step) {
        return (int) ((count + step - 1) / step * step) * Long.BYTES;
    }
}
