package dev.jackdaw.benchmarks.micro;

import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.route.Slot;
import dev.jackdaw.protocol.route.Splitter;
import dev.jackdaw.protocol.topology.Topology;
import java.nio.charset.StandardCharsets;
import java.util.function.IntUnaryOperator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Owned by its thread: the keys of one MGET sorted by the shards of three nodes. */
@State(Scope.Thread)
public class SplitterBenchmark {
    private static final int NODES = 3;

    @Param({"1", "10", "100"})
    public int keys;

    private final Request request = new Request();
    private final Splitter splitter = new Splitter();
    private final IntUnaryOperator shardOfSlot = slot -> slot * NODES / Topology.SLOTS;

    @Setup
    public void encode() {
        byte[][] words = new byte[keys + 1][];
        words[0] = "MGET".getBytes(StandardCharsets.US_ASCII);
        for (int i = 1; i <= keys; i++) {
            words[i] = "key:%012d".formatted(i * 7919).getBytes(StandardCharsets.US_ASCII);
        }
        request.set(words);
    }

    @Benchmark
    public int split() {
        splitter.split(request, 1, 1, shardOfSlot);
        return splitter.groups();
    }

    @Benchmark
    public int slot() {
        return Slot.of(request.address(1), request.length(1));
    }
}
