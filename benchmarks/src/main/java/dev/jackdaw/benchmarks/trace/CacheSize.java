package dev.jackdaw.benchmarks.trace;

import dev.jackdaw.benchmarks.load.RespClient;
import dev.jackdaw.benchmarks.process.Deployment;
import java.io.IOException;

/**
 * Owned by one thread: finds the memory, beyond that of the empty server, in which a server holds a number of keys.
 *
 * <p>Adding up sizes would not do for small caches: the buffers of the one connection weigh as much as a hundred keys. So
 * the cache is limited, flooded with new keys, and asked how many it kept, until it keeps the wanted number. All of it goes
 * through one connection that was busy for a while, since a Redis trims the buffers of a connection some seconds after its
 * first commands.
 */
final class CacheSize {
    private static final int MAX_TRIALS = 20;
    private static final double TOLERANCE = 0.005;
    private static final int FLOODS = 4;
    private static final long BYTES_PER_KEY = 140;
    private static final long FIXED_BYTES = 64 * 1024;
    private static final int BUSY_RATE = 1000;
    private static final int BUSY_SECONDS = 7;

    private final Replay replay;
    private final int keys;
    private final long empty;

    private CacheSize(Replay replay, int keys, long empty) {
        this.replay = replay;
        this.keys = keys;
        this.empty = empty;
    }

    /** Takes a server that has just been started. */
    static long bytesFor(Deployment server, int keys, int valueBytes) throws IOException {
        long empty;
        try (RespClient client = server.front().connect()) {
            empty = Deployment.emptyBytes(client);
        }
        try (Replay replay = new Replay(server.endpoint(), valueBytes)) {
            replay.call("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
            replay.run(Trace.distinct(0, BUSY_RATE * BUSY_SECONDS), BUSY_RATE);
            return new CacheSize(replay, keys, empty).search(2 * (keys * (BYTES_PER_KEY + valueBytes) + FIXED_BYTES));
        }
    }

    private long search(long enough) throws IOException {
        long low = 0;
        long high = enough;
        long best = high;
        double bestError = Double.POSITIVE_INFINITY;
        for (int trial = 0; trial < MAX_TRIALS && bestError > keys * TOLERANCE; trial++) {
            long bytes = (low + high) / 2;
            double held = held(bytes);
            if (Math.abs(held - keys) < bestError) {
                best = bytes;
                bestError = Math.abs(held - keys);
            }
            if (held < keys) {
                low = bytes;
            } else {
                high = bytes;
            }
        }
        return best;
    }

    /** The mean number of keys that are there between floods, each of as many new ones as are wanted. */
    private double held(long bytes) throws IOException {
        replay.call("FLUSHALL");
        replay.call("CONFIG", "SET", "maxmemory", Long.toString(empty + bytes));
        replay.run(Trace.distinct(0, 2 * keys), 0);
        double sum = 0;
        for (int i = 0; i < FLOODS; i++) {
            replay.run(Trace.distinct((2 + i) * keys, keys), 0);
            sum += Long.parseLong(replay.call("DBSIZE"));
        }
        return sum / FLOODS;
    }
}
