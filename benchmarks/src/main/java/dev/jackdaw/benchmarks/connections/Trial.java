package dev.jackdaw.benchmarks.connections;

import dev.jackdaw.benchmarks.load.RespClient;
import dev.jackdaw.benchmarks.process.CpuTime;
import dev.jackdaw.benchmarks.process.Deployment;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;

/** Owned: one server, a client that is measured, and a crowd that is in its way. */
final class Trial {
    private static final long STEP_NANOS = 1_000_000;
    private static final double SETTLE_SECONDS = 2;

    private final Deployment server;
    private final RespClient control;
    private final Bystander bystander;
    private final double seconds;

    Trial(Deployment server, RespClient control, RespClient client, int perSecond, double seconds) {
        this.server = server;
        this.control = control;
        this.bystander = new Bystander(client, perSecond);
        this.seconds = seconds;
    }

    /** How a crowd is gathered. */
    interface Gathering {
        Crowd gather() throws IOException;
    }

    /**
     * Immutable: what a crowd did to a server.
     *
     * @param before microseconds, the bystander's p99 without the crowd
     * @param during the same with it
     * @param cpu milliseconds of CPU time that the server took in a second, the crowd's gathering included
     * @param residentBytes how much larger the process was with it
     * @param usedBytes the same of what the server itself counts
     * @param leftBytes how much larger the process was when the crowd had gone
     * @param leftClients connections that the server still counted then
     */
    record Outcome(
            double before,
            double during,
            double cpu,
            long residentBytes,
            long usedBytes,
            long leftBytes,
            long leftClients) {}

    Outcome run(Gathering gathering) throws IOException {
        double before = bystander.p99(seconds);
        long residentBefore = server.front().residentBytes();
        long usedBefore = control.info("used_memory");
        long clientsBefore = control.info("connected_clients");
        double during;
        double cpu;
        long resident;
        long used;
        CpuTime cpuBefore = server.front().cpuTime();
        long start = System.nanoTime();
        try (Crowd crowd = gathering.gather()) {
            CompletableFuture<Double> watching = CompletableFuture.supplyAsync(this::watch);
            while (!watching.isDone()) {
                crowd.work();
                LockSupport.parkNanos(STEP_NANOS);
            }
            during = result(watching);
            cpu = server.front().cpuTime().microsSince(cpuBefore) * 1e6 / (System.nanoTime() - start);
            resident = server.front().residentBytes();
            used = control.info("used_memory");
        }
        bystander.p99(SETTLE_SECONDS);
        return new Outcome(
                before,
                during,
                cpu,
                resident - residentBefore,
                used - usedBefore,
                server.front().residentBytes() - residentBefore,
                control.info("connected_clients") - clientsBefore);
    }

    /** What the crowd costs while it gathers is left out: it may have asked for gigabytes at once. */
    private double watch() {
        try {
            bystander.p99(seconds / 2);
            return bystander.p99(seconds);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private static double result(CompletableFuture<Double> watching) throws IOException {
        try {
            return watching.join();
        } catch (CompletionException e) {
            throw new IOException("the bystander was not served: " + e.getCause(), e);
        }
    }
}
