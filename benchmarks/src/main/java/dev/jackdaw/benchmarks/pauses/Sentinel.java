package dev.jackdaw.benchmarks.pauses;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;

/**
 * Shared by the measured thread and one of its own, which does nothing but look at the clock: when the machine itself stood
 * still. A virtual machine that its host stops for a while counts that as CPU time of whatever ran; but then it stopped for the
 * sentinel too, on another core, and at the same time.
 *
 * <pre>
 *   measured thread   ....xxxxxxxxxx........    a turn of 9 ms of CPU time
 *   sentinel          ...|        |.........    saw no clock for 8 ms, and was charged for them: the turn took 1 ms
 * </pre>
 *
 * <p>A sentinel that had to make room for others was not charged, so what it missed then counts for nothing. It is as nice as a
 * thread can be, to keep no core from anybody.
 */
final class Sentinel implements AutoCloseable {
    /** What is shorter is not told from the sentinel's own work. */
    private static final long LEAST_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private static final int KEPT = 1024;
    private static final int NICEST = 19;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    /** Beginnings and lengths of the last stops, by turns; guarded by this. */
    private final long[] stops = new long[2 * KEPT];

    private int count;
    private volatile long seenUntil;
    private volatile boolean ended;
    private final Thread thread = Thread.ofPlatform().daemon().name("sentinel").unstarted(this::watch);

    void start() {
        seenUntil = System.nanoTime();
        thread.start();
    }

    private void watch() {
        beNice();
        long last = System.nanoTime();
        long lastCpu = threads.getCurrentThreadCpuTime();
        while (!ended) {
            long now = System.nanoTime();
            long cpu = threads.getCurrentThreadCpuTime();
            long stopped = Math.min(now - last, cpu - lastCpu);
            if (stopped > LEAST_NANOS) {
                add(last, stopped);
            }
            last = now;
            lastCpu = cpu;
            seenUntil = now;
        }
    }

    private synchronized void add(long begin, long nanos) {
        int at = count++ % KEPT;
        stops[2 * at] = begin;
        stops[2 * at + 1] = nanos;
    }

    /** For how long between two times of {@link System#nanoTime} the machine stood still. */
    long stoppedNanos(long from, long to) {
        while (seenUntil < to && !ended) {
            Thread.onSpinWait();
        }
        return overlap(from, to);
    }

    private synchronized long overlap(long from, long to) {
        long sum = 0;
        for (int i = 0; i < Math.min(count, KEPT); i++) {
            long begin = stops[2 * i];
            sum += Math.max(0, Math.min(to, begin + stops[2 * i + 1]) - Math.max(from, begin));
        }
        return sum;
    }

    /** On Linux each thread has a niceness of its own. */
    private static void beNice() {
        Linker linker = Linker.nativeLinker();
        MethodHandle nice = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("nice"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            int niceness = (int) nice.invokeExact(NICEST);
            assert niceness <= NICEST;
        } catch (Throwable failed) {
            throw new IllegalStateException("nice", failed);
        }
    }

    @Override
    public void close() {
        ended = true;
    }
}
