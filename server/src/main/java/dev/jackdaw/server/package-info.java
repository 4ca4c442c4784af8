/**
 * The node's program: reads the settings, starts the server, stops it.
 */
package dev.jackdaw.server;
