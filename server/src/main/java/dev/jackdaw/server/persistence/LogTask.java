package dev.jackdaw.server.persistence;

/** Owned by the event loop, then by the thread that writes the log: what the one hands over to the other, in order. */
sealed interface LogTask permits LogBuffer, LogOrder {}
