/**
 * The near cache: values of hot keys kept in the proxy, with the rules that keep them correct. Knows no channel; uses the
 * protocol only.
 */
package dev.jackdaw.proxy.near;
