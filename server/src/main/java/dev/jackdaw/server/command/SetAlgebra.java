package dev.jackdaw.server.command;

import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.LargeHash;
import dev.jackdaw.server.value.SetValue;

/**
 * Owned by the event loop: the intersection, union or difference of several sets, member by member. Nothing else may
 * change the sets between {@link #begin} and the end of the walk.
 */
final class SetAlgebra {
    enum Operation {
        INTERSECTION,
        UNION,
        DIFFERENCE
    }

    private static final int FIRST_SETS = 8;
    private static final int KEPT_SETS = 1024;

    private final LargeHash table;
    private final SetValue current;
    private final SetValue other;
    private Operation operation;
    private Call call;
    private long[] sets = new long[FIRST_SETS];
    private int count;
    /** How many of the sets are walked through, one after the other; the rest are only asked. */
    private int walks;

    private int walked;
    /** The set that {@code other} is turned to. */
    private int asked;
    /** The members of the union so far, 0 where they need not be known. */
    private long seen;

    SetAlgebra(Engine engine) {
        this.table = engine.large().sets();
        this.current = new SetValue(engine);
        this.other = new SetValue(engine);
    }

    /** What set-max-intset-entries says, for results that are stored. */
    void maxIntsetEntries(long entries) {
        current.maxIntsetEntries(entries);
    }

    /** Turns to the sets of the keys in arguments {@code from} to {@code to}, the latter not included. */
    void begin(Operation newOperation, Call newCall, int from, int to) {
        end();
        operation = newOperation;
        call = newCall;
        count = 0;
        if (sets.length < to - from || sets.length > KEPT_SETS) {
            sets = new long[Math.max(FIRST_SETS, to - from)];
        }
        boolean empty = false;
        for (int i = from; i < to; i++) {
            long entry = call.read(i, Kind.Type.SET);
            if (entry != 0) {
                sets[count++] = entry;
            } else {
                empty |= operation == Operation.INTERSECTION || operation == Operation.DIFFERENCE && i == from;
            }
        }
        count = empty ? 0 : count;
        walks = operation == Operation.UNION ? count : Math.min(1, count);
        walked = 0;
        asked = 0;
        if (operation == Operation.INTERSECTION) {
            smallestFirst();
        } else if (walks > 1) {
            seen = table.create();
        }
        walk();
    }

    private void smallestFirst() {
        long smallest = Long.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            current.at(call.keyspace(), sets[i]);
            if (current.size() < smallest) {
                smallest = current.size();
                long entry = sets[i];
                sets[i] = sets[0];
                sets[0] = entry;
            }
        }
    }

    private void walk() {
        if (walked < walks) {
            current.at(call.keyspace(), sets[walked]);
            current.walk();
        }
    }

    /** Goes on to the next member of the result; false, and nothing is held any more, if there is none. */
    boolean next() {
        while (walked < walks) {
            while (current.next()) {
                if (belongs()) {
                    return true;
                }
            }
            walked++;
            walk();
        }
        end();
        return false;
    }

    private boolean belongs() {
        if (operation == Operation.UNION) {
            return seen == 0 || note(seen);
        }
        boolean wanted = operation == Operation.INTERSECTION;
        for (int i = 1; i < count; i++) {
            if (asked != i) {
                other.at(call.keyspace(), sets[i]);
                asked = i;
            }
            if (other.containsCurrent(current) != wanted) {
                return false;
            }
        }
        return true;
    }

    private boolean note(long root) {
        table.put(root, current.address(), current.length(), 0);
        return table.added();
    }

    /** The set whose current member is the one that {@link #next} came to. */
    SetValue current() {
        return current;
    }

    private void end() {
        if (seen != 0) {
            table.free(seen);
            seen = 0;
        }
    }

    /** Gives the key in an argument the result in place of what it has, or removes it, and returns the result's size. */
    long store(int key) {
        // The result itself tells what is there already.
        end();
        long result = table.create();
        while (next()) {
            note(result);
        }
        long size = table.size(result);
        if (size > 0) {
            current.create(call.keyspace(), call.address(key), call.length(key), result);
            return size;
        }
        table.free(result);
        long old = call.write(key);
        if (old != 0) {
            call.keyspace().remove(old);
        }
        return 0;
    }
}
