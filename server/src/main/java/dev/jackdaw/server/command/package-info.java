/**
 * What commands do: the gate that every command passes, one class of bodies for each family, and what a body works with.
 * May use {@code value}, {@code engine}, {@code config} and the concerns beside them; knows no Netty channel.
 */
package dev.jackdaw.server.command;
