/**
 * The values of keys by type, each behind one object that hides whether the value is packed into its entry or large.
 * May use {@code engine} and {@code memory}; knows no command.
 */
package dev.jackdaw.server.value;
