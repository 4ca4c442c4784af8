package dev.jackdaw.protocol;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Owned by the event loop: wrong passwords of late, by address, and the pause that they earn: none for the first few, then
 * twice as long each time, up to some seconds. A minute without a failure is forgiven.
 */
public final class LoginFailures {
    /** A connection that has failed so often is to be closed. */
    public static final int MOST_OF_A_CONNECTION = 10;

    private static final int FREE = 3;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 4_000;
    private static final long FORGIVEN_AFTER_MILLIS = 60_000;
    private static final int MOST_ADDRESSES = 1_024;

    /** The addresses, the one that failed last at the end. */
    private final Map<String, Count> counts = new LinkedHashMap<>(16, 0.75f, true);

    /** Counts a failure of somebody at {@code address:port}; returns for how long they have to wait. */
    public long add(String remoteAddress, long nowMillis) {
        String host = host(remoteAddress);
        Count old = counts.get(host);
        int failures = old == null || old.isForgiven(nowMillis) ? 1 : old.failures() + 1;
        counts.put(host, new Count(failures, nowMillis));
        if (counts.size() > MOST_ADDRESSES) {
            counts.remove(counts.keySet().iterator().next());
        }
        return pauseMillis(failures);
    }

    /** For how long a new connection from the address has to wait before it is read. */
    public long pauseMillis(String remoteAddress, long nowMillis) {
        Count count = counts.isEmpty() ? null : counts.get(host(remoteAddress));
        return count == null || count.isForgiven(nowMillis) ? 0 : pauseMillis(count.failures());
    }

    private static long pauseMillis(int failures) {
        if (failures <= FREE) {
            return 0;
        }
        return Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures - FREE - 1, 16));
    }

    private static String host(String remoteAddress) {
        return remoteAddress.substring(0, remoteAddress.lastIndexOf(':'));
    }

    /** Immutable: how often an address has failed, and when last. */
    private record Count(int failures, long lastMillis) {
        boolean isForgiven(long nowMillis) {
            return nowMillis - lastMillis >= FORGIVEN_AFTER_MILLIS;
        }
    }
}
