package dev.jackdaw.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Owned by one thread: sends a {@link Load} and measures the answers.
 *
 * <p>It has to cost less than the server that it drives, or it would measure itself: one thread, one selector, batches that
 * are encoded once, no object per command. A closed loop shows throughput and CPU. An open loop shows latency at a given
 * rate: a batch that has to wait for a free connection counts from when it was due, so that a stall of the server is seen
 * by all batches that fell into it.
 */
public final class LoadGenerator {
    private static final long SILENCE_MILLIS = 60_000;
    private static final long MAX_LATENCY_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final Load load;
    private final Histogram latencies = new Histogram(100, MAX_LATENCY_NANOS, 3);
    private final List<LoadConnection> connections = new ArrayList<>();
    private final LoadConnection[] idle;
    private int idleCount;
    private long batchesSent;
    private long batchesAnswered;
    private long startNanos;

    private LoadGenerator(Load load) {
        this.load = load;
        this.idle = new LoadConnection[load.connections()];
    }

    /** Sends the whole load; an error reply, a closed connection or a minute of silence ends it with an exception. */
    public static LoadResult run(Load load) throws IOException {
        return new LoadGenerator(load).run();
    }

    private LoadResult run() throws IOException {
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < load.connections(); i++) {
                Template.Batch batch = load.template().batch(load.pipeline(), i);
                connections.add(new LoadConnection(load.endpoint(), selector, batch, load.pipeline()));
            }
            startNanos = System.nanoTime();
            connections.forEach(this::free);
            if (load.isOpenLoop()) {
                openLoop(selector);
            } else {
                closedLoop(selector);
            }
            long elapsedNanos = System.nanoTime() - startNanos;
            return new LoadResult(batchesAnswered * load.pipeline(), elapsedNanos, latencies);
        } catch (IOException | UncheckedIOException e) {
            throw new IOException("load " + load.template() + " failed: " + e.getMessage(), e);
        } finally {
            for (LoadConnection connection : connections) {
                connection.close();
            }
        }
    }

    private void closedLoop(Selector selector) throws IOException {
        while (idleCount > 0) {
            sendFromIdle(startNanos);
        }
        while (batchesAnswered < load.batches()) {
            if (selector.select(this::ready, SILENCE_MILLIS) == 0) {
                throw new IOException("no reply within " + SILENCE_MILLIS + " ms");
            }
        }
    }

    private void openLoop(Selector selector) throws IOException {
        double nanosPerBatch = 1e9 / load.batchesPerSecond();
        long lastAnswerNanos = startNanos;
        while (batchesAnswered < load.batches()) {
            long now = System.nanoTime();
            long dueNanos = startNanos + (long) (batchesSent * nanosPerBatch);
            if (idleCount > 0 && batchesSent < load.batches() && now >= dueNanos) {
                sendFromIdle(dueNanos);
            }
            if (selector.selectNow(this::ready) > 0) {
                lastAnswerNanos = now;
            } else if (now - lastAnswerNanos > TimeUnit.MILLISECONDS.toNanos(SILENCE_MILLIS)) {
                throw new IOException("no reply within " + SILENCE_MILLIS + " ms");
            }
        }
    }

    private void sendFromIdle(long sendTimeNanos) throws IOException {
        send(idle[--idleCount], sendTimeNanos);
    }

    private void ready(SelectionKey key) {
        LoadConnection connection = (LoadConnection) key.attachment();
        try {
            if (connection.ready()) {
                long now = System.nanoTime();
                latencies.recordValue(Math.min(now - connection.sendTimeNanos(), MAX_LATENCY_NANOS));
                batchesAnswered++;
                if (load.isOpenLoop()) {
                    free(connection);
                } else {
                    send(connection, now);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void send(LoadConnection connection, long sendTimeNanos) throws IOException {
        if (batchesSent < load.batches()) {
            batchesSent++;
            connection.send(load.numbers(), sendTimeNanos);
        }
    }

    private void free(LoadConnection connection) {
        idle[idleCount++] = connection;
    }
}
