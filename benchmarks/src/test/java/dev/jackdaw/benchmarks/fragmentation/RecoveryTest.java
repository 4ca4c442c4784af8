package dev.jackdaw.benchmarks.fragmentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RecoveryTest {
    private static final long BEGIN = -12_345;

    private final Recovery recovery = new Recovery(BEGIN);

    @Test
    void a_ratio_that_never_was_too_high_needs_no_time() {
        add(7, 1.1);
        add(1006, 1.05);
        assertThat(recovery.isOver()).isTrue();
        assertThat(recovery.millis()).isZero();
    }

    @Test
    void the_first_of_the_samples_that_stay_good_counts() {
        add(0, 1.9);
        add(10, 1.0);
        add(20, 1.11);
        add(30, 1.1);
        add(1029, 1.09);
        assertThat(recovery.isOver()).isFalse();
        add(1030, 1.08);
        assertThat(recovery.isOver()).isTrue();
        assertThat(recovery.millis()).isEqualTo(30);
    }

    @Test
    void a_ratio_that_was_good_for_almost_a_second_is_waited_for_again() {
        add(10, 1.2);
        add(20, 1.0);
        add(1019, 1.2);
        assertThat(recovery.isOver()).isFalse();
        add(1500, 1.0);
        add(2500, 1.0);
        assertThat(recovery.millis()).isEqualTo(1500);
    }

    @Test
    void what_stays_too_high_is_given_up() {
        add(4999, 1.2);
        assertThat(recovery.isOver()).isFalse();
        add(5000, 1.2);
        assertThat(recovery.isOver()).isTrue();
        assertThat(recovery.millis()).isInfinite();
    }

    @Test
    void what_becomes_good_at_the_limit_has_its_second() {
        add(4999, 1.2);
        add(5000, 1.0);
        assertThat(recovery.isOver()).isFalse();
        add(6000, 1.0);
        assertThat(recovery.isOver()).isTrue();
        assertThat(recovery.millis()).isEqualTo(5000);
    }

    private void add(long millis, double ratio) {
        recovery.add(new Sample(BEGIN + TimeUnit.MILLISECONDS.toNanos(millis), 1, ratio));
    }
}
