package dev.jackdaw.benchmarks.fragmentation;

import dev.jackdaw.benchmarks.load.RespClient;
import dev.jackdaw.benchmarks.report.Median;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Owned by one thread: samples of a node's memory, the first at once, each other an interval after the one before. */
final class Samples {
    private final RespClient client;
    private final long intervalNanos;
    private final List<Sample> taken = new ArrayList<>();
    private long dueNanos = System.nanoTime();

    Samples(RespClient client, long intervalNanos) {
        this.client = client;
        this.intervalNanos = intervalNanos;
    }

    long dueNanos() {
        return dueNanos;
    }

    void takeIfDue() throws IOException {
        if (System.nanoTime() >= dueNanos) {
            take();
        }
    }

    Sample take() throws IOException {
        Sample sample = Sample.of(client);
        add(sample);
        return sample;
    }

    void add(Sample sample) {
        taken.add(sample);
        dueNanos = sample.nanos() + intervalNanos;
    }

    double medianUsedBytes() {
        return Median.of(taken, Sample::usedBytes);
    }

    double medianRatio() {
        return Median.of(taken, Sample::ratio);
    }

    double highestRatio() {
        return taken.stream().mapToDouble(Sample::ratio).max().orElseThrow();
    }
}
