/**
 * The data in Redis's own formats, written and read: snapshots in RDB files, the append-only log, and the payloads of DUMP.
 * May use {@code value}, {@code engine}, {@code config} and {@code memory}; knows no command and no client.
 */
package dev.jackdaw.server.persistence;
