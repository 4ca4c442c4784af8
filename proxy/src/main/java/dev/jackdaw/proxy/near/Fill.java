package dev.jackdaw.proxy.near;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.protocol.resp.Request;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Owned by one event loop: one read of a hot key for the near cache: PTTL, then GET, on the connection that is told of changes.
 * The value is dropped again when its time to live, counted from before the question, is over.
 */
public final class Fill {
    private static final byte[] PTTL = "PTTL".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GET = "GET".getBytes(StandardCharsets.US_ASCII);

    private final NearCache cache;
    private final int node;
    private final long hash;
    private final byte[] key;
    private final int version;
    private final long sentNanos;
    private boolean usable;
    private long expiry = NearStore.NEVER;

    Fill(NearCache cache, int node, long hash, byte[] key, int version, long sentNanos) {
        this.cache = cache;
        this.node = node;
        this.hash = hash;
        this.key = key;
        this.version = version;
        this.sentNanos = sentNanos;
    }

    public int node() {
        return node;
    }

    long hash() {
        return hash;
    }

    int version() {
        return version;
    }

    /** The first question. */
    public byte[][] timeToLive() {
        return new byte[][] {PTTL, key};
    }

    /** The second question. */
    public byte[][] value() {
        return new byte[][] {GET, key};
    }

    /** The reply to {@link #timeToLive}. */
    public void timeToLive(long address, int length) {
        int digits = length - 3;
        usable = Raw.getByte(address) == ':' && Integers.isInteger(address + 1, digits);
        if (usable) {
            long millis = Integers.parse(address + 1, digits);
            // Further away than that, and the sum might overflow.
            if (millis >= 0 && millis < TimeUnit.DAYS.toMillis(365)) {
                expiry = sentNanos + TimeUnit.MILLISECONDS.toNanos(millis);
            }
        }
    }

    /** The reply to {@link #value}: kept when it is a string or nothing. */
    public void value(long address, int length) {
        int type = Raw.getByte(address);
        if (usable && (type == '$' || type == '_')) {
            Request copy = new Request();
            copy.set(key);
            cache.put(this, copy, address, length, expiry);
        }
        cache.filled(this);
    }

    /** There will be no value. */
    public void failed() {
        cache.filled(this);
    }
}
