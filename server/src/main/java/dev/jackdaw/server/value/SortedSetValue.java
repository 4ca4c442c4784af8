package dev.jackdaw.server.value;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.KeyEvent;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.engine.LargeStructures;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.EntryStore;
import dev.jackdaw.server.memory.SortedRun;
import dev.jackdaw.server.memory.SortedTree;
import java.util.Arrays;

/**
 * Owned by its engine's event loop: the sorted set of one key at a time, packed in its entry or large. {@link #at} turns
 * it to a key, {@link #settle} ends a change.
 *
 * <pre>
 *   packed  | count 2 | {@link SortedRun} |
 * </pre>
 *
 * <p>Members are read through a cursor ({@link #find}, {@link #seek}, {@link #next}, {@link #score}). What is added must
 * not lie in the set itself. After a change the cursor is nowhere.
 */
public final class SortedSetValue {
    private static final int HEADER = 2;
    private static final int DEFAULT_COUNT = 128;
    private static final int MAX_PACKED = 0xffff;
    private static final int ROOT_BYTES = 8;
    private static final int UNKNOWN = -1;

    /** Up to here members of any length stay packed if they came so. A change copies the whole, so there is an end to it. */
    private static final int MOST_LISTED_BYTES = 1 << 16;

    private final Engine engine;
    private final SortedTree tree;
    private final PackedLimits limits = new PackedLimits(DEFAULT_COUNT, MAX_PACKED);

    private Keyspace keyspace;
    private long entry;
    private boolean isLarge;
    private long value;
    private long end;
    private long item;
    /** Where the entries before the cursor begin, filled when the first step back is taken; so many are left. */
    private int[] offsets = new int[16];

    private int before = UNKNOWN;

    public SortedSetValue(Engine engine) {
        this.engine = engine;
        this.tree = engine.large().newSortedTree();
    }

    /** What zset-max-listpack-entries says. */
    public void maxListpackEntries(long entries) {
        limits.count(entries);
    }

    /** What zset-max-listpack-value says. */
    public void maxListpackValue(long length) {
        limits.length(length);
    }

    // --- The set and its key ---

    /** Turns to the sorted set of an entry; false if the entry has a value of another type. */
    public boolean at(Keyspace newKeyspace, long newEntry) {
        Kind kind = Kind.of(Entry.kind(newEntry));
        if (kind.type() != Kind.Type.SORTED_SET) {
            return false;
        }
        keyspace = newKeyspace;
        isLarge = kind == Kind.SORTED_SET_LARGE;
        place(newEntry);
        if (isLarge) {
            tree.at(LargeStructures.root(entry));
        }
        return true;
    }

    /** Gives the key a set of one member, in place of what it has, and turns to it. */
    public void create(Keyspace newKeyspace, long key, int keyLength, double score, long member, int length) {
        create(newKeyspace, key, keyLength);
        insert(score, member, length);
    }

    /** Gives the key an empty set, in place of what it has, and turns to it. A member is to follow. */
    public void create(Keyspace newKeyspace, long key, int keyLength) {
        keyspace = newKeyspace;
        isLarge = false;
        place(keyspace.put(key, keyLength, Kind.SORTED_SET_PACKED, HEADER));
        Raw.putShort(value, 0);
    }

    /** Gives the key the members of another set, one or more, in place of what it has, and frees that set. */
    public void create(Keyspace newKeyspace, long key, int keyLength, long root) {
        keyspace = newKeyspace;
        tree.at(root);
        boolean areFew = limits.allowsCount(tree.size());
        boolean isMarked = areFew && !areShort();
        long bytes = areFew ? packedBytes(isMarked) : 0;
        isLarge = !areFew || isMarked && !limits.allowsMarked(bytes);
        if (isLarge) {
            place(keyspace.put(key, keyLength, Kind.SORTED_SET_LARGE, ROOT_BYTES));
            Raw.putLong(value, root);
            keyspace.largeValueAdded(entry);
            return;
        }
        place(keyspace.put(key, keyLength, Kind.SORTED_SET_PACKED, Math.toIntExact(bytes)));
        Entry.mark(entry, isMarked);
        Raw.putShort(value, (int) tree.size());
        long at = value + HEADER;
        for (boolean more = tree.seek(0); more; more = tree.next()) {
            at = SortedRun.write(at, packed(tree.score(), isMarked), tree.address(), tree.length());
        }
        SortedTree.free(engine.heap(), root);
    }

