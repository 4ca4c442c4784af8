/**
 * The sockets: clients in front, nodes behind. {@code FrontHandler} reads a request, {@code Router} plans it, {@code Dispatch}
 * sends it, a {@code Backend} carries it and brings the reply back, which {@code ReplyQueue} puts in order. One {@code Worker}
 * holds what belongs to one event loop. Uses every package below.
 */
package dev.jackdaw.proxy.net;
