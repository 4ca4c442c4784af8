package dev.jackdaw.proxy.net;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;

/**
 * Owned by one event loop: the memory that its connections share. All of them read into one buffer, as each read is dealt with
 * before the next; output buffers are borrowed while there is output. A quiet connection holds none.
 */
final class Buffers {
    private static final int READ_BYTES = 64 * 1024;
    private static final int OUTPUT_BYTES = 16 * 1024;
    private static final int MOST_KEPT = 256;
    private static final int KEPT_BYTES = 256 * 1024;

    private final ByteBufAllocator allocator;
    private final ByteBuf readBuffer;
    private final ArrayDeque<ByteBuf> free = new ArrayDeque<>();

    Buffers(ByteBufAllocator allocator) {
        this.allocator = allocator;
        readBuffer = allocator.directBuffer(READ_BYTES);
    }

    ByteBufAllocator allocator() {
        return allocator;
    }

    /** Where bytes are received first; empty. */
    ByteBuf readBuffer() {
        return readBuffer.clear();
    }

    boolean isReadBuffer(ByteBuf buffer) {
        return buffer == readBuffer;
    }

    /** An empty buffer, the borrower's until given back or released. */
    ByteBuf borrow() {
        ByteBuf buffer = free.poll();
        return buffer != null ? buffer : allocator.directBuffer(OUTPUT_BYTES);
    }

    void giveBack(ByteBuf buffer) {
        if (free.size() < MOST_KEPT && buffer.capacity() <= KEPT_BYTES) {
            free.push(buffer.clear());
        } else {
            buffer.release();
        }
    }

    /** The reply that lies there. */
    Reply reply(long address, int length) {
        ByteBuf bytes = borrow();
        try {
            bytes.ensureWritable(length);
            Raw.copy(address, bytes.memoryAddress(), length);
            bytes.writerIndex(length);
            return Reply.read(bytes);
        } finally {
            giveBack(bytes);
        }
    }

    void close() {
        readBuffer.release();
        free.forEach(ByteBuf::release);
        free.clear();
    }
}
