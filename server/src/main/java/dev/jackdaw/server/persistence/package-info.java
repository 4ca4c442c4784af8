/**
 * Values and databases in Redis's own formats: snapshots in RDB files, and the payloads of DUMP, written and read.
 * May use {@code value}, {@code engine} and {@code memory}; knows no command and no client.
 */
package dev.jackdaw.server.persistence;
