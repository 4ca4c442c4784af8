package dev.jackdaw.server.net;

import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.resp.RequestDecoder;
import dev.jackdaw.server.command.CommandExecutor;
import dev.jackdaw.server.command.Session;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Owned by its connection: bytes received that are not a whole request yet, in a buffer of their size: the one that they were read into is larger and
 * soon needed again.
 */
final class UnreadInput {
    /** A request that wants less may be a short one of many, or want the rest of a line: more is added at once. */
    private static final int LEAST_ADDED = 1 << 10;

    private static final int ADDED_TO_SHORT = 16 << 10;

    /** Only so much is worth leaving out. */
    private static final int LARGE_BYTES = 32 << 10;

    private final SpareInput spare;
    private ByteBuf bytes;
    /** How much of what is received next is left out. */
    private int leftOut;

    UnreadInput(SpareInput spare) {
        this.spare = spare;
    }

    boolean isEmpty() {
        return bytes == null || !bytes.isReadable();
    }

    /** The bytes, where there are any. */
    ByteBuf bytes() {
        return bytes;
    }

    /** The bytes that it takes in memory. */
    long capacity() {
        return bytes == null ? 0 : bytes.capacity();
    }

    /**
     * Adds what was received: all of it to nothing, where it begins a request that wants so many bytes more, and else what that request
     * wants, as what is behind its end can run where it is.
     */
    void add(ByteBuf in, long bytesWanted) {
        int useless = Math.min(leftOut, in.readableBytes());
        in.skipBytes(useless);
        leftOut -= useless;
        int more = in.readableBytes();
        long whole = more + bytesWanted;
        if (!isEmpty()) {
            more = (int) Math.min(more, bytesWanted < LEAST_ADDED ? ADDED_TO_SHORT : bytesWanted);
            whole = bytes.readableBytes() + Math.max(more, bytesWanted);
        }
        if (bytes != null && bytes.writableBytes() < more) {
            bytes.discardReadBytes();
        }
        if (bytes == null || bytes.writableBytes() < more) {
            grow(in.alloc(), more, whole);
        }
        bytes.writeBytes(in, more);
    }

    private void grow(ByteBufAllocator allocator, int more, long whole) {
        int received = more + (bytes == null ? 0 : bytes.readableBytes());
        ByteBuf large = spare.take(whole);
        if (large != null) {
            if (bytes != null) {
                large.writeBytes(bytes);
                bytes.release();
            }
            bytes = large;
        } else if (bytes == null) {
            bytes = allocator.directBuffer(room(received, whole));
        } else {
            bytes.capacity(room(received, whole));
        }
    }

    /** Does without the rest of a large argument if the request will be refused for want of memory: until then it would take more of that. */
    void leaveOutRefused(RequestDecoder decoder, Request begun, CommandExecutor executor, Session session) {
        if (leftOut > 0 || decoder.bytesWanted() < LARGE_BYTES) {
            return;
        }
        decoder.begun(bytes, begun);
        leftOut = executor.foreseesNoRoom(session, begun) ? decoder.leaveOut(bytes, LARGE_BYTES) : 0;
        if (leftOut > 0) {
            bytes.discardReadBytes();
            bytes.capacity(bytes.writerIndex());
        }
    }

    /** Room for a request that is so long as far as is known, but never for much more than was received. */
    private static int room(int received, long whole) {
        long wanted = Math.min(whole, 2L * received);
        return (int) Math.min(Math.max(received, wanted), Integer.MAX_VALUE - 8);
    }

    /**
     * To be called now and then: a buffer of the size that is kept for others takes no more than what was received, so that clients that have
     * announced much and are slow do not collect such buffers.
     */
    void cut() {
        if (bytes != null && SpareInput.isKept(bytes)) {
            bytes.discardReadBytes();
            Slack.cut(bytes);
        }
    }

    void release() {
        if (bytes != null) {
            spare.give(bytes);
            bytes = null;
        }
    }
}
