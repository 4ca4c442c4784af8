package dev.jackdaw.benchmarks.compare;

import dev.jackdaw.benchmarks.load.Load;
import dev.jackdaw.benchmarks.load.LoadGenerator;
import dev.jackdaw.benchmarks.load.Numbers;
import dev.jackdaw.benchmarks.process.Deployment;
import dev.jackdaw.benchmarks.process.Launcher;
import dev.jackdaw.benchmarks.report.Format;
import dev.jackdaw.benchmarks.report.Report;
import dev.jackdaw.benchmarks.report.Table;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Owned: bytes for each key, of two servers, each started anew for every figure. */
final class MemoryComparison {
    private static final long SETTLE_MILLIS = 8000;
    private static final int OVERWRITE_CONNECTIONS = 8;
    private static final int OVERWRITE_PIPELINE = 64;

    private final Launcher launcher;
    private final Report report;

    MemoryComparison(Launcher launcher, Report report) {
        this.launcher = launcher;
        this.report = report;
    }

    void run(List<MemoryCase> cases, List<Long> counts) throws IOException {
        Table table = new Table(List.of(
                "store",
                "items",
                "payload",
                "server",
                "used_memory/item",
                "resident/item",
                "used beyond payload",
                "resident beyond payload",
                "empty used_memory",
                "empty resident"));
        for (MemoryCase store : cases) {
            for (long count : counts) {
                report.progress("%s, %,d".formatted(store.title(), store.items(count)));
                try (Deployment peer = launcher.peer()) {
                    row(table, store, store.items(count), peer);
                }
                try (Deployment node = launcher.node()) {
                    row(table, store, store.items(count), node);
                }
            }
        }
        report.print(table);
    }

    private void row(Table table, MemoryCase store, long items, Deployment server) throws IOException {
        Size empty = size(server);
        LoadGenerator.run(Load.filling(server.endpoint(), store.fill(), items));
        if (store.overwrite() != null) {
            LoadGenerator.run(Load.closedLoop(
                    server.endpoint(),
                    store.overwrite(),
                    Numbers.random(items, 1),
                    items * MemoryCase.OVERWRITES,
                    OVERWRITE_CONNECTIONS,
                    OVERWRITE_PIPELINE));
        }
        Size full = size(server);
        double used = (full.used - empty.used) / (double) items;
        double resident = (full.resident - empty.resident) / (double) items;
        table.row(List.of(
                store.title(),
                Format.integer(items),
                Integer.toString(store.payloadBytes()),
                server.name(),
                Format.number(used),
                Format.number(resident),
                Format.number(used - store.payloadBytes()),
                Format.number(resident - store.payloadBytes()),
                Format.megabytes(empty.used),
                Format.megabytes(empty.resident)));
        report.keep(
                "memory",
                Map.of(
                        "store",
                        store.title(),
                        "items",
                        items,
                        "payloadBytes",
                        store.payloadBytes(),
                        "server",
                        server.name(),
                        "usedBytes",
                        used,
                        "residentBytes",
                        resident,
                        "emptyUsedBytes",
                        empty.used,
                        "emptyResidentBytes",
                        empty.resident));
    }

    /** Waits first, until connections are closed, tables have grown, and memory that nobody needs any more has gone back to the system. */
    private static Size size(Deployment server) throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return new Size(server.info("used_memory"), server.front().residentBytes());
    }

    private record Size(long used, long resident) {}
}
