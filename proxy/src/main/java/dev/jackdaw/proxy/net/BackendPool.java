package dev.jackdaw.proxy.net;

import dev.jackdaw.protocol.topology.Shard;
import dev.jackdaw.proxy.near.WriteMarks;
import java.util.ArrayList;
import java.util.List;

/**
 * Owned by one event loop: the connections to the nodes, in lanes: one lane for each protocol version and database that clients
 * use, one connection to each node in a lane.
 */
final class BackendPool {
    private final Worker worker;
    private final List<Shard> shards;
    private final Backend[][] lanes;
    private final List<Backend> all = new ArrayList<>();
    private final List<List<WriteMarks>> writes = new ArrayList<>();

    BackendPool(Worker worker, List<Shard> shards) {
        this.worker = worker;
        this.shards = shards;
        lanes = new Backend[2 * worker.options().databases()][];
        for (int node = 0; node < shards.size(); node++) {
            writes.add(new ArrayList<>());
        }
    }

    /** The connections of clients that speak {@code protocol} and use {@code database}, by node. */
    Backend[] lane(int protocol, int database) {
        int index = 2 * database + protocol - 2;
        if (lanes[index] == null) {
            lanes[index] = new Backend[shards.size()];
            for (int node = 0; node < shards.size(); node++) {
                Backend backend = new Backend(worker, shards.get(node).primary(), protocol, database);
                lanes[index][node] = backend;
                all.add(backend);
                writes.get(node).add(backend.writes());
            }
        }
        return lanes[index];
    }

    /** A connection of one client's own, which closes it. */
    Backend open(int node, int protocol, int database, Backend.Listener listener) {
        return new Backend(worker, shards.get(node).primary(), protocol, database, listener);
    }

    int nodes() {
        return shards.size();
    }

    /** The marks of every connection that clients' writes to the node may take. */
    List<WriteMarks> writes(int node) {
        return writes.get(node);
    }

    void tick(long nowNanos) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).tick(nowNanos);
        }
    }

    void close() {
        all.forEach(Backend::close);
    }
}
