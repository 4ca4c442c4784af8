/**
 * Where a command goes: the slot of a key, the route of a command, the merging of replies, the splitting of keys over shards.
 * Uses {@code topology}, {@code raw} and {@code resp}.
 */
package dev.jackdaw.protocol.route;
