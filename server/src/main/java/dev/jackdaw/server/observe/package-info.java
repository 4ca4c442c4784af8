/**
 * What a node counts and measures of itself, for INFO. May use {@code engine}, {@code memory} and {@code config}; knows no client.
 */
package dev.jackdaw.server.observe;
