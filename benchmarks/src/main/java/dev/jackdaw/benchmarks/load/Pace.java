package dev.jackdaw.benchmarks.load;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/** Shared and stateless: keeps a load from being faster than it shall be. */
public final class Pace {
    private Pace() {}

    /** @param nanoTime by {@link System#nanoTime}; returns at once if that is over */
    public static void awaitUntil(long nanoTime) throws IOException {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException("interrupted");
            }
            LockSupport.parkNanos(left);
        }
    }
}
