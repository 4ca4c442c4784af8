package dev.jackdaw.server.value;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.KeyEvent;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.LargeHash;
import dev.jackdaw.server.memory.LargeHashWalk;
import dev.jackdaw.server.memory.PackedIntegers;

/**
 * Owned by its engine's event loop: the set of one key at a time: sorted integers, or packed strings, or a table of
 * strings. {@link #at} turns it to a key, {@link #settle} ends a change.
 *
 * <p>Of the members one is current: the one that was drawn or walked to last, until the next change. Bytes that are given
 * must not lie in the set itself.
 */
public final class SetValue {
    private static final int DEFAULT_INTEGERS = 512;

    private final Engine engine;
    /** The set, while it has strings. */
    private final HashValue strings;
    /** The set, while it has integers. */
    private final PackedIntegers integers;
    /** Where the digits of an integer are written. */
    private final long digits;

    private final LargeHashWalk walk = new LargeHashWalk();
    private final Selection selection = new Selection();
    private int maxIntegers = DEFAULT_INTEGERS;

    private Keyspace keyspace;
    private long entry;
    private boolean isIntegers;
    private boolean sampling;
    private long integer;

    public SetValue(Engine engine) {
        this.engine = engine;
        this.strings = HashValue.members(engine);
        this.integers = new PackedIntegers(engine.heap(), this::resize);
        this.digits = engine.heap().reserve(Integers.MAX_BYTES);
    }

    /** What set-max-intset-entries says. */
    public void maxIntsetEntries(long entries) {
        maxIntegers = (int) Math.min(Integer.MAX_VALUE, entries);
    }

    /** What set-max-listpack-entries says, which Redis has since 7.2. */
    public void maxListpackEntries(long entries) {
        strings.maxListpackEntries(entries);
    }

    /** What set-max-listpack-value says, which Redis has since 7.2. */
    public void maxListpackValue(long length) {
        strings.maxListpackValue(length);
    }

    // --- The set and its key ---

    /** Turns to the set of an entry; false if the entry has a value of another type. */
    public boolean at(Keyspace newKeyspace, long newEntry) {
        isIntegers = Entry.kind(newEntry) == Kind.SET_INTEGERS.ordinal();
        if (!isIntegers) {
            return strings.at(newKeyspace, newEntry);
        }
        keyspace = newKeyspace;
        place(newEntry);
        return true;
    }

    /**
     * Gives the key an empty set, in place of what it has, and turns to it.
     *
     * @param ofIntegers whether it will have integers, at first; to be right saves a conversion
     */
    public void create(Keyspace newKeyspace, long key, int length, boolean ofIntegers) {
        isIntegers = ofIntegers;
        if (ofIntegers) {
            keyspace = newKeyspace;
            long newEntry = keyspace.put(key, length, Kind.SET_INTEGERS, PackedIntegers.EMPTY_BYTES);
            PackedIntegers.clear(Entry.valueAddress(newEntry));
            place(newEntry);
        } else {
            strings.create(newKeyspace, key, length);
        }
    }

    /** Gives the key the members of a table, which belongs to the set from now on, and turns to it. */
    public void create(Keyspace newKeyspace, long key, int length, long members) {
        LargeHash table = engine.large().sets();
        if (table.size(members) > maxIntegers) {
            isIntegers = false;
            strings.create(newKeyspace, key, length, members);
            return;
        }
        create(newKeyspace, key, length, true);
        walk.all(members);
        while (walk.next()) {
            add(table.keyAddress(walk.element()), table.keyLength(walk.element()));
        }
        table.free(members);
    }

    /** Ends a change: removes the key if the set has become empty, and tells those who watch the key. */
    public void settle(KeyEvent event) {
        if (!isIntegers) {
            strings.settle(event);
            return;
        }
        keyspace.event(event, entry);
        if (integers.count() == 0) {
            keyspace.remove(entry);
        } else {
            keyspace.changed(entry);
        }
    }

    private void place(long newEntry) {
        entry = newEntry;
        integers.at(Entry.valueAddress(entry), Entry.valueLength(entry));
    }

