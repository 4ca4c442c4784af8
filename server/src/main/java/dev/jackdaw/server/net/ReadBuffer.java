package dev.jackdaw.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * Owned by the event loop: the one buffer that all clients are read into, one after the other. It has room for more than a
 * client usually sends, so a read need not be followed by another that only finds nothing; for those that send values of some 100 KB it
 * has four times as much, so that these need not be gathered, which took two thirds of the time of such a SET.
 *
 * <p>Who still holds the buffer when the next client is read has it alone from then on.
 */
final class ReadBuffer implements AutoCloseable {
    private static final int BYTES = 256 << 10;
    /** As many short requests as this holds take a millisecond or two, for which the other clients wait. */
    private static final int BYTES_OF_SHORT = 64 << 10;

    /** A request that wants so much more is a large one. */
    private static final int LARGE_BYTES = 32 << 10;

    private ByteBuf buffer;

    /** Owned by the event loop: the part of the buffer that one client is read into. */
    final class Room extends DefaultMaxMessagesRecvByteBufAllocator {
        private int bytes = BYTES_OF_SHORT;

        private void fit(boolean isFull, long bytesWanted) {
            if (bytesWanted >= LARGE_BYTES) {
                bytes = BYTES;
            } else if (isFull) {
                bytes = BYTES_OF_SHORT;
            }
        }

        @Override
        @SuppressWarnings("deprecation") // Netty has no other type for it yet.
        public Handle newHandle() {
            return new MaxMessageHandle() {
                @Override
                public int guess() {
                    return bytes;
                }

                @Override
                public ByteBuf allocate(ByteBufAllocator allocator) {
                    return free(allocator)
                            .setIndex(BYTES - bytes, BYTES - bytes)
                            .retain();
                }
            };
        }
    }

    /** Has a client be read into it. */
    void serve(Channel channel) {
        channel.config().setRecvByteBufAllocator(new Room());
    }

    /**
     * Chooses how much room a client has, if it is read into such a buffer, after a read that filled it or did not, and left a request that wants
     * so many bytes more.
     */
    static void fit(Channel client, boolean isFull, long bytesWanted) {
        if (client.config().getRecvByteBufAllocator() instanceof Room room) {
            room.fit(isFull, bytesWanted);
        }
    }

    private ByteBuf free(ByteBufAllocator allocator) {
        if (buffer == null || buffer.refCnt() > 1) {
            close();
            buffer = allocator.directBuffer(BYTES, BYTES);
        }
        return buffer;
    }

    @Override
    public void close() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }
}
