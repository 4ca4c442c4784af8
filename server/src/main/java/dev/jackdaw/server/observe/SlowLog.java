package dev.jackdaw.server.observe;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** Owned by the event loop: the last commands that took long, at most {@code slowlog-max-len} of them. */
public final class SlowLog {
    /** One slow command: its words as they may be shown, and who sent it. */
    public record Entry(long id, long seconds, long micros, List<String> words, String address, String clientName) {}

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private long maxLength;
    private long nextId;

    public void maxLength(long newLength) {
        maxLength = newLength;
        trim();
    }

    public void add(long seconds, long micros, List<String> words, String address, String clientName) {
        entries.addFirst(new Entry(nextId++, seconds, micros, words, address, clientName));
        trim();
    }

    private void trim() {
        while (entries.size() > maxLength) {
            entries.removeLast();
        }
    }

    /** The newest first. */
    public Collection<Entry> entries() {
        return Collections.unmodifiableCollection(entries);
    }

    public void clear() {
        entries.clear();
    }
}
