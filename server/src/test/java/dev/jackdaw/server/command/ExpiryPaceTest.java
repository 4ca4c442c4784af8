package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.engine.Engine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A step removes as much as keeps pace with what clients do meanwhile, and room is made of what has expired before anything else goes. */
class ExpiryPaceTest {
    private static final int KEYS = 20_000;
    private static final int STEP = 256;
    private static final int TURN = 2_000;
    private static final int LIFE_MILLIS = 50;
    private static final int MEGABYTE = 1 << 20;

    private final TestNode node = new TestNode();
    private final Engine engine = node.engine();

    @BeforeEach
    void noticed() {
        node.run("PING");
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void fill(String... end) {
        for (int i = 0; i < KEYS; i++) {
            List<String> command = new ArrayList<>(List.of(end));
            command.add(1, "key" + i);
            node.run(command);
        }
    }

    private void letExpire() {
        node.advanceWithoutBackground(LIFE_MILLIS + 1);
        node.run("PING");
    }

    /** How many keys a step removes. */
    private long step() {
        long before = engine.keyspace(0).size();
        engine.backgroundStep();
        return before - engine.keyspace(0).size();
    }

    private void runInOneTurn(int commands) {
        node.run("MULTI");
        for (int i = 0; i < commands; i++) {
            node.run("PING");
        }
        node.run("EXEC");
    }

    @Test
    void after_a_turn_of_many_commands_a_step_removes_twice_as_many_keys() {
        fill("SET", "value", "PX", Integer.toString(LIFE_MILLIS));
        letExpire();
        assertThat(step()).isBetween((long) STEP / 2, 2L * STEP);
        runInOneTurn(TURN);
        assertThat(step()).isBetween(2L * TURN, 2L * TURN + 2 * STEP);
        assertThat(step()).as("the next").isBetween((long) STEP / 2, 2L * STEP);
    }

    @Test
    void after_a_command_for_many_keys_a_step_removes_twice_as_many() {
        fill("SET", "value", "PX", Integer.toString(LIFE_MILLIS));
        letExpire();
        step();
        List<String> command = new ArrayList<>(List.of("MSETEX", Integer.toString(TURN)));
        for (int i = 0; i < TURN; i++) {
            command.addAll(List.of("new" + i, "value"));
        }
        command.addAll(List.of("EX", "100"));
        assertThat(node.run(command)).isEqualTo(new Reply.Int(1));
        assertThat(step()).isBetween(2L * TURN, 2L * TURN + 2 * STEP);
    }

    @Test
    void the_same_is_true_of_hashes_whose_fields_expire_and_what_they_took_is_freed_at_once() {
        node.run("CONFIG", "SET", "hash-max-listpack-entries", "0");
        fill("HSETEX", "PX", Integer.toString(LIFE_MILLIS), "FIELDS", "1", "field", "value");
        letExpire();
        step();
        runInOneTurn(TURN);
        long before = engine.usedMemory();
        long hashBytes = before / engine.keyspace(0).size();
        long removed = step();
        assertThat(removed).isBetween((long) TURN, TURN + 2L * STEP);
        assertThat(before - engine.usedMemory()).isGreaterThan(removed * hashBytes * 3 / 4);
        assertThat(engine.buried()).isZero();
    }

    @Test
    void small_values_do_not_wait_behind_a_large_one_of_another_kind() {
        for (int i = 0; i < 50_000; i++) {
            node.run("HSET", "big", "field" + i, "v".repeat(50));
        }
        for (int i = 0; i < 1_000; i++) {
            node.run("XADD", "stream" + i, "*", "field", "value");
        }
        engine.expiringActively(false);
        for (int i = 0; i < 1_000; i++) {
            node.run("PEXPIRE", "stream" + i, "1");
        }
        node.run("DEL", "big");
        assertThat(engine.buried()).isOne();
        engine.expiringActively(true);
        node.advanceWithoutBackground(2);
        int steps = 0;
        while (engine.buried() > 1 || engine.keyspace(0).size() > 0) {
            engine.backgroundStep();
            steps++;
        }
        assertThat(engine.buried()).as("the large one").isOne();
        assertThat(steps).isLessThan(30);
    }

    @ParameterizedTest
    @ValueSource(strings = {"noeviction", "allkeys-lru", "volatile-ttl"})
    void room_is_made_of_what_has_expired_first(String policy) {
        fill("SET", "value", "PX", Integer.toString(LIFE_MILLIS));
        node.run("SET", "lasting", "value");
        node.run("SET", "later", "value", "EX", "1000");
        engine.evictionPolicy(policy);
        engine.maxMemory(engine.usedMemory() - 10_000);
        letExpire();
        for (int i = 0; i < KEYS; i++) {
            assertThat(node.run("SET", "lasting" + i % 1_000, "value")).isEqualTo(new Reply.Simple("OK"));
        }
        assertThat(engine.stats().evicted).isZero();
        assertThat(engine.usedMemory()).isLessThanOrEqualTo(engine.maxMemory());
        assertThat(node.run("EXISTS", "lasting", "later")).isEqualTo(new Reply.Int(2));
    }

    @Test
    void a_held_node_refuses_rather_than_let_anything_go() {
        fill("SET", "value", "PX", Integer.toString(LIFE_MILLIS));
        engine.maxMemory(engine.usedMemory() - 10_000);
        engine.expiringActively(false);
        letExpire();
        assertThat(node.run("SET", "more", "value")).isEqualTo(new Reply.Error(CommandError.OUT_OF_MEMORY));
        assertThat(engine.keyspace(0).size()).isEqualTo(KEYS);
    }

    @Test
    void a_held_node_that_takes_too_much_rests() {
        fill("SET", "value");
        node.run("CLIENT", "PAUSE", "1000", "WRITE");
        engine.evictionPolicy("allkeys-lru");
        engine.maxMemory(engine.usedMemory() - 10_000);
        int steps = 0;
        while (engine.backgroundStep()) {
            assertThat(++steps).isLessThan(10_000);
        }
        assertThat(engine.stats().evicted).isZero();
    }

    @Test
    void what_buffers_took_of_late_is_kept_free_even_if_something_expires_some_time() {
        node.run("SET", "later", "value", "EX", "1000");
        engine.maxMemory(64 * MEGABYTE);
        engine.buffersGrew(10 * MEGABYTE);
        engine.buffersGrew(-10 * MEGABYTE);
        node.run("SETRANGE", "large", Long.toString(58 * MEGABYTE), "x");
        node.advanceWithoutBackground(LIFE_MILLIS);
        assertThat(node.run("SET", "more", "value")).isEqualTo(new Reply.Error(CommandError.OUT_OF_MEMORY));
        assertThat(engine.limit().isFull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"noeviction", "allkeys-lru"})
    void what_has_expired_is_found_if_much_has_to_be_put_in_order_before(String policy) {
        node.run("SET", "lasting", "value");
        for (int i = 0; i < 2_000; i++) {
            node.run("SET", "large" + i, "v".repeat(20_000), "PX", Integer.toString(LIFE_MILLIS * 1_000));
        }
        engine.evictionPolicy(policy);
        engine.maxMemory(engine.usedMemory() - 10_000);
        node.advanceWithoutBackground(LIFE_MILLIS * 1_000 + 1);
        for (int i = 0; i < 10; i++) {
            assertThat(node.run("SET", "more" + i, "value")).isEqualTo(new Reply.Simple("OK"));
        }
        assertThat(engine.stats().evicted).isZero();
        assertThat(engine.stats().expired).isPositive();
    }
}
