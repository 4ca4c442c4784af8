package dev.jackdaw.server.net;

import dev.jackdaw.server.persistence.Handout;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.TimeUnit;

/**
 * Shared by the event loop, which begins and ends it, and a thread of its own, which reads the file, so that the loop need not wait for the disk: a
 * snapshot on its way to a client. The next piece is read when the client has taken the one before.
 */
final class Download {
    private static final int PIECE_BYTES = 256 << 10;
    /** A client that takes no piece within that time is closed. */
    private static final int STALL_SECONDS = 60;

    private final Handout snapshot;
    private boolean begun;

    Download(Handout snapshot) {
        this.snapshot = snapshot;
    }

    /** Begins, if it has not begun yet; the connection is closed when all is sent. */
    void begin(ChannelHandlerContext context) {
        if (!begun) {
            begun = true;
            Thread.ofPlatform().daemon().name("download").start(() -> run(context));
        }
    }

    /** The connection is closed. */
    void end() {
        if (!begun) {
            begun = true;
            snapshot.close();
        }
    }

    private void run(ChannelHandlerContext context) {
        try (snapshot) {
            long from = 0;
            while (from < snapshot.size() && send(context, from)) {
                from += PIECE_BYTES;
            }
        } finally {
            context.close();
        }
    }

    private boolean send(ChannelHandlerContext context, long from) {
        int length = (int) Math.min(PIECE_BYTES, snapshot.size() - from);
        ByteBuf piece = context.alloc().directBuffer(length);
        piece.writeBytes(snapshot.slice(from, length).asByteBuffer());
        ChannelFuture taken = context.writeAndFlush(piece);
        return taken.awaitUninterruptibly(STALL_SECONDS, TimeUnit.SECONDS) && taken.isSuccess();
    }
}
