package dev.jackdaw.server.net;

import dev.jackdaw.server.engine.Engine;
import io.netty.buffer.ByteBuf;

/**
 * Owned by the event loop: the buffer that held a large request last, kept for the next one, whichever client sends it. Memory fresh from the system has
 * to be cleared and its pages found, which took three times as long as all the rest of a SET of a megabyte.
 */
final class SpareInput {
    private static final int LEAST_BYTES = 128 << 10;
    private static final int MOST_BYTES = 4 << 20;
    /** A request does not take a buffer that is larger than so many times what it needs. */
    private static final int MOST_SLACK = 4;

    private static final long KEPT_MILLIS = 1_000;

    private final Engine engine;
    private ByteBuf spare;
    private long sinceMillis;

    SpareInput(Engine engine) {
        this.engine = engine;
    }

    /** An empty buffer with room for so many bytes, which is the taker's; null if there is none of about that size. */
    ByteBuf take(long bytes) {
        if (spare == null || bytes > spare.capacity() || bytes < spare.capacity() / MOST_SLACK) {
            return null;
        }
        ByteBuf taken = spare;
        keep(null);
        return taken;
    }

    /** Whether a buffer has a size that is worth keeping. */
    static boolean isKept(ByteBuf buffer) {
        return buffer.capacity() >= LEAST_BYTES && buffer.capacity() <= MOST_BYTES;
    }

    /** Releases a buffer that is not needed any more, or the one that was kept, if that is smaller. */
    void give(ByteBuf buffer) {
        if (!isKept(buffer) || buffer.refCnt() > 1 || spare != null && spare.capacity() >= buffer.capacity()) {
            buffer.release();
            return;
        }
        if (spare != null) {
            spare.release();
        }
        keep(buffer.clear());
        sinceMillis = engine.nowMillis();
    }

    /** To be called now and then: releases what nobody has taken for a while. */
    void forget() {
        if (spare != null && Math.abs(engine.nowMillis() - sinceMillis) > KEPT_MILLIS) {
            close();
        }
    }

    void close() {
        if (spare != null) {
            spare.release();
            keep(null);
        }
    }

    private void keep(ByteBuf buffer) {
        engine.buffersGrew((buffer == null ? 0 : buffer.capacity()) - (spare == null ? 0 : spare.capacity()));
        spare = buffer;
    }
}
