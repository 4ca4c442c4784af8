package dev.jackdaw.benchmarks.connections;

import dev.jackdaw.benchmarks.load.Load;
import dev.jackdaw.benchmarks.load.LoadGenerator;
import dev.jackdaw.benchmarks.load.RespClient;
import dev.jackdaw.benchmarks.load.Template;
import dev.jackdaw.benchmarks.process.Deployment;
import dev.jackdaw.benchmarks.process.Launcher;
import dev.jackdaw.benchmarks.report.Format;
import dev.jackdaw.benchmarks.report.Machine;
import dev.jackdaw.benchmarks.report.Report;
import dev.jackdaw.benchmarks.report.Table;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Owned by one command line: {@code bench connections}. */
@Command(
        name = "connections",
        description = "Crowds a peer and a Jackdaw node with clients, and prints what these cost and what others feel.",
        mixinStandardHelpOptions = true)
public final class ConnectionsCommand implements Callable<Integer> {
    private static final int WARM_UP_OPERATIONS = 300_000;
    private static final double WARM_UP_SECONDS = 3;
    private static final int SPARE_CLIENTS = 1000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Launcher launcher;

    @Option(
            names = "--seconds",
            defaultValue = "15",
            description = "of each crowd, and as long before it (default: ${DEFAULT-VALUE})")
    private double seconds;

    @Option(names = "--idle", defaultValue = "10000", description = "clients that say nothing (default: 10000)")
    private int idle;

    @Option(names = "--slow-readers", defaultValue = "500", description = "clients that read nothing (default: 500)")
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

    @Option(names = "--json", paramLabel = "FILE", description = "also write every number here")
    private Path json;

    private final Table table = new Table(List.of(
            "crowd",
            "server",
            "p99 before us",
            "p99 with it us",
            "ratio",
            "CPU ms a second",
            "resident, bytes each",
            "used_memory, bytes each",
            "resident",
            "resident after",
            "clients after"));
    private Report report;

    @Override
    public Integer call() throws IOException {
        report = new Report(spec.commandLine().getOut(), spec.commandLine().getErr());
        launcher.cores().pinThisProcess();
        report.print(Machine.describe() + "; " + launcher.cores() + "\n");
        try (Deployment peer = launcher.peer();
                Deployment ours = launcher.node()) {
            crowd(peer);
            crowd(ours);
        }
        report.print(table);
        if (json != null) {
            report.writeJson(
                    json, String.join(" ", spec.commandLine().getParseResult().originalArgs()));
        }
        return 0;
    }

    private void crowd(Deployment server) throws IOException {
        InetSocketAddress endpoint = server.endpoint();
        try (RespClient control = new RespClient(endpoint);
                RespClient client = new RespClient(endpoint)) {
            prepare(server, control, client);
            Trial trial = new Trial(server, control, client, rate, seconds);
            measure(trial, server, idle + " idle", idle, () -> StandingCrowd.idle(endpoint, idle));
            measure(
                    trial,
                    server,
                    slowReaders + " slow readers",
                    slowReaders,
                    () -> StandingCrowd.slowReaders(endpoint, slowReaders));
            measure(
                    trial,
                    server,
                    slowWriters + " slow writers",
                    slowWriters,
                    () -> StandingCrowd.slowWriters(endpoint, slowWriters));
            measure(
                    trial,
                    server,
                    connects + " a second",
                    (long) (connects * seconds),
                    () -> new PassingCrowd(endpoint, connects));
        }
    }

    /** So that the JVM has compiled what is measured, connecting included. */
    private void prepare(Deployment server, RespClient control, RespClient client) throws IOException {
        report.progress("warming up " + server.name());
        control.call("CONFIG", "SET", "maxclients", Integer.toString(idle + SPARE_CLIENTS));
        control.call("SET", "bystander", "x".repeat(32));
        control.call("SET", StandingCrowd.LARGE_KEY, "x".repeat(StandingCrowd.LARGE_VALUE_BYTES));
        LoadGenerator.run(Load.filling(server.endpoint(), Template.of("SET key:{n} {value}"), WARM_UP_OPERATIONS));
        new Trial(server, control, client, rate, WARM_UP_SECONDS)
                .run(() -> new PassingCrowd(server.endpoint(), connects));
    }

    private void measure(Trial trial, Deployment server, String name, long clients, Trial.Gathering gathering)
            throws IOException {
        report.progress(server.name() + ": " + name);
        Trial.Outcome outcome = trial.run(gathering);
        table.row(List.of(
                name,
                server.name(),
                Format.number(outcome.before()),
                Format.number(outcome.during()),
                Format.ratio(outcome.during() / outcome.before()),
                Format.number(outcome.cpu()),
                Format.integer((double) outcome.residentBytes() / clients),
                Format.integer((double) outcome.usedBytes() / clients),
                Format.megabytes(outcome.residentBytes()),
                Format.megabytes(outcome.leftBytes()),
                Long.toString(outcome.leftClients())));
        report.keep(
                "connections",
                Map.of(
                        "crowd", name,
                        "server", server.name(),
                        "p99_before_us", outcome.before(),
                        "p99_during_us", outcome.during(),
                        "cpu_ms_per_second", outcome.cpu(),
                        "resident_bytes", outcome.residentBytes(),
                        "used_bytes", outcome.usedBytes(),
                        "resident_bytes_after", outcome.leftBytes(),
                        "clients_after", outcome.leftClients()));
    }
}
