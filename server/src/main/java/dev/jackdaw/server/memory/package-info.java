/**
 * The off-heap store: pages, size-class slabs, the index of keys, the layout of an entry, large collections. Knows
 * nothing of Redis; uses only {@code protocol.raw}.
 */
package dev.jackdaw.server.memory;
