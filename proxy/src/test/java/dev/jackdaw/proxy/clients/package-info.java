/** What applications do with the client libraries that are used most, against a node and through the proxy. */
package dev.jackdaw.proxy.clients;
