package dev.jackdaw.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.server.command.TestNode;
import dev.jackdaw.server.memory.Heap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often the walk through large values makes a step. */
class CompactionPaceTest {
    private static final int ELEMENTS = 30_000;
    private static final int AT_ONCE = 500;
    private static final int PACE_MILLIS = 8;
    private static final int MOST_BLOCKS_OF_A_STEP = 512;
    private static final double SOME = 0.045;
    private static final double MUCH = 0.2;

    private final TestNode node = new TestNode();
    private int looks;
    /** Moves nothing, so there is always as much to gain. */
    private final Compaction compaction = new Compaction(node.engine(), address -> {
        looks++;
        return false;
    });

    @BeforeEach
    void fill() {
        for (int i = 0; i < ELEMENTS; i += AT_ONCE) {
            node.run(Stream.concat(
                            Stream.of("ZADD", "set"), members(i, i + AT_ONCE).flatMap(member -> Stream.of("0", member)))
                    .toArray(String[]::new));
        }
    }

    /** Removes elements until more than this share of the slabs is waste. */
    private void waste(double share) {
        Heap heap = node.engine().heap();
        for (int i = 0; heap.wasteBytes() < share * heap.heldBytes(); i++) {
            node.run(Stream.concat(Stream.of("ZREM", "set"), members(i, i + 1)).toArray(String[]::new));
        }
    }

    private static Stream<String> members(int from, int to) {
        return IntStream.range(from, to).mapToObj(number -> "-".repeat(100) + number);
    }

    @AfterEach
    void close() {
        node.close();
    }

    /** How many blocks a step looks at. */
    private int step() {
        int before = looks;
        compaction.step();
        return looks - before;
    }

    @Test
    void commands_that_run_make_it_wait() {
        waste(SOME);
        assertThat(step()).isBetween(1, MOST_BLOCKS_OF_A_STEP);
        for (int round = 0; round < 2; round++) {
            for (int i = 1; i < PACE_MILLIS; i++) {
                node.advanceWithoutBackground(1);
                node.run("PING");
                assertThat(step()).isZero();
            }
            node.advanceWithoutBackground(1);
            node.run("PING");
            assertThat(step()).isBetween(1, MOST_BLOCKS_OF_A_STEP);
        }
    }

    @Test
    void much_waste_does_not_wait() {
        waste(SOME);
        compaction.step();
        waste(MUCH);
        node.run("PING");

        assertThat(compaction.step()).as("whether it is to go on at once").isTrue();
        assertThat(looks).isBetween(MOST_BLOCKS_OF_A_STEP, 2 * MOST_BLOCKS_OF_A_STEP);
    }

    @Test
    void who_waits_wants_to_be_woken_when_the_next_step_is_due() {
        waste(SOME);
        assertThat(compaction.alarmMillis()).isEqualTo(Long.MAX_VALUE);
        compaction.step();
        assertThat(compaction.alarmMillis()).isEqualTo(node.engine().nowMillis() + PACE_MILLIS);
    }

    @Test
    void who_waits_is_not_to_go_on_at_once() {
        waste(SOME);
        assertThat(compaction.step()).as("commands have run").isFalse();
        assertThat(compaction.step()).isTrue();
        node.run("PING");
        assertThat(compaction.step()).isFalse();
    }

    @Test
    void without_commands_it_goes_on_at_once() {
        waste(SOME);
        compaction.step();
        int steps = 0;
        while (compaction.step()) {
            steps++;
        }
        assertThat(steps).isGreaterThan(1);
        assertThat(looks).isGreaterThan(MOST_BLOCKS_OF_A_STEP);
    }

    @Test
    void a_walk_that_gained_nothing_is_not_begun_again() {
        waste(SOME);
        compaction.step();
        while (compaction.step()) {
            assertThat(looks).isPositive();
        }

        assertThat(step()).isZero();
    }
}
