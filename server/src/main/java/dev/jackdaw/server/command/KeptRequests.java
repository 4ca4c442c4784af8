package dev.jackdaw.server.command;

import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.resp.RequestDecoder;
import dev.jackdaw.server.engine.Engine;
import io.netty.buffer.ByteBuf;
import java.util.function.IntFunction;

/**
 * Owned by the event loop: requests that are kept until their time comes, in the order in which they were added, off-heap
 * and as they were on the wire. What they take counts as memory used.
 */
final class KeptRequests {
    private static final int FIRST_BYTES = 256;

    private final Engine engine;
    private final IntFunction<ByteBuf> buffers;
    /** These three are null while there is nothing to keep, as with most clients. */
    private ReplyWriter writer;

    private RequestDecoder decoder;
    private ByteBuf buffer;

    private int count;
    private long countedBytes;

    /** @param buffers gives a direct buffer with that much room at first */
    KeptRequests(Engine engine, IntFunction<ByteBuf> buffers) {
        this.engine = engine;
        this.buffers = buffers;
    }

    void add(Request request) {
        begin((int) request.bytes());
        write(request, writer);
        end();
    }

    /** Writes a request as it was on the wire, or would have been if it was a line. */
    static void write(Request request, ReplyWriter writer) {
        if (request.bytes() > 0) {
            writer.raw(request.start(), (int) request.bytes());
            return;
        }
        writer.array(request.count());
        for (int i = 0; i < request.count(); i++) {
            writer.bulk(request.address(i), request.length(i));
        }
    }

    /** Adds a request of two words, of which the first is a number. */
    void add(long number, long address, int length) {
        begin(length);
        writer.array(2);
        writer.bulkInteger(number);
        writer.bulk(address, length);
        end();
    }

    private void begin(int bytes) {
        if (buffer == null) {
            buffer = buffers.apply(Math.max(FIRST_BYTES, bytes));
            writer = new ReplyWriter();
            decoder = new RequestDecoder();
            decoder.maxBulkBytes(Integer.MAX_VALUE);
        }
        writer.attach(buffer);
    }

    private void end() {
        buffer = writer.detach();
        count++;
        countBytes();
    }

    int count() {
        return count;
    }

    /** The bytes of the requests as they were on the wire. */
    long bytes() {
        return buffer == null ? 0 : buffer.writerIndex();
    }

    /** Makes {@link #next} begin with the first again. */
    void rewind() {
        if (buffer != null) {
            buffer.readerIndex(0);
        }
    }

    /** Turns to the next request, whose slices are good until something is added or cleared; false if there is none. */
    boolean next(Request into) {
        return buffer != null && decoder.decode(buffer, into);
    }

    void clear() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
            writer = null;
            decoder = null;
            count = 0;
            countBytes();
        }
    }

    private void countBytes() {
        long held = buffer == null ? 0 : buffer.capacity();
        engine.buffersGrew(held - countedBytes);
        countedBytes = held;
    }
}
