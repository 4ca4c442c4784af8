package dev.jackdaw.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.raw.Raw;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BitsTest {
    private static final int BYTES = 41;
    private static final int BITS = BYTES * 8;

    private final long seed = new SplittableRandom().nextLong();
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    void ranges_are_counted_and_searched_as_bit_by_bit() {
        try (Arena arena = Arena.ofConfined()) {
            long at = arena.allocate(BYTES).address();
            for (int round = 0; round < 2_000; round++) {
                boolean[] model = fill(at, random.nextInt(3));
                int from = random.nextInt(BITS + 1);
                int to = from + random.nextInt(BITS + 1 - from);
                int count = 0;
                long[] first = {-1, -1};
                for (int bit = to - 1; bit >= from; bit--) {
                    count += model[bit] ? 1 : 0;
                    first[model[bit] ? 1 : 0] = bit;
                }
                assertThat(Bits.count(at, from, to)).as("seed " + seed).isEqualTo(count);
                assertThat(Bits.first(at, from, to, true)).as("seed " + seed).isEqualTo(first[1]);
                assertThat(Bits.first(at, from, to, false)).as("seed " + seed).isEqualTo(first[0]);
            }
        }
    }

    @Test
    void a_number_is_read_as_it_was_written_and_leaves_its_neighbours_alone() {
        try (Arena arena = Arena.ofConfined()) {
            long at = arena.allocate(BYTES).address();
            for (int round = 0; round < 2_000; round++) {
                boolean[] model = fill(at, 2);
                int width = 1 + random.nextInt(64);
                int from = random.nextInt(BITS - width);
                long number = random.nextLong() >>> (64 - width);
                Bits.putNumber(at, from, width, number);
                assertThat(Bits.number(at, BYTES, from, width))
                        .as("seed " + seed)
                        .isEqualTo(number);
                for (int bit = 0; bit < BITS; bit++) {
                    if (bit < from || bit >= from + width) {
                        assertThat(Bits.get(at, bit)).as("seed " + seed).isEqualTo(model[bit]);
                    }
                }
            }
            assertThat(Bits.number(at, 0, 0, 64)).isZero();
        }
    }

    /** Mostly zeros, mostly ones, or both. */
    private boolean[] fill(long at, int kind) {
        boolean[] model = new boolean[BITS];
        Raw.fill(at, BYTES, kind == 0 ? 0 : 0xff);
        for (int bit = 0; bit < BITS; bit++) {
            model[bit] = kind == 2 ? random.nextBoolean() : (random.nextInt(100) == 0) != (kind == 1);
            Bits.put(at, bit, model[bit]);
        }
        return model;
    }
}
