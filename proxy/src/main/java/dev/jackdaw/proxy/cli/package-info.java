/**
 * The command line: one command, or a prompt with history, completion and hints from the command table. Speaks to anything that
 * speaks RESP; uses the protocol only.
 */
package dev.jackdaw.proxy.cli;
