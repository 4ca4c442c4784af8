package dev.jackdaw.proxy.near;

import dev.jackdaw.protocol.raw.Raw;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;

/**
 * Owned by one event loop: replies by key in a bounded amount of native memory. Records follow one another in a ring of chunks,
 * which are allocated when the ring first reaches them; the oldest record is overwritten first. An open hash table of positions
 * finds them. A node's records are dropped all at once by giving the node a new generation.
 *
 * <pre>
 *   ring    | record | record | --- | record |  free  |    a record lies in one chunk: the end of a chunk may stay empty
 *             tail                             head
 *   record  bytes 4, key length 4, value length 4, node 4, generation 8, hash 8, expiry 8, mark 8, key, value
 * </pre>
 */
final class NearStore {
    /** In place of an expiry: never. */
    static final long NEVER = Long.MAX_VALUE;

    private static final int KEY_LENGTH = 4;
    private static final int VALUE_LENGTH = 8;
    private static final int NODE = 12;
    private static final int GENERATION = 16;
    private static final int HASH = 24;
    private static final int EXPIRY = 32;
    private static final int MARK = 40;
    private static final int HEADER = 48;
    private static final int EXPECTED_RECORD = 256;
    private static final int LARGEST_SHARE = 4;
    private static final int FEWEST_CHUNKS = 8;
    private static final int LEAST_CHUNK = 4 << 10;
    private static final int MOST_CHUNK = 1 << 20;
    private static final int LEAST_SLOTS = 1 << 10;
    private static final int MOST_SLOTS = 1 << 26;
    /** In place of a key length: the rest of a chunk, too short for the record that followed. */
    private static final int PASSED_OVER = -1;

    private static final long EMPTY = -1;

    private final ByteBufAllocator allocator;
    private final ByteBuf[] chunks;
    private final long[] chunkAddresses;
    private final int chunkBytes;
    private final int chunkShift;
    private final long capacity;
    private final long[] table;
    private final int mask;
    private final long[] generations;
    /** Positions only grow; a record lies at its position modulo the capacity, always a multiple of eight. */
    private long head;

    private long tail;
    private int entries;
    private long lastGeneration;
    private long found;

    /** A store of at most {@code bytes}, a few less if that is no multiple of a chunk. */
    NearStore(long bytes, int nodes, ByteBufAllocator allocator) {
        this.allocator = allocator;
        chunkBytes = Math.clamp(Long.highestOneBit(bytes / FEWEST_CHUNKS), LEAST_CHUNK, MOST_CHUNK);
        chunkShift = Integer.numberOfTrailingZeros(chunkBytes);
        chunks = new ByteBuf[(int) Math.max(FEWEST_CHUNKS, bytes / chunkBytes)];
        chunkAddresses = new long[chunks.length];
        capacity = (long) chunks.length * chunkBytes;
        table = new long[Math.clamp(Long.highestOneBit(capacity / EXPECTED_RECORD) << 1, LEAST_SLOTS, MOST_SLOTS)];
        mask = table.length - 1;
        generations = new long[nodes];
        Arrays.fill(table, EMPTY);
    }

    void close() {
        for (ByteBuf chunk : chunks) {
            if (chunk != null) {
                chunk.release();
            }
        }
    }

    int entries() {
        return entries;
    }

    long usedBytes() {
        return head - tail;
    }

    /** Whether there is a value that is good at {@code now}; {@link #value} and {@link #valueLength} then tell it. */
    boolean find(long hash, long key, int keyLength, long now) {
        int slot = slotOf(hash, key, keyLength);
        if (slot < 0) {
            return false;
        }
        long record = address(table[slot]);
        if (Raw.getLong(record + GENERATION) != generations[Raw.getInt(record + NODE)]
                || (Raw.getLong(record + EXPIRY) != NEVER && Raw.getLong(record + EXPIRY) - now <= 0)) {
            remove(slot);
            return false;
        }
        found = record;
        return true;
    }

    long value() {
        return found + HEADER + Raw.getInt(found + KEY_LENGTH);
    }

    int valueLength() {
        return Raw.getInt(found + VALUE_LENGTH);
    }

    /** What the owner wants to know about that value. */
    long mark() {
        return Raw.getLong(found + MARK);
    }

    void mark(long mark) {
        Raw.putLong(found + MARK, mark);
    }

