package dev.jackdaw.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.raw.Raw;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With as many expiry groups as a large store has, with the one of a small store, and with what one has that grows and shrinks. */
@ParameterizedClass
@ValueSource(longs = {0, 500_000, ExpiryGroups.GROUPED_BYTES})
class EntryStoreTest extends ModelledStore {
    EntryStoreTest(long groupedBytes) {
        super(groupedBytes);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void random_operations_agree_with_a_map(long seed) {
        Random random = new Random(seed);
        int keys = 1 << (4 + random.nextInt(10));
        for (int i = 0; i < 60_000; i++) {
            String key = key(random.nextInt(keys));
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> put(key, value(random), random.nextInt(16), expiry(random));
                case 4 -> resize(key, random);
                case 5 -> expireAt(key, expiry(random));
                case 6, 7 -> remove(key);
                case 8 -> find(key);
                default -> advance(random.nextInt(2000));
            }
            if (random.nextInt(2000) == 0) {
                setBack(random.nextInt(100_000));
            }
            if (i % 7 == 0) {
                store.hurry(now);
            }
            if (i % 100 == 0) {
                store.compact(random.nextInt(400), now);
                memory.trim(random.nextInt(1 << 20), 0);
            }
            if (i % 10_000 == 0) {
                checkStructure();
            }
        }
        checkAll();
        drain();
    }