    private long resize(int bytes) {
        entry = keyspace.resize(entry, bytes);
        return Entry.valueAddress(entry);
    }

    // --- Members ---

    public long size() {
        return isIntegers ? integers.count() : strings.size();
    }

    public boolean contains(long member, int length) {
        return isIntegers ? indexOf(member, length) >= 0 : strings.find(member, length);
    }

    /** Whether the current member of another set is one of this. */
    public boolean containsCurrent(SetValue other) {
        return isIntegers && other.isIntegers
                ? integers.find(other.integer) >= 0
                : contains(other.address(), other.length());
    }

    /** Adds a member; false if it is there already. */
    public boolean add(long member, int length) {
        if (isIntegers) {
            if (Integers.isInteger(member, length)) {
                long value = Integers.parse(member, length);
                int index = integers.find(value);
                if (index >= 0) {
                    return false;
                }
                if (integers.count() < maxIntegers) {
                    integers.insert(-index - 1, value);
                    return true;
                }
            }
            convert();
        }
        return strings.put(member, length, 0);
    }

    /** Removes a member; false if it is not there. */
    public boolean remove(long member, int length) {
        if (!isIntegers) {
            return strings.remove(member, length);
        }
        int index = indexOf(member, length);
        if (index < 0) {
            return false;
        }
        integers.remove(index);
        return true;
    }

    /** Removes the current member. */
    public void remove() {
        if (isIntegers) {
            integers.remove(integers.find(integer));
        } else {
            strings.remove();
        }
    }

    private int indexOf(long member, int length) {
        return Integers.isInteger(member, length) ? integers.find(Integers.parse(member, length)) : -1;
    }

    /** Makes the integers strings. */
    private void convert() {
        int bytes = Math.multiplyExact(integers.count(), Long.BYTES);
        long values = engine.heap().allocate(bytes);
        integers.copyTo(values);
        strings.become(keyspace, entry);
        isIntegers = false;
        for (long at = values; at < values + bytes; at += Long.BYTES) {
            int length = (int) (Integers.write(Raw.getLong(at), digits) - digits);
            strings.put(digits, length, 0);
        }
        engine.heap().free(values, bytes);
    }

    // --- The current member ---

    /** Whether the current member is known as an integer. */
    public boolean isInteger() {
        return isIntegers;
    }

    /** The current member, where it {@link #isInteger}. */
    public long integer() {
        return integer;
    }

    /** Where the bytes of the current member are, until another one's are asked for. */
    public long address() {
        if (!isIntegers) {
            return strings.fieldAddress();
        }
        Integers.write(integer, digits);
        return digits;
    }

    public int length() {
        return isIntegers ? Integers.length(integer) : strings.fieldLength();
    }

    // --- Walks ---

    /** Begins a walk through all members, to each of which {@link #next} goes. The set must not change meanwhile. */
    public void walk() {
        sampling = false;
        if (isIntegers) {
            integers.walk();
        } else {
            strings.walk();
        }
    }

    /** Begins a walk through the members at the cursor, as {@link HashValue#scan} does. */
    public long scan(long cursor) {
        if (!isIntegers) {
            return strings.scan(cursor);
        }
        walk();
        return 0;
    }

    /** Begins a walk through {@code number} different members chosen at random, at most as many as there are. */
    public void sample(long number) {
        if (!isIntegers) {
            strings.sample(number);
            return;
        }
        walk();
        sampling = true;
        selection.begin(number, integers.count());
    }

    /** Makes the next member of the walk current; false if there is none. */
    public boolean next() {
        if (!isIntegers) {
            return strings.next();
        }
        if (sampling ? selection.isOver() : !integers.hasNext()) {
            return false;
        }
        do {
            integer = integers.next();
        } while (sampling && !selection.takes(engine.random()));
        return true;
    }

    /** Makes a member current, each as likely as any other; the set must not be empty. */
    public void draw() {
        if (isIntegers) {
            integer = integers.get((int) Long.remainderUnsigned(engine.random(), integers.count()));
        } else {
            strings.draw();
        }
    }
}