    /** Remembers a value, unless it is so large that it would push out too many others. */
    void put(int node, long hash, long key, int keyLength, long value, int valueLength, long expiry, long mark) {
        drop(hash, key, keyLength);
        long bytes = ((long) HEADER + keyLength + valueLength + 7) & -8;
        if (bytes > chunkBytes / LARGEST_SHARE) {
            return;
        }
        long record = address(room((int) bytes));
        Raw.putInt(record, (int) bytes);
        Raw.putInt(record + KEY_LENGTH, keyLength);
        Raw.putInt(record + VALUE_LENGTH, valueLength);
        Raw.putInt(record + NODE, node);
        Raw.putLong(record + GENERATION, generations[node]);
        Raw.putLong(record + HASH, hash);
        Raw.putLong(record + EXPIRY, expiry);
        Raw.putLong(record + MARK, mark);
        Raw.copy(key, record + HEADER, keyLength);
        Raw.copy(value, record + HEADER + keyLength, valueLength);
        insert(hash, head);
        head += bytes;
    }

    void drop(long hash, long key, int keyLength) {
        int slot = slotOf(hash, key, keyLength);
        if (slot >= 0) {
            remove(slot);
        }
    }

    void dropNode(int node) {
        generations[node] = ++lastGeneration;
    }

    /** The position, at the head, of that many bytes in one piece. */
    private long room(int bytes) {
        int toEnd = chunkBytes - ((int) head & (chunkBytes - 1));
        if (toEnd < bytes) {
            evictUpTo(head + toEnd - capacity);
            Raw.putInt(address(head), toEnd);
            Raw.putInt(address(head) + KEY_LENGTH, PASSED_OVER);
            head += toEnd;
        }
        evictUpTo(head + bytes - capacity);
        int chunk = chunk(head);
        if (chunks[chunk] == null) {
            chunks[chunk] = allocator.directBuffer(chunkBytes, chunkBytes);
            chunkAddresses[chunk] = chunks[chunk].memoryAddress();
        }
        while (entries >= table.length / 2) {
            evictOldest();
        }
        return head;
    }

    private void evictUpTo(long position) {
        while (tail < position) {
            evictOldest();
        }
    }

    private void evictOldest() {
        long record = address(tail);
        int bytes = Raw.getInt(record);
        if (Raw.getInt(record + KEY_LENGTH) != PASSED_OVER) {
            int slot = slotAt(Raw.getLong(record + HASH), tail);
            if (slot >= 0) {
                remove(slot);
            }
        }
        tail += bytes;
    }

    private long address(long position) {
        return chunkAddresses[chunk(position)] + (position & (chunkBytes - 1));
    }

    private int chunk(long position) {
        return (int) ((position >>> chunkShift) % chunks.length);
    }

    private static int start(long hash) {
        return (int) (hash >>> 20);
    }

    private int slotOf(long hash, long key, int keyLength) {
        for (int slot = start(hash) & mask; table[slot] != EMPTY; slot = (slot + 1) & mask) {
            long record = address(table[slot]);
            if (Raw.getLong(record + HASH) == hash
                    && Raw.getInt(record + KEY_LENGTH) == keyLength
                    && Raw.equal(record + HEADER, key, keyLength)) {
                return slot;
            }
        }
        return -1;
    }

    private int slotAt(long hash, long position) {
        for (int slot = start(hash) & mask; table[slot] != EMPTY; slot = (slot + 1) & mask) {
            if (table[slot] == position) {
                return slot;
            }
        }
        return -1;
    }

    private void insert(long hash, long position) {
        int slot = start(hash) & mask;
        while (table[slot] != EMPTY) {
            slot = (slot + 1) & mask;
        }
        table[slot] = position;
        entries++;
    }

    /** Closes the gap, so that every entry is still reached from where its hash begins. */
    private void remove(int slot) {
        int gap = slot;
        for (int next = (slot + 1) & mask; table[next] != EMPTY; next = (next + 1) & mask) {
            int begin = start(Raw.getLong(address(table[next]) + HASH)) & mask;
            if (((next - begin) & mask) >= ((next - gap) & mask)) {
                table[gap] = table[next];
                gap = next;
            }
        }
        table[gap] = EMPTY;
        entries--;
    }
}
