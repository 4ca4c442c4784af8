package dev.jackdaw.server.value;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.KeyEvent;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.engine.LargeStructures;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.LargeList;
import dev.jackdaw.server.memory.PackedList;

/**
 * Owned by its engine's event loop: the list of one key at a time, packed in its entry or large. {@link #at} turns it to
 * a key, {@link #settle} ends a change.
 *
 * <p>Elements are read through a cursor ({@link #seek}, {@link #next}, {@link #address}). What is added must not lie in
 * the list itself. After a change the cursor is nowhere, unless said otherwise.
 */
public final class ListValue {
    /** Small lists get this share of their bytes, as a shift, as room for what may be pushed next. */
    private static final int SPARE_SHIFT = 3;

    private static final int MIN_ROOM_TO_SHRINK = 64;

    private static final int ROOT_BYTES = 8;
    private static final int DEFAULT_BYTES = 8 << 10;

    private final Engine engine;
    private final LargeList large;
    private int maxBytes;
    private int maxCount;

    private Keyspace keyspace;
    private long entry;
    private boolean isLarge;
    private long block;
    private int blockBytes;
    private long element;

    public ListValue(Engine engine) {
        this.engine = engine;
        this.large = new LargeList(engine.heap());
        limits(DEFAULT_BYTES, Integer.MAX_VALUE);
    }

    /** What list-max-listpack-size says: a number of elements, or as a negative number -1 to -5 for 4 to 64 KB. */
    public void maxListpackSize(int size) {
        if (size < 0) {
            limits((4 << 10) << Math.min(-size - 1, 4), Integer.MAX_VALUE);
        } else {
            limits(DEFAULT_BYTES, Math.max(1, size));
        }
    }

    private void limits(int bytes, int count) {
        maxBytes = Math.min(bytes, PackedList.MAX_BYTES);
        maxCount = count;
        large.limits(maxBytes, maxCount);
    }

    // --- The list and its key ---

    /** Turns to the list of an entry; false if the entry has a value of another type. */
    public boolean at(Keyspace newKeyspace, long newEntry) {
        Kind kind = Kind.of(Entry.kind(newEntry));
        if (kind.type() != Kind.Type.LIST) {
            return false;
        }
        keyspace = newKeyspace;
        isLarge = kind == Kind.LIST_LARGE;
        place(newEntry);
        if (isLarge) {
            large.at(LargeStructures.root(entry));
        }
        return true;
    }

    /**
     * Gives the key an empty list, in place of what it has, and turns to it.
     *
     * @param bytes how many {@link #elementBytes} it will soon hold
     */
    public void create(Keyspace newKeyspace, long key, int length, long bytes, boolean front) {
        keyspace = newKeyspace;
        isLarge = false;
        int room = PackedList.HEADER + bytes <= maxBytes ? (int) bytes : 0;
        place(keyspace.put(key, length, Kind.LIST_PACKED, PackedList.HEADER + room));
        PackedList.clear(block, blockBytes, front ? room : 0);
    }

    /** What an element of {@code length} bytes takes. */
    public static int elementBytes(int length) {
        return PackedList.elementBytes(length);
    }

    /** Ends a change: removes the key if the list has become empty, and tells those who watch the key. */
    public void settle(KeyEvent event) {
        keyspace.event(event, entry);
        if (size() == 0) {
            keyspace.remove(entry);
            return;
        }
        shrink();
        keyspace.changed(entry);
    }

    private void place(long newEntry) {
        entry = newEntry;
        block = Entry.valueAddress(entry);
        blockBytes = Entry.valueLength(entry);
    }

    // --- Ends ---

    public long size() {
        return isLarge ? large.size() : PackedList.count(block);
    }

    public void pushFront(long address, int length) {
        if (!isLarge) {
            int needed = PackedList.elementBytes(length);
            if (PackedList.frontGap(block) >= needed && PackedList.count(block) < maxCount || makeRoom(needed, true)) {
                PackedList.pushFront(block, address, length);
                return;
            }
        }
        large.pushFront(address, length);
    }

    public void pushBack(long address, int length) {
        if (!isLarge) {
            int needed = PackedList.elementBytes(length);
            if (PackedList.backGap(block) >= needed && PackedList.count(block) < maxCount || makeRoom(needed, false)) {
                PackedList.pushBack(block, blockBytes, address, length);
                return;
            }
        }
        large.pushBack(address, length);
    }

    /** Removes the first {@code count} elements; there must be as many. */
    public void removeFront(long count) {
        if (isLarge) {
            large.removeFront(count);
        } else {
            PackedList.removeFront(block, blockBytes, (int) count);
        }
    }

    /** Removes the last {@code count} elements; there must be as many. */
    public void removeBack(long count) {
        if (isLarge) {
            large.removeBack(count);
        } else {
            PackedList.removeBack(block, blockBytes, (int) count);
        }
    }

    // --- The cursor ---

    /** Puts the cursor on the element at {@code index}; false if there is none. */
    public boolean seek(long index) {
        if (isLarge) {
            return large.seek(index);
        }
        if (index < 0 || index >= PackedList.count(block)) {
            return false;
        }
        element = PackedList.element(block, blockBytes, (int) index);
        return true;
    }

