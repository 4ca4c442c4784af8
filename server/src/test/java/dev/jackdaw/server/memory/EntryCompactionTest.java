package dev.jackdaw.server.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With as many expiry groups as a large store has, with the one of a small store, and with what one has that grows and shrinks. */
@ParameterizedClass
@ValueSource(longs = {0, 500_000, ExpiryGroups.GROUPED_BYTES})
class EntryCompactionTest extends ModelledStore {
    /** At 3,000 a second, one or two of each read. */
    private static final int OVERWRITES_OF_A_BATCH = 2;

    private static final int OVERWRITES_OF_A_STEP = 24;
    /** What a store without entries has of pages in part. */
    private static final int EMPTY_BYTES = 12 << 10;

    private final long groupedBytes;

    EntryCompactionTest(long groupedBytes) {
        super(groupedBytes);
        this.groupedBytes = groupedBytes;
    }

    @Test
    void compaction_gives_back_what_scattered_removals_leave() {
        Random random = new Random(11);
        for (int i = 0; i < 200_000; i++) {
            put(key(i), value(random, 300), 1, i % 3 == 0 ? now + 1_000_000_000 : Entry.NEVER);
        }
        for (int i = 0; i < 200_000; i++) {
            if (random.nextInt(10) != 0) {
                remove(key(i));
            }
        }
        assertThat(store.heldBytes()).isGreaterThan(2 * (store.entryBytes() + store.indexBytes()));
        int steps = 0;
        while (steps < 5_000) {
            store.compact(100, now);
            steps++;
        }
        checkAll();
        assertThat(store.compact(100, now)).as("whether there is more to gain").isFalse();
        assertThat(store.heldBytes()).isLessThan(6 * (store.entryBytes() + store.indexBytes()) / 5 + (2 << 20));
    }

    @Test
    void compaction_hurries_again_after_a_round_that_gained_nothing() {
        // One entry in each of many slabs of its own: waste that cannot be helped.
        for (int bytes = 4_200; bytes < 32_000; bytes += 300) {
            put("alone" + bytes, new byte[bytes], 1, Entry.NEVER);
        }
        while (store.compact(1_000, now)) {
            assertThat(store.size()).isPositive();
        }
        for (int i = 0; i < 200_000; i++) {
            put(key(i), new byte[200], 1, Entry.NEVER);
        }
        for (int i = 0; i < 200_000; i++) {
            if (i % 3 != 0) {
                remove(key(i));
            }
        }
        int steps = 1;
        while (store.compact(100, now)) {
            steps++;
        }
        assertThat(steps).isGreaterThan(10);
        assertThat(store.heldBytes()).isLessThan(6 * (store.entryBytes() + store.indexBytes()) / 5 + (8 << 20));
        checkAll();
    }

    @ParameterizedTest
    @ValueSource(longs = {Entry.NEVER, START + 1_000_000_000})
    void in_a_small_store_the_rests_of_many_slabs_are_given_back(long expireAt) {
        assumeThat(groupedBytes == ExpiryGroups.GROUPED_BYTES || expireAt == Entry.NEVER)
                .as("what a small store has")
                .isTrue();
        long before = store.heldBytes();
        Random random = new Random(3);
        for (int i = 0; i < 5_000; i++) {
            put(key(i), value(random, 4_000), 1, expireAt);
        }
        for (int i = 0; i < 5_000; i++) {
            if (random.nextInt(5) != 0) {
                remove(key(i));
            }
        }
        while (store.compact(100, now)) {
            assertThat(store.size()).isPositive();
        }
        checkAll();
        long live = store.entryBytes() + store.indexBytes();
        assertThat(store.heldBytes() - before).isLessThan(live + live / 25);

        for (int i = 0; i < 5_000; i++) {
            put(key(i), value(random, 4_000), 1, expireAt);
        }
        checkAll();
        drain();
    }

    /** The directory of the index, which does not move, may not keep what lies beside it. */
    @Test
    void what_scattered_removals_leave_of_many_small_entries_is_packed() {
        long before = store.heldBytes();
        Random random = new Random(3);
        for (int i = 0; i < 30_000; i++) {
            put(key(i), value(random, 50), 1, Entry.NEVER);
        }
        for (int i = 0; i < 30_000; i++) {
            if (random.nextInt(10) != 0) {
                remove(key(i));
            }
        }
        // Steps do not hurry to the end.
        for (int i = 0; i < 1_000; i++) {
            store.compact(100, now++);
        }
        checkAll();
        assertThat(store.heldBytes() - before).isLessThan(store.entryBytes() + store.indexBytes() + (24 << 10));
    }

    @Test
    void a_small_store_that_has_rested_is_settled_anew() {
        Random random = new Random(3);
        for (int i = 0; i < 3_000; i++) {
            put(key(i), value(random, 4_000), 1, Entry.NEVER);
        }
        while (store.compact(100, now)) {
            assertThat(store.size()).isPositive();
        }
        long settled = store.heldBytes() - store.entryBytes();
        for (int i = 0; i < 3_000; i += 10) {
            remove(key(i));
        }
        long waste = store.heldBytes() - store.entryBytes();
        assertThat(waste).isGreaterThan(settled);
        now += 10_000;
        while (store.compact(100, now)) {
            assertThat(store.size()).isPositive();
        }
        assertThat(store.heldBytes() - store.entryBytes()).isLessThan((waste + settled) / 2);
    }

    @ParameterizedTest
    @CsvSource({"500, 4000, false", "500, 4000, true", "2000, 500, false", "100, 4000, false", "20000, 60, true"})
    void overwrites_of_a_small_store_leave_less_than_a_tenth_unused(int keys, int longest, boolean expires) {
        assumeThat(groupedBytes).as("what a small store has").isEqualTo(ExpiryGroups.GROUPED_BYTES);
        long expireAt = expires ? now + 1_000_000_000 : Entry.NEVER;
        Random random = new Random(5);
        for (int i = 0; i < keys; i++) {
            put(key(i), value(random, longest), 1, expireAt);
        }
        double most = 0;
        for (int i = -3_000; i < 30_000; i++) {
            put(key(random.nextInt(keys)), value(random, longest), 1, expireAt);
            if (i % OVERWRITES_OF_A_STEP == 0) {
                store.compact(STEP, now += 8);
            }
            if (i % OVERWRITES_OF_A_BATCH == 0) {
                store.hurry(now);
                long live = store.entryBytes() + store.indexBytes();
                most = i < 0 ? 0 : Math.max(most, (double) (store.heldBytes() - EMPTY_BYTES) / live);
            }
        }
        checkAll();
        assertThat(most).isLessThan(1.1);
    }
}
