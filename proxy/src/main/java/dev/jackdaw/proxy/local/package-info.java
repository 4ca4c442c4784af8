/**
 * What the proxy answers itself: connections and their state, COMMAND, INFO, subscriptions. Knows no channel and no node
 * connection; uses {@code config} and the protocol.
 */
package dev.jackdaw.proxy.local;
