package dev.jackdaw.benchmarks.fragmentation;

import dev.jackdaw.benchmarks.load.Pace;
import dev.jackdaw.benchmarks.load.Pipeline;
import dev.jackdaw.benchmarks.load.RespClient;
import dev.jackdaw.benchmarks.process.CpuTime;
import dev.jackdaw.benchmarks.process.Deployment;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Owned by one thread: a node with items of one kind, the load that changes them, and what the node's memory does meanwhile. */
final class Trial implements AutoCloseable {
    /** Commands of a batch that fills or empties a store. */
    private static final int BULK_BATCH = 500;

    /** Changes of a batch at the most. */
    private static final int CHANGE_BATCH = 50;

    /** One change in so many removes its item, where that is there; so three quarters of all items are there on average. */
    private static final int CHANGES_FOR_A_REMOVAL = 4;

    private static final long SAMPLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long FINE_SAMPLE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LIGHT_TRAFFIC_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final SplittableRandom random = new SplittableRandom(2);
    private final Deployment node;
    private final RespClient control;
    private final Pipeline pipeline;
    private final Kind kind;
    private final int count;
    private final int maxBytes;
    private Items items;

    /**
     * @param count items
     * @param maxBytes of a value
     */
    Trial(Deployment node, Kind kind, int count, int maxBytes) throws IOException {
        this.node = node;
        this.kind = kind;
        this.count = count;
        this.maxBytes = maxBytes;
        control = node.front().connect();
        pipeline = new Pipeline(node.endpoint());
    }

    /**
     * Immutable: what steady changes did.
     *
     * @param usedBytes the median
     * @param cpuMicros of the whole process for each change
     * @param busiestThreadMicros the part of that which belongs to the thread that used most
     */
    record Changes(
            double usedBytes,
            double medianRatio,
            double highestRatio,
            double perSecond,
            double cpuMicros,
            double busiestThreadMicros) {}

    /**
     * Immutable: what a mass deletion did.
     *
     * @param before the ratio at rest
     * @param highest from the first deletion to the last
     * @param millis from the last deletion until the ratio was good, infinite if it did not become so
     * @param usedBytes in the end
     */
    record Deletion(double before, double highest, double millis, long usedBytes) {}

    /** All items, and nothing else. */
    void fill() throws IOException {
        control.call("FLUSHALL");
        items = kind.items(pipeline, count, maxBytes);
        for (int i = 0; i < count; i++) {
            items.put().accept(i);
            if ((i + 1) % BULK_BATCH == 0) {
                pipeline.flush();
            }
        }
        pipeline.finish();
    }

    /** @param perSecond 0 for as many as go */
    Changes change(long perSecond, double seconds) throws IOException {
        Samples samples = new Samples(control, SAMPLE_NANOS);
        CpuTime cpu = node.front().cpuTime();
        long start = System.nanoTime();
        long done = 0;
        do {
            long due = perSecond == 0 ? CHANGE_BATCH : (long) (secondsSince(start) * perSecond) + 1 - done;
            if (due > 0) {
                done += changeSome(Math.min(due, CHANGE_BATCH));
            } else {
                long next = start + (long) (done * 1e9 / perSecond);
                Pace.awaitUntil(Math.min(next, samples.dueNanos()));
            }
            samples.takeIfDue();
        } while (secondsSince(start) < seconds);
        pipeline.finish();
        double took = secondsSince(start);
        CpuTime end = node.front().cpuTime();
        return new Changes(
                samples.medianUsedBytes(),
                samples.medianRatio(),
                samples.highestRatio(),
                done / took,
                end.microsSince(cpu) / done,
                end.busiestThreadMicrosSince(cpu) / done);
    }

    private long changeSome(long changes) throws IOException {
        for (long i = 0; i < changes; i++) {
            boolean removes = random.nextInt(CHANGES_FOR_A_REMOVAL) == 0;
            (removes ? items.remove() : items.put()).accept(random.nextInt(count));
        }
        pipeline.flush();
        return changes;
    }

    /** Of a full store, after a rest, random items as fast as it goes; then light traffic until the ratio is good or time is up. */
    Deletion delete(double share) throws IOException {
        Pace.awaitUntil(System.nanoTime() + REST_NANOS);
        double before = Sample.of(control).ratio();
        Samples samples = new Samples(control, FINE_SAMPLE_NANOS);
        int[] order = shuffled();
        int deleted = (int) Math.round(share * count);
        for (int i = 0; i < deleted; i++) {
            items.remove().accept(order[i]);
            if ((i + 1) % BULK_BATCH == 0) {
                pipeline.flush();
                samples.takeIfDue();
            }
        }
        pipeline.finish();
        Recovery recovery = new Recovery(System.nanoTime());
        recovery.add(samples.take());
        double highest = samples.highestRatio();
        while (!recovery.isOver()) {
            trafficUntil(samples.dueNanos());
            recovery.add(samples.take());
        }
        return new Deletion(
                before, highest, recovery.millis(), Sample.of(control).usedBytes());
    }

    private int[] shuffled() {
        int[] order = IntStream.range(0, count).toArray();
        for (int i = count - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int item = order[other];
            order[other] = order[i];
            order[i] = item;
        }
        return order;
    }

    private void trafficUntil(long nanos) throws IOException {
        for (long next = System.nanoTime(); next < nanos; next += LIGHT_TRAFFIC_NANOS) {
            Pace.awaitUntil(next);
            control.call("EXISTS", "nothing");
        }
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    @Override
    public void close() throws IOException {
        pipeline.close();
        control.close();
    }
}
