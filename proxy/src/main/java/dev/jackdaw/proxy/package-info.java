/**
 * The front door: one address for plain clients, many nodes behind it. Owns no data. May use everything below it.
 */
package dev.jackdaw.proxy;
