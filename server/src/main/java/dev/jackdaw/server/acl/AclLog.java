package dev.jackdaw.server.acl;

import java.util.ArrayList;
import java.util.List;

/** Owned by the event loop: what was denied of late, the latest first; the same within a minute is counted, not told again. */
public final class AclLog {
    private static final long SAME_MILLIS = 60_000;
    /** So many of the latest are looked at for the same. */
    private static final int COMPARED = 10;

    /** Immutable: something that was denied, how often, and when last. {@code client} describes who tried. */
    public record Entry(
            String reason, String context, String object, String username, String client, long millis, long count) {
        private boolean isSame(Entry other) {
            return reason.equals(other.reason)
                    && context.equals(other.context)
                    && object.equals(other.object)
                    && username.equals(other.username)
                    && Math.abs(millis - other.millis) <= SAME_MILLIS;
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private long maxLength;

    void maxLength(long length) {
        maxLength = length;
    }

    public void add(String reason, String context, String object, String username, String client, long millis) {
        Entry entry = new Entry(reason, context, object, username, client, millis, 1);
        for (int i = 0; i < Math.min(COMPARED, entries.size()); i++) {
            if (entries.get(i).isSame(entry)) {
                long count = entries.remove(i).count() + 1;
                entry = new Entry(reason, context, object, username, client, millis, count);
                break;
            }
        }
        entries.addFirst(entry);
        while (entries.size() > maxLength) {
            entries.removeLast();
        }
    }

    /** The latest, at most so many. */
    public List<Entry> latest(long count) {
        return entries.subList(0, Math.clamp(count, 0, entries.size()));
    }

    public void clear() {
        entries.clear();
    }
}
