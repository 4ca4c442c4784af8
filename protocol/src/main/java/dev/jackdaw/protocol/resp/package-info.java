/**
 * RESP2 and RESP3: requests decoded in place, replies written into a buffer, replies read back. Uses {@code raw} and
 * Netty's {@code ByteBuf} (direct ones only), and knows no command.
 */
package dev.jackdaw.protocol.resp;
