package dev.jackdaw.proxy.near;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Request;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Owned by one event loop: the values of hot keys, with the rules that keep them correct.
 *
 * <ul>
 *   <li>A value enters only through a {@link Fill}: the proxy's own read on a connection whose node tells it of every change
 *       afterwards, in order. A change, or a write through this proxy, that comes before the fill's reply kills the fill.
 *   <li>A write through this proxy drops the key when it is sent, and nothing is answered from here until it is answered.
 *   <li>A node's values are good for {@value #FRESH_MILLIS} ms after the last sign of life was asked for that its connection
 *       gave; all changes older than that sign have been told. Then, or when the connection breaks, they are dropped.
 * </ul>
 *
 * <p>Now and then a read that could be answered from here is passed on, so that its node knows which keys are in use.
 *
 * <p>Values are those of database 0, under the node that owns the key's slot.
 */
public final class NearCache {
    /** No answer is older than this. */
    public static final int FRESH_MILLIS = 250;

    private static final int MOST_FILLS = 64;

    private final NearStore store;
    private final Popularity popularity = new Popularity();
    private final NearNode[] nodes;
    private int fills;
    private long hits;
    private long misses;

    public NearCache(long bytes, int nodes, ByteBufAllocator allocator) {
        store = new NearStore(bytes, nodes, allocator);
        this.nodes = new NearNode[nodes];
        for (int node = 0; node < nodes; node++) {
            this.nodes[node] = new NearNode();
        }
    }

    public void close() {
        store.close();
    }

    public static long hash(long address, int length) {
        long hash = length * 0x9e3779b97f4a7c15L;
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            hash = mix(hash ^ Raw.getLong(address + at));
        }
        for (; at < length; at++) {
            hash = (hash ^ Raw.getByte(address + at)) * 0x100000001b3L;
        }
        return mix(hash);
    }

    private static long mix(long word) {
        long mixed = (word ^ word >>> 32) * 0xd6e8feb86659fd93L;
        return mixed ^ mixed >>> 32;
    }

    /**
     * Whether the reply to {@code GET key} is known: {@link #value} and {@link #valueLength} then tell it.
     *
     * @param writes the marks of every connection of this proxy that writes to the node
     */
    public boolean find(int node, long hash, Request request, int key, List<WriteMarks> writes, long nowNanos) {
        boolean found = nodes[node].isFresh(nowNanos)
                && !isBeingWritten(hash, writes)
                && store.find(hash, request.address(key), request.length(key), nowNanos);
        if (found && nodes[node].shouldHear(store.mark())) {
            store.mark(nodes[node].writes());
            found = false;
        }
        if (found) {
            hits++;
        } else {
            misses++;
        }
        return found;
    }

    public long value() {
        return store.value();
    }

    public int valueLength() {
        return store.valueLength();
    }

    /**
     * The fill to be sent after a read that {@link #find} did not answer, or null: the key is not hot, or it is here and the
     * read is only passed on, or now is no good time.
     */
    public Fill fill(int node, long hash, Request request, int key, List<WriteMarks> writes, long nowNanos) {
        if (!popularity.read(hash, nodes[node].span(hits + misses))
                || fills >= MOST_FILLS
                || !nodes[node].isFresh(nowNanos)
                || isBeingWritten(hash, writes)
                || store.find(hash, request.address(key), request.length(key), nowNanos)) {
            return null;
        }
        if (!nodes[node].beginFill(hash)) {
            return null;
        }
        fills++;
        byte[] copy = Raw.bytes(request.address(key), request.length(key));
        return new Fill(this, node, hash, copy, nodes[node].version(hash), nowNanos);
    }

    void filled(Fill fill) {
        fills--;
        nodes[fill.node()].endFill(fill.hash());
    }

    /** Keeps what a fill has read, unless the key has changed since it was sent. */
    void put(Fill fill, Request key, long value, int valueLength, long expiry) {
        if (nodes[fill.node()].version(fill.hash()) == fill.version()) {
            long writes = nodes[fill.node()].writes();
            store.put(fill.node(), fill.hash(), key.address(0), key.length(0), value, valueLength, expiry, writes);
        }
    }

    /** Argument {@code key} of the request that {@code by} sent last is written. */
    public void write(int node, Request request, int key, WriteMarks by) {
        long hash = hash(request.address(key), request.length(key));
        changed(node, hash, request.address(key), request.length(key));
        nodes[node].written(hits + misses);
        by.mark(hash);
    }

    /** The request that {@code by} sent last may write any key of the node. */
    public void writeAll(int node, WriteMarks by) {
        dropNode(node);
        by.markAll();
    }

    /** The node says that a key has changed. */
    public void invalidate(int node, long key, int length) {
        changed(node, hash(key, length), key, length);
    }

    private void changed(int node, long hash, long key, int length) {
        nodes[node].change(hash);
        store.drop(hash, key, length);
    }

    /** Everything of that node may have changed. */
    public void dropNode(int node) {
        nodes[node].changeAll();
        store.dropNode(node);
    }

    /** The node has answered a sign of life that was asked for at {@code askedNanos}. */
    public void alive(int node, long askedNanos) {
        nodes[node].freshUntil(askedNanos + TimeUnit.MILLISECONDS.toNanos(FRESH_MILLIS));
    }

    /** The node has told how many keys it has. */
    public void keys(int node, long count) {
        nodes[node].keys(count);
    }

    /** The node's connection is lost. */
    public void lost(int node) {
        nodes[node].stale();
        dropNode(node);
    }

    /** Drops what a silent node had. */
    public void tick(long nowNanos) {
        for (int node = 0; node < nodes.length; node++) {
            if (nodes[node].hasExpired(nowNanos)) {
                lost(node);
            }
        }
    }

    public long hits() {
        return hits;
    }

    public long misses() {
        return misses;
    }

    public int entries() {
        return store.entries();
    }

    public long usedBytes() {
        return store.usedBytes();
    }

    private static boolean isBeingWritten(long hash, List<WriteMarks> writes) {
        for (int i = 0; i < writes.size(); i++) {
            if (writes.get(i).isOnItsWay(hash)) {
                return true;
            }
        }
        return false;
    }
}
