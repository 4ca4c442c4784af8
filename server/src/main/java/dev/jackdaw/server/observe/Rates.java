package dev.jackdaw.server.observe;

import dev.jackdaw.server.engine.Stats;

/** Owned by the event loop: how fast some counters grow, as the mean of the last samples. */
public final class Rates {
    private static final int SAMPLES = 16;
    private static final int SAMPLE_MILLIS = 100;

    private final long[] millis = new long[SAMPLES];
    private final long[] commands = new long[SAMPLES];
    private final long[] bytesIn = new long[SAMPLES];
    private final long[] bytesOut = new long[SAMPLES];
    private int taken;

    /** To be called every now and then; takes a sample when it is time for one. */
    public void sample(Stats stats, long nowMillis) {
        if (taken == 0 || nowMillis - millis[last()] >= SAMPLE_MILLIS) {
            int i = taken++ % SAMPLES;
            millis[i] = nowMillis;
            commands[i] = stats.commands;
            bytesIn[i] = stats.bytesIn;
            bytesOut[i] = stats.bytesOut;
        }
    }

    public long commandsPerSecond() {
        return Math.round(perSecond(commands));
    }

    public double kilobytesInPerSecond() {
        return perSecond(bytesIn) / 1024;
    }

    public double kilobytesOutPerSecond() {
        return perSecond(bytesOut) / 1024;
    }

    private double perSecond(long[] counter) {
        if (taken < 2) {
            return 0;
        }
        int oldest = taken > SAMPLES ? taken % SAMPLES : 0;
        // A counter that was reset in between has no rate yet.
        long grown = Math.max(0, counter[last()] - counter[oldest]);
        return grown * 1000.0 / Math.max(1, millis[last()] - millis[oldest]);
    }

    private int last() {
        return (taken - 1) % SAMPLES;
    }
}
