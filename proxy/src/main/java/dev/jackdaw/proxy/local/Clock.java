package dev.jackdaw.proxy.local;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Owned by one event loop: the time, read once a turn of the loop, because reading it for each request costs more than routing
 * the request.
 */
public final class Clock {
    private final LongSupplier monotonicNanos;
    private final LongSupplier unixMillis;
    private long nanos;

    public Clock() {
        this(System::nanoTime, System::currentTimeMillis);
    }

    /** For tests, which turn the time themselves. */
    public Clock(LongSupplier monotonicNanos, LongSupplier unixMillis) {
        this.monotonicNanos = monotonicNanos;
        this.unixMillis = unixMillis;
        refresh();
    }

    /** Looks at the time again. */
    public void refresh() {
        nanos = monotonicNanos.getAsLong();
    }

    /** The time of the last {@link #refresh}, from an arbitrary beginning. */
    public long nanos() {
        return nanos;
    }

    public long millisSince(long earlierNanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos - earlierNanos);
    }

    public long secondsSince(long earlierNanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nanos - earlierNanos);
    }

    public long unixMillis() {
        return unixMillis.getAsLong();
    }
}
