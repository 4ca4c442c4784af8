/**
 * Publish and subscribe within one node: who listens to which channel or pattern, and the delivery of messages. May use
 * {@code engine} and {@code memory}; knows no command, no connection but as an {@link Outlet}.
 */
package dev.jackdaw.server.pubsub;
