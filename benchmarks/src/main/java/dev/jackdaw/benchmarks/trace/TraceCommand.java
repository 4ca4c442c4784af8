package dev.jackdaw.benchmarks.trace;

import dev.jackdaw.benchmarks.load.RespClient;
import dev.jackdaw.benchmarks.process.Launcher;
import dev.jackdaw.benchmarks.report.Format;
import dev.jackdaw.benchmarks.report.Report;
import dev.jackdaw.benchmarks.report.ReportOptions;
import dev.jackdaw.protocol.MemorySize;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Owned by one command line: {@code bench trace}. */
@Command(
        name = "trace",
        description = "Replays traces as an application with a look-aside cache and prints the miss ratios.",
        mixinStandardHelpOptions = true)
public final class TraceCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Launcher launcher;

    @Mixin
    private ReportOptions output;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "traces: one key id per line, plain or gzip")
    private List<Path> files;

    @Option(
            names = "--endpoint",
            paramLabel = "HOST:PORT",
            description = "replay on this server alone, with its own settings where --maxmemory is not given")
    private String endpoint;

    @Option(names = "--maxmemory", paramLabel = "BYTES", description = "of each side, as its configuration counts it")
    private String maxmemory;

    @Option(
            names = "--hold-percent",
            split = ",",
            paramLabel = "P",
            description =
                    "instead of --maxmemory: as much, beyond the empty server's, as the peer needs for P %% of the keys")
    private List<Double> holdPercents = List.of();

    @Option(names = "--alone", description = "leave out the peer")
    private boolean alone;

    @Option(names = "--proxy", description = "replay through a proxy over three nodes, a third of the memory each")
    private boolean proxy;

    @Option(names = "--value-bytes", defaultValue = "32", description = "of each value (default: ${DEFAULT-VALUE})")
    private int valueBytes;

    @Option(
            names = "--rate",
            defaultValue = "10000",
            description =
                    "requests a second to the peer or endpoint, 0 for no limit; the LRU clock of a Redis ticks once a"
                            + " second, so that it needs pacing (default: ${DEFAULT-VALUE})")
    private long rate;

    @Option(
            names = "--our-rate",
            defaultValue = "0",
            description = "requests a second to the Jackdaw that is started (default: no limit)")
    private long ourRate;

    @Option(
            names = "--policy",
            defaultValue = "allkeys-lru",
            description = "maxmemory-policy of our side (default: ${DEFAULT-VALUE})")
    private String policy;

    @Override
    public Integer call() throws IOException {
        if (endpoint == null && (maxmemory == null) == holdPercents.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "give either --maxmemory or --hold-percent");
        }
        if (alone && !holdPercents.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--hold-percent needs the peer to measure it");
        }
        Report report = output.begin();
        List<Trace> traces = new ArrayList<>();
        for (Path file : files) {
            traces.add(Trace.read(file));
        }
        if (endpoint == null) {
            compare(traces, report);
        } else {
            replayOnEndpoint(traces, report);
        }
        output.end(report);
        return 0;
    }

    private void compare(List<Trace> traces, Report report) throws IOException {
        TraceComparison comparison = new TraceComparison(
                alone ? null : new TraceComparison.Side(launcher::peer, rate, "allkeys-lru"),
                new TraceComparison.Side(proxy ? launcher::proxy : launcher::node, ourRate, policy),
                valueBytes,
                report);
        List<TraceComparison.Cell> cells = new ArrayList<>();
        for (Trace trace : traces) {
            if (maxmemory != null) {
                cells.add(new TraceComparison.Cell(
                        trace, new Cache("maxmemory " + maxmemory, MemorySize.parse(maxmemory), false)));
            }
            for (double percent : holdPercents) {
                cells.add(new TraceComparison.Cell(trace, comparison.holding(trace, percent)));
            }
        }
        comparison.run(cells);
    }

    private void replayOnEndpoint(List<Trace> traces, Report report) throws IOException {
        int colon = endpoint.lastIndexOf(':');
        if (colon < 0) {
            throw new ParameterException(spec.commandLine(), "not HOST:PORT: " + endpoint);
        }
        InetSocketAddress address =
                new InetSocketAddress(endpoint.substring(0, colon), Integer.parseInt(endpoint.substring(colon + 1)));
        if (maxmemory != null) {
            try (RespClient client = new RespClient(address)) {
                client.call("CONFIG", "SET", "maxmemory-policy", policy);
                client.call("CONFIG", "SET", "maxmemory", Long.toString(MemorySize.parse(maxmemory)));
            }
        }
        for (Trace trace : traces) {
            try (Replay replay = new Replay(address, valueBytes)) {
                ReplayResult result = replay.run(trace, rate);
                report.print("%s: %s requests, %s hits, %s misses, miss ratio %s, %s refused, %s requests/s"
                        .formatted(
                                trace.name(),
                                Format.integer(result.requests()),
                                Format.integer(result.hits()),
                                Format.integer(result.misses()),
                                Format.ratio(result.missRatio()),
                                Format.integer(result.refusals()),
                                Format.integer(result.requestsPerSecond())));
            }
        }
    }
}
