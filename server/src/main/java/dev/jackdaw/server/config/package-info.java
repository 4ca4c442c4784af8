/**
 * The node's settings by redis.conf's names: parsing, checking, changing. Uses nothing of the server.
 */
package dev.jackdaw.server.config;
