package dev.jackdaw.benchmarks.compare;

import dev.jackdaw.benchmarks.load.Load;
import dev.jackdaw.benchmarks.load.LoadGenerator;
import dev.jackdaw.benchmarks.load.RespClient;
import dev.jackdaw.benchmarks.load.Template;
import dev.jackdaw.benchmarks.process.Deployment;
import dev.jackdaw.benchmarks.process.Launcher;
import dev.jackdaw.benchmarks.report.Format;
import dev.jackdaw.benchmarks.report.Report;
import dev.jackdaw.benchmarks.report.Table;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Owned: what two servers still hold of keys that have all expired within one second, a second later. */
final class ExpiryComparison {
    /** Keys that both servers take in a second at the least. */
    private static final long KEYS_PER_SECOND = 50_000;

    private static final long SPREAD_MILLIS = 1_000;
    private static final long AFTER_MILLIS = 1_000;

    private final Launcher launcher;
    private final Report report;

    ExpiryComparison(Launcher launcher, Report report) {
        this.launcher = launcher;
        this.report = report;
    }

    void run(long keys) throws IOException {
        Table table =
                new Table(List.of("keys expired", "server", "keys left 1 s later", "% of bytes left", "5 s later"));
        try (Deployment peer = launcher.peer()) {
            row(table, keys, peer);
        }
        try (Deployment node = launcher.node()) {
            row(table, keys, node);
        }
        report.print(table);
    }

    private void row(Table table, long keys, Deployment server) throws IOException {
        report.progress("%s, %,d keys that expire".formatted(server.name(), keys));
        try (RespClient client = server.front().connect()) {
            long empty = client.info("used_memory");
            long begin = System.currentTimeMillis() + 2_000 + 1_000 * keys / KEYS_PER_SECOND;
            String time = "{" + begin + "-" + (begin + SPREAD_MILLIS - 1) + "}";
            Template fill = Template.of("SET key:{n} {value} PXAT " + time);
            LoadGenerator.run(Load.filling(server.endpoint(), fill, keys));
            long full = client.info("used_memory");
            long loaded = size(client);
            if (loaded < keys) {
                throw new IOException("%s took too long to load: %d keys are left".formatted(server.name(), loaded));
            }
            waitUntil(begin + SPREAD_MILLIS + AFTER_MILLIS);
            long left = size(client);
            double bytes = 100.0 * (client.info("used_memory") - empty) / (full - empty);
            waitUntil(begin + SPREAD_MILLIS + 5 * AFTER_MILLIS);
            double later = 100.0 * (client.info("used_memory") - empty) / (full - empty);
            table.row(List.of(
                    Format.integer(loaded),
                    server.name(),
                    Format.integer(left),
                    Format.number(bytes),
                    Format.number(later)));
            report.keep(
                    "expiry", Map.of("server", server.name(), "keys", loaded, "keysLeft", left, "percentLeft", bytes));
        }
    }

    private static long size(RespClient client) throws IOException {
        return Long.parseLong(String.valueOf(client.call("DBSIZE")));
    }

    private static void waitUntil(long millis) throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(Math.max(0, millis - System.currentTimeMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
