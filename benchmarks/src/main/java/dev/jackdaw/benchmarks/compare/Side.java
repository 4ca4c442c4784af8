package dev.jackdaw.benchmarks.compare;

import dev.jackdaw.benchmarks.load.Load;
import dev.jackdaw.benchmarks.load.LoadGenerator;
import dev.jackdaw.benchmarks.load.LoadResult;
import dev.jackdaw.benchmarks.load.Numbers;
import dev.jackdaw.benchmarks.load.RespClient;
import dev.jackdaw.benchmarks.load.Template;
import dev.jackdaw.benchmarks.process.CpuTime;
import dev.jackdaw.benchmarks.process.Deployment;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Owned by one comparison: one of its two servers, and what has been put into it so far. */
final class Side {
    private static final long FIRST_PASS_OPERATIONS = 20_000;
    private static final long FREED_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Deployment deployment;
    private final long keys;
    private final int connections;
    private final Set<Template> filled = new HashSet<>();

    Side(Deployment deployment, long keys, int connections) {
        this.deployment = deployment;
        this.keys = keys;
        this.connections = connections;
    }

    String name() {
        return deployment.name();
    }

    /** Runs a workload for at least {@code seconds} and says how many operations a second there were at the end. */
    double warmUp(Workload workload, int pipeline, double seconds) throws IOException {
        long operations = FIRST_PASS_OPERATIONS;
        double elapsedSeconds = 0;
        while (true) {
            prepare(workload, operations);
            LoadResult pass = LoadGenerator.run(load(workload, pipeline, operations, 0, 0));
            elapsedSeconds += pass.elapsedNanos() / 1e9;
            if (elapsedSeconds >= seconds) {
                return pass.operationsPerSecond();
            }
            operations = Math.max(FIRST_PASS_OPERATIONS, (long) pass.operationsPerSecond());
        }
    }

    /**
     * One round.
     *
     * @param seed the same for both sides, which then get the same commands
     * @param operationsPerSecond 0 for as many as go
     */
    Measurement measure(Workload workload, int pipeline, long operations, long seed, double operationsPerSecond)
            throws IOException {
        prepare(workload, operations);
        CpuTime start = deployment.front().cpuTime();
        LoadResult result = LoadGenerator.run(load(workload, pipeline, operations, seed, operationsPerSecond));
        CpuTime end = deployment.front().cpuTime();
        return new Measurement(
                result.operationsPerSecond(),
                result.latencyMicros(50),
                result.latencyMicros(99),
                result.latencyMicros(99.9),
                end.microsSince(start) / result.operations(),
                end.busiestThreadMicrosSince(start) / result.operations());
    }

    private Load load(Workload workload, int pipeline, long operations, long seed, double operationsPerSecond) {
        return new Load(
                deployment.endpoint(),
                workload.command(),
                Numbers.random(keys, seed),
                operations,
                connections,
                pipeline,
                operationsPerSecond / pipeline);
    }

    /** A server may free what was deleted later, which would count as the next round's time; another has done so when it answers. */
    private void awaitFreed() throws IOException {
        long deadline = System.nanoTime() + FREED_NANOS;
        while (deployment.info("lazyfree_pending_objects") > 0) {
            if (System.nanoTime() > deadline) {
                throw new IOException(name() + " does not free what was deleted");
            }
        }
    }

    private void prepare(Workload workload, long operations) throws IOException {
        Stock stock = workload.stock();
        if (!stock.isKept()) {
            try (RespClient client = deployment.front().connect()) {
                client.call("DEL", stock.emptied());
            }
            awaitFreed();
        }
        boolean missing = stock.isKept() ? filled.add(stock.fill()) : stock.fill() != null;
        if (missing) {
            LoadGenerator.run(Load.filling(deployment.endpoint(), stock.fill(), stock.count(keys, operations)));
        }
    }
}
