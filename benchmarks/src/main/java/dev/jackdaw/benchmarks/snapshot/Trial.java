package dev.jackdaw.benchmarks.snapshot;

import dev.jackdaw.benchmarks.load.Load;
import dev.jackdaw.benchmarks.load.LoadGenerator;
import dev.jackdaw.benchmarks.load.LoadResult;
import dev.jackdaw.benchmarks.load.Numbers;
import dev.jackdaw.benchmarks.load.RespClient;
import dev.jackdaw.benchmarks.load.Template;
import dev.jackdaw.benchmarks.process.Deployment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** Owned: one server on which snapshots are taken and loaded. */
final class Trial {
    static final List<String> COMMANDS = List.of("GET", "SET");

    private static final double WARM_UP_SECONDS = 5;
    /** Loads are sent in pieces of this length, after each of which it is asked whether the snapshot goes on. */
    private static final double PIECE_SECONDS = 0.2;

    private static final int SNAPSHOTS_AT_REST = 3;
    private static final int WRITE_PIPELINE = 16;
    private static final long POLL_MILLIS = 10;
    private static final long MAX_LATENCY_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final SnapshotCommand.Start start;
    private final Path data;
    private final long keys;
    private final int connections;
    private final double seconds;
    private final Consumer<String> progress;
    private Deployment server;
    private RespClient client;
    private long seed;

    Trial(
            SnapshotCommand.Start start,
            Path data,
            long keys,
            int connections,
            double seconds,
            Consumer<String> progress) {
        this.start = start;
        this.data = data;
        this.keys = keys;
        this.connections = connections;
        this.seconds = seconds;
        this.progress = progress;
    }

    /** Immutable: what came out. Percentiles in microseconds, by command. */
    record Outcome(
            Map<String, Double> atRest,
            Map<String, Double> during,
            double extraMemory,
            double writesLeft,
            double snapshotSeconds,
            double loadingSeconds) {
        double slowdown(String command) {
            return during.get(command) / atRest.get(command);
        }
    }

    Outcome run() throws IOException {
        Map<String, Double> atRest = new HashMap<>();
        Map<String, Double> during = new HashMap<>();
        double emptySeconds;
        double extraMemory;
        double writesLeft;
        double snapshotSeconds = Double.MAX_VALUE;
        long began = System.nanoTime();
        try (Deployment deployment = start.in(data);
                RespClient control = new RespClient(deployment.endpoint())) {
            emptySeconds = secondsSince(began);
            server = deployment;
            client = control;
            client.call("CONFIG", "SET", "save", "");
            progress.accept("filling");
            LoadGenerator.run(Load.filling(server.endpoint(), command("SET"), keys));
            for (int i = 0; i < SNAPSHOTS_AT_REST; i++) {
                progress.accept("a snapshot at rest");
                snapshotSeconds = Math.min(snapshotSeconds, snapshot());
            }
            for (String name : COMMANDS) {
                progress.accept(name + " at half load");
                double rate = capacity(name, 1, WARM_UP_SECONDS) / 2;
                during(name, rate, WARM_UP_SECONDS);
                atRest.put(name, atRest(name, rate));
                during.put(name, during(name, rate, seconds));
            }
            progress.accept("full write load");
            double writes = capacity("SET", WRITE_PIPELINE, WARM_UP_SECONDS);
            long resident = server.front().residentBytes();
            double[] full = underFullLoad(writes);
            writesLeft = full[0] / writes;
            extraMemory = full[1] / resident;
            snapshot();
        }
        progress.accept("loading");
        began = System.nanoTime();
        try (Deployment loaded = start.in(data)) {
            double loadingSeconds = secondsSince(began) - emptySeconds;
            if (loaded.info("rdb_last_load_keys_loaded") != keys) {
                throw new IOException("not all keys were loaded");
            }
            return new Outcome(atRest, during, extraMemory, writesLeft, snapshotSeconds, loadingSeconds);
        }
    }

    private static Template command(String name) {
        return Template.of(name.equals("GET") ? "GET key:{n}" : "SET key:{n} {value}");
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private boolean isSaving() throws IOException {
        return server.info("rdb_bgsave_in_progress") != 0;
    }

    private double snapshot() throws IOException {
        long began = System.nanoTime();
        client.call("BGSAVE");
        while (isSaving()) {
            pause();
        }
        return secondsSince(began);
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    /** Operations a second as fast as they go, after so long a time. */
    private double capacity(String name, int pipeline, double warmUpSeconds) throws IOException {
        long began = System.nanoTime();
        double rate = 0;
        long operations = 100_000;
        while (secondsSince(began) < warmUpSeconds) {
            rate = load(name, operations, pipeline, 0).operationsPerSecond();
            operations = (long) rate;
        }
        return rate;
    }

    /** @param rate batches a second, 0 for as many as go */
    private LoadResult load(String name, long operations, int pipeline, double rate) throws IOException {
        Numbers numbers = Numbers.random(keys, ++seed);
        return LoadGenerator.run(
                new Load(server.endpoint(), command(name), numbers, operations, connections, pipeline, rate));
    }

    private static double tail(Histogram latencies) {
        return latencies.getValueAtPercentile(99.9) / 1000.0;
    }

    private Histogram piece(String name, double rate) throws IOException {
        return load(name, (long) (rate * PIECE_SECONDS), 1, rate).latencies();
    }

    private double atRest(String name, double rate) throws IOException {
        Histogram all = new Histogram(100, MAX_LATENCY_NANOS, 3);
        for (long began = System.nanoTime(); secondsSince(began) < seconds; ) {
            all.add(piece(name, rate));
        }
        return tail(all);
    }

    /** Of pieces that were over before the snapshot was; of a short snapshot, of all its pieces. */
    private double during(String name, double rate, double leastSeconds) throws IOException {
        Histogram all = new Histogram(100, MAX_LATENCY_NANOS, 3);
        for (long began = System.nanoTime(); secondsSince(began) < leastSeconds; ) {
            client.call("BGSAVE");
            boolean isFirst = true;
            while (isSaving()) {
                Histogram piece = piece(name, rate);
                if (isFirst || isSaving()) {
                    all.add(piece);
                }
                isFirst = false;
            }
        }
        return tail(all);
    }

    /** Writes a second while a snapshot is taken, and the bytes that it took in memory at most. */
    private double[] underFullLoad(double writes) throws IOException {
        long before = server.front().residentBytes();
        long most = before;
        long operations = 0;
        long elapsedNanos = 0;
        client.call("BGSAVE");
        while (isSaving()) {
            LoadResult piece = load("SET", (long) (writes * PIECE_SECONDS), WRITE_PIPELINE, 0);
            operations += piece.operations();
            elapsedNanos += piece.elapsedNanos();
            most = Math.max(most, server.front().residentBytes());
        }
        // A server that forks has its memory in another process; what it says of that counts.
        long copied = server.info("rdb_last_cow_size");
        return new double[] {operations * 1e9 / elapsedNanos, Math.max(most - before, copied)};
    }
}
