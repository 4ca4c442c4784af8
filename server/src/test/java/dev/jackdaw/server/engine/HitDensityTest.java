package dev.jackdaw.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HitDensityTest {
    private static final int AGES = 512;

    private final HitDensity density = new HitDensity(2, AGES);

    @Test
    void before_anything_is_learned_the_older_is_worth_less() {
        for (int age = 1; age < AGES; age++) {
            assertThat(density.worth(0, age)).isLessThanOrEqualTo(density.worth(0, age - 1));
        }
        assertThat(density.worth(0, AGES - 1)).isLessThan(density.worth(1, 0));
    }

    @Test
    void what_is_passed_through_is_worth_less_than_what_is_used_again() {
        for (int i = 0; i < 100; i++) {
            density.gone(0, 20);
            density.hit(1, 20);
        }
        density.learn();
        assertThat(density.worth(0, 0)).isLessThan(density.worth(1, 0));
    }

    @Test
    void an_entry_whose_turn_comes_late_gains_worth_while_it_waits() {
        for (int i = 0; i < 100; i++) {
            density.hit(0, 200);
            density.gone(0, 100);
        }
        density.learn();
        assertThat(density.worth(0, 190)).isGreaterThan(density.worth(0, 10));
    }

    @Test
    void the_past_is_forgotten() {
        for (int i = 0; i < 1_000; i++) {
            density.gone(0, 3);
        }
        density.learn();
        assertThat(density.worth(0, 3)).isLessThan(0.001f);
        for (int lesson = 0; lesson < 300; lesson++) {
            density.hit(0, 3);
            density.learn();
        }
        assertThat(density.worth(0, 3)).isGreaterThan(0.4f);
    }
}
