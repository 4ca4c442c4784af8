package dev.jackdaw.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.raw.Raw;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LargeHashTest {
    private final Memory memory = new Memory(1L << 32);
    private final Heap heap = memory.heap();
    private final LargeHash hashes = new LargeHash(heap, 42, true);
    private final LargeHash sets = new LargeHash(heap, 42, false);
    private final long scratch = heap.reserve(1 << 20);
    private final long idleBytes = heap.usedBytes();

    @BeforeEach
    void let_blocks_move() {
        heap.movedBy(Heap.Family.HASHES, hashes::move);
        heap.movedBy(Heap.Family.SETS, sets::move);
    }

    @AfterEach
    void close() {
        memory.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void random_operations_agree_with_a_map(long seed) {
        Random random = new Random(seed);
        Map<String, String> model = new HashMap<>();
        long root = hashes.create();
        int keys = 1 << (3 + 2 * (int) seed);
        for (int i = 0; i < 60_000; i++) {
            // Phases of growth and of decay.
            boolean growing = (i / 15_000 & 1) == 0;
            String key = key(random.nextInt(keys));
            switch (random.nextInt(8)) {
                case 0, 1, 2, 3 -> {
                    if (growing) {
                        put(root, key, text(random), model);
                    } else {
                        remove(hashes, root, key, model.remove(key) != null);
                    }
                }
                case 4 -> put(root, key, text(random), model);
                case 5 -> remove(hashes, root, key, model.remove(key) != null);
                default -> assertThat(value(root, key)).isEqualTo(model.get(key));
            }
            heap.hurry();
        }
        model.forEach((key, value) -> assertThat(value(root, key)).isEqualTo(value));
        assertThat(walked(hashes, root)).containsExactlyInAnyOrderElementsOf(model.keySet());
        checkBytes(hashes, root);
        model.keySet().forEach(key -> remove(hashes, root, key, true));
        checkBytes(hashes, root);
        hashes.free(root);
        assertThat(heap.usedBytes()).isEqualTo(idleBytes);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void random_operations_agree_with_a_set(long seed) {
        Random random = new Random(seed);
        Set<String> model = new HashSet<>();
        long root = sets.create();
        for (int i = 0; i < 40_000; i++) {
            String key = random.nextInt(20) == 0 ? "long".repeat(random.nextInt(80)) : key(random.nextInt(4_000));
            if (random.nextInt(20_000) < i / 2) {
                remove(sets, root, key, model.remove(key));
            } else {
                sets.put(root, address(key), key.length(), 0);
                assertThat(sets.added()).isEqualTo(model.add(key));
            }
        }
        assertThat(walked(sets, root)).containsExactlyInAnyOrderElementsOf(model);
        checkBytes(sets, root);
        while (sets.freeStep(root, 100) == 0) {
            assertThat(heap.usedBytes()).isGreaterThan(idleBytes);
        }
        assertThat(heap.usedBytes()).isEqualTo(idleBytes);
    }

    @Test
    void a_scan_visits_what_is_there_throughout_while_the_table_grows_and_shrinks() {
        long root = sets.create();
        for (int i = 0; i < 5_000; i++) {
            add(root, key(i));
        }
        Set<String> seen = new HashSet<>();
        LargeHashWalk walk = new LargeHashWalk();
        long cursor = 0;
        int step = 0;
        do {
            cursor = walk.scan(root, cursor);
            assertThat(cursor).isBetween(0L, (1L << 48) - 1);
            while (walk.next()) {
                seen.add(key(sets, walk.element()));
            }
            for (int i = 0; i < 20; i++) {
                step++;
                if (step < 20_000) {
                    add(root, key(1_000_000 + step));
                } else if (step < 39_000) {
                    remove(sets, root, key(1_000_000 + step - 19_999), true);
                }
            }
        } while (cursor != 0);
        for (int i = 0; i < 5_000; i++) {
            assertThat(seen).contains(key(i));
        }
    }

    @Test
    void a_scan_of_a_table_at_rest_visits_everything_once() {
        for (int size = 0; size < 300; size++) {
            long root = sets.create();
            for (int i = 0; i < size; i++) {
                add(root, key(i));
            }
            List<String> seen = new ArrayList<>();
            LargeHashWalk walk = new LargeHashWalk();
            long cursor = 0;
            do {
                cursor = walk.scan(root, cursor);
                while (walk.next()) {
                    seen.add(key(sets, walk.element()));
                }
            } while (cursor != 0);
            assertThat(seen).doesNotHaveDuplicates().hasSize(size);
            sets.free(root);
        }
    }

    @Test
    void random_elements_are_spread_evenly() {
        long root = sets.create();
        int size = 150;
        for (int i = 0; i < size; i++) {
            add(root, key(i));
        }
        Random random = new Random(3);
        Map<String, Integer> drawn = new HashMap<>();
        int draws = size * 1_000;
        for (int i = 0; i < draws; i++) {
            drawn.merge(key(sets, sets.random(root, random.nextLong())), 1, Integer::sum);
        }
        assertThat(drawn).hasSize(size);
        assertThat(drawn.values()).allMatch(count -> count > 850 && count < 1150);
    }

    @Test
    void elements_lie_close_together() {
        int size = 200_000;
        long set = sets.create();
        long hash = hashes.create();
        for (int i = 0; i < size; i++) {
            String nine = String.valueOf(100_000_000 + i);
            add(set, nine);
            put(hash, nine.substring(3), "8 bytes.", new HashMap<>());
        }
        assertThat(sets.bytes(set) / (double) size).isLessThan(9 + 6);
        assertThat(hashes.bytes(hash) / (double) size).isLessThan(6 + 8 + 7);
    }

    @Test
    void a_copy_is_the_same_and_apart() {
        Random random = new Random(7);
        for (int size = 0; size < 5_000; size = 2 * size + 1) {
            long root = hashes.create();
            Map<String, String> model = new HashMap<>();
            for (int i = 0; i < size; i++) {
                put(root, key(i), text(random), model);
            }
            long copy = hashes.copy(root);
            model.keySet().forEach(key -> remove(hashes, root, key, true));
            hashes.free(root);

            assertThat(walked(hashes, copy)).containsExactlyInAnyOrderElementsOf(model.keySet());
            model.forEach((key, value) -> assertThat(value(copy, key)).isEqualTo(value));
            checkBytes(hashes, copy);
            hashes.free(copy);
        }
        assertThat(heap.usedBytes()).isEqualTo(idleBytes);
    }

    @Test
    void blocks_leave_slabs_that_are_mostly_holes() {
        Random random = new Random(8);
        Map<String, String> model = new HashMap<>();
        long root = hashes.create();
        long small = hashes.create();
        put(small, "one", text(random), model);
        model.clear();
        for (int i = 0; i < 6_000; i++) {
            put(root, key(i), "v".repeat(1 + random.nextInt(1_000)), model);
        }
        for (int i = 0; i < 5_000; i++) {
            remove(hashes, root, key(i), model.remove(key(i)) != null);
        }
        long before = heap.heldBytes();
        emptyAll();

        assertThat(heap.heldBytes()).isLessThan(before / 2);
        assertThat(heap.heldBytes() - heap.usedBytes()).isLessThan((heap.usedBytes() - idleBytes) / 10);
        model.forEach((key, value) -> assertThat(value(root, key)).isEqualTo(value));
        hashes.free(small);
        checkBytes(hashes, root);

        assertThat(hashes.freeStep(root, 300)).isZero();
        emptyAll();
        while (hashes.freeStep(root, 300) == 0) {
            assertThat(heap.usedBytes()).isGreaterThan(idleBytes);
        }
        assertThat(heap.usedBytes()).isEqualTo(idleBytes);
    }

    @Test
    void blocks_know_their_table_after_its_root_has_moved() {
        Random random = new Random(9);
        Map<String, String> model = new HashMap<>();
        long rootWord = heap.reserve(Long.BYTES);
        Raw.putLong(rootWord, hashes.create());
        for (int i = 0; i < 400; i++) {
            put(Raw.getLong(rootWord), key(i), "v".repeat(1 + random.nextInt(1_000)), model);
        }
        BlockWalk walk = new BlockWalk(heap, address -> address == Raw.getLong(rootWord));
        walk.step(Integer.MAX_VALUE);
        long before = Raw.getLong(rootWord);
        assertThat(hashes.compact(rootWord, walk)).isTrue();

        long root = Raw.getLong(rootWord);
        assertThat(root).isNotEqualTo(before);
        Inventory inventory = new Inventory(memory);
        LargeValueCheck.checkHash(hashes, root, heap, inventory);
        inventory.check();
        for (int i = 0; i < 350; i++) {
            remove(hashes, root, key(i), model.remove(key(i)) != null);
        }
        emptyAll();
        model.forEach((key, value) -> assertThat(value(root, key)).isEqualTo(value));
    }

    @Test
    void little_is_left_of_many_small_tables_when_most_are_gone() {
        int tables = 6_000;
        int kept = 20;
        long rootWords = heap.reserve(tables * Long.BYTES);
        for (int i = 0; i < tables; i++) {
            long root = hashes.create();
            put(root, key(i), "v".repeat(100), new HashMap<>());
            Raw.putLong(rootWords + i * (long) Long.BYTES, root);
        }
        for (int i = 0; i < tables; i++) {
            if (i % kept != 0) {
                hashes.free(Raw.getLong(rootWords + i * (long) Long.BYTES));
            }
        }
        BlockWalk walk = new BlockWalk(heap, heap::isSparse);
        for (int i = 0; i < tables; i += kept) {
            walk.begin();
            walk.step(Integer.MAX_VALUE);
            assertThat(hashes.compact(rootWords + i * (long) Long.BYTES, walk)).isTrue();
        }
        emptyAll();

        Inventory inventory = new Inventory(memory);
        for (int i = 0; i < tables; i += kept) {
            long root = Raw.getLong(rootWords + i * (long) Long.BYTES);
            assertThat(value(root, key(i))).isEqualTo("v".repeat(100));
            LargeValueCheck.checkHash(hashes, root, heap, inventory);
        }
        inventory.check();
        assertThat(heap.heldBytes() - heap.usedBytes()).isLessThan(40 << 10);
    }

    private void emptyAll() {
        while (heap.empty()) {
            assertThat(heap.usedBytes()).isPositive();
        }
    }

    private void put(long root, String key, String value, Map<String, String> model) {
        long element = hashes.put(root, address(key), key.length(), value.length());
        boolean added = hashes.added();
        Raw.copy(value.getBytes(StandardCharsets.ISO_8859_1), 0, hashes.valueAddress(element), value.length());
        assertThat(added).isEqualTo(model.put(key, value) == null);
        assertThat(hashes.size(root)).isGreaterThanOrEqualTo(model.size());
    }

    private void add(long root, String key) {
        sets.put(root, address(key), key.length(), 0);
    }

    private void remove(LargeHash table, long root, String key, boolean present) {
        assertThat(table.remove(root, address(key), key.length())).isEqualTo(present);
    }

    private String value(long root, String key) {
        long element = hashes.find(root, address(key), key.length());
        return element == 0 ? null : Raw.latin1(hashes.valueAddress(element), hashes.valueLength(element));
    }

    private static String key(LargeHash table, long element) {
        return Raw.latin1(table.keyAddress(element), table.keyLength(element));
    }

    private static List<String> walked(LargeHash table, long root) {
        List<String> keys = new ArrayList<>();
        LargeHashWalk walk = new LargeHashWalk();
        walk.all(root);
        while (walk.next()) {
            keys.add(key(table, walk.element()));
        }
        assertThat(keys).hasSize((int) table.size(root)).doesNotHaveDuplicates();
        return keys;
    }

    private void checkBytes(LargeHash table, long root) {
        assertThat(table.bytes(root)).isEqualTo(heap.usedBytes() - heap.headBytes() - idleBytes);
        Inventory inventory = new Inventory(memory);
        LargeValueCheck.checkHash(table, root, heap, inventory);
        inventory.check();
    }

    private static String key(int i) {
        return "k" + i + "x".repeat(i % 40);
    }

    private static String text(Random random) {
        int length = random.nextInt(50) == 0 ? random.nextInt(2_000) : random.nextInt(100);
        return String.valueOf((char) ('a' + random.nextInt(26))).repeat(length);
    }

    private long address(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        Raw.copy(bytes, 0, scratch, bytes.length);
        return scratch;
    }
}
