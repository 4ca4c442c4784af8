package dev.jackdaw.benchmarks.report;

import java.util.Collection;
import java.util.function.ToDoubleFunction;

/** Shared and stateless: the middle of some measurements, which one disturbed round does not move. */
public final class Median {
    private Median() {}

    /** The mean of the two in the middle where their number is even. */
    public static <T> double of(Collection<T> measurements, ToDoubleFunction<T> value) {
        if (measurements.isEmpty()) {
            throw new IllegalArgumentException("no measurements");
        }
        double[] sorted = measurements.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
