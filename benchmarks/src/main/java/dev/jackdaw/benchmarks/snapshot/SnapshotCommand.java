package dev.jackdaw.benchmarks.snapshot;

import dev.jackdaw.benchmarks.process.Deployment;
import dev.jackdaw.benchmarks.process.Launcher;
import dev.jackdaw.benchmarks.report.Format;
import dev.jackdaw.benchmarks.report.Report;
import dev.jackdaw.benchmarks.report.ReportOptions;
import dev.jackdaw.benchmarks.report.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Owned by one command line: {@code bench snapshot}. */
@Command(
        name = "snapshot",
        description =
                "Takes snapshots of a peer and of a Jackdaw node under load, loads them, and prints what that costs.",
        mixinStandardHelpOptions = true)
public final class SnapshotCommand implements Callable<Integer> {
    @Mixin
    private Launcher launcher;

    @Mixin
    private ReportOptions output;

    @Option(names = "--keys", defaultValue = "10000000", description = "of 16 + 32 bytes (default: ${DEFAULT-VALUE})")
    private long keys;

    @Option(
            names = "--connections",
            defaultValue = "50",
            description = "of the load that is measured (default: ${DEFAULT-VALUE})")
    private int connections;

    @Option(
            names = "--seconds",
            defaultValue = "10",
            description = "at rest, and at least while snapshots are taken (default: ${DEFAULT-VALUE})")
    private double seconds;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "where the snapshots go (default: that for temporary files)")
    private Path directory;

    private final Table table = new Table(List.of("what", "peer", "node", "node / peer"));
    private Report report;

    @Override
    public Integer call() throws IOException {
        launcher.cores().pinThisProcess();
        report = output.begin(launcher.cores());
        Trial.Outcome peer = trial("peer", launcher::peer);
        Trial.Outcome node = trial("node", launcher::node);
        for (String command : Trial.COMMANDS) {
            row(
                    command + " p99.9 at rest, us",
                    peer,
                    node,
                    outcome -> outcome.atRest().get(command));
            row(
                    command + " p99.9 during a snapshot, us",
                    peer,
                    node,
                    outcome -> outcome.during().get(command));
            row(command + " p99.9, during / at rest", peer, node, outcome -> outcome.slowdown(command));
        }
        row("extra memory under full write load, share of resident", peer, node, Trial.Outcome::extraMemory);
        row("writes a second, during / at rest", peer, node, Trial.Outcome::writesLeft);
        row("snapshot at rest, seconds", peer, node, Trial.Outcome::snapshotSeconds);
        row("loading, seconds beyond an empty start", peer, node, Trial.Outcome::loadingSeconds);
        report.print(table);
        output.end(report);
        return 0;
    }

    /** Starts a server whose data lie in a directory. */
    interface Start {
        Deployment in(Path data) throws IOException;
    }

    private Trial.Outcome trial(String name, Start start) throws IOException {
        Path data = directory == null
                ? Files.createTempDirectory("jackdaw-snapshot")
                : Files.createTempDirectory(directory, "jackdaw-snapshot");
        try {
            return new Trial(start, data, keys, connections, seconds, step -> report.progress(name + ": " + step))
                    .run();
        } finally {
            Files.deleteIfExists(data.resolve("dump.rdb"));
            Files.delete(data);
        }
    }

    private void row(String what, Trial.Outcome peer, Trial.Outcome node, ToDoubleFunction<Trial.Outcome> figure) {
        double theirs = figure.applyAsDouble(peer);
        double ours = figure.applyAsDouble(node);
        table.row(List.of(what, Format.number(theirs), Format.number(ours), Format.ratio(ours / theirs)));
        report.keep("snapshot", Map.of("what", what, "peer", theirs, "node", ours));
    }
}
