package dev.jackdaw.benchmarks.connections;

import dev.jackdaw.benchmarks.process.Deployment;
import dev.jackdaw.benchmarks.process.Launcher;
import dev.jackdaw.benchmarks.report.Format;
import dev.jackdaw.benchmarks.report.Report;
import dev.jackdaw.benchmarks.report.ReportOptions;
import dev.jackdaw.benchmarks.report.Table;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Owned by one command line: {@code bench connections}. */
@Command(
        name = "connections",
        description = "Crowds a peer and a Jackdaw node with clients, and prints what these cost and what others feel.",
        mixinStandardHelpOptions = true)
public final class ConnectionsCommand implements Callable<Integer> {
    private static final int SPARE_CLIENTS = 1000;

    @Mixin
    private Launcher launcher;

    @Mixin
    private ReportOptions output;

    @Option(
            names = "--seconds",
            defaultValue = "5",
            description = "of each crowd, and as long before it and after it (default: ${DEFAULT-VALUE})")
    private double seconds;

    @Option(
            names = "--idle",
            defaultValue = "10000",
            description = "clients that say nothing; a crowd of 0 is left out (default: 10000)")
    private int idle;

    @Option(names = "--slow-readers", defaultValue = "500", description = "clients that hardly read (default: 500)")
    private int slowReaders;

    @Option(
            names = "--slow-writers",
            defaultValue = "1000",
            description = "clients that send one byte a second (default: ${DEFAULT-VALUE})")
    private int slowWriters;

    @Option(
            names = "--connects",
            defaultValue = "2000",
            description = "clients a second that come, ask once and go (default: ${DEFAULT-VALUE})")
    private int connects;

    @Option(
            names = "--rate",
            defaultValue = "200",
            description = "requests a second of the client that is measured (default: ${DEFAULT-VALUE})")
    private int rate;

    private final Table table = new Table(List.of(
            "crowd",
            "server",
            "p99 before us",
            "with it",
            "after it",
            "with it / before",
            "CPU ms a second",
            "resident, bytes each",
            "used_memory, bytes each",
            "resident",
            "resident after",
            "used_memory after",
            "clients after"));
    private Report report;

    /**
     * Immutable: a kind of crowd.
     *
     * @param clients how many it has, or that come in the time that it is watched
     */
    private record Kind(String name, long clients, Trial.Gathering gathering) {}

    @Override
    public Integer call() throws IOException {
        launcher.cores().pinThisProcess();
        List<Kind> kinds = kinds();
        report = output.begin(launcher.cores(), "about " + Math.round(totalSeconds(kinds.size())) + " seconds in all");
        try (Trial peer = trial(launcher.peer());
                Trial ours = trial(launcher.node())) {
            for (Kind kind : kinds) {
                measure(peer, kind);
                measure(ours, kind);
            }
        }
        report.print(table);
        output.end(report);
        return 0;
    }

    /** Those that are not empty. */
    private List<Kind> kinds() {
        return Stream.of(
                        new Kind(idle + " idle", idle, server -> StandingCrowd.idle(server.endpoint(), idle)),
                        new Kind(
                                slowReaders + " slow readers",
                                slowReaders,
                                server -> StandingCrowd.slowReaders(server.endpoint(), slowReaders)),
                        new Kind(
                                slowWriters + " slow writers",
                                slowWriters,
                                server -> StandingCrowd.slowWriters(server.endpoint(), slowWriters)),
                        new Kind(
                                connects + " a second",
                                (long) (connects * seconds * 1.5),
                                server -> new PassingCrowd(server.endpoint(), connects)))
                .filter(kind -> kind.clients() > 0)
                .toList();
    }

    private double totalSeconds(int kinds) {
        return 2 * (Trial.prepareSeconds() + kinds * Trial.runSeconds(seconds));
    }

    private Trial trial(Deployment server) throws IOException {
        report.progress("warming up " + server.name());
        Trial trial = new Trial(server, rate, seconds);
        try {
            trial.prepare(Math.max(idle, slowWriters + slowReaders) + SPARE_CLIENTS);
            return trial;
        } catch (IOException e) {
            trial.close();
            throw e;
        }
    }

    private void measure(Trial trial, Kind kind) throws IOException {
        Trial.Outcome outcome = trial.run(kind.gathering());
        table.row(List.of(
                kind.name(),
                trial.server(),
                Format.number(outcome.before()),
                Format.number(outcome.with()),
                Format.number(outcome.after()),
                Format.ratio(outcome.with() / outcome.before()),
                Format.number(outcome.cpu()),
                Format.integer((double) outcome.residentBytes() / kind.clients()),
                Format.integer((double) outcome.usedBytes() / kind.clients()),
                Format.megabytes(outcome.residentBytes()),
                Format.megabytes(outcome.residentAfter()),
                Format.megabytes(outcome.usedAfter()),
                Long.toString(outcome.clientsAfter())));
        // The table comes at the end, with columns as wide as they have to be; a run that is stopped has said this
        // much.
        report.progress("%s, %s: p99 %s us before, %s with it, %s after it; %s more resident, %s after it"
                .formatted(
                        trial.server(),
                        kind.name(),
                        Format.number(outcome.before()),
                        Format.number(outcome.with()),
                        Format.number(outcome.after()),
                        Format.megabytes(outcome.residentBytes()),
                        Format.megabytes(outcome.residentAfter())));
        report.keep(
                "connections",
                Map.ofEntries(
                        Map.entry("crowd", kind.name()),
                        Map.entry("server", trial.server()),
                        Map.entry("p99_before_us", outcome.before()),
                        Map.entry("p99_with_us", outcome.with()),
                        Map.entry("p99_after_us", outcome.after()),
                        Map.entry("cpu_ms_per_second", outcome.cpu()),
                        Map.entry("resident_bytes", outcome.residentBytes()),
                        Map.entry("used_bytes", outcome.usedBytes()),
                        Map.entry("resident_bytes_after", outcome.residentAfter()),
                        Map.entry("used_bytes_after", outcome.usedAfter()),
                        Map.entry("clients_after", outcome.clientsAfter())));
    }
}
