package dev.jackdaw.server.observe;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Immutable: what the operating system knows of this process at one moment, zero where it does not tell; and the bytes
 * that the Java machine has beside its heap: classes, compiled code.
 */
public record ProcessFacts(long residentBytes, long systemMemoryBytes, CpuTime cpu, CpuTime threadCpu, long javaBytes) {
    /** Immutable: how long processors have worked, for the program and for the system on its behalf. */
    public record CpuTime(double userSeconds, double systemSeconds) {}

    private static final double TICKS_PER_SECOND = 100;
    /** The fields of /proc/self/stat after the name of the program, which ends with the last parenthesis. */
    private static final int USER_TICKS = 11;

    private static final int SYSTEM_TICKS = 12;

    public static ProcessFacts now() {
        return new ProcessFacts(
                currentResidentBytes(),
                kilobytes("/proc/meminfo", "MemTotal:") << 10,
                cpuTime("/proc/self/stat"),
                cpuTime("/proc/thread-self/stat"),
                ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getUsed());
    }

    /** The physical memory that this process has now. */
    public static long currentResidentBytes() {
        return kilobytes("/proc/self/status", "VmRSS:") << 10;
    }

    private static CpuTime cpuTime(String file) {
        String stat = read(file);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
        return fields.length <= SYSTEM_TICKS
                ? new CpuTime(0, 0)
                : new CpuTime(
                        Long.parseLong(fields[USER_TICKS]) / TICKS_PER_SECOND,
                        Long.parseLong(fields[SYSTEM_TICKS]) / TICKS_PER_SECOND);
    }

    /** The most files that this process may have open. */
    public static long openFileLimit() {
        return number("/proc/self/limits", "Max open files", Long.MAX_VALUE);
    }

    private static long kilobytes(String file, String name) {
        return number(file, name, 0);
    }

    private static long number(String file, String name, long otherwise) {
        return read(file)
                .lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip().split(" +")[0])
                .filter(word -> word.chars().allMatch(Character::isDigit))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(otherwise);
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
        } catch (IOException elsewhere) {
            return "";
        }
    }
}
