package dev.jackdaw.proxy.net;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.ReplyWriter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;

/**
 * Owned by one connection: what is to be sent, collected until the turn of the event loop ends. While the socket takes no more,
 * everything stays here, up to a limit; past it the connection is given up and nothing is kept any more.
 */
final class Output {
    private static final int SEND_AT_BYTES = 256 * 1024;

    private final Buffers buffers;
    private final Turn turn;
    private final Runnable overflow;
    private ChannelHandlerContext context;
    private int mostBytes;

    private ByteBuf buffer;
    private long base;
    private long at;
    /** The end of the buffer, or of what the limit leaves of it. */
    private long limit;

    private boolean awaitsFlush;
    private boolean closed;

    /** {@code overflow} is told once when more than {@code mostBytes} wait. */
    Output(Buffers buffers, Turn turn, int mostBytes, Runnable overflow) {
        this.buffers = buffers;
        this.turn = turn;
        this.mostBytes = mostBytes;
        this.overflow = overflow;
    }

    /** From now on there is a connection to send to. */
    void connected(ChannelHandlerContext to) {
        context = to;
        wake();
    }

    void mostBytes(int bytes) {
        if (bytes != mostBytes) {
            mostBytes = bytes;
            if (buffer != null) {
                setLimit();
            }
        }
    }

    void append(long address, int length) {
        if (limit - at < length && !makeRoom(length)) {
            return;
        }
        Raw.copy(address, at, length);
        at += length;
        wake();
    }

    /** Lets the writer append, until {@link #takeBack}. */
    void lend(ReplyWriter writer) {
        if (buffer == null) {
            open();
        }
        writer.attach(buffer.writerIndex((int) (at - base)));
    }

    void takeBack(ReplyWriter writer) {
        buffer = writer.detach();
        locate();
        if (closed) {
            discard();
        } else if (at > limit) {
            overflow();
        } else {
            wake();
        }
    }

    /** Sends what there is, if the socket takes it. */
    void flush() {
        awaitsFlush = false;
        if (buffer == null
                || context == null
                || at == base
                || !context.channel().isWritable()) {
            return;
        }
        ByteBuf full = buffer.writerIndex((int) (at - base));
        forget();
        context.writeAndFlush(full.retain(), context.voidPromise());
        if (full.refCnt() == 1) {
            buffers.giveBack(full);
        } else {
            full.release();
        }
    }

    /** What has been neither sent nor dropped. */
    long waitingBytes() {
        ChannelOutboundBuffer queued =
                context == null ? null : context.channel().unsafe().outboundBuffer();
        return at - base + (queued == null ? 0 : queued.totalPendingWriteBytes());
    }

    /** Drops what is left; nothing is kept from now on. */
    void close() {
        closed = true;
        discard();
    }

    private void wake() {
        if (!awaitsFlush) {
            awaitsFlush = true;
            turn.willFlush(this);
        } else if (at - base > SEND_AT_BYTES) {
            flush();
            awaitsFlush = true;
        }
    }

    private boolean makeRoom(int length) {
        if (closed) {
            return false;
        }
        if (buffer == null) {
            open();
        }
        long wanted = at - base + length;
        if (wanted > mostBytes) {
            overflow();
            return false;
        }
        if (wanted > buffer.capacity()) {
            buffer.writerIndex((int) (at - base));
            buffer.capacity((int) Math.min(buffer.maxCapacity(), Math.max(wanted, 2L * buffer.capacity())));
            locate();
        }
        return true;
    }

    private void overflow() {
        close();
        overflow.run();
    }

    private void open() {
        buffer = buffers.borrow();
        locate();
    }

    private void locate() {
        base = buffer.memoryAddress();
        at = base + buffer.writerIndex();
        setLimit();
    }

    private void setLimit() {
        limit = base + Math.min(buffer.capacity(), mostBytes);
    }

    private void discard() {
        if (buffer != null) {
            buffer.release();
            forget();
        }
    }

    private void forget() {
        buffer = null;
        base = 0;
        at = 0;
        limit = 0;
    }
}
