package dev.jackdaw.benchmarks.pauses;

import dev.jackdaw.benchmarks.report.Format;
import dev.jackdaw.benchmarks.report.Machine;
import dev.jackdaw.benchmarks.report.Report;
import dev.jackdaw.benchmarks.report.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Owned by one command line: {@code bench pauses}. */
@Command(
        name = "pauses",
        description = "Runs a node's loop in this process and prints how long a turn of it takes at most.",
        mixinStandardHelpOptions = true)
public final class PausesCommand implements Callable<Integer> {
    private static final int IDLE_SECONDS = 20;
    private static final int EXPIRE_SECONDS = 10;
    private static final List<String> COLLECTING = List.of("HSET", "SADD", "ZADD", "RPUSH");
    private static final String VALUE = "v".repeat(32);

    @Spec
    private CommandSpec spec;

    @Option(names = "--keys", defaultValue = "10000000", description = "of each phase (default: ${DEFAULT-VALUE})")
    private int keys;

    @Option(
            names = "--elements",
            defaultValue = "1000000",
            description = "of each large collection (default: ${DEFAULT-VALUE})")
    private int elements;

    private final SplittableRandom random = new SplittableRandom(1);
    private final Table table = new Table(
            List.of("phase", "turns", "over 1 ms CPU", "p99.99 CPU ms", "longest CPU ms", "p99.99 ms", "longest ms"));
    private Report report;
    private Path directory;

    @Override
    public Integer call() throws IOException {
        report = new Report(spec.commandLine().getOut(), spec.commandLine().getErr());
        report.print(Machine.describe() + "\n");
        directory = Files.createTempDirectory("jackdaw-pauses");
        try (Sentinel sentinel = new Sentinel()) {
            if (!sentinel.start()) {
                report.print(
                        "No thread may go first here (root may have one), so stops of the machine count as turns.\n");
            }
            measure(sentinel);
        } finally {
            Files.deleteIfExists(directory.resolve("dump.rdb"));
            Files.delete(directory);
        }
        report.print(table);
        return 0;
    }

    private void measure(Sentinel sentinel) {
        warmUp(sentinel);
        try (Loop loop = new Loop(sentinel, directory)) {
            phase(loop, "nothing but PING", () -> idle(loop));
            phase(loop, "load", () -> load(loop, 0));
            phase(loop, "a snapshot, overwritten meanwhile", () -> snapshot(loop, this::overwrite));
            phase(loop, "grow: values of 16 to 64", () -> grow(loop));
            loop.engine().evictionPolicy("allkeys-lru");
            loop.engine().maxMemory(loop.engine().usedMemory());
            phase(loop, "load as many more, evict", () -> load(loop, keys));
            loop.engine().maxMemory(0);
            phase(loop, "expire within a second", () -> expire(loop));
        }
        try (Loop loop = new Loop(sentinel, directory)) {
            load(loop, 0);
            phase(loop, "FLUSHALL", () -> {
                loop.send("FLUSHALL");
                loop.settle();
            });
            for (String command : COLLECTING) {
                phase(loop, command + " one collection", () -> collect(loop, command));
                phase(loop, "a snapshot of it", () -> snapshot(loop, each -> each.send("PING")));
                phase(loop, "delete it", () -> {
                    loop.send("DEL", "big");
                    loop.settle();
                });
            }
        }
    }

    /** Compiles what is measured afterwards. */
    private void warmUp(Sentinel sentinel) {
        int measured = keys;
        keys = Math.min(keys, 300_000);
        try (Loop loop = new Loop(sentinel, directory)) {
            load(loop, 0);
            snapshot(loop, this::overwrite);
            grow(loop);
            for (String command : COLLECTING) {
                loop.send("DEL", "big");
                collect(loop, command);
                snapshot(loop, each -> each.send("PING"));
            }
            loop.send("FLUSHALL");
            loop.settle();
        }
        keys = measured;
    }

    private void phase(Loop loop, String name, Runnable work) {
        report.progress(name);
        loop.begin();
        work.run();
        Histogram cpu = loop.cpu();
        Histogram wall = loop.wall();
        double over = cpu.getCountBetweenValues(TimeUnit.MILLISECONDS.toNanos(1), Long.MAX_VALUE);
        List<String> row = new ArrayList<>(List.of(name, Format.integer(cpu.getTotalCount()), Format.integer(over)));
        for (Histogram each : List.of(cpu, wall)) {
            row.add(Format.ratio(each.getValueAtPercentile(99.99) / 1e6));
            row.add(Format.ratio(each.getMaxValue() / 1e6));
        }
        table.row(row);
    }

    private static void idle(Loop loop) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(IDLE_SECONDS);
        while (System.nanoTime() < end) {
            loop.send("PING");
        }
    }

    private static String key(int i) {
        return "key:" + (1_000_000_000_000L + i);
    }

    private void load(Loop loop, int from) {
        for (int i = from; i < from + keys; i++) {
            loop.send("SET", key(i), VALUE);
        }
        loop.settle();
    }

    private static void snapshot(Loop loop, Consumer<Loop> meanwhile) {
        loop.send("BGSAVE");
        loop.flush();
        while (loop.isSaving()) {
            meanwhile.accept(loop);
        }
        loop.settle();
    }

    private void overwrite(Loop loop) {
        loop.send("SET", key(random.nextInt(keys)), VALUE);
    }

    private void grow(Loop loop) {
        for (int i = 0; i < keys; i++) {
            loop.send("SET", key(random.nextInt(keys)), "v".repeat(16 + random.nextInt(49)));
        }
        loop.settle();
    }

    /** All at once, as far as they can be told to in that time, and until the last is gone. */
    private void expire(Loop loop) {
        long at = System.currentTimeMillis() + TimeUnit.SECONDS.toMillis(EXPIRE_SECONDS);
        for (int i = 0; i < 2 * keys; i++) {
            loop.send("PEXPIREAT", key(i), Long.toString(at + random.nextInt(1_000)));
        }
        while (loop.engine().keyspace(0).expiring() > 0) {
            loop.send("PING");
        }
        loop.settle();
    }

    private void collect(Loop loop, String command) {
        for (int i = 0; i < elements; i++) {
            switch (command) {
                case "HSET" -> loop.send(command, "big", "field" + i, "value" + i);
                case "ZADD" -> loop.send(command, "big", Integer.toString(random.nextInt()), "member" + i);
                default -> loop.send(command, "big", "element" + i);
            }
        }
        loop.settle();
    }
}
