package dev.jackdaw.benchmarks.compare;

import dev.jackdaw.benchmarks.report.Format;
import dev.jackdaw.benchmarks.report.Median;
import dev.jackdaw.benchmarks.report.Report;
import dev.jackdaw.benchmarks.report.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Owned: workloads on two servers by turns.
 *
 * <p>A round has the same number of operations with the same random numbers on both sides, so that what the collections hold
 * at each point is the same too; the number is chosen from the warm-up so that the faster side runs long enough for its CPU
 * time to be exact. Ratios are taken round by round, of neighbours in time, and their median is printed.
 */
final class CommandComparison {
    private static final double MIN_SECONDS = 3.2;
    private static final double LATER_WARM_UP_SHARE = 0.25;

    private final Side peer;
    private final Side ours;
    private final Rounds rounds;
    private final Report report;

    /**
     * Immutable: how much is measured.
     *
     * @param count of each side, by turns
     * @param seconds that the slower side takes for one
     * @param warmUpSeconds of each side before the first of them
     */
    record Rounds(int count, double seconds, double warmUpSeconds) {}

    CommandComparison(Side peer, Side ours, Rounds rounds, Report report) {
        this.peer = peer;
        this.ours = ours;
        this.rounds = rounds;
        this.report = report;
    }

    /** Both sides as fast as they go, and where {@code halfLoadSeconds} is not 0, then at half of the slower one's speed. */
    void run(List<Workload> workloads, List<Integer> pipelines, double halfLoadSeconds) throws IOException {
        Table fullSpeed = new Table(heading());
        Table halfLoad = new Table(heading());
        List<Double> fullSpeedCpuRatios = new ArrayList<>();
        for (Workload workload : workloads) {
            double warmUp = rounds.warmUpSeconds;
            for (int pipeline : pipelines) {
                report.progress("%s, pipeline %d".formatted(workload.title(), pipeline));
                double peerRate = peer.warmUp(workload, pipeline, warmUp);
                double ourRate = ours.warmUp(workload, pipeline, warmUp);
                warmUp = rounds.warmUpSeconds * LATER_WARM_UP_SHARE;
                double slower = Math.min(peerRate, ourRate);
                double faster = Math.max(peerRate, ourRate);
                long operations =
                        (long) Math.max(slower * rounds.seconds, faster * Math.min(rounds.seconds, MIN_SECONDS));
                fullSpeedCpuRatios.add(row(fullSpeed, "commands", workload, pipeline, operations, 0));
                if (halfLoadSeconds > 0) {
                    long paced = (long) (slower / 2 * halfLoadSeconds);
                    row(halfLoad, "half load", workload, pipeline, paced, slower / 2);
                }
            }
        }
        report.print(fullSpeed);
        DoubleSummaryStatistics ratios =
                fullSpeedCpuRatios.stream().mapToDouble(Double::doubleValue).summaryStatistics();
        report.print("CPU ratio: mean %s, highest %s\n"
                .formatted(Format.ratio(ratios.getAverage()), Format.ratio(ratios.getMax())));
        if (halfLoadSeconds > 0) {
            report.print("At half load, latencies from the time a request was due:\n\n" + halfLoad);
        }
    }

    /** Adds a row to the table; returns its CPU ratio. */
    private double row(Table table, String name, Workload workload, int pipeline, long operations, double rate)
            throws IOException {
        List<Round> results = new ArrayList<>();
        for (int i = 1; i <= rounds.count; i++) {
            boolean peerFirst = i % 2 == 1;
            Measurement first = (peerFirst ? peer : ours).measure(workload, pipeline, operations, i, rate);
            Measurement second = (peerFirst ? ours : peer).measure(workload, pipeline, operations, i, rate);
            results.add(peerFirst ? new Round(first, second) : new Round(second, first));
        }
        List<Measurement> theirs = results.stream().map(Round::peer).toList();
        List<Measurement> own = results.stream().map(Round::ours).toList();
        double cpuRatio = Median.of(results, round -> round.ours.cpuMicros() / round.peer.cpuMicros());
        double speedRatio =
                Median.of(results, round -> round.ours.operationsPerSecond() / round.peer.operationsPerSecond());
        double tailRatio = Median.of(results, round -> round.ours.p999Micros() / round.peer.p999Micros());
        table.row(List.of(
                workload.title(),
                Integer.toString(pipeline),
                Format.integer(Median.of(theirs, Measurement::operationsPerSecond)),
                Format.integer(Median.of(own, Measurement::operationsPerSecond)),
                Format.ratio(speedRatio),
                latencies(theirs),
                latencies(own),
                Format.ratio(tailRatio),
                Format.number(Median.of(theirs, Measurement::cpuMicros)),
                Format.number(Median.of(own, Measurement::cpuMicros)),
                Format.number(Median.of(own, Measurement::busiestThreadMicros)),
                Format.ratio(cpuRatio)));
        Map<String, Object> kept = new LinkedHashMap<>();
        kept.put("workload", workload.title());
        kept.put("pipeline", pipeline);
        kept.put("operations", operations);
        kept.put("peer", theirs.stream().map(CommandComparison::json).toList());
        kept.put("ours", own.stream().map(CommandComparison::json).toList());
        kept.put("cpuRatio", cpuRatio);
        kept.put("speedRatio", speedRatio);
        kept.put("p999Ratio", tailRatio);
        report.keep(name, kept);
        return cpuRatio;
    }

    private List<String> heading() {
        return List.of(
                "test",
                "P",
                peer.name() + " op/s",
                ours.name() + " op/s",
                "ratio",
                peer.name() + " p50/p99/p99.9 us",
                ours.name() + " p50/p99/p99.9 us",
                "p99.9 ratio",
                peer.name() + " CPU us/op",
                ours.name() + " CPU us/op",
                "of it busiest thread",
                "CPU ratio");
    }

    private static String latencies(List<Measurement> rounds) {
        return "%s/%s/%s"
                .formatted(
                        Format.integer(Median.of(rounds, Measurement::p50Micros)),
                        Format.integer(Median.of(rounds, Measurement::p99Micros)),
                        Format.integer(Median.of(rounds, Measurement::p999Micros)));
    }

    private static Map<String, Object> json(Measurement measurement) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("operationsPerSecond", measurement.operationsPerSecond());
        fields.put("p50Micros", measurement.p50Micros());
        fields.put("p99Micros", measurement.p99Micros());
        fields.put("p999Micros", measurement.p999Micros());
        fields.put("cpuMicros", measurement.cpuMicros());
        fields.put("busiestThreadMicros", measurement.busiestThreadMicros());
        return fields;
    }

    private record Round(Measurement peer, Measurement ours) {}
}
