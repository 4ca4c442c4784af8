package dev.jackdaw.benchmarks.fragmentation;

import java.util.concurrent.TimeUnit;

/** Owned by one thread: when a ratio came down to {@value #GOOD_RATIO} for good, which it has when it stayed there for a second. */
final class Recovery {
    static final double GOOD_RATIO = 1.1;
    static final long HOLD_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A ratio that is too high after so long is not waited for any more. */
    static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final long beginNanos;
    private long goodSinceNanos;
    private boolean isGood = true;
    private boolean isOver;

    Recovery(long beginNanos) {
        this.beginNanos = beginNanos;
        this.goodSinceNanos = beginNanos;
    }

    /** Takes note of a sample, which is later than all before. */
    void add(Sample sample) {
        boolean wasGood = isGood;
        isGood = sample.ratio() <= GOOD_RATIO;
        if (isGood && !wasGood) {
            goodSinceNanos = sample.nanos();
        }
        isOver = isGood ? sample.nanos() - goodSinceNanos >= HOLD_NANOS : sample.nanos() - beginNanos >= LIMIT_NANOS;
    }

    /** Whether more samples would say nothing new. */
    boolean isOver() {
        return isOver;
    }

    /** Milliseconds from the beginning to the first of the samples that were good to the end; infinite if the last was not. */
    double millis() {
        return isGood ? (goodSinceNanos - beginNanos) / 1e6 : Double.POSITIVE_INFINITY;
    }
}
