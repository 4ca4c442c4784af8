package dev.jackdaw.proxy.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Owned by one connection: where its bytes are received, given to Netty in place of its allocator. A read goes into the loop's
 * read buffer; only what is left unread there, an incomplete message, moves to a buffer of the connection's own, and later reads
 * are appended to it. That buffer grows with what was received, never with what a header announces.
 */
final class Input implements RecvByteBufAllocator {
    private static final int LEAST_ROOM = 4 * 1024;
    private static final int MOST_ROOM = 1024 * 1024;
    private static final int READS_A_TURN = 4;

    private final Buffers buffers;
    private ByteBuf rest;

    Input(Buffers buffers) {
        this.buffers = buffers;
    }

    /** Keeps what is unread of the buffer that a read was made into. */
    void keepRest(ByteBuf received) {
        if (buffers.isReadBuffer(received)) {
            if (received.isReadable()) {
                int bytes = received.readableBytes();
                rest = buffers.allocator().directBuffer(bytes + LEAST_ROOM);
                rest.writeBytes(received);
            }
        } else if (!received.isReadable()) {
            close();
        } else if (received.readerIndex() > received.capacity() / 2) {
            received.discardReadBytes();
        }
    }

    /** What has been received and not been read, or null. */
    ByteBuf rest() {
        return rest;
    }

    int restBytes() {
        return rest == null ? 0 : rest.readableBytes();
    }

    void close() {
        if (rest != null) {
            rest.release();
            rest = null;
        }
    }

    /** Where the next bytes belong; the reference is the taker's. */
    ByteBuf bufferToFill() {
        if (rest == null) {
            return buffers.readBuffer().retain();
        }
        if (rest.writableBytes() < LEAST_ROOM) {
            rest.ensureWritable(Math.clamp(rest.readableBytes(), LEAST_ROOM, MOST_ROOM));
        }
        return rest.retain();
    }

    @Override
    @SuppressWarnings("deprecation")
    public Handle newHandle() {
        return new Reading();
    }

    /** Owned by the channel: how much is read when the socket is readable. */
    private final class Reading implements ExtendedHandle {
        private ChannelConfig config;
        private int reads;
        private int attempted;
        private int last;

        @Override
        public ByteBuf allocate(ByteBufAllocator unused) {
            return bufferToFill();
        }

        @Override
        public int guess() {
            return LEAST_ROOM;
        }

        @Override
        public void reset(ChannelConfig channelConfig) {
            config = channelConfig;
            reads = 0;
        }

        @Override
        public void incMessagesRead(int messages) {
            reads += messages;
        }

        @Override
        public void lastBytesRead(int bytes) {
            last = bytes;
        }

        @Override
        public int lastBytesRead() {
            return last;
        }

        @Override
        public void attemptedBytesRead(int bytes) {
            attempted = bytes;
        }

        @Override
        public int attemptedBytesRead() {
            return attempted;
        }

        @Override
        public boolean continueReading() {
            return config.isAutoRead() && last > 0 && last == attempted && reads < READS_A_TURN;
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier unused) {
            return continueReading();
        }

        @Override
        public void readComplete() {
            // The buffer's size does not follow the traffic.
        }
    }
}
