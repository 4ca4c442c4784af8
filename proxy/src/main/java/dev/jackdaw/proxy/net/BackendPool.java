package dev.jackdaw.proxy.net;

import dev.jackdaw.protocol.topology.Shard;
import dev.jackdaw.proxy.local.Account;
import dev.jackdaw.proxy.near.WriteMarks;
import java.util.ArrayList;
import java.util.List;

/**
 * Owned by one event loop: the connections of one user to the nodes, in lanes: one lane for each protocol version and database that
 * clients use, one connection to each node in a lane.
 */
final class BackendPool {
    private final Worker worker;
    private final List<Shard> shards;
    /** Null for whom the proxy itself is to the nodes. */
    private final Account account;

    private final Backend[][] lanes;
    private final List<List<Backend>> byNode = new ArrayList<>();
    /** The marks of these connections and of those of accounts. */
    private final List<List<WriteMarks>> writes;

    /** For clients without an account. */
    BackendPool(Worker worker, List<Shard> shards) {
        this(worker, shards, null, new ArrayList<>());
        shards.forEach(unused -> writes.add(new ArrayList<>()));
    }

    /** For clients with one; the common connections are told what is written over these. */
    BackendPool(Worker worker, List<Shard> shards, Account account, BackendPool common) {
        this(worker, shards, account, common.writes);
    }

    private BackendPool(Worker worker, List<Shard> shards, Account account, List<List<WriteMarks>> writes) {
        this.worker = worker;
        this.shards = shards;
        this.account = account;
        this.writes = writes;
        lanes = new Backend[2 * worker.options().databases()][];
        shards.forEach(unused -> byNode.add(new ArrayList<>()));
    }

    /** The connections of clients that speak {@code protocol} and use {@code database}, by node. */
    Backend[] lane(int protocol, int database) {
        int index = 2 * database + protocol - 2;
        if (lanes[index] == null) {
            lanes[index] = new Backend[shards.size()];
            for (int node = 0; node < shards.size(); node++) {
                Backend backend = open(node, protocol, database, Backend.NOBODY);
                lanes[index][node] = backend;
                byNode.get(node).add(backend);
                writes.get(node).add(backend.writes());
            }
        }
        return lanes[index];
    }

    /** A connection of one client's own, which closes it. */
    Backend open(int node, int protocol, int database, Backend.Listener listener) {
        return new Backend(worker, shards.get(node).primary(), account, protocol, database, listener);
    }

    /** The marks of every connection that clients' writes to the node may take. */
    List<WriteMarks> writes(int node) {
        return writes.get(node);
    }

    /** A connection to some node, to one that is up if any is; in RESP2, to database 0. */
    Backend any() {
        Backend[] lane = lane(2, 0);
        int node = 0;
        while (node < lane.length - 1 && !lane[node].isOpen()) {
            node++;
        }
        return lane[node];
    }

    void tick(long nowNanos) {
        for (int node = 0; node < byNode.size(); node++) {
            List<Backend> backends = byNode.get(node);
            for (int i = 0; i < backends.size(); i++) {
                backends.get(i).tick(nowNanos);
            }
        }
    }

    void close() {
        for (int node = 0; node < byNode.size(); node++) {
            for (Backend backend : byNode.get(node)) {
                backend.close();
                writes.get(node).remove(backend.writes());
            }
        }
    }
}
