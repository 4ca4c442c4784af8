/**
 * What crosses a wire or what both sides must agree on. At the root: the error texts, refusals, patterns, versions, numbers of
 * bytes. Uses {@code raw}; every other package may use it.
 */
package dev.jackdaw.protocol;
