package dev.jackdaw.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.raw.Raw;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sets of integers in both of their forms, against a tree. */
class PackedIntegersTest {
    private static final int ROOM = 16 << 10;
    private static final int MARGIN = 16;
    private static final byte OUTSIDE = 0x5a;

    private final Memory memory = new Memory(1L << 32);
    private final Heap heap = memory.heap();
    private final long rooms = heap.reserve(2 * ROOM);
    private final long usedBytes = heap.usedBytes();
    private final PackedIntegers integers = new PackedIntegers(heap, this::resize);
    private final TreeSet<Long> model = new TreeSet<>();
    private long run = rooms + MARGIN;
    private int bytes = PackedIntegers.EMPTY_BYTES;

    PackedIntegersTest() {
        resize(bytes);
        PackedIntegers.clear(run);
        integers.at(run, bytes);
    }

    @AfterEach
    void close() {
        assertThat(heap.usedBytes()).isEqualTo(usedBytes);
        memory.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 9, 10, 12, 16, 17, 24, 31, 32, 33, 48, 56, 57, 58, 60, 63, 64})
    void integers_of_so_many_bits_agree_with_a_tree(int bits) {
        Random random = new Random(bits);
        for (int round = 0; round < 3; round++) {
            long offset = random.nextLong() >> random.nextInt(64);
            int most = round == 0 ? 100 : 600;
            for (int i = 0; i < 4_000; i++) {
                long value = offset + (bits == 0 ? random.nextInt(700) : random.nextLong() >> 64 - bits);
                step(random, value, i / most % 2 == 0);
                check(random, value);
            }
            removeAll(random);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void crowds_and_strangers_agree_with_a_tree(long seed) {
        Random random = new Random(seed);
        long crowd = random.nextLong();
        for (int i = 0; i < 10_000; i++) {
            long value = switch (random.nextInt(12)) {
                case 0 -> random.nextBoolean() ? Long.MIN_VALUE : Long.MAX_VALUE;
                case 1 -> random.nextLong();
                case 2 -> crowd + (random.nextLong() >> random.nextInt(64));
                default -> crowd + random.nextInt(1_000);
            };
            step(random, value, i / 700 % 2 == 0);
            check(random, value);
            crowd = random.nextInt(1_000) == 0 ? random.nextLong() : crowd;
        }
        removeAll(random);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, -1, 3, -7, 1 << 20, -(1L << 53), 1L << 53, 1L << 54, Long.MAX_VALUE / 300})
    void rows_agree_with_a_tree(long distance) {
        Random random = new Random(distance);
        long first = distance > 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        for (int i = 0; i < 600; i++) {
            add(first + i * distance);
            check(random, first + (i + 1) * distance);
        }
        for (int i = 0; i < 590; i++) {
            remove(model.first());
            check(random, first);
        }
    }

    @Test
    void the_compact_form_takes_little_and_never_more_than_the_plain_one() {
        for (int bits = 10; bits <= 64; bits++) {
            Random random = new Random(bits);
            while (model.size() < 512) {
                long value = random.nextLong() >> 64 - bits;
                add(value);
                int count = model.size();
                assertThat(bytes).isLessThanOrEqualTo(plainBytes());
                if (count == 100) {
                    assertThat(bytes).isLessThanOrEqualTo(12 + (int) (count * (bits - 6.6 + 2.8) / 8));
                }
            }
            while (model.size() > 24) {
                remove(integers.get(random.nextInt(integers.count())));
                assertThat(bytes).isLessThanOrEqualTo(plainBytes());
            }
            removeAll(random);
        }
    }

    private int plainBytes() {
        int width = Math.max(PackedIntegers.width(model.first()), PackedIntegers.width(model.last()));
        return PackedIntegers.EMPTY_BYTES + model.size() * width;
    }

    private void step(Random random, long value, boolean growing) {
        if (model.isEmpty() || random.nextInt(8) < (growing ? 6 : 2)) {
            add(value);
        } else {
            Long victim = model.ceiling(value);
            remove(random.nextInt(10) == 0 ? model.last() : victim == null ? model.first() : victim);
        }
    }

    private void add(long value) {
        int place = integers.find(value);
        if (place >= 0) {
            assertThat(model).contains(value);
        } else {
            integers.insert(-place - 1, value);
            assertThat(model.add(value)).isTrue();
        }
    }

    private void remove(long value) {
        integers.remove(integers.find(value));
        model.remove(value);
    }

    private void removeAll(Random random) {
        while (!model.isEmpty()) {
            remove(random.nextBoolean() ? model.first() : model.last());
            check(random, 0);
        }
    }

    private void check(Random random, long probe) {
        checkOutside();
        integers.at(run, bytes);
        assertThat(integers.count()).isEqualTo(model.size());
        int place = integers.find(probe);
        assertThat(place >= 0).isEqualTo(model.contains(probe));
        assertThat(place >= 0 ? place : -place - 1)
                .isEqualTo(model.headSet(probe).size());
        if (random.nextInt(16) == 0) {
            List<Long> walked = new ArrayList<>();
            integers.walk();
            while (integers.hasNext()) {
                walked.add(integers.next());
            }
            assertThat(walked).containsExactlyElementsOf(model);
            for (int i = 0; i < walked.size(); i++) {
                assertThat(integers.get(i)).isEqualTo(walked.get(i));
                assertThat(integers.find(walked.get(i))).isEqualTo(i);
            }
        }
    }

    private void checkOutside() {
        for (int i = 0; i < MARGIN; i++) {
            boolean untouched = Raw.getByte(run - 1 - i) == OUTSIDE && Raw.getByte(run + bytes + i) == OUTSIDE;
            assertThat(untouched).isTrue();
        }
    }

    /** Moves it each time, and makes what it leaves unreadable. */
    private long resize(int newBytes) {
        long newRun = rooms + MARGIN + (run < rooms + ROOM ? ROOM : 0);
        Raw.copy(run, newRun, Math.min(bytes, newBytes));
        Raw.fill(newRun - MARGIN, MARGIN, OUTSIDE);
        Raw.fill(newRun + newBytes, MARGIN, OUTSIDE);
        Raw.fill(run, bytes, 0);
        run = newRun;
        bytes = newBytes;
        return run;
    }
}
