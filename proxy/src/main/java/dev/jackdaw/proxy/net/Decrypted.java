package dev.jackdaw.proxy.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Owned by one connection: puts what was decrypted where bytes are received without encryption: into the buffers of {@link Input}. */
final class Decrypted extends ChannelInboundHandlerAdapter {
    private final Input input;

    Decrypted(Input input) {
        this.input = input;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf plain = (ByteBuf) message;
        try {
            while (plain.isReadable()) {
                ByteBuf into = input.bufferToFill();
                into.writeBytes(plain, Math.min(plain.readableBytes(), into.writableBytes()));
                context.fireChannelRead(into);
            }
        } finally {
            plain.release();
        }
    }
}
