package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.EngineCheck;
import dev.jackdaw.server.engine.RestlessBlocks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Large values of which most was removed are moved together, in short steps, and are the same as before; what is overdue goes first. */
class CompactionTest {
    private static final int KEYS = 5;
    private static final int ELEMENTS = 60_000;
    private static final int AT_ONCE = 500;
    private static final int MANY = 4 * ELEMENTS;
    private static final int COMMANDS = 12_000;
    /** More than a walk or two take. */
    private static final int STEPS = 1_000;

    private static final int PORTIONS = 24;
    /** A walk that could not help rests for less than that. */
    private static final int MOST_REST_MILLIS = 2_000;

    private static final int SORTED_SETS = 6_000;
    private static final int EXPIRING = 5_000;

    /** What stays at most beside a tenth: working room, what an empty node has, and what is not worth a walk. */
    private static final long REST = 256 << 10;

    /** What one step gives back at most: it moves little, but many slabs may have been nearly empty. */
    private static final long MOST_AT_ONCE = 2 << 20;

    private final TestNode node = new TestNode();
    private final Engine engine = node.engine();
    private final SplittableRandom random = new SplittableRandom(5);
    private final Map<String, List<String>> collected = new HashMap<>();

    /** Owned by the test: how values of one type are filled, thinned out and read. */
    private enum Shape {
        LIST("LRANGE", "0", "-1"),
        SET("SMEMBERS"),
        HASH("HGETALL"),
        EXPIRING_HASH("HGETALL"),
        SORTED_SET("ZRANGE", "0", "-1", "WITHSCORES"),
        STREAM("XRANGE", "-", "+");

        private final List<String> read;

        Shape(String... read) {
            this.read = List.of(read);
        }

        List<String> add(String key, String element, int number) {
            String padding = "x".repeat(number % 150);
            return switch (this) {
                case LIST -> List.of("RPUSH", key, element + padding);
                case SET -> List.of("SADD", key, element);
                case HASH -> List.of("HSET", key, element, padding);
                case EXPIRING_HASH -> List.of("HSETEX", key, "PX", "100000", "FIELDS", "1", element, padding);
                case SORTED_SET -> List.of("ZADD", key, "" + number, element);
                case STREAM -> List.of("XADD", key, "" + (number + 1), element, padding);
            };
        }

        List<String> remove(String key, String element) {
            return switch (this) {
                case LIST -> List.of("LPOP", key);
                case SET -> List.of("SREM", key, element);
                case HASH, EXPIRING_HASH -> List.of("HDEL", key, element);
                case SORTED_SET -> List.of("ZREM", key, element);
                case STREAM -> List.of("XTRIM", key, "MAXLEN", "1000");
            };
        }

        /** Whether elements are removed from the ends, which leaves nothing thinned out. */
        boolean isQueue() {
            return this == LIST || this == STREAM;
        }

        /** Whether a command takes many elements. */
        boolean takesMany() {
            return this != EXPIRING_HASH && this != STREAM;
        }

        Reply contents(TestNode node, String key) {
            List<String> words = new ArrayList<>(read);
            words.add(1, key);
            return run(node, words);
        }
    }

    private static Reply run(TestNode node, List<String> words) {
        Reply reply = node.run(words);
        assertThat(reply).as(words.toString()).isNotInstanceOf(Reply.Error.class);
        return reply;
    }

    private static String element(int number) {
        return "element" + number + "-".repeat(number % 30);
    }

    @AfterEach
    void close() {
        EngineCheck.check(engine);
        node.close();
    }

