package dev.jackdaw.benchmarks.connections;

import dev.jackdaw.benchmarks.load.RespClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Owned by one thread: a client that minds its own business, and how long it waits for each reply.
 *
 * <p>It asks at a steady rate. A request that could not be sent in time because the one before was not answered counts from
 * when it was due: one stall of the server is felt by all that fell into it. What counts is the median over the seconds of
 * each one's p99: on a machine that has other things to do, a server that gets no core for a while would be blamed for it.
 */
final class Bystander {
    private static final long MAX_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final RespClient client;
    private final int perSecond;

    Bystander(RespClient client, int perSecond) {
        this.client = client;
        this.perSecond = perSecond;
    }

    /** Microseconds: of each second the 99th percentile. */
    List<Double> p99(double seconds) throws IOException {
        List<Double> percentiles = new ArrayList<>();
        for (long left = Math.max(1, Math.round(seconds)); left > 0; left--) {
            percentiles.add(second().getValueAtPercentile(99) / 1000.0);
        }
        return percentiles;
    }

    private Histogram second() throws IOException {
        Histogram waits = new Histogram(1000, MAX_NANOS, 3);
        long start = System.nanoTime();
        long answered = start;
        for (int i = 0; i < perSecond; i++) {
            long due = start + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            long from = answered > due ? due : System.nanoTime();
            client.call("GET", "bystander");
            answered = System.nanoTime();
            waits.recordValue(Math.min(answered - from, MAX_NANOS));
        }
        return waits;
    }
}
