package dev.jackdaw.benchmarks.fragmentation;

import java.util.function.IntConsumer;

/**
 * Immutable: how items of one kind, numbered from 0, are added to a node and taken from it.
 *
 * @param put adds an item, or gives it another value
 * @param remove without effect on an item that is not there
 */
record Items(IntConsumer put, IntConsumer remove) {}
