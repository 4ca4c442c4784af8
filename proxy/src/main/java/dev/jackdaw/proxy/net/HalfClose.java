package dev.jackdaw.proxy.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** Shared and stateless: how a peer is told that nothing more comes, while it may go on sending. */
final class HalfClose {
    private HalfClose() {}

    /** After what has been written to the connection; under TLS the handshake must be over. */
    static void afterWritten(ChannelHandlerContext context) {
        SslHandler tls = context.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        } else {
            context.writeAndFlush(Unpooled.EMPTY_BUFFER)
                    .addListener((ChannelFutureListener) done -> ((DuplexChannel) done.channel()).shutdownOutput());
        }
    }
}