    @Test
    void growth_and_removal_of_many_keys_leave_nothing_behind() {
        long before = memory.heldBytes();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 100_000; i++) {
                put(key(i), key(i).getBytes(StandardCharsets.ISO_8859_1), i & 15, Entry.NEVER);
            }
            checkAll();
            drain();
        }
        assertThat(store.entryBytes()).isZero();
        assertThat(memory.heldBytes() - before).isLessThan(400 << 10);
    }

    @Test
    void a_store_is_drained_in_steps_that_are_shorter_where_slabs_go_with_it() {
        int keys = 50_000;
        for (int i = 0; i < keys; i++) {
            put(key(i), new byte[30], 1, Entry.NEVER);
        }
        Set<Long> seen = new HashSet<>();
        int mostEntries = 0;
        long mostBytes = 0;
        boolean isOver;
        do {
            int entries = seen.size();
            long bytes = memory.heldBytes();
            isOver = store.drain(100, entry -> assertThat(seen.add(entry)).isTrue());
            mostEntries = Math.max(mostEntries, seen.size() - entries);
            mostBytes = Math.max(mostBytes, bytes - memory.heldBytes());
        } while (!isOver);
        assertThat(seen).hasSize(keys);
        assertThat(mostEntries).isBetween(100 - Index.SLOTS, 100 + Index.SLOTS);
        assertThat(mostBytes).isLessThan(1 << 20);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 300, 1_000, 100_000})
    void room_in_the_index_can_be_made_in_advance(int keys) {
        store.reserve(keys);
        for (int i = 0; i < keys; i++) {
            put(key(i), new byte[1], 1, Entry.NEVER);
        }
        checkAll();
        assertThat(store.indexBytes()).isLessThan(4_096 + 12L * keys);
        store.reserve(10L * keys);
        checkAll();
        drain();
    }

    @Test
    void a_walk_finds_notes_at_what_was_put_beyond_it_only() {
        for (int i = 0; i < 5_000; i++) {
            put(key(i), new byte[i % 50], 1, Entry.NEVER);
        }
        Random random = new Random(7);
        Set<String> noted = new HashSet<>();
        long[] visited = {0};
        long cursor = 0;
        do {
            store.walk(cursor);
            for (int i = 0; i < 10; i++) {
                String key = key(random.nextInt(10_000));
                put(key, new byte[random.nextInt(50)], 1, random.nextBoolean() ? Entry.NEVER : now + 100_000);
                if (store.isAhead(store.hash(scratch, key.length()))) {
                    noted.add(key);
                }
                expireAt(key, random.nextBoolean() ? Entry.NEVER : now + 1_000_000);
                store.compact(1, now);
            }
            cursor = store.scan(cursor, entry -> {
                String key = Raw.latin1(Entry.keyAddress(entry), Entry.keyLength(entry));
                boolean isAhead = store.isAhead(store.hash(Entry.keyAddress(entry), Entry.keyLength(entry)));
                assertThat(Entry.isNoted(entry)).as(key).isEqualTo(isAhead && noted.contains(key));
                Entry.note(entry, false);
                visited[0]++;
            });
        } while (cursor != 0);
        store.endWalk();
        assertThat(visited[0]).isGreaterThan(5_000);
        assertThat(noted).isNotEmpty();
        put("another", new byte[3], 1, Entry.NEVER);
        checkAll();
        drain();
    }

    @Test
    void a_scan_visits_what_is_there_throughout_while_the_index_grows_and_shrinks() {
        for (int i = 0; i < 5_000; i++) {
            put(key(i), new byte[i % 50], 1, Entry.NEVER);
        }
        Set<String> seen = new HashSet<>();
        long cursor = 0;
        int step = 0;
        do {
            cursor = store.scan(cursor, entry -> seen.add(keyOf(entry)));
            assertThat(cursor).isBetween(0L, (1L << 48) - 1);
            for (int i = 0; i < 20; i++) {
                step++;
                if (step < 40_000) {
                    put(key(1_000_000 + step), new byte[3], 2, Entry.NEVER);
                } else if (step < 79_000) {
                    remove(key(1_000_000 + step - 39_999));
                }
            }
        } while (cursor != 0);
        for (int i = 0; i < 5_000; i++) {
            assertThat(seen).contains(key(i));
        }
        checkAll();
    }

    @Test
    void what_expires_is_handed_over_at_its_millisecond_and_not_before() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            put(key(i), new byte[random.nextInt(60)], 1, now + 1 + random.nextInt(100_000));
        }
        for (int i = 0; i < 200; i++) {
            advance(random.nextInt(1000));
        }
        advance(100_000);
        assertThat(store.size()).isZero();
        assertThat(store.expiring()).isZero();
    }

    @Test
    void an_hour_without_a_look_is_caught_up_with() {
        put("a", new byte[10], 1, now + 5);
        put("b", new byte[100_000], 1, now + 3_000_000);
        put("c", new byte[10], 1, now + 400L * 24 * 3600 * 1000);
        put("far", new byte[10], 1, Long.MAX_VALUE - 1);
        advance(3_600_000);
        assertThat(store.size()).isEqualTo(2);
        checkAll();
    }

    @Test
    void a_key_that_comes_back_soon_finds_what_its_ghost_kept() {
        for (int i = 0; i < 1_000; i++) {
            put(key(i), new byte[10], 1, Entry.NEVER);
            assertThat(store.use()).isZero();
            store.use(i);
        }
        store.find(text(key(7)), key(7).length());
        assertThat(store.use()).isEqualTo(7);
        assertThat(store.remove(store.find(text(key(8)), key(8).length()), 4095))
                .isEqualTo(8);
        assertThat(store.remove(store.find(text(key(9)), key(9).length()))).isEqualTo(9);
        assertThat(store.find(text(key(8)), key(8).length())).isZero();

        put(key(8), new byte[10], 1, Entry.NEVER);
        assertThat(store.use()).isEqualTo(4095);
        put(key(9), new byte[10], 1, Entry.NEVER);
        assertThat(store.use()).isZero();
        checkAll();
    }

    /** Where the index is full, many keys do not lie where they belong, but close behind. */
    @Test
    void what_is_fetched_ahead_is_nearly_always_what_is_found() {
        int keys = 200_000;
        int right = 0;
        for (int i = 0; i < keys; i++) {
            put(key(i), new byte[0], 0, Entry.NEVER);
        }
        for (int i = 0; i < keys; i++) {
            long found = store.find(text(key(i)), key(i).length());
            right += store.fetchEntry(store.fetchBucket(scratch, key(i).length())) == found ? 1 : 0;
        }
        assertThat(right).isGreaterThan(keys / 100 * 97);
    }

    @Test
    void a_key_that_is_looked_for_again_and_again_comes_to_where_it_is_fetched_ahead() {
        int keys = 200_000;
        for (int i = 0; i < keys; i++) {
            put(key(i), new byte[0], 0, Entry.NEVER);
        }
        int far = 0;
        for (int i = 0; i < keys && far < 20; i++) {
            long entry = store.find(text(key(i)), key(i).length());
            if (store.fetchEntry(store.fetchBucket(scratch, key(i).length())) == 0) {
                far++;
                for (int again = 0; again < STEP; again++) {
                    store.find(scratch, key(i).length());
                }
                assertThat(store.fetchEntry(store.fetchBucket(scratch, key(i).length())))
                        .isEqualTo(entry);
            }
        }
        assertThat(far).isEqualTo(20);
        checkAll();
    }

    @Test
    void a_scan_shows_each_entry_once_though_keys_are_looked_for_meanwhile() {
        int keys = 50_000;
        for (int i = 0; i < keys; i++) {
            put(key(i), new byte[0], 0, Entry.NEVER);
        }
        Set<Long> seen = new HashSet<>();
        long cursor = 0;
        do {
            List<Long> together = new ArrayList<>();
            store.scan(cursor, together::add);
            cursor = store.scan(cursor, entry -> {
                assertThat(seen.add(entry)).isTrue();
                for (int i = 0; i < STEP; i++) {
                    together.forEach(other -> store.find(Entry.keyAddress(other), Entry.keyLength(other)));
                }
            });
        } while (cursor != 0);
        assertThat(seen).hasSize(keys);
    }

    @Test
    void expiry_goes_in_steps_however_much_lies_in_a_slab() {
        for (int i = 0; i < 5_000; i++) {
            put(key(i), new byte[0], 0, now + 1 + i % 1000);
        }
        now += 2000;
        long before = store.size();
        while (store.expire(now, STEP, store::remove)) {
            assertThat(before - store.size()).isBetween(0L, (long) STEP);
            before = store.size();
            checkStructure();
        }
        assertThat(store.size()).isZero();
    }

    @Test
    void when_the_clock_is_set_back_nothing_is_due_early_or_late() {
        for (int i = 0; i < 500; i++) {
            put(key(i), new byte[1000], 0, now + 1_000_000 + i);
        }
        advance(1_000_000);
        setBack(3_600_000);
        for (int i = 500; i < 1000; i++) {
            put(key(i), new byte[1000], 0, now + i);
        }
        for (int i = 0; i < 10; i++) {
            advance(100);
            checkStructure();
        }
        assertThat(store.size()).isEqualTo(500 - 1);
        advance(3_600_000);
        assertThat(store.size()).isZero();
    }

    @Test
    void those_that_expire_are_found_among_many_that_do_not() {
        for (int i = 0; i < 5_000; i++) {
            put(key(i), new byte[i % 100], 0, Entry.NEVER);
        }
        put("soon", new byte[10], 0, now + 1000);
        put("long", new byte[100_000], 0, now + 1_000_000);
        put("never", new byte[10], 0, now + 1000);
        expireAt("never", Long.MAX_VALUE);
        assertThat(shownExpiring()).containsExactlyInAnyOrder("soon", "long", "never");
        advance(1000);
        assertThat(shownExpiring()).containsExactlyInAnyOrder("long", "never");
        expireAt("never", Entry.NEVER);
        remove("long");
        assertThat(shownExpiring()).isEmpty();
        checkStructure();
    }

    /** Keys of some lengths, so that one of them stays in its slot, beside others that leave. */
    @Test
    void those_that_expire_at_the_end_of_all_times_stay_known_when_their_neighbours_have_gone() {
        for (int length = 1; length <= 8; length++) {
            put("a".repeat(length), new byte[10], 0, now + 1000);
            put("b".repeat(length), new byte[10], 0, now + 1000);
        }
        for (int length = 1; length <= 8; length++) {
            expireAt("b".repeat(length), Long.MAX_VALUE);
        }
        advance(1000);
        while (!model.isEmpty()) {
            Set<String> shown = shownExpiring();
            assertThat(shown).isNotEmpty();
            shown.forEach(this::remove);
        }
        checkStructure();
    }

    private Set<String> shownExpiring() {
        Set<String> shown = new HashSet<>();
        for (int i = 0; i < 64; i++) {
            store.showExpiring((long) i << 32 | i, entry -> shown.add(keyOf(entry)));
        }
        return shown;
    }
}
