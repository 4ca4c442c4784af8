/**
 * Values as Redis writes them, in snapshots and in what DUMP makes: written, and read of all its versions. May use {@code value},
 * {@code engine} and {@code memory}; knows no file and no command.
 */
package dev.jackdaw.server.rdb;
