package dev.jackdaw.server.migration;

import dev.jackdaw.protocol.resp.ProtocolException;
import dev.jackdaw.protocol.resp.ReplyReader;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Owned by the event loop: a connection to another server. It takes requests whose replies are one line each, says what came back, and
 * fails when nothing happens for too long.
 */
public final class Target implements AutoCloseable {
    /** What it could not do. */
    public enum Failure {
        FINDING,
        WRITING,
        READING
    }

    private static final int MOST_REPLY_BYTES = 64 << 10;
    private static final int LINE_END_BYTES = 2;
    private static final int MOST_PORT = 65535;

    private final Targets targets;
    private final long timeoutMillis;
    private final Runnable news;
    private final ArrayDeque<String> replies = new ArrayDeque<>();
    private Channel channel;
    private ScheduledFuture<?> watching;
    private Failure failure;
    private boolean closed;
    /** Whether anything has happened since the last look, and what waited to be sent then. */
    private boolean progressed;

    private long waitingBytes;

    Target(Targets targets, long timeoutMillis, Runnable news) {
        this.targets = targets;
        this.timeoutMillis = timeoutMillis;
        this.news = news;
    }

    public boolean isConnected() {
        return channel != null;
    }

    /** Why there will be no more replies, or null. */
    public Failure failure() {
        return failure;
    }

    /** This end of the connection, as {@code address:port}. */
    public String localAddress() {
        return NetUtil.toSocketAddressString((InetSocketAddress) channel.localAddress());
    }

    /** Sends requests. */
    public void send(ByteBuf requests) {
        channel.writeAndFlush(requests, channel.voidPromise());
    }

    /** The next reply, a line with its sign, or null if none has come. */
    public String nextReply() {
        return replies.poll();
    }

    /** Ends the connection, and there are no news any more. */
    @Override
    public void close() {
        closed = true;
        watching.cancel(false);
        if (channel != null) {
            channel.close();
        }
    }

    // --- Connecting ---

    /** The name is looked up on a thread that may wait, for the event loop may not. */
    void dial(String host, long port) {
        watch();
        Thread.ofVirtual().start(() -> resolve(host, port));
    }

    private void resolve(String host, long port) {
        try {
            InetAddress address = InetAddress.getByName(host);
            later(() -> connect(address, port));
        } catch (UnknownHostException unknown) {
            later(() -> fail(Failure.FINDING));
        }
    }

    private void later(Runnable task) {
        if (!targets.loop().isShuttingDown()) {
            targets.loop().execute(task);
        }
    }

    private void connect(InetAddress address, long port) {
        if (port <= 0 || port > MOST_PORT) {
            fail(Failure.WRITING);
        } else if (!closed) {
            targets.connect(new InetSocketAddress(address, (int) port), new Handler())
                    .addListener(done -> {
                        if (!done.isSuccess()) {
                            fail(Failure.WRITING);
                        }
                    });
        }
    }

    private void fail(Failure what) {
        if (failure == null && !closed) {
            failure = what;
            close();
            news.run();
        }
    }

    // --- Time ---

    private void watch() {
        watching = targets.loop().schedule(this::look, timeoutMillis, TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (closed) {
            return;
        }
        ChannelOutboundBuffer outbound =
                channel == null ? null : channel.unsafe().outboundBuffer();
        long waiting = outbound == null ? 0 : outbound.totalPendingWriteBytes();
        if (!progressed && waiting == waitingBytes) {
            fail(channel == null || waiting > 0 ? Failure.WRITING : Failure.READING);
            return;
        }
        progressed = false;
        waitingBytes = waiting;
        watch();
    }

    /** Owned by the event loop: what comes from the server. */
    private final class Handler extends ByteToMessageDecoder {
        private final ReplyReader reader = new ReplyReader();

        @Override
        public void channelActive(ChannelHandlerContext context) {
            if (closed) {
                context.close();
                return;
            }
            channel = context.channel();
            progressed = true;
            news.run();
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            progressed = true;
            while (reader.scan(in)) {
                if (reader.type() != '+' && reader.type() != '-' && reader.type() != ':') {
                    throw new ProtocolException("a reply that is no line");
                }
                int begin = in.readerIndex() - reader.bytes();
                replies.add(in.toString(begin, reader.bytes() - LINE_END_BYTES, StandardCharsets.ISO_8859_1));
            }
            if (in.readableBytes() > MOST_REPLY_BYTES) {
                throw new ProtocolException("a reply that is too long");
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) throws Exception {
            super.channelReadComplete(context);
            if (!closed && !replies.isEmpty()) {
                news.run();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) throws Exception {
            super.channelInactive(context);
            fail(Failure.READING);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            fail(Failure.READING);
        }
    }
}
