/**
 * Encryption: from certificates and keys in files, as redis.conf names them, to engines for connections. Uses the JDK alone, and
 * knows no channel.
 */
package dev.jackdaw.protocol.tls;
