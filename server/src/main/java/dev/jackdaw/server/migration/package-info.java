/**
 * The connections on which MIGRATE hands keys to other servers, as a client of theirs. They live on the event loop of the engine, and know
 * nothing of keys. May use protocol.
 */
package dev.jackdaw.server.migration;
