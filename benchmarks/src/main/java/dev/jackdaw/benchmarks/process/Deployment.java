package dev.jackdaw.benchmarks.process;

import dev.jackdaw.benchmarks.load.RespClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Owned: one side of a comparison: the process that is measured and spoken to, and the servers that hold its data, which
 * are others where the front is a proxy.
 */
public final class Deployment implements AutoCloseable {
    private static final long LOG_BEGINS_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final String name;
    private final ServerProcess front;
    private final List<ServerProcess> stores;

    private Deployment(String name, ServerProcess front, List<ServerProcess> stores) {
        this.name = name;
        this.front = front;
        this.stores = List.copyOf(stores);
    }

    static Deployment alone(ServerProcess server) {
        return new Deployment(server.name(), server, List.of(server));
    }

    static Deployment behind(ServerProcess proxy, List<ServerProcess> stores) {
        return new Deployment(proxy.name(), proxy, stores);
    }

    public String name() {
        return name;
    }

    public ServerProcess front() {
        return front;
    }

    public InetSocketAddress endpoint() {
        return front.endpoint();
    }

    public List<ServerProcess> stores() {
        return stores;
    }

    /** The sum of a number over the stores' INFO. */
    public long info(String field) throws IOException {
        long sum = 0;
        for (ServerProcess store : stores) {
            try (RespClient client = store.connect()) {
                sum += client.info(field);
            }
        }
        return sum;
    }

    /**
     * Makes all stores together a cache of {@code bytes}, in equal parts.
     *
     * @param beyondEmpty whether each part comes on top of what its store uses now
     */
    public void limitMemory(long bytes, boolean beyondEmpty, String policy) throws IOException {
        for (ServerProcess store : stores) {
            try (RespClient client = store.connect()) {
                long part = bytes / stores.size() + (beyondEmpty ? emptyBytes(client) : 0);
                client.call("CONFIG", "SET", "maxmemory-policy", policy);
                client.call("CONFIG", "SET", "maxmemory", Long.toString(part));
            }
        }
    }

    /** Has all stores keep a log, which is not rewritten meanwhile; returns when they do. */
    public void beginLog(String appendfsync) throws IOException {
        for (ServerProcess store : stores) {
            try (RespClient client = store.connect()) {
                client.call("CONFIG", "SET", "auto-aof-rewrite-percentage", "0");
                client.call("CONFIG", "SET", "appendfsync", appendfsync);
                client.call("CONFIG", "SET", "appendonly", "yes");
                long deadline = System.nanoTime() + LOG_BEGINS_NANOS;
                while (client.info("aof_rewrite_scheduled") + client.info("aof_rewrite_in_progress") > 0) {
                    if (System.nanoTime() > deadline) {
                        throw new IOException(store.name() + " does not begin its log");
                    }
                }
            }
        }
    }

    /**
     * What an empty server uses that has seen each command of a replay once: a Redis keeps some 20 KB of statistics for each
     * from its first call on, as much as 150 keys.
     */
    public static long emptyBytes(RespClient client) throws IOException {
        client.call("SET", "key", "value");
        client.call("GET", "key");
        client.call("DBSIZE");
        client.call("FLUSHALL");
        client.call("CONFIG", "SET", "maxmemory", "0");
        return client.info("used_memory");
    }

    @Override
    public void close() throws IOException {
        front.close();
        for (ServerProcess store : stores) {
            if (store != front) {
                store.close();
            }
        }
    }
}
