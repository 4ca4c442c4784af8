package dev.jackdaw.benchmarks.compare;

import dev.jackdaw.benchmarks.process.Deployment;
import dev.jackdaw.benchmarks.process.Launcher;
import dev.jackdaw.benchmarks.report.Format;
import dev.jackdaw.benchmarks.report.Report;
import dev.jackdaw.benchmarks.report.ReportOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Owned by one command line: {@code bench compare}. */
@Command(
        name = "compare",
        description = "Starts a peer and a Jackdaw node, and prints speed, latency, CPU and memory side by side.",
        mixinStandardHelpOptions = true)
public final class CompareCommand implements Callable<Integer> {
    private static final List<Workload> USUAL_WORKLOADS = List.of(
            Workload.GET,
            Workload.SET,
            Workload.INCR,
            Workload.LPUSH,
            Workload.SADD,
            Workload.HSET,
            Workload.ZADD,
            Workload.MGET);

    @Mixin
    private Launcher launcher;

    @Mixin
    private ReportOptions output;

    @Option(
            names = "--tests",
            split = ",",
            description = "of ${COMPLETION-CANDIDATES} (default: GET SET INCR LPUSH SADD HSET ZADD MGET)")
    private List<Workload> workloads = USUAL_WORKLOADS;

    @Option(names = "--all", description = "every test, instead of --tests")
    private boolean all;

    @Option(
            names = "--pipelines",
            split = ",",
            defaultValue = "1,16",
            description = "commands sent in one batch (default: ${DEFAULT-VALUE})")
    private List<Integer> pipelines;

    @Option(names = "--keys", defaultValue = "1000000", description = "different keys (default: ${DEFAULT-VALUE})")
    private long keys;

    @Option(
            names = "--connections",
            defaultValue = "50",
            description = "connections of the load (default: ${DEFAULT-VALUE})")
    private int connections;

    @Option(
            names = "--seconds",
            defaultValue = "5",
            description = "length of a round of the slower side (default: ${DEFAULT-VALUE})")
    private double seconds;

    @Option(names = "--rounds", defaultValue = "3", description = "of each side, by turns (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(
            names = "--warmup",
            defaultValue = "8",
            paramLabel = "SECONDS",
            description = "of each side before a test's first round, a quarter before its next pipeline (default: 8)")
    private double warmUpSeconds;

    @Option(
            names = "--half-load",
            defaultValue = "0",
            paramLabel = "SECONDS",
            description = "also measure rounds of this length at half of the slower side's speed, in an open loop")
    private double halfLoadSeconds;

    @Option(
            names = "--appendfsync",
            paramLabel = "WHEN",
            description = "both sides keep a log and sync it so: always, everysec or no (default: no log)")
    private String appendfsync;

    @Option(names = "--proxy", description = "compare proxies before three nodes instead of nodes")
    private boolean proxy;

    @Option(
            names = "--memory",
            split = ",",
            paramLabel = "ITEMS",
            description =
                    "instead of speed, measure bytes for each key with so many keys, for example 1000000,10000000")
    private List<Long> memory = List.of();

    @Option(
            names = "--memory-cases",
            split = ",",
            defaultValue = "STRINGS,STRINGS_TTL",
            description = "of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private List<MemoryCase> memoryCases;

    @Option(
            names = "--expiry",
            defaultValue = "0",
            paramLabel = "KEYS",
            description =
                    "instead of speed, measure what is left of so many keys a second after all have expired in one")
    private long expiry;

    @Override
    public Integer call() throws IOException {
        launcher.cores().pinThisProcess();
        Report report = output.begin(launcher.cores());
        if (expiry > 0) {
            new ExpiryComparison(launcher, report).run(expiry);
        } else if (memory.isEmpty()) {
            commands(report);
        } else {
            new MemoryComparison(launcher, report).run(memoryCases, memory);
        }
        output.end(report);
        return 0;
    }

    private void commands(Report report) throws IOException {
        try (Deployment peer = proxy ? launcher.peerProxy() : launcher.peer();
                Deployment ours = proxy ? launcher.proxy() : launcher.node()) {
            if (appendfsync != null) {
                peer.beginLog(appendfsync);
                ours.beginLog(appendfsync);
            }
            report.print("%s keys, %d connections, %d rounds\n".formatted(Format.integer(keys), connections, rounds));
            new CommandComparison(
                            new Side(peer, keys, connections),
                            new Side(ours, keys, connections),
                            new CommandComparison.Rounds(rounds, seconds, warmUpSeconds),
                            report)
                    .run(all ? List.of(Workload.values()) : workloads, pipelines, halfLoadSeconds);
        }
    }
}
