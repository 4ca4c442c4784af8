/**
 * What is on the disk, in Redis's own formats: snapshots, the append-only log, and their loading. May use {@code rdb}, {@code value},
 * {@code engine}, {@code config} and {@code memory}; knows no command and no client.
 */
package dev.jackdaw.server.persistence;
