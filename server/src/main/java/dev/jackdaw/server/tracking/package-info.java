/**
 * Client-side caching: which client may hold a copy of which key, and telling it when the key changes. May use
 * {@code pubsub}, {@code bus}, {@code engine} and {@code memory}; knows no command body.
 */
package dev.jackdaw.server.tracking;
