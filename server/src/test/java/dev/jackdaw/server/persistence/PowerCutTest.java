package dev.jackdaw.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.command.TestNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Power fails at any moment: what a node then finds on its disk is what it had done up to some moment, and all of it that was
 * promised. {@code -Dpowercut.runs} says how many runs each mode gets, {@code -Dpowercut.seed} which one is to be seen again.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class PowerCutTest {
    private static final int RUNS = Integer.getInteger("powercut.runs", 15);
    private static final int RUNS_UNTIL_NOTICED = 300;
    private static final Long SEED = Long.getLong("powercut.seed");
    private static final int GENERATIONS = 3;
    private static final int MOST_OPERATIONS = 120;
    private static final int KEYS = 7;
    private static final long EVERYSEC_LOSES_MILLIS = 2_000;
    private static final Path INCREMENT = Path.of("/data/appendonlydir/appendonly.aof.1.incr.aof");

    /** Immutable: one write, where its effect ends in the log, and when it was answered. */
    private record Write(int number, long offset, long answeredMillis) {}

    /** Owned by the test: one node after another on one disk, between which power fails. */
    private static final class Run {
        private final Random random;
        private final String mode;
        private final PlantedBug bug;
        private SimulatedDisk disk;
        private TestNode node;
        private long nowMillis;
        /** Writes so far, those that were acknowledged, and those that are not promised yet, the oldest first. */
        private int writes;

        private int promised;
        private final ArrayDeque<Write> pending = new ArrayDeque<>();

        Run(long seed, String mode, PlantedBug bug) {
            this.random = new Random(seed);
            this.mode = mode;
            this.bug = bug;
            this.disk = new SimulatedDisk(seed);
        }

        void run() throws IOException {
            for (int i = 0; i < GENERATIONS; i++) {
                disk.cutAfter(i == 0 ? 30 + random.nextInt(MOST_OPERATIONS) : random.nextInt(MOST_OPERATIONS));
                try {
                    live();
                } finally {
                    end();
                }
                disk = disk.afterCut(random.nextLong());
            }
            try {
                start();
                check();
            } finally {
                end();
            }
        }

        private boolean start() throws IOException {
            node = TestNode.on(bug.plantedIn(disk), "--dir", "/data", "--appendonly", "yes", "--appendfsync", mode);
            disk.others(true);
            try {
                node.load();
            } catch (IOException | RuntimeException failed) {
                if (disk.isCut()) {
                    return false;
                }
                throw failed;
            } finally {
                disk.others(false);
            }
            return true;
        }

        private void live() throws IOException {
            if (start()) {
                check();
                pending.clear();
                promised = 0;
                while (!disk.isCut()) {
                    step();
                }
            }
        }

        private void end() {
            disk.letGo();
            node.close();
        }

        private void step() {
            switch (random.nextInt(12)) {
                case 0 -> advance(random.nextInt(700));
                case 1 -> rewrite();
                case 2 -> trouble();
                case 3, 4, 5 -> turn();
                default -> write();
            }
        }

        private void advance(long millis) {
            nowMillis += millis;
            node.advance(millis);
            turn();
        }

        private void turn() {
            node.node().log().writer().turn();
            node.advance(0);
            promise();
        }

        private void write() {
            String value = "v".repeat(random.nextInt(4) == 0 ? random.nextInt(3000) : random.nextInt(30));
            Reply reply;
            if (random.nextInt(3) == 0) {
                node.run("MULTI");
                node.run("RPUSH", "log", writes + ":" + value);
                node.run("SET", "k" + writes % KEYS, "" + writes);
                node.run("SET", "last", "" + writes);
                reply = node.run("EXEC");
            } else {
                // One command, so that there is no moment between.
                reply = node.run("RPUSH", "log", writes + ":" + value);
            }
            if (!(reply instanceof Reply.Error)) {
                writes++;
                pending.add(new Write(writes, node.node().log().appended(), nowMillis));
            }
            promise();
        }

        private void promise() {
            AppendLog log = node.node().log();
            while (!pending.isEmpty() && isPromised(pending.peek(), log)) {
                promised = pending.poll().number;
            }
        }

        private boolean isPromised(Write write, AppendLog log) {
            return switch (mode) {
                case "always" -> !log.holdsReplies() || write.offset <= log.synced();
                case "everysec" -> nowMillis - write.answeredMillis > EVERYSEC_LOSES_MILLIS && log.failure() == null;
                default -> false;
            };
        }

        private void rewrite() {
            node.run("BGREWRITEAOF");
            node.advance(0);
            disk.others(true);
            while (node.node().log().rewrite().isWriting()) {
                node.advance(0);
            }
            disk.others(false);
            node.advance(0);
        }

        private void trouble() {
            switch (random.nextInt(6)) {
                case 0 -> disk.failSyncs(1 + random.nextInt(3));
                case 1 -> disk.capacity(disk.usedBytes() + random.nextInt(2000));
                default -> disk.capacity(Long.MAX_VALUE);
            }
        }

        /** What is there is what was done up to some moment, and that moment was not before the last promise. */
        private void check() {
            long length = ((Reply.Int) node.run("LLEN", "log")).value();
            assertThat(length).as("writes found, of those promised").isGreaterThanOrEqualTo(promised);
            assertThat(length).as("writes found, of those done").isLessThanOrEqualTo(writes);
            for (int i = 0; i < length; i++) {
                String element = ((Reply.Bulk) node.run("LINDEX", "log", "" + i)).text();
                assertThat(element).startsWith(i + ":");
                assertThat(element.substring(element.indexOf(':') + 1)).matches("v*");
            }
            String last = node.run("GET", "last") instanceof Reply.Bulk found ? found.text() : "-1";
            assertThat(Integer.parseInt(last)).isLessThan((int) length);
            if (!last.equals("-1")) {
                int key = Integer.parseInt(last) % KEYS;
                assertThat(node.run("GET", "k" + key)).isEqualTo(new Reply.Bulk(last));
            }
            writes = (int) length;
        }
    }

    private static LongStream seeds(int runs) {
        return SEED == null ? LongStream.range(0, runs) : LongStream.of(SEED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"always", "everysec", "no"})
    void nothing_that_was_promised_is_lost(String mode) {
        seeds(RUNS).forEach(seed -> {
            try {
                new Run(seed, mode, PlantedBug.NONE).run();
            } catch (IOException | RuntimeException | AssertionError failed) {
                fail("-Dpowercut.seed=" + seed + " with appendfsync " + mode, failed);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = PlantedBug.class,
            names = {"ACKNOWLEDGED_BEFORE_SYNC", "RENAMED_WITHOUT_DIRECTORY_SYNC", "CHECKSUM_SKIPPED"})
    void a_planted_bug_is_noticed(PlantedBug bug) {
        assertThat(seeds(RUNS_UNTIL_NOTICED)).anyMatch(seed -> {
            try {
                new Run(seed, "always", bug).run();
                return false;
            } catch (IOException | RuntimeException | AssertionError noticed) {
                return true;
            }
        });
    }

    // --- Damage ---

    /** Whether a node that finds a damaged bit, in a group that was on the disk when others were written, refuses to start. */
    private static boolean isDamageNoticed(long seed, PlantedBug bug) throws IOException {
        Random random = new Random(seed);
        Run run = new Run(seed, "always", PlantedBug.NONE);
        run.start();
        while (run.writes < 20) {
            run.write();
            run.turn();
        }
        run.end();
        byte[] bytes = run.disk.bytes(INCREMENT);
        int last = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("#C:");
        run.disk.damage(INCREMENT, random.nextInt(last));
        SimulatedDisk found = run.disk.afterCut(seed);
        TestNode node = TestNode.on(bug.plantedIn(found), "--dir", "/data", "--appendonly", "yes");
        found.others(true);
        try {
            node.load();
            return false;
        } catch (CorruptLogException refused) {
            return refused.getMessage().contains("appendonly.aof.1.incr.aof at byte");
        } finally {
            found.letGo();
            node.close();
        }
    }

    @Test
    void damage_is_noticed_and_a_bug_that_overlooks_it() throws IOException {
        boolean skipped = false;
        boolean takenForTheEnd = false;
        for (long seed : seeds(RUNS).toArray()) {
            assertThat(isDamageNoticed(seed, PlantedBug.NONE))
                    .as("-Dpowercut.seed=" + seed)
                    .isTrue();
            skipped |= !isDamageNoticed(seed, PlantedBug.CHECKSUM_SKIPPED);
            takenForTheEnd |= !isDamageNoticed(seed, PlantedBug.DAMAGE_TAKEN_FOR_THE_END);
        }
        assertThat(skipped).isTrue();
        assertThat(takenForTheEnd).isTrue();
    }
}
