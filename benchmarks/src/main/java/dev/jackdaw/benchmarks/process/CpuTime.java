package dev.jackdaw.benchmarks.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Immutable: the CPU time, user and system, that a process had used at one moment, in all and thread by thread.
 *
 * <p>The kernel counts in ticks of 10 ms: an interval of three seconds is the shortest that is worth dividing.
 */
public final class CpuTime {
    private static final double MICROS_PER_TICK = 10_000;
    private static final int USER_FIELD = 11;
    private static final int SYSTEM_FIELD = 12;

    private final long ticks;
    private final Map<String, Long> threadTicks;

    private CpuTime(long ticks, Map<String, Long> threadTicks) {
        this.ticks = ticks;
        this.threadTicks = threadTicks;
    }

    static CpuTime of(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        Map<String, Long> threads = new HashMap<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path task : tasks) {
                try {
                    threads.put(task.getFileName().toString(), ticks(task.resolve("stat")));
                } catch (NoSuchFileException endedMeanwhile) {
                    continue;
                }
            }
        }
        return new CpuTime(ticks(process.resolve("stat")), Map.copyOf(threads));
    }

    /** Microseconds of the whole process since {@code start}: in a JVM its compiler and collector included. */
    public double microsSince(CpuTime start) {
        return (ticks - start.ticks) * MICROS_PER_TICK;
    }

    /** Microseconds since {@code start} of the thread that used most: a server's event loop. */
    public double busiestThreadMicrosSince(CpuTime start) {
        return threadTicks.entrySet().stream()
                        .mapToLong(thread -> thread.getValue() - start.threadTicks.getOrDefault(thread.getKey(), 0L))
                        .max()
                        .orElse(0)
                * MICROS_PER_TICK;
    }

    private static long ticks(Path stat) throws IOException {
        return parse(Files.readString(stat));
    }

    /** The name of the process stands in parentheses and may hold anything, parentheses and blanks included. */
    static long parse(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[USER_FIELD]) + Long.parseLong(fields[SYSTEM_FIELD]);
    }
}