    @ParameterizedTest
    @EnumSource
    void what_is_left_of_large_values_takes_little_more_than_it_is(Shape shape) {
        int elements = shape.takesMany() ? ELEMENTS : ELEMENTS / 4;
        for (int i = 0; i < elements; i++) {
            collect(shape, shape.add("k" + i % KEYS, element(i), i));
        }
        runCollected();
        for (int i = 0; i < elements && !shape.isQueue(); i++) {
            if (random.nextInt(KEYS) > 0) {
                collect(shape, shape.remove("k" + i % KEYS, element(i)));
            }
        }
        runCollected();
        for (int i = 1; i < KEYS && shape.isQueue(); i++) {
            node.run("DEL", "k" + i);
        }
        Reply before = shape.contents(node, "k0");

        boolean more = true;
        while (more || engine.alarmMillis() < Long.MAX_VALUE) {
            long held = engine.heldBytes();
            more = engine.backgroundStep();
            assertThat(held - engine.heldBytes()).isLessThan(MOST_AT_ONCE);
        }
        assertThat(engine.heldBytes()).isLessThan(engine.liveBytes() + engine.liveBytes() / 10 + REST);
        assertThat(shape.contents(node, "k0")).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(names = {"SET", "HASH", "SORTED_SET"})
    void clients_that_go_on_do_not_keep_memory_from_coming_back(Shape shape) {
        for (int i = 0; i < MANY; i++) {
            collect(shape, shape.add("k" + i % KEYS, element(i), i));
        }
        runCollected();
        for (int i = 0; i < MANY; i++) {
            if (random.nextInt(KEYS) > 0) {
                collect(shape, shape.remove("k" + i % KEYS, element(i)));
            }
            if (i % AT_ONCE == 0) {
                stepAmongCommands();
            }
            if (i % (MANY / PORTIONS) == 0) {
                node.advanceWithoutBackground(MOST_REST_MILLIS);
                for (int step = 0; step < STEPS; step++) {
                    stepAmongCommands();
                }
                assertThat(engine.heldBytes()).isLessThan(engine.liveBytes() + engine.liveBytes() / 10 + REST);
            }
        }
    }

    @Test
    void many_large_sorted_sets_of_one_member_lie_close_together_and_come_to_rest() {
        node.run("CONFIG", "SET", "zset-max-listpack-entries", "0");
        for (int i = 0; i < SORTED_SETS; i++) {
            node.run("ZADD", "k" + i, "0", "-".repeat(70) + i);
        }
        for (int i = 0; i < SORTED_SETS; i += 3) {
            node.run("DEL", "k" + i);
        }

        int steps = 0;
        engine.backgroundStep();
        while (engine.backgroundStep()) {
            steps++;
            assertThat(steps).isLessThan(STEPS);
        }
        assertThat(engine.heldBytes()).isLessThan(engine.liveBytes() + engine.liveBytes() / 10 + REST);
    }

    @ParameterizedTest
    @CsvSource({"100, true", "101, false"})
    void what_should_have_expired_long_ago_goes_before_anything_is_moved(int lateMillis, boolean movesBeside) {
        for (int i = 0; i < EXPIRING; i++) {
            node.run("SET", "gone" + i, "value", "PX", "1000");
        }
        for (int i = 0; i < ELEMENTS; i++) {
            node.run("SET", "k" + i, "value");
        }
        for (int i = 0; i < ELEMENTS; i += 2) {
            node.run("DEL", "k" + i);
        }
        node.advanceWithoutBackground(1000 + lateMillis);

        engine.backgroundStep();
        assertThat(engine.keyspace(0).expiring()).isBetween(1L, EXPIRING - 1L);
        assertThat(wantsToMove()).isEqualTo(movesBeside);
        for (int i = 0; i < 3; i++) {
            assertThat(engine.backgroundStep()).isTrue();
        }
        assertThat(engine.keyspace(0).expiring()).isPositive();
        assertThat(wantsToMove()).as("one step in four is made").isTrue();
    }

    /** Whether compaction has begun and has not come to its end. */
    private boolean wantsToMove() {
        return engine.alarmMillis() < Long.MAX_VALUE;
    }

    /** A step of an engine that has other things to do. */
    private void stepAmongCommands() {
        node.run("PING");
        engine.backgroundStep();
    }

    /** Makes one of commands that are the same but for their elements. */
    private void collect(Shape shape, List<String> words) {
        String head = words.get(0) + words.get(1);
        List<String> many = collected.computeIfAbsent(head, absent -> new ArrayList<>(words.subList(0, 2)));
        many.addAll(words.subList(2, words.size()));
        if (many.size() > AT_ONCE || !shape.takesMany()) {
            run(node, collected.remove(head));
        }
    }

    private void runCollected() {
        collected.values().forEach(words -> run(node, words));
        collected.clear();
    }

    @ParameterizedTest
    @EnumSource
    void commands_do_not_notice_that_blocks_move(Shape shape) {
        try (TestNode still = new TestNode()) {
            RestlessBlocks blocks = new RestlessBlocks(engine);
            for (int i = 0; i < COMMANDS; i++) {
                String key = "k" + random.nextInt(2);
                String element = element(random.nextInt(COMMANDS / 4));
                boolean grows = random.nextInt(COMMANDS) > i / 2;
                List<String> words = grows ? shape.add(key, element, i) : shape.remove(key, element);
                assertThat(run(node, words)).isEqualTo(run(still, words));
                blocks.move();
            }
            assertThat(shape.contents(node, "k0")).isEqualTo(shape.contents(still, "k0"));
            assertThat(shape.contents(node, "k1")).isEqualTo(shape.contents(still, "k1"));
        }
    }
}
