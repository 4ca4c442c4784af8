package dev.jackdaw.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CpuTimeTest {
    @Test
    void the_times_stand_behind_the_name_whatever_it_is() {
        String stat = "42 (a) b (c) S 1 42 42 0 -1 4194560 1563 0 0 0 %d %d 0 0 20 0 5 0 5187 61882368 3210";
        assertThat(CpuTime.parse(stat.formatted(25, 17))).isEqualTo(42);
    }
}
