package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.command.Flag;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.engine.EngineCheck;
import dev.jackdaw.server.persistence.Contents;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/**
 * Snapshots are taken while all commands that write change, move, remove and add keys between their steps, while keys expire
 * and are evicted; the file has the data of the moment when it was begun. {@code -Doracle.seed} repeats a run.
 */
class SnapshotUnderWritesTest {
    private static final int KEYS = 3_000;
    private static final String LONG_TEXT = "an element of some length, so that not many are needed, ".repeat(3);
    private static final int LONG_VALUES = 3;
    private static final int LONG_ELEMENTS = 600;
    private static final int LONG_STRING = 200_000;
    private static final int COMMANDS_BEFORE = 2_000;
    private static final int COMMANDS_BETWEEN_STEPS = 40;
    private static final int MOST_MILLIS = 3_000;

    private final long seed = Long.getLong("oracle.seed", new SplittableRandom().nextLong());
    private final SplittableRandom random = new SplittableRandom(seed);

    @TempDir
    private Path folder;

    @RepeatedTest(3)
    void a_snapshot_is_of_one_moment() throws IOException {
        System.out.println("snapshot: -Doracle.seed=" + seed);
        List<String> expected;
        try (TestNode node = TestNode.with("--dir", folder.toString(), "--databases", "3")) {
            RandomCommands commands =
                    new RandomCommands(writing(), seed, node.engine().nowMillis());
            fill(node);
            fillLong(node);
            for (int i = 0; i < COMMANDS_BEFORE; i++) {
                node.run(commands.next().words());
            }
            node.run("SELECT", "0");
            if (random.nextBoolean()) {
                long limit = node.engine().usedMemory();
                node.run("CONFIG", "SET", "maxmemory", "" + limit, "maxmemory-policy", "allkeys-random");
            }
            expected = contents(node);
            assertThat(node.run("BGSAVE")).isEqualTo(new Reply.Simple("Background saving started"));
            int steps = 0;
            while (node.node().snapshots().isRunning() && node.engine().isWitnessed()) {
                node.node().backgroundStep();
                steps++;
                disturb(node, commands);
            }
            assertThat(steps).isPositive();
            Awaitility.await().until(() -> {
                node.advance(10);
                return !node.node().snapshots().isRunning();
            });
            assertThat(node.node().snapshots().lastFailed()).isFalse();
            node.advance(1000);
            EngineCheck.check(node.engine());
        }
        try (TestNode loaded = TestNode.with("--dir", folder.toString(), "--databases", "3")) {
            loaded.load();
            assertThat(contents(loaded)).as("seed " + seed).isEqualTo(expected);
        }
    }

    /** All that write, and that do not wait. */
    private static List<Command> writing() {
        return CommandTable.all().commands().stream()
                .filter(row -> RandomCommands.FAMILIES.contains(row.family()))
                .filter(row -> row.spec().has(Flag.WRITE) && !row.spec().has(Flag.BLOCKING))
                .toList();
    }

    private void fill(TestNode node) {
        long later = node.engine().nowMillis() + 1;
        for (int i = 0; i < KEYS; i++) {
            node.run("SELECT", "" + i % 3);
            node.run("SET", "k" + i, "value " + i, "PXAT", "" + (later + random.nextInt(2 * MOST_MILLIS)));
            node.run("RPUSH", "r" + i, "a", "b" + i);
        }
        node.run("SELECT", "0");
    }

    /** Values that are written in several steps. */
    private void fillLong(TestNode node) {
        for (int i = 0; i < LONG_VALUES; i++) {
            node.run("SELECT", "" + i % 3);
            for (int element = 0; element < LONG_ELEMENTS; element++) {
                String text = LONG_TEXT + element;
                node.run("RPUSH", "long list " + i, text);
                node.run("SADD", "long set " + i, text);
                node.run("HSET", "long hash " + i, text, "" + element);
                node.run("ZADD", "long sorted set " + i, "" + element, text);
            }
            node.run("HPEXPIRE", "long hash 1", "2", "FIELDS", "1", LONG_TEXT + "7");
            node.run("SET", "long string " + i, "x".repeat(LONG_STRING));
        }
        node.run("SELECT", "0");
    }

    private void disturbLong(TestNode node) {
        String i = "" + random.nextInt(LONG_VALUES);
        switch (random.nextInt(8)) {
            case 0 -> node.run("LSET", "long list " + i, "5", "changed");
            case 1 -> node.run("SPOP", "long set " + i);
            case 2 -> node.run("HSET", "long hash " + i, "new", "field");
            case 3 -> node.run("ZADD", "long sorted set " + i, "5", "new");
            case 4 -> node.run("APPEND", "long string " + i, "more");
            case 5 -> node.run("DEL", "long list " + i, "long hash " + i);
            case 6 -> node.run("RENAME", "long set " + i, "long list " + i);
            default -> node.run("EXPIRE", "long sorted set " + i, "0");
        }
    }

    private void disturb(TestNode node, RandomCommands commands) {
        node.run("SELECT", "" + random.nextInt(3));
        for (int i = 0; i < COMMANDS_BETWEEN_STEPS; i++) {
            node.run(commands.next().words());
            String key = "" + random.nextInt(2 * KEYS);
            switch (random.nextInt(8)) {
                case 0 -> node.run("SET", "k" + key, "other");
                case 1 -> node.run("LPUSH", "r" + key, "c");
                case 2 -> node.run("DEL", "r" + key, "k" + key);
                case 3 -> node.run("RENAME", "r" + key, "r" + random.nextInt(KEYS));
                case 4 -> node.run("MOVE", "r" + key, "" + random.nextInt(3));
                case 5 -> node.run("COPY", "k" + key, "k" + random.nextInt(KEYS), "DB", "" + random.nextInt(3));
                case 6 -> node.run("PERSIST", "k" + key);
                default -> node.run("APPEND", "k" + key, "more");
            }
        }
        if (random.nextInt(4) == 0) {
            disturbLong(node);
        }
        switch (random.nextInt(60)) {
            case 0 -> node.run("FLUSHDB");
            case 1 -> node.run("SWAPDB", "0", "2");
            default -> node.advanceWithoutBackground(random.nextInt(MOST_MILLIS / 50));
        }
    }

    private static List<String> contents(TestNode node) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            node.run("SELECT", "" + i);
            all.addAll(Contents.values(node::run));
        }
        node.run("SELECT", "0");
        return all;
    }
}
