package dev.jackdaw.benchmarks.fragmentation;

import dev.jackdaw.benchmarks.load.RespClient;
import java.io.IOException;

/**
 * Immutable: what a node said of its memory.
 *
 * @param nanos when, by {@link System#nanoTime}
 * @param ratio {@code mem_fragmentation_ratio}: its data and what is unused among them, to its data
 */
record Sample(long nanos, long usedBytes, double ratio) {
    static Sample of(RespClient client) throws IOException {
        String memory = client.call("INFO", "memory");
        return new Sample(
                System.nanoTime(),
                Long.parseLong(RespClient.field(memory, "used_memory")),
                Double.parseDouble(RespClient.field(memory, "mem_fragmentation_ratio")));
    }
}
