package dev.jackdaw.server.command;

import java.util.Arrays;

/** Owned by the event loop: some IDs of entries, for as long as one command runs or waits. */
final class StreamIds implements Memo {
    /** So many are kept room for between commands. */
    private static final int KEPT = 256;

    private long[] parts = new long[32];
    private int size;

    void clear() {
        size = 0;
        if (parts.length > 2 * KEPT) {
            parts = new long[2 * KEPT];
        }
    }

    StreamIds copy() {
        StreamIds copy = new StreamIds();
        copy.parts = Arrays.copyOf(parts, 2 * size);
        copy.size = size;
        return copy;
    }

    int size() {
        return size;
    }

    long upper(int i) {
        return parts[2 * i];
    }

    long lower(int i) {
        return parts[2 * i + 1];
    }

    void add(StreamId id) {
        if (2 * size == parts.length) {
            parts = Arrays.copyOf(parts, 2 * parts.length);
        }
        parts[2 * size] = id.upper();
        parts[2 * size + 1] = id.lower();
        size++;
    }
}
