package dev.jackdaw.benchmarks.fragmentation;

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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Owned by one command line: {@code bench fragmentation}. */
@Command(
        name = "fragmentation",
        description =
                "Changes the data of a Jackdaw node all the time, then deletes most of them, and prints what its memory has"
                        + " beyond them.",
        mixinStandardHelpOptions = true)
public final class FragmentationCommand implements Callable<Integer> {
    private static final int MOST_ITEMS = 10_000_000;
    private static final int MOST_BYTES = 1 << 16;

    /** A node's start, and filling it once. */
    private static final double PREPARE_SECONDS = 2;

    /** Filling, rest, deletion, and a second to see that the ratio stays. */
    private static final double ROUND_SECONDS = 3;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Launcher launcher;

    @Mixin
    private ReportOptions output;

    @Option(names = "--kinds", split = ",", description = "of ${COMPLETION-CANDIDATES} (default: all)")
    private List<Kind> kinds = List.of(Kind.values());

    @Option(names = "--items", defaultValue = "100000", description = "of each kind (default: ${DEFAULT-VALUE})")
    private int items;

    @Option(
            names = "--max-bytes",
            defaultValue = "400",
            description = "of a value; each has a random size from 1 (default: ${DEFAULT-VALUE})")
    private int maxBytes;

    @Option(
            names = "--rate",
            split = ",",
            defaultValue = "0,3000",
            description = "changes a second, 0 for as many as go (default: ${DEFAULT-VALUE})")
    private List<Long> rates;

    @Option(
            names = "--seconds",
            defaultValue = "3",
            description = "of steady changes at each rate (default: ${DEFAULT-VALUE})")
    private double seconds;

    @Option(
            names = "--warmup",
            defaultValue = "2",
            paramLabel = "SECONDS",
            description = "of the same changes before (default: ${DEFAULT-VALUE})")
    private double warmUpSeconds;

    @Option(
            names = "--delete-share",
            defaultValue = "0.8",
            description = "of all items, which is deleted at once (default: ${DEFAULT-VALUE})")
    private double deleteShare;

    @Option(
            names = "--rounds",
            defaultValue = "3",
            description = "of filling and deleting, of which the last is shown (default: ${DEFAULT-VALUE})")
    private int rounds;

    private final Table changes = new Table(List.of(
            "items",
            "asked/s",
            "used_memory",
            "median ratio",
            "highest",
            "changes/s",
            "CPU us/change",
            "of it busiest thread"));
    private final Table deletions = new Table(
            List.of("items", "ratio before", "highest", "ms until " + Recovery.GOOD_RATIO, "used_memory left"));
    private Report report;

    @Override
    public Integer call() throws IOException {
        validate();
        launcher.cores().pinThisProcess();
        report = output.begin(launcher.cores(), "about " + Math.round(totalSeconds()) + " seconds in all");
        report.print("%s items, values of 1 to %s bytes\n".formatted(Format.integer(items), Format.integer(maxBytes)));
        for (Kind kind : kinds) {
            measure(kind);
        }
        report.print("mem_fragmentation_ratio under steady changes:\n\n" + changes);
        report.print("and when %s of all items are deleted at once:\n\n%s".formatted(deleteShare, deletions));
        output.end(report);
        return 0;
    }

    private void validate() {
        require(items >= 1 && items <= MOST_ITEMS, "--items must be from 1 to " + MOST_ITEMS);
        require(maxBytes >= 1 && maxBytes <= MOST_BYTES, "--max-bytes must be from 1 to " + MOST_BYTES);
        require(rates.stream().allMatch(rate -> rate >= 0), "--rate must not be negative");
        require(seconds > 0 && warmUpSeconds >= 0, "--seconds must be positive, and --warmup not negative");
        require(deleteShare > 0 && deleteShare <= 1, "--delete-share must be above 0 and at most 1");
        require(rounds >= 1, "--rounds must be positive");
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    private double totalSeconds() {
        double each = PREPARE_SECONDS + rates.size() * (warmUpSeconds + seconds) + rounds * ROUND_SECONDS;
        return kinds.size() * each;
    }

    private void measure(Kind kind) throws IOException {
        try (Deployment node = launcher.node();
                Trial trial = new Trial(node, kind, items, maxBytes)) {
            report.progress(kind.title() + ", steady changes");
            trial.fill();
            for (long rate : rates) {
                trial.change(rate, warmUpSeconds);
                row(kind, rate, trial.change(rate, seconds));
            }
            report.progress(kind.title() + ", mass deletion");
            Trial.Deletion deletion = delete(kind, trial);
            for (int round = 2; round <= rounds; round++) {
                deletion = delete(kind, trial);
            }
            row(kind, deletion);
        }
    }

    private Trial.Deletion delete(Kind kind, Trial trial) throws IOException {
        trial.fill();
        Trial.Deletion deletion = trial.delete(deleteShare);
        report.keep(
                "deletions",
                Map.of(
                        "kind",
                        kind.title(),
                        "ratioBefore",
                        deletion.before(),
                        "highestRatio",
                        deletion.highest(),
                        "millisUntilGood",
                        deletion.millis(),
                        "usedBytesLeft",
                        deletion.usedBytes()));
        return deletion;
    }

    private void row(Kind kind, Trial.Deletion deletion) {
        deletions.row(List.of(
                kind.title(),
                Format.number(deletion.before()),
                Format.number(deletion.highest()),
                Double.isFinite(deletion.millis()) ? Format.integer(deletion.millis()) : "never",
                Format.megabytes(deletion.usedBytes())));
    }

    private void row(Kind kind, long rate, Trial.Changes steady) {
        changes.row(List.of(
                kind.title(),
                rate == 0 ? "all" : Format.integer(rate),
                Format.megabytes(steady.usedBytes()),
                Format.number(steady.medianRatio()),
                Format.number(steady.highestRatio()),
                Format.integer(steady.perSecond()),
                Format.number(steady.cpuMicros()),
                Format.number(steady.busiestThreadMicros())));
        report.keep(
                "changes",
                Map.of(
                        "kind",
                        kind.title(),
                        "rate",
                        rate,
                        "usedBytes",
                        steady.usedBytes(),
                        "medianRatio",
                        steady.medianRatio(),
                        "highestRatio",
                        steady.highestRatio(),
                        "changesPerSecond",
                        steady.perSecond(),
                        "cpuMicros",
                        steady.cpuMicros(),
                        "busiestThreadMicros",
                        steady.busiestThreadMicros()));
    }
}
