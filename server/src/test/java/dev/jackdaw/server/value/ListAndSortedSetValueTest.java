package dev.jackdaw.server.value;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.engine.Clock;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.EngineCheck;
import dev.jackdaw.server.engine.KeyEvent;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.engine.RestlessBlocks;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.SortedTree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists and sorted sets that cross the line between packed and large in both directions. */
class ListAndSortedSetValueTest {
    private static final int KEYS = 5;

    private final Engine engine = new Engine(Clock.SYSTEM, 1, 42);
    private final Keyspace keyspace = engine.keyspace(0);
    private final RestlessBlocks blocks = new RestlessBlocks(engine);
    private final ListValue list = new ListValue(engine);
    private final SortedSetValue set = new SortedSetValue(engine);
    private final long key = engine.heap().reserve(64);
    private final long scratch = engine.heap().reserve(1 << 16);
    private final long heapBytes = engine.heap().usedBytes();

    @AfterEach
    void close() {
        EngineCheck.check(engine);
        engine.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, -1, 1, 3, 20})
    void random_operations_on_lists_agree_with_lists(int listpackSize) {
        Random random = new Random(listpackSize);
        list.maxListpackSize(listpackSize);
        Map<Integer, List<String>> model = new HashMap<>();
        for (int i = 0; i < 60_000; i++) {
            blocks.move();
            int number = random.nextInt(KEYS);
            List<String> expected = model.computeIfAbsent(number, absent -> new ArrayList<>());
            boolean growing = i / 2_000 % 2 == 0;
            if (turn(number, list::at)) {
                change(expected, random, growing);
            } else {
                String text = text(random);
                boolean front = random.nextBoolean();
                list.create(keyspace, key, 1, ListValue.elementBytes(text.length()), front);
                push(expected, text, front);
            }
            list.settle(KeyEvent.LPUSH);
            if (i % 500 == 0) {
                model.forEach(this::check);
            }
        }
        model.forEach(this::check);
        clear();
    }

    private void change(List<String> expected, Random random, boolean growing) {
        int index = random.nextInt(expected.size());
        switch (random.nextInt(growing ? 8 : 12)) {
            case 0, 1 -> push(expected, text(random), true);
            case 2, 3 -> push(expected, text(random), false);
            case 4 -> {
                String text = text(random);
                list.seek(index);
                list.insertBefore(place(text), text.length());
                expected.add(index, text);
            }
            case 5 -> {
                String text = text(random);
                list.seek(index);
                list.insertAfter(place(text), text.length());
                expected.add(index + 1, text);
            }
            case 6 -> {
                String text = text(random);
                list.seek(index);
                list.set(place(text), text.length());
                expected.set(index, text);
            }
            case 7, 8 -> {
                list.seek(index);
                list.remove();
                expected.remove(index);
            }
            case 9, 10 -> {
                int count = random.nextInt(Math.min(4, expected.size()) + 1);
                list.removeFront(count);
                expected.subList(0, count).clear();
            }
            default -> {
                int count = random.nextInt(Math.min(20, expected.size()) + 1);
                list.removeBack(count);
                expected.subList(expected.size() - count, expected.size()).clear();
            }
        }
    }

    private void push(List<String> expected, String text, boolean front) {
        if (front) {
            list.pushFront(place(text), text.length());
            expected.addFirst(text);
        } else {
            list.pushBack(place(text), text.length());
            expected.addLast(text);
        }
    }

    private void check(int number, List<String> expected) {
        assertThat(turn(number, list::at)).isEqualTo(!expected.isEmpty());
        if (expected.isEmpty()) {
            return;
        }
        List<String> forward = new ArrayList<>();
        for (boolean more = list.seek(0); more; more = list.next()) {
            forward.add(Raw.latin1(list.address(), list.length()));
        }
        assertThat(forward).isEqualTo(expected);
        List<String> backward = new ArrayList<>();
        for (boolean more = list.seek(list.size() - 1); more; more = list.previous()) {
            backward.addFirst(Raw.latin1(list.address(), list.length()));
        }
        assertThat(backward).isEqualTo(expected);
    }

    @Test
    void a_small_list_takes_little_more_than_its_elements() {
        key(0);
        list.create(keyspace, key, 1, ListValue.elementBytes(8), true);
        for (int i = 0; i < 100; i++) {
            list.pushFront(place("element!"), 8);
        }
        long entry = keyspace.peek(key, 1);
        assertThat(Entry.kind(entry)).isEqualTo(Kind.LIST_PACKED.ordinal());
        assertThat(Entry.valueLength(entry)).isLessThan(100 * 10 + 140);
    }

    private record Item(double score, String member) {}

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10, 128})
    void random_operations_on_sorted_sets_agree_with_maps(int maxPacked) {
        Random random = new Random(maxPacked);
        set.maxListpackEntries(maxPacked);
        set.maxListpackValue(20);
        Map<Integer, Map<String, Double>> model = new HashMap<>();
        for (int i = 0; i < 60_000; i++) {
            blocks.move();
            int number = random.nextInt(KEYS);
            Map<String, Double> expected = model.computeIfAbsent(number, absent -> new HashMap<>());
            double score = random.nextInt(50) - 20 + (random.nextInt(10) == 0 ? 0.5 : 0);
            String member = "m" + random.nextInt(400) + (random.nextInt(300) == 0 ? "x".repeat(30) : "");
            boolean growing = i / 5_000 % 2 == 0;
            if (!turn(number, set::at)) {
                set.create(keyspace, key, 1, score, place(member), member.length());
                expected.put(member, score);
            } else if (set.find(place(member), member.length())) {
                assertThat(set.score()).isEqualTo(expected.get(member));
                if (random.nextInt(3) == 0 == growing) {
                    set.remove();
                    expected.remove(member);
                } else {
                    set.move(score, place(member), member.length());
                    expected.put(member, score);
                }
            } else if (growing) {
                set.insert(score, place(member), member.length());
                expected.put(member, score);
            } else {
                long rank = random.nextLong(set.size());
                long count = Math.min(set.size() - rank, random.nextInt(4));
                set.seek(rank);
                for (int j = 0; j < count; j++) {
                    expected.remove(Raw.latin1(set.address(), set.length()));
                    set.next();
                }
                set.remove(rank, count);
            }
            set.settle(KeyEvent.ZADD);
            if (i % 500 == 0) {
                model.forEach((each, members) -> check(each, members, random));
            }
        }
        clear();
    }

    private void check(int number, Map<String, Double> members, Random random) {
        assertThat(turn(number, set::at)).isEqualTo(!members.isEmpty());
        if (members.isEmpty()) {
            return;
        }
        List<Item> expected = new ArrayList<>();
        members.forEach((member, score) -> expected.add(new Item(score, member)));
        expected.sort(Comparator.comparing(Item::score).thenComparing(Item::member));
        List<Item> forward = new ArrayList<>();
        for (boolean more = set.seek(0); more; more = set.next()) {
            forward.add(new Item(set.score(), Raw.latin1(set.address(), set.length())));
        }
        assertThat(forward).isEqualTo(expected);
        List<Item> backward = new ArrayList<>();
        for (boolean more = set.seek(set.size() - 1); more; more = set.previous()) {
            backward.addFirst(new Item(set.score(), Raw.latin1(set.address(), set.length())));
        }
        assertThat(backward).isEqualTo(expected);
        double bound = random.nextInt(50) - 20;
        assertThat(set.below(bound, false))
                .isEqualTo(expected.stream().filter(item -> item.score < bound).count());
        assertThat(set.below(bound, true))
                .isEqualTo(expected.stream().filter(item -> item.score <= bound).count());
        int rank = random.nextInt(expected.size());
        String member = expected.get(rank).member;
        assertThat(set.find(place(member), member.length())).isTrue();
        assertThat(set.rank()).isEqualTo(rank);
    }

    @Test
    void a_sorted_set_of_a_hundred_takes_twelve_bytes_a_member() {
        key(0);
        for (int i = 0; i < 100; i++) {
            String member = String.format("m%08d", i);
            if (i == 0) {
                set.create(keyspace, key, 1, i, place(member), member.length());
            } else {
                set.insert(i, place(member), member.length());
            }
        }
        long entry = keyspace.peek(key, 1);
        assertThat(Entry.kind(entry)).isEqualTo(Kind.SORTED_SET_PACKED.ordinal());
        assertThat(Entry.valueLength(entry)).isLessThanOrEqualTo(1_200);
    }

    @Test
    void a_sorted_set_with_a_long_member_is_packed_while_it_is_short() {
        key(0);
        set.create(keyspace, key, 1, -0.0, place("short"), 5);
        set.insert(-0.0, place("x".repeat(65)), 65);
        assertThat(Entry.kind(keyspace.peek(key, 1))).isEqualTo(Kind.SORTED_SET_PACKED.ordinal());
        assertThat(Entry.isMarked(keyspace.peek(key, 1))).isTrue();
        assertThat(set.find(place("short"), 5)).isTrue();
        assertThat(Double.doubleToRawLongBits(set.score())).isEqualTo(0);
        assertThat(set.find(place("x".repeat(65)), 65)).isTrue();
        assertThat(set.score()).isEqualTo(-0.0);
        int bytes = Entry.valueLength(keyspace.peek(key, 1));
        set.insert(1, place("y".repeat(2048 - bytes - 3)), 2048 - bytes - 3);
        assertThat(Entry.valueLength(keyspace.peek(key, 1))).isEqualTo(2048);
        assertThat(Entry.kind(keyspace.peek(key, 1))).isEqualTo(Kind.SORTED_SET_PACKED.ordinal());
        set.insert(1, place("z"), 1);
        assertThat(Entry.kind(keyspace.peek(key, 1))).isEqualTo(Kind.SORTED_SET_LARGE.ordinal());
        assertThat(set.size()).isEqualTo(4);
        clear();
    }

    @Test
    void a_tree_becomes_a_packed_sorted_set_if_it_is_short() {
        key(0);
        SortedTree tree = engine.large().newSortedTree();
        for (int length : List.of(64, 65, 1900, 2100)) {
            long root = tree.create();
            tree.insert(-0.0, place("x".repeat(length)), length);
            tree.insert(1, place("short"), 5);
            set.create(keyspace, key, 1, root);
            long entry = keyspace.peek(key, 1);
            assertThat(Kind.of(Entry.kind(entry)))
                    .isEqualTo(length < 2048 ? Kind.SORTED_SET_PACKED : Kind.SORTED_SET_LARGE);
            assertThat(Entry.isMarked(entry)).isEqualTo(length > 64 && length < 2048);
            assertThat(set.seek(0)).isTrue();
            assertThat(set.length()).isEqualTo(length);
            assertThat(Double.doubleToRawLongBits(set.score()) != 0).isEqualTo(length > 64);
            assertThat(set.next()).isTrue();
            assertThat(set.score()).isEqualTo(1);
        }
        clear();
    }

    private interface Turn {
        boolean at(Keyspace keyspace, long entry);
    }

    private boolean turn(int number, Turn value) {
        key(number);
        long entry = keyspace.write(key, 1);
        return entry != 0 && value.at(keyspace, entry);
    }

    private void key(int number) {
        Raw.putByte(key, 'a' + number);
    }

    private void clear() {
        for (int i = 0; i < KEYS; i++) {
            key(i);
            long entry = keyspace.peek(key, 1);
            if (entry != 0) {
                keyspace.remove(entry);
            }
        }
        assertThat(engine.heap().usedBytes()).isEqualTo(heapBytes);
    }

    private long place(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        Raw.copy(bytes, 0, scratch, bytes.length);
        return scratch;
    }

    private static String text(Random random) {
        int length = random.nextInt(100) == 0 ? random.nextInt(10_000) : random.nextInt(60);
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
