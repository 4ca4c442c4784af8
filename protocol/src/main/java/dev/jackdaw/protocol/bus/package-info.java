/**
 * What nodes say to one another on the bus: frames, and how two nodes prove to each other that they share a secret. May use
 * {@code resp}'s exception and {@code raw}; knows no connection.
 */
package dev.jackdaw.protocol.bus;
