package dev.jackdaw.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Shared and stateless: the machine that a figure was measured on, in one line. */
public final class Machine {
    private static final long KILOBYTES_PER_GIGABYTE = 1 << 20;

    private Machine() {}

    public static String describe() throws IOException {
        Path processors = Path.of("/proc/cpuinfo");
        long count = Files.readAllLines(processors).stream()
                .filter(line -> line.startsWith("processor"))
                .count();
        String memory = value(Path.of("/proc/meminfo"), "MemTotal").replaceAll("\\D", "");
        return "%d x %s, %d GB, Linux %s, Java %s"
                .formatted(
                        count,
                        value(processors, "model name"),
                        memory.isEmpty() ? 0 : Math.round(Double.parseDouble(memory) / KILOBYTES_PER_GIGABYTE),
                        System.getProperty("os.version"),
                        Runtime.version());
    }

    private static String value(Path file, String name) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .findFirst()
                .orElse("");
    }
}