    /** Moves the cursor to the next element; false, and the cursor is nowhere, if there is none. */
    public boolean next() {
        if (isLarge) {
            return large.next();
        }
        element = PackedList.next(element);
        return element < PackedList.end(block, blockBytes);
    }

    /** Moves the cursor to the element before; false, and the cursor is nowhere, if there is none. */
    public boolean previous() {
        if (isLarge) {
            return large.previous();
        }
        if (element == PackedList.first(block)) {
            return false;
        }
        element = PackedList.previous(element);
        return true;
    }

    /** Where the bytes of the element at the cursor are. */
    public long address() {
        return isLarge ? large.address() : PackedList.bytes(element);
    }

    public int length() {
        return isLarge ? large.length() : PackedList.length(element);
    }

    /** Whether the element at the cursor is these bytes. */
    public boolean holds(long address, int length) {
        return length() == length && Raw.equal(address(), address, length);
    }

    /** Adds an element before the one at the cursor. */
    public void insertBefore(long address, int length) {
        if (makeRoomAtCursor(length)) {
            PackedList.insert(block, blockBytes, element, address, length);
        } else {
            large.insertBefore(address, length);
        }
    }

    /** Adds an element behind the one at the cursor. */
    public void insertAfter(long address, int length) {
        if (makeRoomAtCursor(length)) {
            PackedList.insert(block, blockBytes, PackedList.next(element), address, length);
        } else {
            large.insertAfter(address, length);
        }
    }

    /** Removes the element at the cursor, which moves to the next one; false, and it is nowhere, if there is none. */
    public boolean remove() {
        if (isLarge) {
            return large.remove();
        }
        element = PackedList.remove(block, blockBytes, element);
        return element < PackedList.end(block, blockBytes);
    }

    /** Puts other bytes in place of the element at the cursor. */
    public void set(long address, int length) {
        if (length() == length) {
            Raw.copy(address, address(), length);
        } else if (remove()) {
            insertBefore(address, length);
        } else {
            pushBack(address, length);
        }
    }

    // --- Room ---

    /** Gives the packed list a gap of {@code needed} bytes at an end; false if the list had to become large for it. */
    private boolean makeRoom(int needed, boolean front) {
        int used = PackedList.used(block, blockBytes);
        int room = PackedList.room(block);
        int spare = used >> SPARE_SHIFT;
        if (PackedList.HEADER + used + needed > maxBytes || PackedList.count(block) >= maxCount) {
            enlarge();
            return false;
        }
        if (room >= needed + spare) {
            int half = room - needed >> 1;
            PackedList.slide(block, blockBytes, front ? needed + half : half);
        } else {
            int bytes = Math.min(maxBytes, PackedList.HEADER + used + needed + spare);
            resize(bytes, front ? bytes - PackedList.HEADER - used : 0);
        }
        return true;
    }

    /** Gives the packed list room for one more element in the middle; false if it is large, maybe only now. */
    private boolean makeRoomAtCursor(int length) {
        if (isLarge) {
            return false;
        }
        int needed = PackedList.elementBytes(length);
        if (PackedList.room(block) >= needed && PackedList.count(block) < maxCount) {
            return true;
        }
        long first = PackedList.first(block);
        long offset = element - first;
        int index = 0;
        for (long at = first; at != element; at = PackedList.next(at)) {
            index++;
        }
        if (makeRoom(needed, false)) {
            element = PackedList.first(block) + offset;
            return true;
        }
        large.seek(index);
        return false;
    }

    private void resize(int bytes, int frontGap) {
        int oldBytes = blockBytes;
        if (bytes < oldBytes) {
            PackedList.resize(block, oldBytes, bytes, frontGap);
            place(keyspace.resize(entry, bytes));
        } else {
            place(keyspace.resize(entry, bytes));
            PackedList.resize(block, oldBytes, bytes, frontGap);
        }
    }

    private void enlarge() {
        long root = large.create(block, blockBytes);
        place(keyspace.resize(entry, ROOT_BYTES));
        Entry.kind(entry, Kind.LIST_LARGE.ordinal());
        Raw.putLong(block, root);
        isLarge = true;
        keyspace.largeValueAdded(entry);
    }

    /** Gives back what a packed list does not use, and packs a large one that has become small. */
    private void shrink() {
        if (!isLarge) {
            int used = PackedList.used(block, blockBytes);
            if (PackedList.room(block) > MIN_ROOM_TO_SHRINK + (used >> 1)) {
                int spare = used >> SPARE_SHIFT;
                resize(PackedList.HEADER + used + spare, spare >> 1);
            }
            return;
        }
        long only = large.onlyBlock();
        if (only == 0 || PackedList.count(only) > maxCount >> 1) {
            return;
        }
        int used = PackedList.used(only, large.onlyBlockBytes());
        if (PackedList.HEADER + used <= maxBytes >> 1) {
            long root = LargeStructures.root(entry);
            int spare = used >> SPARE_SHIFT;
            place(keyspace.resize(entry, PackedList.HEADER + used + spare));
            Entry.kind(entry, Kind.LIST_PACKED.ordinal());
            PackedList.copy(PackedList.first(only), used, PackedList.count(only), block, blockBytes, spare >> 1);
            LargeList.free(engine.heap(), root);
            isLarge = false;
            keyspace.largeValueRemoved(entry);
        }
    }
}
