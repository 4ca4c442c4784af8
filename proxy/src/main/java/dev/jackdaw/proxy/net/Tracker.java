package dev.jackdaw.proxy.net;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.protocol.topology.Node;
import dev.jackdaw.proxy.near.Fill;
import dev.jackdaw.proxy.near.NearCache;
import dev.jackdaw.proxy.route.ReplySink;
import java.nio.charset.StandardCharsets;

/**
 * Owned by one event loop: the connection over which the near cache reads from one node and hears of changes, in one order. Only
 * its own reads go over it, so that a client's large reply never delays an invalidation.
 */
final class Tracker implements Backend.Listener, ReplySink {
    /** A sign of life that tells something. */
    private static final byte[] DBSIZE = "DBSIZE".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] INVALIDATE = ">2\r\n$10\r\ninvalidate\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Worker worker;
    private final NearCache cache;
    private final int nodeIndex;
    private final Backend backend;
    private boolean asked;
    private long askedNanos;

    Tracker(Worker worker, NearCache cache, int nodeIndex, Node node) {
        this.worker = worker;
        this.cache = cache;
        this.nodeIndex = nodeIndex;
        this.backend = new Backend(worker, node, null, 3, 0, this, "CLIENT", "TRACKING", "ON");
    }

    void open() {
        backend.open();
    }

    void close() {
        backend.close();
    }

    /** Asks for a sign of life, unless the last one is still awaited. */
    void tick(long nowNanos) {
        if (backend.isUp() && !asked) {
            asked = true;
            askedNanos = nowNanos;
            backend.send(this, 0, DBSIZE);
        }
        backend.tick(nowNanos);
    }

    void send(Fill fill) {
        Filling filling = new Filling(fill);
        backend.send(filling, Filling.TIME_TO_LIVE, fill.timeToLive());
        backend.send(filling, Filling.VALUE, fill.value());
    }

    @Override
    public void up() {
        tick(worker.clock().nanos());
    }

    @Override
    public void down() {
        asked = false;
        cache.lost(nodeIndex);
    }

    @Override
    public void reply(int tag, long address, int length) {
        asked = false;
        cache.alive(nodeIndex, askedNanos);
        int digits = length - 3;
        if (Raw.getByte(address) == ':' && Integers.isInteger(address + 1, digits)) {
            cache.keys(nodeIndex, Integers.parse(address + 1, digits));
        }
    }

    @Override
    public void failed(int tag, String error) {
        asked = false;
    }

    @Override
    public void push(long address, int length) {
        if (!isInvalidation(address, length)) {
            return;
        }
        long at = address + INVALIDATE.length;
        if (Raw.getByte(at) != '*') {
            cache.dropNode(nodeIndex);
            return;
        }
        long end = address + length;
        at = afterLine(at);
        while (at < end) {
            long text = afterLine(at);
            int keyLength = (int) Integers.parse(at + 1, (int) (text - at) - 3);
            cache.invalidate(nodeIndex, text, keyLength);
            at = text + keyLength + 2;
        }
    }

    private static boolean isInvalidation(long address, int length) {
        if (length <= INVALIDATE.length) {
            return false;
        }
        for (int i = 0; i < INVALIDATE.length; i++) {
            if (Raw.getByte(address + i) != INVALIDATE[i]) {
                return false;
            }
        }
        return true;
    }

    private static long afterLine(long at) {
        long next = at;
        while (Raw.getByte(next) != '\n') {
            next++;
        }
        return next + 1;
    }

    /** Owned by the tracker: hands both replies to the fill. */
    private static final class Filling implements ReplySink {
        static final int TIME_TO_LIVE = 0;
        static final int VALUE = 1;

        private final Fill fill;

        Filling(Fill fill) {
            this.fill = fill;
        }

        @Override
        public void reply(int tag, long address, int length) {
            if (tag == TIME_TO_LIVE) {
                fill.timeToLive(address, length);
            } else {
                fill.value(address, length);
            }
        }

        @Override
        public void failed(int tag, String error) {
            if (tag == VALUE) {
                fill.failed();
            }
        }
    }
}
