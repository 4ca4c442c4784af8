package dev.jackdaw.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.raw.Raw;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdTreeTest {
    private record Id(long upper, long lower) {}

    private static final Comparator<Id> ORDER = (a, b) -> IdNode.compare(a.upper, a.lower, b.upper, b.lower);

    private final Memory memory = new Memory(1L << 32);
    private final Heap heap = memory.heap();
    private final long root = emptyRoot();
    private final long emptyBytes = heap.usedBytes();
    private final TreeMap<Id, Long> model = new TreeMap<>(ORDER);
    private IdTree tree;

    private long emptyRoot() {
        long at = heap.allocate(IdTree.ROOT_BYTES);
        Raw.fill(at, IdTree.ROOT_BYTES, 0);
        return at;
    }

    @AfterEach
    void close() {
        memory.close();
    }

    private void use(int payloadBytes) {
        tree = new IdTree(heap, payloadBytes);
        tree.at(root);
    }

    /** The seed also tells how close the ids are to one another, and in which order they come and go. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void random_operations_agree_with_a_tree_map(long seed) {
        use(seed % 2 == 0 ? 8 : 32);
        Random random = new Random(seed);
        for (int i = 0; i < 40_000; i++) {
            boolean growing = i / 8_000 % 2 == 0;
            Id id = id(random, seed, i);
            boolean found = tree.find(id.upper, id.lower);
            assertThat(found).as("seed %d", seed).isEqualTo(model.containsKey(id));
            if (found) {
                assertThat(Raw.getLong(tree.payload())).isEqualTo(model.get(id));
            }
            if (random.nextInt(10) < (growing ? 9 : 2)) {
                if (!found) {
                    Raw.putLong(tree.add(id.upper, id.lower), i);
                    model.put(id, (long) i);
                }
            } else if (found) {
                tree.remove();
                model.remove(id);
            } else if (tree.ceiling(id.upper, id.lower)) {
                assertThat(model.remove(here())).isNotNull();
                tree.remove();
            }
            if (i % 4_000 == 0) {
                check(random, seed);
            }
        }
        check(random, seed);
        while (tree.first()) {
            tree.remove();
        }
        assertThat(heap.usedBytes()).as("seed %d", seed).isEqualTo(emptyBytes);
    }

    private static Id id(Random random, long seed, int i) {
        return switch ((int) seed) {
            case 1 -> new Id(random.nextInt(100), random.nextInt(100));
            case 2 -> new Id(i, 0);
            case 3 -> new Id(-i - 1L, random.nextInt(3));
            case 4 -> new Id(random.nextInt(3_000) - 1_500L, random.nextInt(2) - 1L);
            case 5 -> new Id(7, random.nextLong());
            default -> new Id(random.nextInt(20_000), 0);
        };
    }

    private Id here() {
        return new Id(tree.upper(), tree.lower());
    }

    private void check(Random random, long seed) {
        assertThat(tree.size()).isEqualTo(model.size());
        assertThat(IdTree.bytes(root)).isEqualTo(heap.usedBytes() - emptyBytes);
        List<Id> forward = new ArrayList<>();
        for (boolean more = tree.first(); more; more = tree.next()) {
            forward.add(here());
        }
        assertThat(forward).as("seed %d", seed).isEqualTo(List.copyOf(model.keySet()));
        List<Id> backward = new ArrayList<>();
        for (boolean more = tree.last(); more; more = tree.previous()) {
            backward.addFirst(here());
        }
        assertThat(backward).as("seed %d", seed).isEqualTo(forward);
        for (int i = 0; i < 200; i++) {
            Id id = id(random, seed, random.nextInt(40_000));
            Map.Entry<Id, Long> above = model.ceilingEntry(id);
            assertThat(tree.ceiling(id.upper, id.lower)).isEqualTo(above != null);
            if (above != null) {
                assertThat(here()).as("seed %d", seed).isEqualTo(above.getKey());
                assertThat(Raw.getLong(tree.payload())).isEqualTo(above.getValue());
            }
            Map.Entry<Id, Long> below = model.floorEntry(id);
            assertThat(tree.floor(id.upper, id.lower)).isEqualTo(below != null);
            if (below != null) {
                assertThat(here()).as("seed %d", seed).isEqualTo(below.getKey());
            }
        }
    }

    @Test
    void freeing_in_steps_leaves_nothing() {
        use(24);
        for (int i = 0; i < 50_000; i++) {
            Raw.fill(tree.add(i * 7_919L % 50_000, 0), 24, 0);
        }
        int steps = 1;
        while (tree.freeStep(10) == 0) {
            steps++;
        }
        assertThat(steps).isGreaterThan(100);
        assertThat(heap.usedBytes()).isEqualTo(emptyBytes);
    }

    @Test
    void ascending_ids_fill_their_nodes() {
        use(0);
        for (int i = 0; i < 100_000; i++) {
            tree.add(i, i);
        }
        assertThat((double) IdTree.bytes(root) / 100_000).isLessThan(18);
    }
}
