/**
 * The load generator: encoded commands, sockets, latencies. It speaks to any RESP server and knows nothing of processes,
 * workloads or reports. Uses the JDK and HdrHistogram alone.
 */
package dev.jackdaw.benchmarks.load;
