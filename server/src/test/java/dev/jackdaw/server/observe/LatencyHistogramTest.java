package dev.jackdaw.server.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
    private final LatencyHistogram histogram = new LatencyHistogram();

    @Test
    void percentiles_are_right_to_a_few_percent() {
        SplittableRandom random = new SplittableRandom(7);
        long[] times = new long[10_000];
        for (int i = 0; i < times.length; i++) {
            times[i] = 1L << random.nextInt(29) | random.nextInt(1 << 20);
            histogram.add(times[i]);
        }
        Arrays.sort(times);
        for (double percent : new double[] {0, 1, 25, 50, 90, 99, 99.9, 100}) {
            int rank = (int) Math.max(1, Math.ceil(times.length * percent / 100));
            double exact = times[rank - 1];
            assertThat((double) histogram.percentile(percent)).isBetween(exact, exact * 1.04 + 1);
        }
    }

    @Test
    void counts_up_to_a_time_are_right_to_a_few_percent() {
        for (int nanos = 1; nanos <= 100_000; nanos++) {
            histogram.add(nanos);
        }
        assertThat(histogram.total()).isEqualTo(100_000);
        for (long nanos : new long[] {10, 1_000, 33_023, 99_999}) {
            assertThat((double) histogram.atMost(nanos)).isCloseTo(nanos, within(nanos * 0.04 + 1));
        }
    }

    @Test
    void the_shortest_and_the_longest_have_their_place() {
        histogram.add(-1);
        histogram.add(0);
        histogram.add(Long.MAX_VALUE);
        assertThat(histogram.atMost(0)).isEqualTo(2);
        assertThat(histogram.atMost(Long.MAX_VALUE)).isEqualTo(3);
        assertThat(histogram.percentile(100)).isEqualTo((1L << 30) - 1);
    }
}
