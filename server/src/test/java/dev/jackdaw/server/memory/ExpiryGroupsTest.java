package dev.jackdaw.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.raw.Raw;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What expires together lies together, without groups becoming so many that the rests of their slabs matter. */
class ExpiryGroupsTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final long LARGE = 1L << 30;
    private static final int SMALL = 100;
    /** After which a change of spans may follow another. */
    private static final long A_WHILE = 2_000;

    private final ExpiryGroups groups = new ExpiryGroups(ExpiryGroups.GROUPED_BYTES);

    @Test
    void what_never_expires_has_no_group() {
        assertThat(groups.of(SMALL, Slabs.NEVER, NOW, LARGE)).isEqualTo(ExpiryGroups.NONE);
        assertThat(ExpiryGroups.hasRoomFor(ExpiryGroups.NONE, NOW + 1)).isFalse();
    }

    @Test
    void all_that_expires_in_a_small_store_and_all_that_is_large_is_one_group() {
        assertThat(groups.of(SMALL, NOW + 1, NOW, ExpiryGroups.GROUPED_BYTES - 1))
                .isEqualTo(ExpiryGroups.ALL);
        assertThat(groups.of(1 << 10, NOW + 1, NOW, LARGE)).isEqualTo(ExpiryGroups.ALL);
        assertThat(groups.of(1_000, NOW + 1, NOW, LARGE))
                .as("what shares slabs with larger ones")
                .isEqualTo(ExpiryGroups.ALL);
        assertThat(groups.of(900, NOW + 1, NOW, LARGE)).isNotEqualTo(ExpiryGroups.ALL);
        assertThat(ExpiryGroups.hasRoomFor(ExpiryGroups.ALL, Long.MAX_VALUE - 1))
                .isFalse();
        assertThat(ExpiryGroups.hasRoomFor(ExpiryGroups.ALL, 2 * NOW)).isTrue();
    }

    @Test
    void the_span_of_a_group_is_short_beside_the_time_that_is_left() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            long left = 1 + (random.nextLong() >>> 24 + random.nextInt(40));
            long group = groups.of(SMALL, NOW + left, NOW, LARGE);
            long span = 1L << group;
            assertThat(span).isLessThanOrEqualTo(Math.max(1 << 10, left / 8));
            assertThat(ExpiryGroups.hasRoomFor(group, NOW + left)).isTrue();
            assertThat(ExpiryGroups.hasRoomFor(group, NOW + left + span)).isFalse();
        }
    }

    @Test
    void spans_are_wider_by_and_by_while_the_rests_are_much_and_narrower_when_they_are_little() {
        long at = NOW + 100_000;
        long narrow = groups.of(SMALL, at, NOW, LARGE);
        int much = 1 << 13;
        assertThat(narrow & 63).isEqualTo(13);
        assertThat(groups.isNarrow(narrow, SMALL, NOW, LARGE)).isFalse();

        assertThat(groups.fit(much, LARGE, NOW)).isTrue();
        assertThat(groups.of(SMALL, at, NOW, LARGE) & 63).isEqualTo(14);
        assertThat(groups.fit(much, LARGE, NOW + A_WHILE - 1)).isFalse();
        assertThat(groups.of(SMALL, at, NOW, LARGE) & 63).isEqualTo(14);
        assertThat(groups.fit(much, LARGE, NOW + A_WHILE)).isTrue();
        assertThat(groups.of(SMALL, at, NOW, LARGE) & 63).isEqualTo(16);
        assertThat(groups.isNarrow(narrow, SMALL, NOW, LARGE)).isTrue();

        assertThat(groups.fit(1, LARGE, NOW + 2 * A_WHILE)).isFalse();
        assertThat(groups.fit(1, LARGE, NOW + 3 * A_WHILE)).isFalse();
        assertThat(groups.of(SMALL, at, NOW, LARGE)).isEqualTo(narrow);
    }

    @Test
    void when_a_store_grows_its_sizes_say_how_wide_the_first_groups_are() {
        long at = NOW + 100_000;
        long almost = ExpiryGroups.GROUPED_BYTES - 1;
        groups.fit(1, almost, NOW);
        assertThat(groups.of(SMALL, at, NOW, LARGE) & 63).isEqualTo(13);
        assertThat(groups.fit(100, almost, NOW + A_WHILE)).isFalse();
        assertThat(groups.of(SMALL, at, NOW, LARGE) & 63).isEqualTo(16);
    }

    @Test
    void a_clock_that_is_set_back_stops_nothing() {
        groups.fit(1, LARGE, NOW + 1_000_000);
        assertThat(groups.fit(1 << 13, LARGE, NOW)).isTrue();
    }

    @Test
    void a_store_that_has_become_small_knows_one_group_again() {
        long group = groups.of(SMALL, NOW + 100_000, NOW, LARGE);
        assertThat(groups.isNarrow(group, SMALL, NOW, ExpiryGroups.GROUPED_BYTES - 1))
                .isTrue();
        assertThat(groups.isNarrow(ExpiryGroups.ALL, SMALL, NOW, 0)).isFalse();
        assertThat(groups.isNarrow(ExpiryGroups.NONE, SMALL, NOW, 0)).isFalse();
    }

    @Test
    void what_moves_stays_in_its_group_though_less_time_is_left() {
        try (Memory memory = new Memory(1L << 30)) {
            Slabs slabs = new Slabs(memory.pages(), NOW, 0);
            slabs.allocate((int) Slabs.SMALL_BYTES, Slabs.NEVER, NOW);
            long at = NOW + 100_000;
            long late = NOW + 90_000;
            long entry = slabs.allocate(SMALL, at, NOW);
            int slab = memory.pages().slab(entry);
            assertThat(memory.pages().slab(slabs.allocate(SMALL, at, late))).isNotEqualTo(slab);

            long moved = new SlabMover(slabs, 0).move(entry, SMALL, Slabs.ALIGNMENT, at, late);

            assertThat(memory.pages().slab(moved)).isEqualTo(slab);
        }
    }

    @Test
    void sizes_and_times_of_all_kinds_leave_less_than_a_tenth_unused() {
        try (Memory memory = new Memory(1L << 30)) {
            EntryStore store = new EntryStore(memory, 42, NOW, 0);
            Random random = new Random(2);
            int keys = 450_000;
            long now = NOW;
            for (int i = 0; i < 4 * keys; i++) {
                put(memory, store, i < keys ? i : random.nextInt(keys), random, now);
                now += i % 30 == 0 ? 1 : 0;
                if (i % 300 == 0) {
                    long at = now;
                    store.expire(now, 1_000, entry -> {
                        assertThat(Entry.expireAtMillis(entry)).isLessThanOrEqualTo(at);
                        store.remove(entry);
                    });
                    store.compact(128, now);
                }
            }
            assertThat(store.expiring()).isEqualTo(store.size());
            assertThat(store.entryBytes()).isGreaterThan(Slabs.SMALL_BYTES);
            assertThat(store.heldBytes()).isLessThan((store.entryBytes() + store.indexBytes()) * 11 / 10);
            Inventory inventory = new Inventory(memory);
            StoreCheck.check(store, inventory, entry -> {});
            inventory.check();
        }
    }

    /** With up to 200 bytes, that expire in a second to a month. */
    private static void put(Memory memory, EntryStore store, int key, Random random, long now) {
        long scratch = memory.heap().reserve(Integer.BYTES);
        Raw.putInt(scratch, key);
        long expireAt = now + (long) (1_000 * Math.pow(10, 6.4 * random.nextDouble()));
        store.put(scratch, Integer.BYTES, 1, random.nextInt(200), expireAt, now);
        memory.heap().unreserve(scratch, Integer.BYTES);
    }
}
