package dev.jackdaw.proxy.net;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.KeyPositions;
import dev.jackdaw.protocol.command.Keys;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.topology.Shard;
import dev.jackdaw.proxy.near.Fill;
import dev.jackdaw.proxy.near.NearCache;
import dev.jackdaw.proxy.near.WriteMarks;
import java.util.List;

/** Owned by one event loop: asks the near cache before a node, and tells it of every write that is sent. */
final class NearReads {
    private final Worker worker;
    private final NearCache cache;
    private final Tracker[] trackers;
    private final KeyPositions positions = new KeyPositions();

    NearReads(Worker worker, NearCache cache, List<Shard> shards) {
        this.worker = worker;
        this.cache = cache;
        trackers = new Tracker[shards.size()];
        for (int node = 0; node < trackers.length; node++) {
            trackers[node] = new Tracker(worker, cache, node, shards.get(node).primary());
        }
    }

    void open() {
        for (Tracker tracker : trackers) {
            tracker.open();
        }
    }

    void close() {
        for (Tracker tracker : trackers) {
            tracker.close();
        }
        cache.close();
    }

    void tick(long nowNanos) {
        for (Tracker tracker : trackers) {
            tracker.tick(nowNanos);
        }
        cache.tick(nowNanos);
    }

    NearCache cache() {
        return cache;
    }

    /** Whether the client's GET has been answered. */
    boolean answer(int node, Request request, FrontHandler client) {
        List<WriteMarks> writes = worker.backends().writes(node);
        long now = worker.clock().nanos();
        long hash = NearCache.hash(request.address(1), request.length(1));
        if (cache.find(node, hash, request, 1, writes, now)) {
            client.replyNear(cache.value(), cache.valueLength(), Raw.getByte(cache.value()) == '_');
            return true;
        }
        Fill fill = cache.fill(node, hash, request, 1, writes, now);
        if (fill != null) {
            trackers[node].send(fill);
        }
        return false;
    }

    /** The backend has just been sent a writing command with all its keys on that node. */
    void written(Command command, Request request, int node, Backend backend) {
        Keys keys = command.spec().keys();
        if (!keys.areMovable() && keys.first() > 0 && keys.first() == keys.last()) {
            cache.write(node, request, keys.first(), backend.writes());
        } else if (keys.isEmpty() || !keys.find(request, positions)) {
            cache.writeAll(node, backend.writes());
        } else {
            for (int i = 0; i < positions.count(); i++) {
                cache.write(node, request, positions.argument(i), backend.writes());
            }
        }
    }

    /** The backend has just been sent a part of a writing command, with that key in it. */
    void written(Request request, int key, int node, Backend backend) {
        cache.write(node, request, key, backend.writes());
    }
}
