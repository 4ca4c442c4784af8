/**
 * Where a request goes and how the replies of several nodes become one: {@code Router} makes a {@code Plan}, a {@code Merger}
 * ends it. Knows no channel; uses {@code local} for the session and the protocol.
 */
package dev.jackdaw.proxy.route;
