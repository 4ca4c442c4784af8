/**
 * Native memory by absolute address. Uses nothing but the JDK; every other package may use it.
 */
package dev.jackdaw.protocol.raw;
