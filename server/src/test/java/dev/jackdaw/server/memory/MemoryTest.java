package dev.jackdaw.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much memory is held beside what lives in it, and how fast it goes back to the system. */
class MemoryTest {
    private static final int RUN_BYTES = 1 << 16;
    private static final long REGION_BYTES = (long) Pages.REGION << Pages.PAGE_SHIFT;
    private static final int RUNS_OF_A_REGION = (int) (REGION_BYTES / RUN_BYTES);
    private static final long TICK_MILLIS = 100;
    /** Runs that are less than what is kept of 1024, if it is in use now and then. */
    private static final int LITTLE = 28;

    private final Queue<Integer> runs = new ArrayDeque<>();

    @Test
    void freed_memory_is_kept_for_a_while_and_then_given_back() {
        try (Memory memory = new Memory(1L << 30)) {
            decay(memory, 0, 0);
            take(memory, 1024);
            freeAll(memory);
            long freed = memory.idleBytes();
            assertThat(freed).isGreaterThanOrEqualTo(1024L * RUN_BYTES);

            decay(memory, 0, 400);
            assertThat(memory.idleBytes()).isBetween(freed * 3 / 4, freed * 9 / 10);

            decay(memory, 400, 30_000);
            assertThat(memory.idleBytes()).isLessThan(freed / 16);
        }
    }

    @Test
    void freed_memory_is_given_back_though_the_clock_is_set_back() {
        try (Memory memory = new Memory(1L << 30)) {
            decay(memory, 3_600_000, 3_600_000);
            take(memory, 1024);
            freeAll(memory);
            long freed = memory.idleBytes();

            decay(memory, 0, 30_000);
            assertThat(memory.idleBytes()).isLessThan(freed / 16);
        }
    }

    @Test
    void memory_that_was_idle_for_long_is_given_back_in_bounded_steps() {
        try (Memory memory = new Memory(1L << 30)) {
            decay(memory, 0, 0);
            take(memory, 1024);
            freeAll(memory);

            long before = memory.idleBytes();
            boolean more = memory.decay(60_000);
            assertThat(more).isTrue();
            assertThat(before - memory.idleBytes()).isBetween(1L, 2L << 20);
            while (memory.decay(60_000)) {
                assertThat(before - memory.idleBytes()).isPositive();
            }
            assertThat(memory.idleBytes()).isLessThan(before / 16);
        }
    }

    @Test
    void much_that_is_to_be_given_back_at_once_does_not_wait_for_another_thread() {
        try (Memory memory = new Memory(1L << 30)) {
            take(memory, 1024);
            freeAll(memory);
            int top = memory.pages().top;
            memory.trim(60L << 20, 0);
            assertThat(memory.idleBytes()).isLessThan(10L << 20);
            // What is on its way cannot be had, and something fresh is taken for it.
            take(memory, 1024);
            assertThat(memory.pages().top - top).isLessThan(4 * Pages.REGION);
        }
    }

    @Test
    void what_was_idle_all_the_time_is_given_back_even_if_it_is_little() {
        try (Memory memory = new Memory(1L << 30)) {
            decay(memory, 0, 0);
            take(memory, 1024);
            free(memory, LITTLE);
            long before = spare(memory);
            assertThat(before).isGreaterThanOrEqualTo((long) LITTLE * RUN_BYTES);

            decay(memory, 0, 5_000);
            assertThat(spare(memory)).isLessThan(before - LITTLE * RUN_BYTES / 4);
        }
    }

    @ParameterizedTest
    @CsvSource({"8, 0", "15, 0", "17, 1"})
    void a_region_is_kept_in_stock_for_one_who_rests_only_where_much_is_in_use(int regionsInUse, int stocked) {
        try (Memory memory = new Memory(1L << 30)) {
            decay(memory, 0, 0);
            take(memory, 20 * RUNS_OF_A_REGION);
            free(memory, (20 - regionsInUse) * RUNS_OF_A_REGION);
            assertThat(memory.pages().stockedBytes()).as("while it grows").isPositive();

            decay(memory, 0, 5_000);
            assertThat(memory.pages().stockedBytes()).isEqualTo(stocked * REGION_BYTES);
            assertThat(spare(memory)).isLessThan(REGION_BYTES / 4);
        }
    }

    @Test
    void little_that_is_in_use_now_and_then_is_kept() {
        try (Memory memory = new Memory(1L << 30)) {
            decay(memory, 0, 0);
            take(memory, 1024);
            free(memory, LITTLE);
            for (long now = 0; now < 5_000; now += TICK_MILLIS) {
                take(memory, LITTLE);
                free(memory, LITTLE);
                decay(memory, now, now);
                // Before, it has not been seen that they are in use.
                if (now >= 1_000) {
                    assertThat(spare(memory)).isGreaterThanOrEqualTo((long) LITTLE * RUN_BYTES * 7 / 8);
                }
            }
        }
    }

    /** Each size class has slabs of its own, of which one is filled by and by. */
    @Test
    void few_values_of_many_sizes_take_little_more_memory_than_they_have_bytes() {
        try (Memory memory = new Memory(1L << 30)) {
            Random sizes = new Random(1);
            for (int i = 0; i < 500; i++) {
                memory.heap().allocate(sizes.nextInt(4_000, 32_000));
            }
            assertThat(memory.heldBytes()).isLessThan(memory.liveBytes() * 9 / 8);
        }
    }

    /** Each group of those that expire together has slabs of its own for every size. */
    @Test
    void values_with_many_lifetimes_take_little_more_memory_than_they_have_bytes() {
        try (Memory memory = new Memory(1L << 30)) {
            Slabs slabs = new Slabs(memory.pages(), 0);
            Random random = new Random(1);
            for (int i = 0; i < 20_000; i++) {
                slabs.allocate(random.nextInt(20, 1_000), 1L << random.nextInt(13, 33), 0);
            }
            assertThat(slabs.slabBytes()).isLessThan(slabs.usedBytes() * 9 / 8);
        }
    }

    private static void decay(Memory memory, long fromMillis, long toMillis) {
        for (long now = fromMillis; now <= toMillis; now += TICK_MILLIS) {
            while (memory.decay(now)) {
                // Each step is short; the next follows at once.
            }
        }
    }

    private void take(Memory memory, int count) {
        for (int i = 0; i < count; i++) {
            runs.add(memory.pages().allocate(RUN_BYTES >> Pages.PAGE_SHIFT));
        }
    }

    private void freeAll(Memory memory) {
        free(memory, runs.size());
    }

    private void free(Memory memory, int count) {
        for (int i = 0; i < count; i++) {
            memory.pages().free(runs.remove(), RUN_BYTES >> Pages.PAGE_SHIFT, RUN_BYTES >> Pages.PAGE_SHIFT);
        }
    }

    private static long spare(Memory memory) {
        return memory.idleBytes() - memory.pages().stockedBytes();
    }
}
