package dev.jackdaw.server.net;

import dev.jackdaw.server.command.Node;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.MemoryLimit;
import dev.jackdaw.server.observe.ProcessFacts;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/**
 * Owned by the event loop: tells the memory limit what the process has resident beside what is counted, ten times a second, and much more often in
 * a flood, when compilers may take megabytes within the hundredth part of a second that buffers have filled up already.
 */
final class ResidentWatch {
    private static final int CALM_MILLIS = 100;
    private static final int FLOOD_MILLIS = 5;
    private static final long EMPTY_BYTES = 2L << 20;

    private final Engine engine;
    private final ClientEviction eviction;
    private final EventLoop loop;
    private long whenEmpty;

    ResidentWatch(Node node, ClientEviction eviction, EventLoop loop) {
        this.engine = node.engine();
        this.eviction = eviction;
        this.loop = loop;
    }

    /** To be called before there are data. */
    void begin() {
        whenEmpty = uncountedBytes();
        look();
    }

    private void look() {
        MemoryLimit limit = engine.limit();
        if (whenEmpty > 0 && limit.bytes() > 0) {
            long uncounted = uncountedBytes();
            // It has just started, and some of what that took goes back.
            whenEmpty = isEmpty() ? Math.min(whenEmpty, uncounted) : whenEmpty;
            limit.uncounted(uncounted - whenEmpty);
            eviction.makeRoom();
        }
        loop.schedule(this::look, limit.isFlooded() ? FLOOD_MILLIS : CALM_MILLIS, TimeUnit.MILLISECONDS);
    }

    private boolean isEmpty() {
        return engine.size() == 0 && engine.bufferBytes() + engine.heldBytes() + engine.idleBytes() < EMPTY_BYTES;
    }

    private long uncountedBytes() {
        long counted = engine.liveBytes() + engine.bufferBytes();
        return ProcessFacts.currentResidentBytes() - counted - engine.idleBytes();
    }
}
