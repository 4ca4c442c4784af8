/**
 * What bodies of commands compute and could be taken for any other server: places on the earth as numbers, HyperLogLogs, long
 * subsequences, sorting. May use {@code engine} and {@code memory}; knows no command and no client.
 */
package dev.jackdaw.server.algorithm;
