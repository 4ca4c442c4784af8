package dev.jackdaw.benchmarks.load;

import org.HdrHistogram.Histogram;

/**
 * Immutable: what a load measured.
 *
 * @param latencies nanoseconds of each batch, from the time it was sent, or in an open loop from the time it had to be sent
 */
public record LoadResult(long operations, long elapsedNanos, Histogram latencies) {
    public double operationsPerSecond() {
        return operations * 1e9 / elapsedNanos;
    }

    public double latencyMicros(double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1000.0;
    }
}
