package dev.jackdaw.proxy.net;

import java.util.concurrent.ThreadLocalRandom;

/** Owned by one node connection: how long to wait before the next attempt, twice as long each time, with jitter. */
final class Backoff {
    private static final int FIRST_MILLIS = 20;
    private static final int MOST_MILLIS = 1000;

    private int millis = FIRST_MILLIS;

    int nextMillis() {
        int bound = millis;
        millis = Math.min(MOST_MILLIS, 2 * millis);
        return bound / 2 + ThreadLocalRandom.current().nextInt(bound / 2 + 1);
    }

    void reset() {
        millis = FIRST_MILLIS;
    }
}
