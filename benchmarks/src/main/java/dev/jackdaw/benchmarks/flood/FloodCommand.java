package dev.jackdaw.benchmarks.flood;

import dev.jackdaw.benchmarks.load.RespClient;
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

/** Owned by one command line: {@code bench flood}. */
@Command(
        name = "flood",
        description =
                "Writes more large values than maxmemory has room for, with slow readers beside, and prints what a peer"
                        + " and a Jackdaw node, both just started, take at most.",
        mixinStandardHelpOptions = true)
public final class FloodCommand implements Callable<Integer> {
    private static final int MOST_CLIENTS = 1_000;
    private static final int MOST_VALUE_BYTES = 64 << 20;
    /** What a server may take beyond what it takes when it is empty, to its maxmemory. */
    private static final double ALLOWED = 1.1;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Launcher launcher;

    @Mixin
    private ReportOptions output;

    @Option(
            names = "--maxmemory",
            split = ",",
            defaultValue = "256,100",
            paramLabel = "MB",
            description = "of the servers, in units of 1,048,576 bytes (default: ${DEFAULT-VALUE})")
    private List<Integer> megabytes;

    @Option(
            names = "--policies",
            split = ",",
            defaultValue = "allkeys-lru,noeviction",
            description = "values of maxmemory-policy (default: ${DEFAULT-VALUE})")
    private List<String> policies;

    @Option(names = "--writers", defaultValue = "20", description = "clients that write (default: ${DEFAULT-VALUE})")
    private int writers;

    @Option(
            names = "--slow-readers",
            defaultValue = "50",
            description = "clients that ask for values and read 4 KB of them a second (default: ${DEFAULT-VALUE})")
    private int slowReaders;

    @Option(names = "--value-bytes", defaultValue = "1048576", description = "of a value (default: ${DEFAULT-VALUE})")
    private int valueBytes;

    @Option(names = "--seconds", defaultValue = "8", description = "of each flood (default: ${DEFAULT-VALUE})")
    private double seconds;

    private final Table table = new Table(List.of(
            "maxmemory",
            "policy",
            "server",
            "empty",
            "maxmemory + 10 % + empty",
            "resident at its peak",
            "used_memory at the end",
            "stored",
            "refused"));
    private Report report;

    @Override
    public Integer call() throws IOException {
        require(megabytes.stream().allMatch(size -> size > 0), "--maxmemory must be positive");
        require(writers > 0 && writers <= MOST_CLIENTS, "--writers must be from 1 to " + MOST_CLIENTS);
        require(slowReaders >= 0 && slowReaders <= MOST_CLIENTS, "--slow-readers must be from 0 to " + MOST_CLIENTS);
        require(
                valueBytes > 0 && valueBytes <= MOST_VALUE_BYTES,
                "--value-bytes must be from 1 to " + MOST_VALUE_BYTES);
        require(seconds > 0, "--seconds must be positive");
        launcher.cores().pinThisProcess();
        report = output.begin(launcher.cores());
        for (int size : megabytes) {
            for (String policy : policies) {
                try (Deployment peer = launcher.peer()) {
                    measure(peer, size, policy);
                }
                try (Deployment node = launcher.node()) {
                    measure(node, size, policy);
                }
            }
        }
        report.print(table);
        output.end(report);
        return 0;
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    private void measure(Deployment server, int size, String policy) throws IOException {
        report.progress("%s, %d MB, %s".formatted(server.name(), size, policy));
        long maxMemory = (long) size << 20;
        server.limitMemory(maxMemory, false, policy);
        long empty = server.front().residentBytes();
        Flood.Outcome outcome = new Flood(server.endpoint(), valueBytes).run(writers, slowReaders, seconds);
        long peak = server.front().peakResidentBytes();
        long used;
        try (RespClient client = server.front().connect()) {
            used = client.info("used_memory");
        }
        table.row(List.of(
                size + " MB",
                policy,
                server.name(),
                Format.megabytes(empty),
                Format.megabytes(maxMemory * ALLOWED + empty),
                Format.megabytes(peak),
                Format.megabytes(used),
                Format.integer(outcome.stored()),
                Format.integer(outcome.refused())));
        report.keep(
                "flood",
                Map.of(
                        "server",
                        server.name(),
                        "maxmemory",
                        maxMemory,
                        "policy",
                        policy,
                        "emptyResidentBytes",
                        empty,
                        "peakResidentBytes",
                        peak,
                        "usedBytes",
                        used,
                        "stored",
                        outcome.stored(),
                        "refused",
                        outcome.refused()));
    }
}
