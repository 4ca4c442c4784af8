/**
 * How long a turn of a node's event loop takes at most, while its data grow, expire, are evicted and deleted. Uses the
 * server's engine and executor in this process, and {@code report}.
 */
package dev.jackdaw.benchmarks.pauses;