    /** Whether Redis would pack all members of the tree. */
    private boolean areShort() {
        boolean areShort = true;
        for (boolean more = tree.seek(0); areShort && more; more = tree.next()) {
            areShort = limits.isShort(tree.length());
        }
        return areShort;
    }

    /** The bytes of the tree's members packed. */
    private long packedBytes(boolean isMarked) {
        long bytes = HEADER;
        for (boolean more = tree.seek(0); more; more = tree.next()) {
            bytes += SortedRun.entryBytes(packed(tree.score(), isMarked), tree.length());
        }
        return bytes;
    }

    /** Ends a change: removes the key if the set has become empty, and tells those who watch the key. */
    public void settle(KeyEvent event) {
        keyspace.event(event, entry);
        if (size() == 0) {
            keyspace.remove(entry);
        } else {
            keyspace.changed(entry);
        }
    }

    private void place(long newEntry) {
        entry = newEntry;
        value = Entry.valueAddress(entry);
        end = value + Entry.valueLength(entry);
    }

    // --- The cursor ---

    public long size() {
        return isLarge ? tree.size() : Raw.getUnsignedShort(value);
    }

    /** Puts the cursor on a member; false if it is not in the set. */
    public boolean find(long member, int length) {
        if (isLarge) {
            return tree.find(member, length);
        }
        before = UNKNOWN;
        item = SortedRun.find(value + HEADER, end, member, length);
        return item != 0;
    }

    /** Puts the cursor on the member of the rank, counted from 0; false if there is none. */
    public boolean seek(long rank) {
        if (isLarge) {
            return tree.seek(rank);
        }
        if (rank < 0 || rank >= size()) {
            return false;
        }
        before = UNKNOWN;
        item = SortedRun.skip(value + HEADER, (int) rank);
        return true;
    }

    /** Moves the cursor to the next member; false, and the cursor is nowhere, if there is none. */
    public boolean next() {
        if (isLarge) {
            return tree.next();
        }
        before = UNKNOWN;
        item = SortedRun.next(item);
        return item != end;
    }

    /** Moves the cursor to the member before; false, and the cursor is nowhere, if there is none. */
    public boolean previous() {
        if (isLarge) {
            return tree.previous();
        }
        if (before == UNKNOWN) {
            noteOffsets();
        }
        if (before == 0) {
            return false;
        }
        item = value + offsets[--before];
        return true;
    }

    private void noteOffsets() {
        before = 0;
        for (long at = value + HEADER; at != item; at = SortedRun.next(at)) {
            if (before == offsets.length) {
                offsets = Arrays.copyOf(offsets, 2 * before);
            }
            offsets[before++] = (int) (at - value);
        }
    }

    public double score() {
        return isLarge ? tree.score() : SortedRun.score(item);
    }

    /** Where the bytes of the member at the cursor are. */
    public long address() {
        return isLarge ? tree.address() : SortedRun.member(item);
    }

    public int length() {
        return isLarge ? tree.length() : SortedRun.length(item);
    }

    /** The rank of the member at the cursor, counted from 0. */
    public long rank() {
        return isLarge ? tree.rank() : SortedRun.count(value + HEADER, item);
    }

    // --- Counts ---

    /** How many members have a score below {@code score}, or equal to it if {@code orEqual}. */
    public long below(double score, boolean orEqual) {
        if (isLarge) {
            return tree.below(score, orEqual);
        }
        long start = value + HEADER;
        return SortedRun.count(start, SortedRun.byScore(start, end, score, orEqual));
    }

    /** How many members are below these bytes, or equal if {@code orEqual}; means something if all scores are the same. */
    public long below(long member, int length, boolean orEqual) {
        if (isLarge) {
            return tree.below(member, length, orEqual);
        }
        long start = value + HEADER;
        return SortedRun.count(start, SortedRun.byMember(start, end, member, length, orEqual));
    }

    /** What a walk does with each member. It must not change the set. */
    public interface Visitor {
        void visit(double score, long member, int length);
    }

