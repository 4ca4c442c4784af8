/**
 * What a node counts and measures of itself, for INFO. May use {@code engine} and {@code config}; knows no client.
 */
package dev.jackdaw.server.observe;
