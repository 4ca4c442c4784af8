package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.EngineCheck;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large values leave in steps, however they come to leave, and every byte of them is given back. */
class BigValueTest {
    private static final int ELEMENTS = 20_000;
    private static final String PADDING = "x".repeat(500);

    private final TestNode node = new TestNode();
    private final Engine engine = node.engine();
    private final long idleBytes = engine.usedMemory() - engine.indexBytes();

    @AfterEach
    void close() {
        EngineCheck.check(engine);
        node.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HSET", "SADD", "ZADD", "RPUSH"})
    void a_large_value_is_freed_in_steps_when_its_key_goes(String command) {
        node.run("SET", "small", "value");
        long before = engine.usedMemory();
        List<List<String>> ends = List.of(
                List.of("DEL", "big"),
                List.of("UNLINK", "big"),
                List.of("SET", "big", ""),
                List.of("RENAME", "small", "big"),
                List.of("COPY", "small", "big", "REPLACE"),
                List.of("PEXPIREAT", "big", "1"),
                List.of("FLUSHALL"));
        for (List<String> end : ends) {
            node.run("SET", "small", "value");
            fill(command, "big");
            assertThat(engine.usedMemory()).isGreaterThan(before + ELEMENTS * PADDING.length());

            assertThat(node.run(end)).isNotInstanceOf(Reply.Error.class);
            assertFreedInSteps(end.toString());
            node.run("DEL", "big");
        }
        node.run("SET", "small", "value");
        assertThat(engine.usedMemory()).isEqualTo(before);
    }

    @Test
    void a_large_value_that_expires_is_freed_in_steps() {
        fill("ZADD", "big");
        node.run("PEXPIRE", "big", "100");
        node.advanceWithoutBackground(101);
        engine.backgroundStep();

        assertThat(engine.keyspace(0).size()).isZero();
        assertFreedInSteps("expiry");
    }

    @Test
    void while_a_large_value_is_freed_nothing_else_is_evicted() {
        engine.evictionPolicy("allkeys-lru");
        fill("HSET", "big");
        for (int i = 0; i < 1_000; i++) {
            node.run("SET", "key" + i, "value");
        }
        long full = engine.usedMemory();
        node.run("DEL", "big");
        engine.maxMemory(full - 100_000);
        while (engine.usedMemory() > engine.maxMemory()) {
            assertThat(node.run("SET", "another", "value")).isEqualTo(new Reply.Simple("OK"));
        }

        assertThat(engine.stats().evicted).isZero();
    }

    @Test
    void making_much_room_is_left_to_many_commands() {
        for (int i = 0; i < 20_000; i++) {
            node.run("SET", "key" + i, "value");
        }
        long limit = engine.usedMemory() / 2;
        engine.evictionPolicy("allkeys-random");
        engine.maxMemory(limit);

        long evicted = 0;
        while (engine.usedMemory() > limit) {
            assertThat(node.run("SET", "key", "value")).isEqualTo(new Reply.Simple("OK"));
            assertThat(engine.stats().evicted - evicted).isBetween(1L, 300L);
            evicted = engine.stats().evicted;
        }
        assertThat(evicted).isGreaterThan(5_000);
    }

    @Test
    void what_one_key_takes_adds_up_to_what_all_take() {
        for (String command : List.of("HSET", "SADD", "ZADD", "RPUSH")) {
            fill(command, command);
            node.run("COPY", command, command + " copy");
        }
        for (int i = 0; i < 500; i++) {
            node.run("SET", "key" + i, "v".repeat(i * i), "PX", Integer.toString(100_000 + i));
            node.run("SADD", "integers" + i % 10, Integer.toString(i));
        }
        long sum = 0;
        long keys = 0;
        for (Reply key : ((Reply.Array) node.run("KEYS", "*")).elements()) {
            sum += ((Reply.Int) node.run("MEMORY", "USAGE", ((Reply.Bulk) key).text())).value();
            keys++;
        }
        // Each key is charged one slot of the index; how many there are is for the index to say.
        assertThat(engine.usedMemory() - engine.indexBytes()).isEqualTo(idleBytes + sum - keys * Long.BYTES);
    }

    private void assertFreedInSteps(String how) {
        int steps = 0;
        while (engine.buried() > 0) {
            long used = engine.usedMemory();
            engine.backgroundStep();
            assertThat(used - engine.usedMemory()).as(how).isBetween(0L, ELEMENTS * (long) PADDING.length() / 2);
            steps++;
        }
        assertThat(steps).as(how).isPositive();
    }

    private void fill(String command, String key) {
        for (int from = 0; from < ELEMENTS; from += 1_000) {
            List<String> words = new ArrayList<>(List.of(command, key));
            for (int i = from; i < from + 1_000; i++) {
                switch (command) {
                    case "HSET" -> words.addAll(List.of("field" + i, PADDING));
                    case "ZADD" -> words.addAll(List.of(Integer.toString(i * 7919 % 10_007), PADDING + i));
                    default -> words.add(PADDING + i);
                }
            }
            node.run(words);
        }
    }
}
