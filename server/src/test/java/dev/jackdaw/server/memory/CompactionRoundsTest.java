package dev.jackdaw.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CompactionRoundsTest {
    private static final long SMALL = 10 << 20;
    private static final long LARGE = Slabs.SMALL_BYTES;
    private static final long WASTE = 1 << 20;
    private static final long LONG = 100_000;

    private final CompactionRounds rounds = new CompactionRounds(6);

    @Test
    void a_small_store_is_packed_when_nothing_else_is_to_be_gained() {
        assertThat(rounds.isDue(WASTE, SMALL, 0)).isTrue();
        assertThat(rounds.end(true, WASTE, SMALL, 0)).isTrue();
        assertThat(rounds.isPacking(SMALL)).isFalse();
        assertThat(rounds.end(false, WASTE, SMALL, 0)).isTrue();
        assertThat(rounds.isPacking(SMALL)).isTrue();
    }

    @Test
    void a_store_that_has_grown_meanwhile_is_not_packed() {
        rounds.end(false, WASTE, SMALL, 0);
        assertThat(rounds.isPacking(LARGE)).isFalse();
    }

    @Test
    void it_rests_after_that_while_its_waste_is_usual() {
        rounds.end(false, WASTE, SMALL, 0);
        assertThat(rounds.end(true, WASTE / 2, SMALL, 0)).isFalse();
        assertThat(rounds.isPacking(SMALL)).isFalse();

        assertThat(rounds.isDue(WASTE, SMALL, 1)).isFalse();
        assertThat(rounds.isDue(WASTE, SMALL, LONG)).isTrue();
    }

    @Test
    void a_rest_ends_when_the_clock_is_set_back() {
        rounds.end(false, WASTE, SMALL, LONG);
        rounds.end(true, WASTE / 2, SMALL, LONG);

        assertThat(rounds.isDue(WASTE, SMALL, 1)).isTrue();
    }

    @Test
    void a_rest_ends_when_there_is_more_waste_than_usual() {
        rounds.end(false, WASTE, SMALL, 0);
        rounds.end(true, WASTE / 2, SMALL, 0);

        assertThat(rounds.isDue(2 * WASTE, SMALL, 1)).isTrue();
        assertThat(rounds.isDue(WASTE, SMALL, 1)).isTrue();
    }

    @Test
    void what_cannot_be_helped_is_left_alone_until_it_changes() {
        rounds.end(false, WASTE, SMALL, 0);
        rounds.end(false, WASTE, SMALL, 0);

        assertThat(rounds.isDue(WASTE, SMALL, LONG)).isFalse();
        assertThat(rounds.isDue(WASTE - 1, SMALL, LONG)).isTrue();
    }

    @Test
    void a_round_in_which_much_was_written_is_repeated_even_if_it_seems_to_have_gained_nothing() {
        rounds.end(false, WASTE, SMALL, 0);
        rounds.end(false, 2 * WASTE, SMALL, 0);

        assertThat(rounds.isDue(2 * WASTE, SMALL, LONG)).isTrue();
    }

    @Test
    void a_large_store_is_never_packed_and_rests_for_a_while_or_until_its_waste_grows() {
        assertThat(rounds.isDue(4 * WASTE, LARGE, 0)).isTrue();
        assertThat(rounds.end(false, 4 * WASTE, LARGE, 0)).isFalse();
        assertThat(rounds.isPacking(SMALL)).isFalse();

        assertThat(rounds.isDue(4 * WASTE + 1, LARGE, 1)).isFalse();
        assertThat(rounds.isDue(6 * WASTE, LARGE, 1)).isTrue();

        rounds.end(false, 4 * WASTE, LARGE, 0);
        assertThat(rounds.isDue(4 * WASTE + 1, LARGE, LONG)).isTrue();
    }
}
