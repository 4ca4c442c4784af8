/**
 * What a snapshot costs those who use the server meanwhile, how long it takes, and how long its file takes to load, beside
 * a peer. Uses {@code load}, {@code process} and {@code report}.
 */
package dev.jackdaw.benchmarks.snapshot;
