package dev.jackdaw.benchmarks.compare;

/**
 * Immutable: one side in one round.
 *
 * @param cpuMicros user and system time of the measured process for each operation
 * @param busiestThreadMicros the same of its busiest thread alone
 */
record Measurement(
        double operationsPerSecond,
        double p50Micros,
        double p99Micros,
        double p999Micros,
        double cpuMicros,
        double busiestThreadMicros) {}
