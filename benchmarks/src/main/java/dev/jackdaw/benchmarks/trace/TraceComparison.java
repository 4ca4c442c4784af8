package dev.jackdaw.benchmarks.trace;

import dev.jackdaw.benchmarks.process.Deployment;
import dev.jackdaw.benchmarks.report.Format;
import dev.jackdaw.benchmarks.report.Report;
import dev.jackdaw.benchmarks.report.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Owned: traces replayed on a peer and on Jackdaw with the same memory, both started anew for each replay.
 *
 * <p>A paced replay mostly waits, so those of the peer go on beside each other and beside ours; none is measured for speed.
 */
final class TraceComparison {
    private final Side peer;
    private final Side ours;
    private final int valueBytes;
    private final Report report;

    /** Starts an empty deployment. */
    interface Starter {
        Deployment start() throws IOException;
    }

    /**
     * Immutable: who is compared.
     *
     * @param rate requests a second, 0 for no limit
     * @param policy its maxmemory-policy
     */
    record Side(Starter starter, long rate, String policy) {}

    /** @param peer null to replay on Jackdaw alone */
    TraceComparison(Side peer, Side ours, int valueBytes, Report report) {
        this.peer = peer;
        this.ours = ours;
        this.valueBytes = valueBytes;
        this.report = report;
    }

    /** The memory in which the peer holds a share of the trace's keys. */
    Cache holding(Trace trace, double percent) throws IOException {
        int keys = (int) Math.max(1, Math.round(trace.uniqueKeys() * percent / 100));
        report.progress("%s: memory for %,d keys".formatted(trace.name(), keys));
        try (Deployment server = peer.starter.start()) {
            String title = "%s %% of the keys, %,d".formatted(Format.number(percent), keys);
            return new Cache(title, CacheSize.bytesFor(server, keys, valueBytes), true);
        }
    }

    void run(List<Cell> cells) throws IOException {
        ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Future<Outcome>> theirs = new ArrayList<>();
            for (Cell cell : cells) {
                theirs.add(peer == null ? null : background.submit(() -> replay(peer, cell)));
            }
            List<Outcome> own = new ArrayList<>();
            for (Cell cell : cells) {
                report.progress("%s, %s".formatted(cell.trace.name(), cell.cache.title()));
                own.add(replay(ours, cell));
            }
            print(cells, theirs, own);
        } finally {
            background.shutdownNow();
            background.close();
        }
    }

    private Outcome replay(Side side, Cell cell) throws IOException {
        try (Deployment server = side.starter.start()) {
            server.limitMemory(cell.cache.bytes(), cell.cache.beyondEmpty(), side.policy);
            try (Replay replay = new Replay(server.endpoint(), valueBytes)) {
                ReplayResult result = replay.run(cell.trace, side.rate);
                return new Outcome(server.name(), result, Long.parseLong(replay.call("DBSIZE")));
            }
        }
    }

    private void print(List<Cell> cells, List<Future<Outcome>> theirs, List<Outcome> own) throws IOException {
        Table table = new Table(List.of(
                "trace",
                "cache",
                "bytes",
                "server",
                "requests",
                "hits",
                "misses",
                "miss ratio",
                "to the peer",
                "keys held",
                "refused",
                "requests/s"));
        for (int i = 0; i < cells.size(); i++) {
            Outcome beside = theirs.get(i) == null ? null : await(theirs.get(i));
            if (beside != null) {
                row(table, cells.get(i), beside, null);
            }
            row(table, cells.get(i), own.get(i), beside);
        }
        report.print(table);
    }

    private void row(Table table, Cell cell, Outcome outcome, Outcome beside) {
        ReplayResult result = outcome.result;
        double ratio = beside == null ? Double.NaN : result.misses() / (double) beside.result.misses();
        table.row(List.of(
                cell.trace.name(),
                cell.cache.title(),
                Format.integer(cell.cache.bytes()),
                outcome.server,
                Format.integer(result.requests()),
                Format.integer(result.hits()),
                Format.integer(result.misses()),
                Format.ratio(result.missRatio()),
                beside == null ? "" : Format.ratio(ratio),
                Format.integer(outcome.keysHeld),
                Format.integer(result.refusals()),
                Format.integer(result.requestsPerSecond())));
        Map<String, Object> kept = new LinkedHashMap<>();
        kept.put("trace", cell.trace.name());
        kept.put("cache", cell.cache.title());
        kept.put("bytes", cell.cache.bytes());
        kept.put("server", outcome.server);
        kept.put("requests", result.requests());
        kept.put("misses", result.misses());
        kept.put("toPeer", ratio);
        kept.put("keysHeld", outcome.keysHeld);
        report.keep("trace", kept);
    }

    private static Outcome await(Future<Outcome> outcome) throws IOException {
        try {
            return outcome.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Immutable: one row: a trace and the cache that it is replayed on. */
    record Cell(Trace trace, Cache cache) {}

    private record Outcome(String server, ReplayResult result, long keysHeld) {}
}
