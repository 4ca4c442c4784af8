package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by one event loop: a stream: entries of fields, each with an id, appended in the order of ids; seen through a
 * cursor. One object serves any number of streams, one after the other ({@link #at}).
 *
 * <pre>
 *   root   | {@link IdTree} of blocks 28 | length 8 | first id 16 | last id 16 | highest removed id 16
 *          | appended 8 | bytes of blocks 8 | {@link StreamGroups} 16 | handle 8 |
 *
 *   {@link StreamBlock}  &lt;  block  &lt;  block       found by the id of their first entry
 * </pre>
 *
 * An entry that is removed is only marked; its block goes with the last of its entries.
 */
public final class StreamLog {
    static final int LENGTH = IdTree.ROOT_BYTES;
    private static final int FIRST = LENGTH + 8;
    private static final int LAST = FIRST + 16;
    private static final int HIGHEST_REMOVED = LAST + 16;
    private static final int APPENDED = HIGHEST_REMOVED + 16;
    private static final int BLOCK_BYTES = APPENDED + 8;
    static final int GROUPS = BLOCK_BYTES + 8;
    static final int HANDLE = GROUPS + NamedBlocks.ROOT_BYTES;
    static final int ROOT_BYTES = HANDLE + 8;

    /** The most bytes that the fields of an entry may have. */
    public static final long MAX_ENTRY_BYTES = 1 << 30;

    /** The fields of an entry to be appended. */
    public interface Fields {
        int count();

        /** Where the name of the field {@code i / 2} is if {@code i} is even, or its value. */
        long address(int i);

        int length(int i);

        /** Whether the bytes are the canonical form of an integer, which then is all that has to be stored. */
        boolean isInteger(int i);

        long integer(int i);
    }

    /** What is done with each name and each value of an entry, in turn. */
    public interface Visitor {
        void bytes(long address, int length);

        /** The bytes are the digits of this number. */
        void integer(long value);
    }

    private final Heap heap;
    private final IdTree blocks;
    private final StreamGroups groups;
    private long maxBlockBytes = 4096;
    private long maxBlockEntries = 100;
    private long root;

    /** The block of the cursor, where its first entry is, and what its entries share. */
    private long block;

    private long firstEntry;
    private long lastEntry;
    private long shared;
    private long sharedFields;

    /** The entry of the cursor. */
    private long entry;

    private int flags;
    private long upper;
    private long lower;
    private long contents;

    public StreamLog(Heap heap) {
        this.heap = heap;
        this.blocks = new IdTree(heap, Long.BYTES);
        this.groups = new StreamGroups(heap);
    }

    /** How many bytes and entries a block has at most, 0 for no limit; a single entry may have more bytes. */
    public void limits(long blockBytes, long blockEntries) {
        maxBlockBytes = blockBytes == 0 ? MAX_ENTRY_BYTES : Math.min(blockBytes, MAX_ENTRY_BYTES);
        maxBlockEntries = blockEntries == 0 ? Long.MAX_VALUE : blockEntries;
    }

    // --- Whole streams ---

    /** Makes an empty stream and turns to it. Returns its root. */
    public long create() {
        long made = heap.allocate(ROOT_BYTES);
        Raw.fill(made, ROOT_BYTES, 0);
        Raw.putLong(made + HANDLE, heap.handle(made));
        at(made);
        return made;
    }

    /** Turns to the stream with this root. */
    public void at(long newRoot) {
        root = newRoot;
        blocks.at(root);
        groups.at(root + GROUPS);
    }

    /** Makes a stream that is the same as another, groups included, and turns to it. Returns its root. */
    public long copy(long other) {
        StreamLog from = new StreamLog(heap);
        from.at(other);
        create();
        for (boolean more = from.blocks.first(); more; more = from.blocks.next()) {
            long copied = StreamBlock.copy(heap, owner(), Raw.getLong(from.blocks.payload()));
            Raw.putLong(blocks.add(from.blocks.upper(), from.blocks.lower()), copied);
        }
        Raw.copy(other + LENGTH, root + LENGTH, GROUPS - LENGTH);
        groups.copy(from.groups);
        return root;
    }

    /** All bytes of the stream. */
    public static long bytes(Heap heap, long root) {
        StreamGroups groups = new StreamGroups(heap);
        groups.at(root + GROUPS);
        return Heap.taken(ROOT_BYTES)
                + Heap.taken(Heap.HANDLE_BYTES)
                + IdTree.bytes(root)
                + Raw.getLong(root + BLOCK_BYTES)
                + groups.bytes();
    }

    /** For streams that nobody uses any more. */
    public static Graveyard graveyard(Heap heap) {
        StreamLog log = new StreamLog(heap);
        return new Graveyard(log::freeStep, LAST);
    }

    /** See {@link Graveyard.Digger}: frees blocks of a stream that nobody uses any more. */
    int freeStep(long ofRoot, int budget) {
        at(ofRoot);
        int left = groups.freeStep(budget);
        for (; left > 0 && blocks.last(); left--) {
            dropBlock();
        }
        if (left == 0) {
            return 0;
        }
        heap.freeRoot(root, ROOT_BYTES, HANDLE);
        return left;
    }

    /** Moves blocks of the stream to which a word refers, from where the walk is; returns whether it is at the end. */
    public boolean compact(long rootWord, BlockWalk walk) {
        at(walk.settleRoot(rootWord, ROOT_BYTES, HANDLE));
        if (walk.tree == 0) {
            if (walk.settleHandle(root + HANDLE, blocks.size())) {
                blocks.each(payload -> StreamBlock.tell(heap, owner(), Raw.getLong(payload)));
            }
            if (!blocks.compact(walk, payload -> StreamBlock.settle(payload, owner(), walk))) {
                return false;
            }
            walk.nextTree();
        }
        return groups.compact(walk);
    }

    /** A {@link Heap.Mover}. Turns to the stream. */
    public void move(long ofBlock, long ofRoot, int kind) {
        at(ofRoot);
        long id = StreamBlock.id(ofBlock);
        blocks.find(IdNode.upper(id), IdNode.lower(id));
        assert Raw.getLong(blocks.payload()) == ofBlock : "a block that is not its stream's";
        StreamBlock.move(heap, owner(), blocks.payload());
    }

    private long owner() {
        return Heap.owner(Raw.getLong(root + HANDLE), Heap.Family.STREAMS, 0);
    }

    /** The groups that read the stream. */
    public StreamGroups groups() {
        return groups;
    }

    // --- What is known of the stream ---

    /** The number of entries. */
    public long length() {
        return Raw.getLong(root + LENGTH);
    }

    /** The number of blocks that hold them. */
    public long blocks() {
        return blocks.size();
    }

    /** The id of the first entry, 0 in both parts if there is none. */
    public long firstUpper() {
        return Raw.getLong(root + FIRST);
    }

    public long firstLower() {
        return Raw.getLong(root + FIRST + 8);
    }

    /** The highest id that an entry has had, or that was set. */
    public long lastUpper() {
        return Raw.getLong(root + LAST);
    }

    public long lastLower() {
        return Raw.getLong(root + LAST + 8);
    }

    public void last(long newUpper, long newLower) {
        IdNode.id(root + LAST, newUpper, newLower);
    }

    /** The highest id of an entry that was removed by its id, 0 in both parts if there is none. */
    public long highestRemovedUpper() {
        return Raw.getLong(root + HIGHEST_REMOVED);
    }

    public long highestRemovedLower() {
        return Raw.getLong(root + HIGHEST_REMOVED + 8);
    }

    public void highestRemoved(long newUpper, long newLower) {
        IdNode.id(root + HIGHEST_REMOVED, newUpper, newLower);
    }

    /** How many entries were ever appended. */
    public long appended() {
        return Raw.getLong(root + APPENDED);
    }

    public void appended(long count) {
        Raw.putLong(root + APPENDED, count);
    }

    /** Turns to the first block in the order of their ids; false if there is none. */
    public boolean firstBlock() {
        return blocks.first();
    }

    public boolean nextBlock() {
        return blocks.next();
    }

    /** With the lower part, the id of the block's first entry. */
    public long blockUpper() {
        return blocks.upper();
    }

    public long blockLower() {
        return blocks.lower();
    }

    /** Where the block's listpack begins. */
    public long blockPack() {
        return StreamBlock.pack(Raw.getLong(blocks.payload()));
    }

    // --- The cursor ---

    /** Orders ids: negative, zero or positive. */
    public static int compare(long upperA, long lowerA, long upperB, long lowerB) {
        return IdNode.compare(upperA, lowerA, upperB, lowerB);
    }

    /** Puts the cursor on the first entry whose id is not below this one; false if there is none. */
    public boolean ceiling(long fromUpper, long fromLower) {
        if (!blocks.floor(fromUpper, fromLower) && !blocks.first()) {
            return false;
        }
        enter();
        read(firstEntry);
        boolean more = isLive() || next();
        while (more && compare(upper, lower, fromUpper, fromLower) < 0) {
            more = next();
        }
        return more;
    }

    /** Puts the cursor on the last entry whose id is not above this one; false if there is none. */
    public boolean floor(long toUpper, long toLower) {
        if (!blocks.floor(toUpper, toLower)) {
            return false;
        }
        enter();
        read(lastEntry);
        boolean more = isLive() || previous();
        while (more && compare(upper, lower, toUpper, toLower) > 0) {
            more = previous();
        }
        return more;
    }

    public boolean first() {
        return ceiling(0, 0);
    }

    public boolean last() {
        return floor(-1, -1);
    }

    /** Puts the cursor on the entry with this id; false if there is none. */
    public boolean find(long wantedUpper, long wantedLower) {
        return ceiling(wantedUpper, wantedLower) && upper == wantedUpper && lower == wantedLower;
    }

    /** Moves the cursor to the next entry; false, and the cursor is nowhere, if there is none. */
    public boolean next() {
        do {
            if (!nextOfBlock()) {
                if (!blocks.next()) {
                    return false;
                }
                enter();
                read(firstEntry);
            }
        } while (!isLive());
        return true;
    }

    /** Moves the cursor to the next entry of the block, alive or not. */
    private boolean nextOfBlock() {
        boolean more = entry != lastEntry;
        if (more) {
            read(after());
        }
        return more;
    }

    /** Moves the cursor to the entry before; false, and the cursor is nowhere, if there is none. */
    public boolean previous() {
        do {
            if (entry != firstEntry) {
                read(StreamBlock.before(entry));
            } else if (blocks.previous()) {
                enter();
                read(lastEntry);
            } else {
                return false;
            }
        } while (!isLive());
        return true;
    }

    public long upper() {
        return upper;
    }

    public long lower() {
        return lower;
    }

    /** The number of fields of the entry at the cursor. */
    public int fields() {
        return (int) (hasSharedFields() ? sharedFields : Listpack.integer(contents));
    }

    /** Visits the names and values of the fields of the entry at the cursor, in turn. */
    public void visit(Visitor visitor) {
        boolean same = hasSharedFields();
        int count = fields();
        long name = same ? shared : contents;
        long value = contents;
        for (int i = 0; i < count; i++) {
            name = Listpack.next(name);
            visit(name, visitor);
            if (same) {
                visit(value, visitor);
                value = Listpack.next(value);
            } else {
                name = Listpack.next(name);
                visit(name, visitor);
            }
        }
    }

    private static void visit(long element, Visitor visitor) {
        if (Listpack.isInteger(element)) {
            visitor.integer(Listpack.integer(element));
        } else {
            visitor.bytes(Listpack.text(element), Listpack.textLength(element));
        }
    }

    /** Turns to the block at the cursor of the blocks. */
    private void enter() {
        block = Raw.getLong(blocks.payload());
        shared = StreamBlock.shared(block);
        sharedFields = Listpack.integer(shared);
        firstEntry = StreamBlock.first(block);
        lastEntry = StreamBlock.last(block);
    }

    private void read(long at) {
        entry = at;
        flags = (int) Listpack.integer(at);
        long element = Listpack.next(at);
        upper = blocks.upper() + Listpack.integer(element);
        element = Listpack.next(element);
        lower = blocks.lower() + Listpack.integer(element);
        contents = Listpack.next(element);
    }

    private boolean isLive() {
        return (flags & StreamBlock.REMOVED) == 0;
    }

    private boolean hasSharedFields() {
        return (flags & StreamBlock.SAME_FIELDS) != 0;
    }

    /** Where the entry at the cursor ends. */
    private long after() {
        long toSkip = hasSharedFields() ? sharedFields : 2 * Listpack.integer(contents) + 1;
        long at = contents;
        for (; toSkip > 0; toSkip--) {
            at = Listpack.next(at);
        }
        return Listpack.next(at);
    }

    // --- Changes ---

    /** Appends an entry, whose id must be above the last one. The cursor is nowhere then. */
    public void append(long newUpper, long newLower, Fields fields) {
        boolean exists = blocks.last();
        if (!exists || isFull(Raw.getLong(blocks.payload()), fields)) {
            if (exists) {
                replaceBlock(StreamBlock.shrink(heap, owner(), detachBlock()));
            }
            addBlock(newUpper, newLower, StreamBlock.create(heap, owner(), fields));
            blocks.last();
        }
        long fromUpper = newUpper - blocks.upper();
        long fromLower = newLower - blocks.lower();
        replaceBlock(StreamBlock.append(heap, owner(), detachBlock(), fromUpper, fromLower, fields));

        last(newUpper, newLower);
        appended(appended() + 1);
        countLength(1);
        if (length() == 1) {
            IdNode.id(root + FIRST, newUpper, newLower);
        }
    }

    /**
     * Appends a copy of a block's listpack, as {@link #blockPack} shows it, in which some entry must live. The last id is
     * the caller's to set.
     *
     * @param newUpper with the lower part, what the ids in the block count from, above all that are here
     */
    public void appendBlock(long newUpper, long newLower, long listpack) {
        long made = StreamBlock.of(heap, owner(), listpack);
        addBlock(newUpper, newLower, made);
        countLength(StreamBlock.live(made));
        if (length() == StreamBlock.live(made)) {
            findFirst();
        }
    }

    private void addBlock(long ofUpper, long ofLower, long made) {
        StreamBlock.id(made, ofUpper, ofLower);
        Raw.putLong(blocks.add(ofUpper, ofLower), made);
        countBytes(StreamBlock.taken(made));
    }

    private boolean isFull(long last, Fields fields) {
        long bytes = StreamBlock.bytes(last);
        for (int i = 0; i < 2 * fields.count(); i++) {
            bytes += fields.length(i);
        }
        return bytes >= maxBlockBytes || StreamBlock.live(last) + StreamBlock.removed(last) >= maxBlockEntries;
    }

    /** Removes the entry at the cursor, which is nowhere then. */
    public void remove() {
        Raw.putByte(entry, flags | StreamBlock.REMOVED);
        countLength(-1);
        if (compare(upper, lower, highestRemovedUpper(), highestRemovedLower()) > 0) {
            highestRemoved(upper, lower);
        }
        boolean wasFirst = upper == firstUpper() && lower == firstLower();
        if (StreamBlock.live(block) == 1) {
            dropBlock();
        } else {
            StreamBlock.count(block, -1, 1);
        }
        if (wasFirst) {
            findFirst();
        }
    }

    /**
     * Removes the first entries until no more than {@code most} are left, of whole blocks only if {@code roughly}, and not
     * beyond {@code limit} entries if that is not 0. Returns how many went. The cursor is nowhere then.
     */
    public long trimToLength(long most, boolean roughly, long limit) {
        long removed = 0;
        while (length() > most && blocks.first()) {
            enter();
            long live = StreamBlock.live(block);
            if (limit != 0 && removed + live > limit) {
                break;
            }
            if (length() - live >= most) {
                countLength(-live);
                removed += live;
                dropBlock();
            } else {
                removed += roughly ? 0 : removeFirst(length() - most, -1, -1);
                break;
            }
        }
        findFirst();
        return removed;
    }

    /** The same with the entries whose ids are below one. */
    public long trimBelow(long boundUpper, long boundLower, boolean roughly, long limit) {
        long removed = 0;
        while (blocks.first()) {
            enter();
            long live = StreamBlock.live(block);
            if (limit != 0 && removed + live > limit) {
                break;
            }
            read(lastEntry);
            if (compare(upper, lower, boundUpper, boundLower) < 0) {
                countLength(-live);
                removed += live;
                dropBlock();
            } else {
                removed += roughly ? 0 : removeFirst(live, boundUpper, boundLower);
                break;
            }
        }
        findFirst();
        return removed;
    }

    /** Removes entries at the beginning of the block: at most so many, and only below this id. Returns how many. */
    private long removeFirst(long most, long boundUpper, long boundLower) {
        long removed = 0;
        boolean more = true;
        read(firstEntry);
        for (; more && removed < most && compare(upper, lower, boundUpper, boundLower) < 0; more = nextOfBlock()) {
            if (isLive()) {
                Raw.putByte(entry, flags | StreamBlock.REMOVED);
                removed++;
            }
        }
        countLength(-removed);
        if (removed == StreamBlock.live(block)) {
            dropBlock();
        } else {
            StreamBlock.count(block, -removed, removed);
        }
        return removed;
    }

    /** Frees the block at the cursor of the blocks. */
    private void dropBlock() {
        StreamBlock.free(heap, detachBlock());
        blocks.remove();
    }

    /** The block at the cursor of the blocks, which is not counted any more. */
    private long detachBlock() {
        long detached = Raw.getLong(blocks.payload());
        countBytes(-StreamBlock.taken(detached));
        return detached;
    }

    private void replaceBlock(long moved) {
        Raw.putLong(blocks.payload(), moved);
        countBytes(StreamBlock.taken(moved));
    }

    private void findFirst() {
        boolean found = length() > 0 && first();
        IdNode.id(root + FIRST, found ? upper : 0, found ? lower : 0);
    }

    private void countLength(long change) {
        Raw.putLong(root + LENGTH, length() + change);
    }

    private void countBytes(long change) {
        Raw.putLong(root + BLOCK_BYTES, Raw.getLong(root + BLOCK_BYTES) + change);
    }
}
