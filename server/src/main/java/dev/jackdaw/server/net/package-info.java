/**
 * Connections: sockets to requests, replies to sockets. May use {@code command} and what is below it.
 */
package dev.jackdaw.server.net;
