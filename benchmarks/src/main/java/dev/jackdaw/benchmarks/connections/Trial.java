package dev.jackdaw.benchmarks.connections;

import dev.jackdaw.benchmarks.load.Load;
import dev.jackdaw.benchmarks.load.LoadGenerator;
import dev.jackdaw.benchmarks.load.RespClient;
import dev.jackdaw.benchmarks.load.Template;
import dev.jackdaw.benchmarks.process.CpuTime;
import dev.jackdaw.benchmarks.process.Deployment;
import dev.jackdaw.benchmarks.report.Median;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;

/** Owned: one server, a client that is measured, and the crowds that get in its way. */
final class Trial implements AutoCloseable {
    private static final long STEP_NANOS = 1_000_000;
    private static final double SETTLE_SECONDS = 2;
    private static final int WARM_UP_OPERATIONS = 300_000;
    private static final double WARM_UP_SECONDS = 2;
    private static final int WARM_UP_CONNECTS = 2000;

    private final Deployment server;
    private final RespClient control;
    private final RespClient client;
    private final Bystander bystander;
    private final double seconds;

    /** @param seconds how long each crowd is watched, and as long before it and after it */
    Trial(Deployment server, int perSecond, double seconds) throws IOException {
        this.server = server;
        this.control = server.front().connect();
        this.client = server.front().connect();
        this.bystander = new Bystander(client, perSecond);
        this.seconds = seconds;
    }

    /** How a crowd is gathered. */
    interface Gathering {
        Crowd gather(Deployment server) throws IOException;
    }

    /**
     * Immutable: what a crowd did to a server.
     *
     * @param before microseconds, the bystander's p99 before the crowd came
     * @param with the same while it was there
     * @param after the same when it had gone
     * @param cpu milliseconds of CPU time that the server took in a second, the crowd's gathering included
     * @param residentBytes how much larger the process was with it
     * @param usedBytes the same of what the server itself counts
     * @param residentAfter how much larger the process was when the crowd had gone
     * @param usedAfter the same of what the server itself counts
     * @param clientsAfter connections that the server still counted then
     */
    record Outcome(
            double before,
            double with,
            double after,
            double cpu,
            long residentBytes,
            long usedBytes,
            long residentAfter,
            long usedAfter,
            long clientsAfter) {}

    String server() {
        return server.name();
    }

    /** So that the JVM has compiled what is measured, connecting included. */
    void prepare(int mostClients) throws IOException {
        control.call("CONFIG", "SET", "maxclients", Integer.toString(mostClients));
        control.call("SET", "bystander", "x".repeat(32));
        control.call("SET", StandingCrowd.LARGE_KEY, "x".repeat(StandingCrowd.LARGE_VALUE_BYTES));
        LoadGenerator.run(Load.filling(server.endpoint(), Template.of("SET key:{n} {value}"), WARM_UP_OPERATIONS));
        try (Crowd crowd = new PassingCrowd(server.endpoint(), WARM_UP_CONNECTS)) {
            watch(crowd, WARM_UP_SECONDS);
        }
    }

    Outcome run(Gathering gathering) throws IOException {
        double before = p99(bystander.p99(seconds));
        long residentBefore = server.front().residentBytes();
        long usedBefore = control.info("used_memory");
        long clientsBefore = control.info("connected_clients");
        double with;
        double cpu;
        long resident;
        long used;
        CpuTime cpuBefore = server.front().cpuTime();
        long start = System.nanoTime();
        try (Crowd crowd = gathering.gather(server)) {
            // What the crowd costs while it gathers is left out: it may have asked for gigabytes at once.
            watch(crowd, seconds / 2);
            with = p99(watch(crowd, seconds));
            cpu = server.front().cpuTime().microsSince(cpuBefore) * 1e6 / (System.nanoTime() - start);
            resident = server.front().residentBytes();
            used = control.info("used_memory");
        }
        bystander.p99(SETTLE_SECONDS);
        double after = p99(bystander.p99(seconds));
        return new Outcome(
                before,
                with,
                after,
                cpu,
                resident - residentBefore,
                used - usedBefore,
                server.front().residentBytes() - residentBefore,
                control.info("used_memory") - usedBefore,
                control.info("connected_clients") - clientsBefore);
    }

    private static double p99(List<Double> ofSeconds) {
        return Median.of(ofSeconds, Double::doubleValue);
    }

    /** How long {@link #prepare} takes, about. */
    static double prepareSeconds() {
        return 2 * WARM_UP_SECONDS;
    }

    /** How long {@link #run} takes, but for the crowd's gathering. */
    static double runSeconds(double seconds) {
        return seconds * 3.5 + SETTLE_SECONDS;
    }

    private List<Double> watch(Crowd crowd, double forSeconds) throws IOException {
        CompletableFuture<List<Double>> watching = CompletableFuture.supplyAsync(() -> waits(forSeconds));
        while (!watching.isDone()) {
            crowd.work();
            LockSupport.parkNanos(STEP_NANOS);
        }
        try {
            return watching.join();
        } catch (CompletionException e) {
            throw new IOException("the bystander was not served: " + e.getCause(), e);
        }
    }

    private List<Double> waits(double forSeconds) {
        try {
            return bystander.p99(forSeconds);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        control.close();
        server.close();
    }
}
