/**
 * The command table: one row per command, and everything that follows from the rows (arity, keys, categories, routing,
 * COMMAND). Uses {@code raw}, {@code resp}, {@code route} and the error texts.
 */
package dev.jackdaw.protocol.command;
