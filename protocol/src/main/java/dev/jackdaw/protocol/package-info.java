/**
 * What crosses a wire or what both sides must agree on. At the root: the error texts. Uses nothing but the JDK; every other
 * package may use it.
 */
package dev.jackdaw.protocol;
