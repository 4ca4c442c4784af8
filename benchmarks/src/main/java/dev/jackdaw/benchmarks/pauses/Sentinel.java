package dev.jackdaw.benchmarks.pauses;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Shared by the measured thread and one of its own on the same core, which has the right of way there and wakes at short intervals:
 * when that core itself stood still. A virtual processor that its host stops for a while counts that as CPU time of whatever ran; but
 * a thread that runs as soon as it is due, whatever else does, is late by as much.
 *
 * <pre>
 *   measured thread   ....xxxxxxxxxxxxxxxxxx....    a turn of 9 ms of CPU time
 *   sentinel          .|.|.|.|          |.|.|.|.    a beat was 8 ms late: the core did nothing meanwhile
 * </pre>
 *
 * <p>What the kernel does for the measured thread without giving way would look the same; it gives way at each page that it clears, maps or takes back.
 */
final class Sentinel implements AutoCloseable {
    private static final long BEAT_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    /** A beat that is less late was not held up. */
    private static final long LEAST_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private static final int KEPT = 1024;
    /** The first core, as a set of cores. */
    private static final long CORE = 1;

    private static final int REAL_TIME = 1;
    private static final int LOWEST_PRIORITY = 1;

    /** Beginnings and lengths of the last stops, by turns; guarded by this. */
    private final long[] stops = new long[2 * KEPT];

    private int count;
    private volatile long seenUntil;
    private volatile boolean ended;
    private final CompletableFuture<Boolean> permission = new CompletableFuture<>();
    private final Thread thread = Thread.ofPlatform().daemon().name("sentinel").unstarted(this::watch);

    /**
     * Has the calling thread watched, which stays on one core from now on.
     *
     * @return whether the system permits that; if not, stops count as the measured thread's time
     */
    boolean start() {
        seenUntil = System.nanoTime();
        thread.start();
        boolean watches = permission.join();
        if (watches) {
            stayOnCore();
        }
        return watches;
    }

    private void watch() {
        try {
            stayOnCore();
            goFirst();
        } catch (IllegalStateException refused) {
            ended = true;
            permission.complete(false);
            return;
        }
        permission.complete(true);
        while (!ended) {
            long due = System.nanoTime() + BEAT_NANOS;
            LockSupport.parkNanos(BEAT_NANOS);
            long now = System.nanoTime();
            if (now - due > LEAST_NANOS) {
                add(due, now - due);
            }
            seenUntil = now;
        }
    }

    private synchronized void add(long begin, long nanos) {
        int at = count++ % KEPT;
        stops[2 * at] = begin;
        stops[2 * at + 1] = nanos;
    }

    /** For how long between two times of {@link System#nanoTime}, of which the second is now, the core stood still. */
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

    private static void stayOnCore() {
        call("sched_setaffinity", Long.BYTES, CORE);
    }

    private static void goFirst() {
        call("sched_setscheduler", REAL_TIME, LOWEST_PRIORITY);
    }

    /** Calls a function that is for the calling thread, with a number and the address of another. */
    private static void call(String function, long number, long pointedAt) {
        Linker linker = Linker.nativeLinker();
        MethodHandle handle = linker.downcallHandle(
                linker.defaultLookup().findOrThrow(function),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
        int result;
        try (Arena arena = Arena.ofConfined()) {
            result = (int) handle.invokeExact(0, number, arena.allocateFrom(ValueLayout.JAVA_LONG, pointedAt));
        } catch (Throwable failed) {
            throw new IllegalStateException(function, failed);
        }
        if (result != 0) {
            throw new IllegalStateException(function + " is refused");
        }
    }

    @Override
    public void close() {
        ended = true;
    }
}
