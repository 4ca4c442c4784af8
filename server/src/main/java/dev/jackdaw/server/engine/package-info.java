/**
 * One thread's share of the data: databases, expiry, eviction, time. May use {@code memory} and the protocol's raw
 * memory; knows no command, no connection.
 */
package dev.jackdaw.server.engine;
