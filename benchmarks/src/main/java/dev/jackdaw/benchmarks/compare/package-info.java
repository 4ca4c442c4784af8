/**
 * Side by side with a peer: operations, latency, CPU and memory. Its rows are data: a workload is a line of
 * {@link dev.jackdaw.benchmarks.compare.Workload}, a memory figure a line of
 * {@link dev.jackdaw.benchmarks.compare.MemoryCase}. May use {@code load}, {@code process} and {@code report}.
 */
package dev.jackdaw.benchmarks.compare;
