/**
 * What a node's memory has beyond its data while they change and after most are deleted: items of each type, the load that
 * changes them, samples of INFO. May use {@code load}, {@code process} and {@code report}.
 */
package dev.jackdaw.benchmarks.fragmentation;
