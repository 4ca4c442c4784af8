package dev.jackdaw.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.raw.Raw;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SortedTreeTest {
    private static final int LONG = 1 << 20;

    private record Item(double score, String member) {}

    private static final Comparator<Item> ORDER =
            (a, b) -> a.score < b.score ? -1 : a.score > b.score ? 1 : a.member.compareTo(b.member);

    private final Memory memory = new Memory(1L << 32);
    private final Heap heap = memory.heap();
    private final long scratch = heap.reserve(LONG);
    private final long emptyBytes = heap.usedBytes();
    private final SortedTree tree = new SortedTree(heap, 42);
    private final TreeSet<Item> model = new TreeSet<>(ORDER);
    private final Map<String, Double> scores = new HashMap<>();
    private long root;

    @AfterEach
    void close() {
        memory.close();
    }

    /** Which scores and members a run uses: few of them make ties, long ones make leaves of many sizes. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void random_operations_agree_with_a_tree_set(long seed) {
        Random random = new Random(seed);
        root = tree.create();
        for (int i = 0; i < 30_000; i++) {
            boolean growing = i / 6_000 % 2 == 0;
            String member = member(random, seed);
            if (random.nextInt(10) < (growing ? 7 : 2)) {
                put(score(random, seed), member);
            } else if (random.nextBoolean()) {
                removeMember(member);
            } else if (!model.isEmpty()) {
                removeRank(random.nextInt(4) == 0 ? 0 : random.nextInt(model.size()));
            }
            if (i % 3_000 == 0) {
                check(seed, random);
            }
        }
        check(seed, random);
        while (!model.isEmpty()) {
            removeRank(random.nextBoolean() ? 0 : model.size() - 1);
        }
        check(seed, random);
        SortedTree.free(heap, root);
        assertThat(heap.usedBytes()).isEqualTo(emptyBytes);
    }

    @Test
    void very_long_members_do_not_share_a_leaf() {
        root = tree.create();
        for (int i = 0; i < 8; i++) {
            put(7 - i, i + "-".repeat(LONG - 1));
        }
        for (long leaf = Raw.getLong(root + SortedTree.FIRST); leaf != 0; leaf = SortedLeaf.next(leaf)) {
            assertThat(SortedLeaf.count(leaf)).isLessThanOrEqualTo(2);
        }
        assertThat(tree.size()).isEqualTo(8);
    }

    /** Members of which two fill a leaf, so that a leaf of one is not merged. */
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void an_index_that_is_built_anew_has_room_for_what_comes_meanwhile() {
        Random random = new Random(1);
        for (int left = 20; left < 200; left++) {
            root = tree.create();
            model.clear();
            scores.clear();
            for (int i = 0; i < 6 * left; i++) {
                put(random.nextInt(1000), "m" + i + "-".repeat(395));
            }
            while (model.size() > left) {
                removeRank(random.nextInt(model.size()));
            }
            for (int i = 0; i < 2 * left; i++) {
                put(1000 + i, "n" + i + "-".repeat(395));
            }
            assertThat(tree.size()).isEqualTo(3L * left);
            SortedTree.free(heap, root);
        }
    }

    private void put(double score, String member) {
        Double old = scores.get(member);
        long address = place(member);
        assertThat(tree.find(address, member.length())).isEqualTo(old != null);
        if (old == null) {
            tree.insert(score, address, member.length());
        } else {
            assertThat(tree.score()).isEqualTo(old);
            model.remove(new Item(old, member));
            tree.move(score, address, member.length());
        }
        model.add(new Item(score, member));
        scores.put(member, score);
    }

    private void removeMember(String member) {
        Double old = scores.remove(member);
        assertThat(tree.find(place(member), member.length())).isEqualTo(old != null);
        if (old != null) {
            tree.remove();
            model.remove(new Item(old, member));
        }
    }

    private void removeRank(long rank) {
        assertThat(tree.seek(rank)).isTrue();
        Item here = here();
        assertThat(model.remove(here)).isTrue();
        scores.remove(here.member);
        tree.remove();
    }

    private void check(long seed, Random random) {
        List<Item> sorted = new ArrayList<>(model);
        assertThat(tree.size()).as("seed %d", seed).isEqualTo(sorted.size());
        List<Item> forward = new ArrayList<>();
        for (boolean more = tree.seek(0); more; more = tree.next()) {
            forward.add(here());
        }
        assertThat(forward).as("seed %d", seed).isEqualTo(sorted);
        List<Item> backward = new ArrayList<>();
        for (boolean more = tree.seek(tree.size() - 1); more; more = tree.previous()) {
            backward.addFirst(here());
        }
        assertThat(backward).as("seed %d", seed).isEqualTo(sorted);
        for (int i = 0; i < 100 && !sorted.isEmpty(); i++) {
            int rank = random.nextInt(sorted.size());
            Item item = sorted.get(rank);
            assertThat(tree.seek(rank)).isTrue();
            assertThat(here()).isEqualTo(item);
            assertThat(tree.find(place(item.member), item.member.length())).isTrue();
            assertThat(tree.rank()).as("seed %d", seed).isEqualTo(rank);
            double bound = random.nextBoolean() ? item.score : score(random, seed);
            assertThat(tree.below(bound, false))
                    .isEqualTo(
                            sorted.stream().filter(each -> each.score < bound).count());
            assertThat(tree.below(bound, true))
                    .isEqualTo(
                            sorted.stream().filter(each -> each.score <= bound).count());
        }
        Set<String> seen = new HashSet<>();
        long cursor = 0;
        do {
            cursor = tree.scan(
                    cursor,
                    entry -> assertThat(seen.add(Raw.latin1(SortedRun.member(entry), SortedRun.length(entry))))
                            .isTrue());
        } while (cursor != 0);
        assertThat(seen).as("seed %d", seed).isEqualTo(scores.keySet());
        assertThat(SortedTree.bytes(root)).isEqualTo(heap.usedBytes() - emptyBytes);
        Inventory inventory = new Inventory(memory);
        LargeValueCheck.checkSortedSet(tree, root, heap, inventory);
        inventory.check();
    }

    @Test
    void members_of_equal_scores_are_counted_by_their_bytes() {
        root = tree.create();
        for (int i = 0; i < 5_000; i++) {
            put(0, "member " + (i * 7_919 % 5_000));
        }
        List<Item> sorted = new ArrayList<>(model);
        for (int rank = 0; rank < sorted.size(); rank += 37) {
            String member = sorted.get(rank).member;
            assertThat(tree.below(place(member), member.length(), false)).isEqualTo(rank);
            assertThat(tree.below(place(member), member.length(), true)).isEqualTo(rank + 1);
        }
        assertThat(tree.below(place("a"), 1, true)).isZero();
        assertThat(tree.below(place("z"), 1, true)).isEqualTo(5_000);
    }

    @Test
    void a_scan_visits_what_is_there_throughout_whatever_else_changes() {
        root = tree.create();
        for (int i = 0; i < 3_000; i++) {
            put(i, "member " + i);
        }
        Random random = new Random(1);
        Set<String> seen = new HashSet<>();
        long cursor = 0;
        int added = 0;
        do {
            cursor = tree.scan(cursor, entry -> seen.add(Raw.latin1(SortedRun.member(entry), SortedRun.length(entry))));
            for (int i = 0; i < 20; i++) {
                put(random.nextInt(10_000), "other " + added++);
                put(random.nextInt(10_000), "member " + random.nextInt(3_000));
            }
        } while (cursor != 0);
        for (int i = 0; i < 3_000; i++) {
            assertThat(seen).contains("member " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_member_of_nine_bytes_takes_little(boolean fractions) {
        root = tree.create();
        Random random = new Random(1);
        int members = 300_000;
        for (int i = 0; i < members; i++) {
            double score = fractions ? random.nextDouble() : random.nextInt(1_000_000);
            byte[] member = String.format("m%08d", i).getBytes(StandardCharsets.ISO_8859_1);
            Raw.copy(member, 0, scratch, member.length);
            tree.insert(score, scratch, member.length);
        }
        assertThat((double) SortedTree.bytes(root) / members).isLessThan(fractions ? 40 : 32);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void leaves_that_lose_most_are_merged(boolean ascending) {
        root = tree.create();
        int members = 30_000;
        for (int i = 0; i < members; i++) {
            put(i, "member " + i);
        }
        long before = SortedTree.bytes(root);
        for (int i = 0; i < members; i++) {
            if (i % 5 > 0) {
                removeMember("member " + (ascending ? i : members - i));
            }
        }
        assertThat(SortedTree.bytes(root)).isLessThan(before * 2 / 5);
        check(0, new Random(0));
    }

    /** A leaf that was made for a long member must not become one of tens of thousands of short ones. */
    @Test
    void a_leaf_gives_back_the_room_of_a_long_member() {
        root = tree.create();
        for (int i = 0; i < 5_000; i++) {
            put(0, "member " + i);
        }
        long before = SortedTree.bytes(root);
        put(-1, "-".repeat(LONG));
        removeMember("-".repeat(LONG));
        assertThat(SortedTree.bytes(root)).isLessThan(before + (4 << 10));
        check(0, new Random(0));
    }

    /** Those of 40 bytes are enough to be passed on to a neighbour. */
    @ParameterizedTest
    @ValueSource(strings = {"m", "----------------------------------------"})
    void short_members_beside_a_long_one_do_not_fill_the_same_leaf(String prefix) {
        root = tree.create();
        put(0, "a");
        put(1, "-".repeat(LONG));
        put(1, "=".repeat(LONG));
        removeMember("=".repeat(LONG));
        for (int i = 0; i < 20_000; i++) {
            put(0.5, prefix + i);
        }
        for (tree.seek(0); tree.next(); ) {
            assertThat(SortedLeaf.count(tree.leaf)).isLessThanOrEqualTo(512);
        }
        for (int i = 0; i < 20_000; i += 2) {
            removeMember(prefix + i);
        }
        for (tree.seek(0); tree.next(); ) {
            assertThat(SortedLeaf.count(tree.leaf)).isLessThanOrEqualTo(512);
        }
        check(0, new Random(0));
    }

    /** Members between which a leaf is split and merged again would cost as much each time. */
    @ParameterizedTest
    @ValueSource(ints = {40, 80, 98, 195, 400})
    void one_that_comes_and_goes_does_not_split_and_merge(int length) {
        root = tree.create();
        String padding = "-".repeat(length - 5);
        for (int i = 10_000; i < 20_000; i += 2) {
            put(0, i + padding);
        }
        int changed = 0;
        for (int i = 10_001; i < 12_000; i += 2) {
            put(0, i + padding);
            removeMember(i + padding);
            long without = SortedTree.bytes(root);
            put(0, i + padding);
            changed += SortedTree.bytes(root) == without ? 0 : 1;
            removeMember(i + padding);
        }
        assertThat(changed).isZero();
    }

    @Test
    void freeing_in_steps_leaves_nothing() {
        root = tree.create();
        for (int i = 0; i < 20_000; i++) {
            put(i * 31 % 1000, "member " + i);
        }
        int steps = 1;
        while (SortedTree.freeStep(heap, root, 10) == 0) {
            steps++;
        }
        assertThat(steps).isGreaterThan(50);
        assertThat(heap.usedBytes()).isEqualTo(emptyBytes);
    }

    @ParameterizedTest
    @ValueSource(
            doubles = {
                0,
                -0.0,
                1,
                -1,
                127,
                128,
                16_383,
                16_384,
                1_048_575,
                1_048_576,
                -1_048_576,
                -1_048_577,
                134_217_727,
                134_217_728,
                -134_217_729,
                17_179_869_183.0,
                17_179_869_184.0,
                562_949_953_421_311.0,
                562_949_953_421_312.0,
                -562_949_953_421_313.0,
                0.5,
                -0.25,
                0.1,
                1e300,
                -1e-300,
                Double.MIN_VALUE,
                Double.MAX_VALUE,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                9.223372036854775807e18,
                -9.223372036854775808e18
            })
    void a_score_comes_back_as_it_was(double score) {
        long end = Score.put(scratch, score);
        assertThat(end - scratch).isEqualTo(Score.bytes(score)).isEqualTo(Score.bytesAt(scratch));
        assertThat(Double.doubleToRawLongBits(Score.get(scratch))).isEqualTo(Double.doubleToRawLongBits(score));
    }

    private Item here() {
        return new Item(tree.score(), Raw.latin1(tree.address(), tree.length()));
    }

    private long place(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        Raw.copy(bytes, 0, scratch, bytes.length);
        return scratch;
    }

    private static double score(Random random, long seed) {
        return switch ((int) (seed % 4)) {
            case 0 -> 0;
            case 1 -> random.nextInt(20);
            case 2 -> random.nextGaussian();
            default -> random.nextInt();
        };
    }

    private static String member(Random random, long seed) {
        int number = random.nextInt(seed % 2 == 0 ? 10_000 : 2_000);
        if (seed % 3 != 0) {
            return "member " + number;
        }
        return number + "x".repeat(number % 100 == 0 ? number * 3 : number % 90);
    }
}
