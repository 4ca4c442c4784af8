/**
 * The bus between nodes: connections of each to each, over which published messages and changes of keys are told. Uses
 * {@code protocol.bus}; knows nothing of channels, clients and data but what it is told.
 */
package dev.jackdaw.server.bus;
