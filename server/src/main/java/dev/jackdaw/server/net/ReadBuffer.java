package dev.jackdaw.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * Owned by the event loop: the one buffer that all clients are read into, one after the other. It has room for more than a
 * client usually sends, so a read need not be followed by another that only finds nothing.
 *
 * <p>Who still holds the buffer when the next client is read has it alone from then on.
 */
final class ReadBuffer extends DefaultMaxMessagesRecvByteBufAllocator implements AutoCloseable {
    private static final int BYTES = 64 << 10;

    private ByteBuf buffer;

    @Override
    @SuppressWarnings("deprecation") // Netty has no other type for it yet.
    public Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return BYTES;
            }

            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                return free(allocator).retain();
            }
        };
    }

    private ByteBuf free(ByteBufAllocator allocator) {
        if (buffer == null || buffer.refCnt() > 1) {
            close();
            buffer = allocator.directBuffer(BYTES, BYTES);
        }
        return buffer.clear();
    }

    @Override
    public void close() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }
}
