/**
 * The servers under measurement as child processes: started on free loopback ports, pinned to a core, asked for their CPU
 * time and memory, ended. May use {@code load} for its plain client.
 */
package dev.jackdaw.benchmarks.process;
