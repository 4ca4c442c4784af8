package dev.jackdaw.benchmarks.trace;

/**
 * Immutable: how large a cache is to be.
 *
 * @param title as the table names it
 * @param bytes 0: whatever the server is set to
 * @param beyondEmpty whether {@code bytes} come on top of what the empty server uses
 */
record Cache(String title, long bytes, boolean beyondEmpty) {}
