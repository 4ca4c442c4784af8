/**
 * {@code jackdaw bench flood}: the most memory that a server takes while clients write more than it may hold, and others ask
 * for large values and hardly read them. Uses {@code process}, {@code load} and {@code report}.
 */
package dev.jackdaw.benchmarks.flood;