    /**
     * Visits some members: one that is there during the whole walk is visited, whatever its score.
     *
     * @param cursor 0 to begin, less than 2^32
     * @return where to go on, 0 at the end
     */
    public long scan(long cursor, Visitor visitor) {
        EntryStore.Visitor each = at -> visitor.visit(SortedRun.score(at), SortedRun.member(at), SortedRun.length(at));
        if (isLarge) {
            return tree.scan(cursor, each);
        }
        for (long at = value + HEADER; at != end; at = SortedRun.next(at)) {
            each.visit(at);
        }
        return 0;
    }

    /** Whether Redis would have it as a listpack. */
    public boolean isListpack() {
        return !isLarge && !Entry.isMarked(entry);
    }

    /** Whether Redis packs so many members, if none of them is longer than this. */
    public boolean packs(long members, int length) {
        return limits.allowsCount(members) && limits.isShort(length);
    }

    // --- Changes ---

    /** Adds a member that is not in the set. */
    public void insert(double score, long member, int length) {
        if (!isLarge && !staysPacked(score, length)) {
            enlarge();
        }
        add(isLarge ? score : packed(score, Entry.isMarked(entry)), member, length);
    }

    /** The same for a member of a listpack, which Redis takes as it stands: it counts the members, and looks at no length. */
    public void insertListed(double score, long member, int length) {
        if (!isLarge && !staysListed(score, length)) {
            enlarge();
        }
        add(score, member, length);
    }

    private boolean staysListed(double score, int length) {
        long bytes = end - value + SortedRun.entryBytes(score, length);
        return limits.allowsCount(size() + 1) && (limits.isShort(length) || bytes <= MOST_LISTED_BYTES);
    }

    private void add(double score, long member, int length) {
        if (isLarge) {
            tree.insert(score, member, length);
            return;
        }
        putIn((int) (end - value), score, member, length);
        Raw.putShort(value, Raw.getUnsignedShort(value) + 1);
    }

    /** Removes the member at the cursor. */
    public void remove() {
        if (isLarge) {
            tree.remove();
            return;
        }
        int bytes = takeOut();
        Raw.putShort(value, Raw.getUnsignedShort(value) - 1);
        place(keyspace.resize(entry, bytes));
    }

    /** Gives the member at the cursor, of which these are the bytes, another score. */
    public void move(double score, long member, int length) {
        if (isLarge) {
            tree.move(score, member, length);
        } else {
            putIn(takeOut(), packed(score, Entry.isMarked(entry)), member, length);
        }
    }

    /** Whether the set can be packed when the member has been added. */
    private boolean staysPacked(double score, int length) {
        if (!limits.isShort(length)) {
            Entry.mark(entry, true);
        }
        boolean isMarked = Entry.isMarked(entry);
        return limits.allowsCount(size() + 1)
                && (!isMarked || limits.allowsMarked(end - value + SortedRun.entryBytes(score, length)));
    }

    /** The score as a packed set has it: those that Redis packs lose the sign of zero. */
    private static double packed(double score, boolean isMarked) {
        return isMarked ? score : score + 0.0;
    }

    /** Closes the gap that the entry at the cursor leaves; returns the bytes that are used then. */
    private int takeOut() {
        long next = SortedRun.next(item);
        Raw.copy(next, item, end - next);
        return (int) (end - value - (next - item));
    }

    /** Opens a gap for an entry in a value of which so many bytes are used. */
    private void putIn(int bytes, double score, long member, int length) {
        int size = SortedRun.entryBytes(score, length);
        int offset = (int) (SortedRun.ceiling(value + HEADER, value + bytes, score, member, length) - value);
        if (bytes + size != end - value) {
            place(keyspace.resize(entry, bytes + size));
        }
        long at = value + offset;
        Raw.copy(at, at + size, bytes - offset);
        SortedRun.write(at, score, member, length);
    }

    /** Removes the {@code count} members from a rank on; there must be as many. */
    public void remove(long rank, long count) {
        for (long left = count; left > 0; left--) {
            boolean found = seek(rank);
            assert found;
            remove();
        }
    }

    private void enlarge() {
        long root = tree.create();
        for (long at = value + HEADER; at != end; at = SortedRun.next(at)) {
            tree.insert(SortedRun.score(at), SortedRun.member(at), SortedRun.length(at));
        }
        place(keyspace.resize(entry, ROOT_BYTES));
        Entry.kind(entry, Kind.SORTED_SET_LARGE.ordinal());
        Raw.putLong(value, root);
        isLarge = true;
        keyspace.largeValueAdded(entry);
    }
}
