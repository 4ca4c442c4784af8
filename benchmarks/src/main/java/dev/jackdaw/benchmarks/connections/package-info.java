/**
 * {@code jackdaw bench connections}: what clients cost that do nothing, read nothing, send slowly, or come and go, and what
 * the others feel of them. Uses {@code process}, {@code load} and {@code report}.
 */
package dev.jackdaw.benchmarks.connections;
