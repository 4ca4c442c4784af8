package dev.jackdaw.server.value;

import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.LargeStructures;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.ExpiringHash;
import dev.jackdaw.server.memory.PackedHash;
import dev.jackdaw.server.memory.PackedTimes;
import dev.jackdaw.server.memory.SortedTree;

/**
 * Owned by its hash: when the fields of the hash to which it was turned expire; in their elements if it is packed, in a tree beside
 * its table if it is large. Times are milliseconds since 1970, or {@link Entry#NEVER}. A field is given by its element and its bytes.
 */
final class FieldTimes {
    private final SortedTree tree;
    private long hash;
    private boolean isLarge;

    FieldTimes(Engine engine) {
        this.tree = engine.large().newSortedTree();
    }

    /** Turns to the entry of a hash of which fields expire. */
    void at(long entry, boolean large) {
        hash = entry;
        isLarge = large;
        if (large) {
            tree.at(ExpiringHash.times(LargeStructures.root(entry)));
        }
    }

    /** When the next field expires. */
    long next() {
        if (isLarge) {
            return tree.seek(0) ? (long) tree.score() : Entry.NEVER;
        }
        return PackedTimes.nextMillis(run());
    }

    /** How many fields expire at that time or before. */
    long below(long millis) {
        return isLarge ? tree.below(millis, true) : PackedTimes.due(run(), bytes(), millis);
    }

    /** When a field expires. */
    long get(long element, long field, int length) {
        if (isLarge) {
            return tree.find(field, length) ? (long) tree.score() : Entry.NEVER;
        }
        return PackedTimes.millis(element);
    }

    /** Gives a field a time; its bytes must not lie in the tree. */
    void set(long element, long field, int length, long atMillis) {
        if (!isLarge) {
            PackedTimes.set(run(), bytes(), element, atMillis);
        } else if (tree.find(field, length)) {
            tree.move(atMillis, field, length);
        } else {
            tree.insert(atMillis, field, length);
        }
    }

    /** Takes a field's time away; returns whether it had one. */
    boolean remove(long element, long field, int length) {
        boolean expires = get(element, field, length) != Entry.NEVER;
        if (expires && isLarge) {
            tree.remove();
        } else if (expires) {
            PackedTimes.set(run(), bytes(), element, Entry.NEVER);
        }
        return expires;
    }

    /** The root of a new tree for the times of a packed hash that becomes large: all that are in its elements. */
    long toTree() {
        long root = tree.create();
        PackedHash packed = PackedHash.WITH_TIMES;
        long end = run() + bytes();
        for (long at = packed.first(run()); at < end; at = packed.next(at)) {
            if (PackedTimes.millis(at) != Entry.NEVER) {
                tree.insert(PackedTimes.millis(at), packed.keyAddress(at), packed.keyLength(at));
            }
        }
        return root;
    }

    /** The root of a new tree without times. */
    long newTree() {
        return tree.create();
    }

    private long run() {
        return Entry.valueAddress(hash);
    }

    private int bytes() {
        return Entry.valueLength(hash);
    }
}
