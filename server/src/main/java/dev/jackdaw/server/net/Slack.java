package dev.jackdaw.server.net;

import io.netty.buffer.ByteBuf;

/** Shared and stateless: how much more than its bytes a buffer may take while it waits for a client. */
final class Slack {
    private static final int MOST = 64 << 10;
    /** And a share of its bytes. */
    private static final int SHIFT = 3;

    private Slack() {}

    static void cut(ByteBuf waiting) {
        int length = waiting.readableBytes();
        if (waiting.capacity() - length > (length >> SHIFT) + MOST) {
            waiting.capacity(waiting.writerIndex());
        }
    }
}
