package dev.jackdaw.server.command;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.Heap;
import dev.jackdaw.server.value.HashValue;
import dev.jackdaw.server.value.StringValue;

/**
 * Owned by the event loop: what a BY or GET pattern of SORT stands for, one element at a time: {@code a*b} for the string
 * of a key, {@code a*b->c} for a field of a hash, {@code #} for the element itself.
 */
final class SortPattern {
    private static final int FIRST_ROOM = 256;
    private static final int KEPT_ROOM = 64 << 10;

    private final Heap heap;
    private final StringValue string;
    private final HashValue hash;
    private long key;
    private int room;

    private long address;
    private int length;

    SortPattern(Engine engine) {
        this.heap = engine.heap();
        this.string = new StringValue(engine);
        this.hash = new HashValue(engine);
    }

    /** Whether argument {@code i} has a place for the element. */
    static boolean names(Call call, int i) {
        return find(call.address(i), call.length(i), '*') >= 0;
    }

    /** Looks up what the pattern in argument {@code i} stands for; false if there is no such thing. */
    boolean find(Call call, int i, long element, int elementLength) {
        long pattern = call.address(i);
        int patternLength = call.length(i);
        if (patternLength == 1 && Raw.getByte(pattern) == '#') {
            address = element;
            length = elementLength;
            return true;
        }
        int star = find(pattern, patternLength, '*');
        if (star < 0) {
            return false;
        }
        int arrow = arrow(pattern, star + 1, patternLength);
        int keyEnd = arrow < 0 ? patternLength : arrow;
        int keyLength = Math.addExact(keyEnd - 1, elementLength);
        makeRoom(keyLength);
        Raw.copy(pattern, key, star);
        Raw.copy(element, key + star, elementLength);
        Raw.copy(pattern + star + 1, key + star + elementLength, keyEnd - star - 1);
        long entry = call.keyspace().read(key, keyLength);
        return entry != 0
                && (arrow < 0
                        ? findString(entry)
                        : findField(call, entry, pattern + arrow + 2, patternLength - arrow - 2));
    }

    private boolean findString(long entry) {
        if (Kind.of(Entry.kind(entry)).type() != Kind.Type.STRING) {
            return false;
        }
        string.at(entry);
        address = string.address();
        length = string.length();
        return true;
    }

    private boolean findField(Call call, long entry, long field, int fieldLength) {
        if (!hash.at(call.keyspace(), entry) || !hash.find(field, fieldLength)) {
            return false;
        }
        address = hash.valueAddress();
        length = hash.valueLength();
        return true;
    }

    /** Where the arrow before a field's name is, or -1. */
    private static int arrow(long pattern, int from, int patternLength) {
        for (int i = from; i + 2 < patternLength; i++) {
            if (Raw.getByte(pattern + i) == '-' && Raw.getByte(pattern + i + 1) == '>') {
                return i;
            }
        }
        return -1;
    }

    private static int find(long text, int textLength, int wanted) {
        for (int i = 0; i < textLength; i++) {
            if (Raw.getByte(text + i) == wanted) {
                return i;
            }
        }
        return -1;
    }

    /** Where what was found is, until the next search. */
    long address() {
        return address;
    }

    int length() {
        return length;
    }

    private void makeRoom(int bytes) {
        if (bytes > room) {
            end();
            int wanted = Math.max(FIRST_ROOM, bytes);
            key = heap.reserve(wanted);
            room = wanted;
        }
    }

    /** To be called when a command is done. */
    void endCommand() {
        if (room > KEPT_ROOM) {
            end();
        }
    }

    private void end() {
        if (room > 0) {
            heap.unreserve(key, room);
            room = 0;
        }
    }
}
