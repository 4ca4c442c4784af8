package dev.jackdaw.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Integers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamLogTest {
    private static final List<String> VALUES = List.of(
            "",
            "0",
            "127",
            "128",
            "-1",
            "-4096",
            "4096",
            "-32768",
            "8388607",
            "-8388609",
            "2147483647",
            "-2147483649",
            "9223372036854775807",
            "-9223372036854775808",
            "007",
            "text",
            "x".repeat(63),
            "y".repeat(64),
            "z".repeat(5_000));

    private final Memory memory = new Memory(1L << 32);
    private final Heap heap = memory.heap();
    private final long scratch = heap.allocate(1 << 16);
    private final long rootWord = heap.allocate(Long.BYTES);
    private final long emptyBytes = heap.usedBytes();
    private final StreamLog log = new StreamLog(heap);
    private final BlockWalk walk = new BlockWalk(heap, address -> true);
    private final TreeMap<Long, List<String>> model = new TreeMap<>();
    private long root;

    @BeforeEach
    void let_blocks_move() {
        heap.movedBy(Heap.Family.STREAMS, new StreamLog(heap)::move);
    }

    @AfterEach
    void close() {
        memory.close();
    }

    /** Owned by the test: texts in native memory. */
    private final class Texts implements StreamLog.Fields {
        private final List<String> texts;
        private final List<Long> addresses = new ArrayList<>();

        Texts(List<String> texts) {
            this.texts = texts;
            long at = scratch;
            for (String text : texts) {
                addresses.add(at);
                Raw.copy(text.getBytes(StandardCharsets.ISO_8859_1), 0, at, text.length());
                at += text.length();
            }
        }

        @Override
        public int count() {
            return texts.size() / 2;
        }

        @Override
        public long address(int i) {
            return addresses.get(i);
        }

        @Override
        public int length(int i) {
            return texts.get(i).length();
        }

        @Override
        public boolean isInteger(int i) {
            return Integers.isInteger(address(i), length(i));
        }

        @Override
        public long integer(int i) {
            return Integers.parse(address(i), length(i));
        }
    }

    /** Owned by the test: what a visit to an entry has brought. */
    private static final class Collected implements StreamLog.Visitor {
        private final List<String> texts = new ArrayList<>();

        @Override
        public void bytes(long address, int length) {
            texts.add(Raw.latin1(address, length));
        }

        @Override
        public void integer(long value) {
            texts.add(Long.toString(value));
        }
    }

    private void free(long freed) {
        assertThat(log.freeStep(freed, Integer.MAX_VALUE)).isPositive();
    }

    private static long upper(long id) {
        return id >> 3;
    }

    private static long lower(long id) {
        return id & 7;
    }

    private long here() {
        return log.upper() << 3 | log.lower();
    }

    private List<String> fieldsHere() {
        Collected collected = new Collected();
        log.visit(collected);
        assertThat(collected.texts).hasSize(2 * log.fields());
        return collected.texts;
    }

    private void append(long id, List<String> fields) {
        log.append(upper(id), lower(id), new Texts(fields));
        model.put(id, fields);
    }

    private static List<String> fields(Random random) {
        List<String> fields = new ArrayList<>();
        int count = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 2;
        for (int i = 0; i < count; i++) {
            fields.add(random.nextInt(5) == 0 ? VALUES.get(random.nextInt(8)) : "field " + i);
            fields.add(VALUES.get(random.nextInt(random.nextInt(50) == 0 ? VALUES.size() : VALUES.size() - 1)));
        }
        return fields;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void random_operations_agree_with_a_tree_map(long seed) {
        Random random = new Random(seed);
        log.limits(seed % 2 == 0 ? 4096 : 0, seed % 3 == 0 ? 1_000 : 1 + 5 * seed * seed);
        root = log.create();
        long last = 0;
        for (int i = 0; i < 20_000; i++) {
            int kind = random.nextInt(i / 5_000 % 2 == 0 ? 30 : 12);
            if (kind > 4) {
                last += 1 + random.nextInt(4) * random.nextInt(4);
                append(last, fields(random));
            } else if (kind > 0 && last > 0) {
                long id = random.nextInt(3) == 0 && !model.isEmpty() ? model.firstKey() : random.nextLong(last) + 1;
                assertThat(log.find(upper(id), lower(id))).as("seed %d", seed).isEqualTo(model.containsKey(id));
                if (model.remove(id) != null) {
                    log.remove();
                }
            } else if (random.nextInt(10) == 0) {
                trim(random, seed, last);
            }
            heap.hurry();
            compact();
            if (i % 1_000 == 0) {
                check(random, seed, last);
            }
        }
        check(random, seed, last);
        assertThat(log.lastUpper() << 3 | log.lastLower()).isEqualTo(last);
        free(root);
        assertThat(heap.usedBytes()).isEqualTo(emptyBytes);
    }

    /** Moves some blocks of the stream, and perhaps its root. */
    private void compact() {
        Raw.putLong(rootWord, root);
        walk.step(3);
        if (log.compact(rootWord, walk)) {
            walk.begin();
        }
        root = Raw.getLong(rootWord);
    }

    private void trim(Random random, long seed, long last) {
        boolean roughly = random.nextBoolean();
        long limit = roughly ? random.nextInt(300) : 0;
        boolean byLength = random.nextBoolean();
        long most = model.size() - random.nextInt(model.size() / 4 + 1);
        long bound = model.isEmpty() ? last : model.firstKey() + random.nextInt(300);
        int before = model.size();
        long removed = byLength
                ? log.trimToLength(most, roughly, limit)
                : log.trimBelow(upper(bound), lower(bound), roughly, limit);
        for (long i = removed; i > 0; i--) {
            long id = model.pollFirstEntry().getKey();
            assertThat(byLength || id < bound).as("seed %d", seed).isTrue();
        }
        if (byLength) {
            assertThat(model.size()).isGreaterThanOrEqualTo((int) Math.min(before, most));
        }
        if (!roughly) {
            assertThat(byLength ? model.size() <= most : model.headMap(bound).isEmpty())
                    .as("seed %d", seed)
                    .isTrue();
        } else if (limit > 0) {
            assertThat(removed).isLessThanOrEqualTo(limit);
        }
    }

    private void check(Random random, long seed, long last) {
        assertThat(log.length()).as("seed %d", seed).isEqualTo(model.size());
        assertThat(StreamLog.bytes(heap, root)).isEqualTo(heap.usedBytes() - heap.headBytes() - emptyBytes);
        List<Long> forward = new ArrayList<>();
        for (boolean more = log.first(); more; more = log.next()) {
            forward.add(here());
            assertThat(fieldsHere()).as("seed %d", seed).isEqualTo(model.get(here()));
        }
        assertThat(forward).as("seed %d", seed).isEqualTo(List.copyOf(model.keySet()));
        List<Long> backward = new ArrayList<>();
        for (boolean more = log.last(); more; more = log.previous()) {
            backward.addFirst(here());
        }
        assertThat(backward).as("seed %d", seed).isEqualTo(forward);
        assertThat(log.firstUpper() << 3 | log.firstLower()).isEqualTo(model.isEmpty() ? 0 : model.firstKey());
        for (int i = 0; i < 100; i++) {
            long id = random.nextLong(last + 10);
            Map.Entry<Long, List<String>> above = model.ceilingEntry(id);
            assertThat(log.ceiling(upper(id), lower(id)) ? here() : null)
                    .isEqualTo(above == null ? null : above.getKey());
            Map.Entry<Long, List<String>> below = model.floorEntry(id);
            assertThat(log.floor(upper(id), lower(id)) ? here() : null)
                    .isEqualTo(below == null ? null : below.getKey());
        }
    }

    @Test
    void ids_use_all_their_bits() {
        root = log.create();
        log.append(1, -1, new Texts(List.of("a", "b")));
        log.append(-2, 5, new Texts(List.of("a", "c")));
        log.append(-1, -1, new Texts(List.of("a", "d")));
        assertThat(log.find(-2, 5)).isTrue();
        assertThat(log.next()).isTrue();
        assertThat(log.upper()).isEqualTo(-1);
        assertThat(log.lower()).isEqualTo(-1);
        assertThat(fieldsHere()).containsExactly("a", "d");
        assertThat(log.trimToLength(1, false, 0)).isEqualTo(2);
        assertThat(log.first()).isTrue();
        assertThat(log.upper()).isEqualTo(-1);
    }

    @Test
    void blocks_are_cut_at_so_many_entries_and_bytes() {
        root = log.create();
        for (int i = 1; i <= 250; i++) {
            append(8L * i, List.of("f", "v"));
        }
        assertThat(log.blocks()).isEqualTo(3);
        assertThat(log.trimToLength(60, true, 0)).isEqualTo(100);
        assertThat(log.trimToLength(60, true, 99)).isZero();
        assertThat(log.trimToLength(10, true, 0)).isEqualTo(100);
        log.limits(1_000, 0);
        append(8L * 251, List.of("f", "v".repeat(2_000)));
        append(8L * 252, List.of("f", "v"));
        assertThat(log.blocks()).isEqualTo(3);
    }

    @Test
    void a_copy_is_the_same_and_apart() {
        root = log.create();
        Random random = new Random(1);
        for (int i = 1; i <= 1_000; i++) {
            append(i, fields(random));
        }
        StreamGroups groups = log.groups();
        groups.add(text("group"), 5);
        groups.last(7, 8);
        groups.entriesRead(9);
        long consumer = groups.addConsumer(text("consumer"), 8);
        groups.addPending(3, 4, consumer);
        groups.delivered(100, 2);
        StreamLog copied = new StreamLog(heap);
        long copy = copied.copy(root);
        free(copied.copy(root));
        free(root);

        root = copy;
        log.at(copy);
        check(random, 1, 1_000);
        assertThat(log.groups().find(text("group"), 5)).isTrue();
        assertThat(log.groups().lastLower()).isEqualTo(8);
        assertThat(log.groups().entriesRead()).isEqualTo(9);
        assertThat(log.groups().findPending(3, 4)).isTrue();
        assertThat(log.groups().deliveries()).isEqualTo(2);
        assertThat(log.groups().owner()).isEqualTo(log.groups().findConsumer(text("consumer"), 8));
        free(copy);
        assertThat(heap.usedBytes()).isEqualTo(emptyBytes);
    }

    @Test
    void groups_of_which_nobody_reads_are_freed_in_steps() {
        root = log.create();
        append(1, List.of("f", "v"));
        for (int i = 0; i < 100; i++) {
            log.groups().add(text("group" + (100 + i)), 8);
        }
        int steps = 1;
        while (log.freeStep(root, 10) == 0) {
            steps++;
        }
        assertThat(steps).isGreaterThanOrEqualTo(10);
        assertThat(heap.usedBytes()).isEqualTo(emptyBytes);
    }

    @Test
    void a_walk_past_many_consumers_takes_many_steps() {
        root = log.create();
        append(1, List.of("f", "v"));
        StreamGroups groups = log.groups();
        for (int i = 0; i < 3; i++) {
            groups.add(text("group" + i), 6);
            for (int j = 0; j < 100; j++) {
                groups.addConsumer(text("" + (100 + j)), 3);
            }
        }
        Raw.putLong(rootWord, root);
        walk.begin();
        int steps = 0;
        do {
            walk.step(20);
            steps++;
        } while (!log.compact(rootWord, walk));
        assertThat(steps).isBetween(15, 40);
        free(Raw.getLong(rootWord));
    }

    private long text(String text) {
        return new Texts(List.of(text)).address(0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void pending_entries_agree_with_a_map(long seed) {
        Random random = new Random(seed);
        root = log.create();
        StreamGroups groups = log.groups();
        groups.add(text("g"), 1);
        TreeMap<Long, String> owners = new TreeMap<>();
        for (int i = 0; i < 20_000; i++) {
            long id = random.nextInt(3_000);
            String name = "c" + random.nextInt(5);
            long consumer = groups.findConsumer(text(name), 2);
            if (consumer == 0) {
                consumer = groups.addConsumer(text(name), 2);
            }
            boolean found = groups.findPending(upper(id), lower(id));
            assertThat(found).isEqualTo(owners.containsKey(id));
            int kind = random.nextInt(i / 4_000 % 2 == 0 ? 4 : 9);
            if (kind < 3) {
                if (found) {
                    groups.assign(consumer);
                } else {
                    groups.addPending(upper(id), lower(id), consumer);
                }
                groups.delivered(i, id);
                owners.put(id, name);
            } else if (found) {
                groups.removePending();
                owners.remove(id);
            } else if (random.nextInt(1_000) == 0) {
                groups.removeConsumer(consumer);
                owners.values().removeAll(List.of(name));
            }
            if (i % 1_000 == 0) {
                checkPending(groups, owners, seed);
            }
        }
        checkPending(groups, owners, seed);
        int steps = 1;
        while (log.freeStep(root, 3) == 0) {
            steps++;
        }
        assertThat(steps).isGreaterThan(3);
        assertThat(heap.usedBytes()).isEqualTo(emptyBytes);
    }

    private void checkPending(StreamGroups groups, TreeMap<Long, String> owners, long seed) {
        assertThat(groups.pending()).isEqualTo(owners.size());
        assertThat(StreamLog.bytes(heap, root)).isEqualTo(heap.usedBytes() - heap.headBytes() - emptyBytes);
        List<Long> ids = new ArrayList<>();
        for (boolean more = groups.ceilingPending(0, 0); more; more = groups.nextPending()) {
            long id = groups.upper() << 3 | groups.lower();
            long owner = groups.owner();
            assertThat(Raw.latin1(groups.consumerName(owner), groups.consumerNameLength(owner)))
                    .as("seed %d", seed)
                    .isEqualTo(owners.get(id));
            assertThat(groups.deliveries()).isEqualTo(id);
            ids.add(id);
        }
        assertThat(ids).as("seed %d", seed).isEqualTo(List.copyOf(owners.keySet()));
        List<Long> owned = new ArrayList<>();
        for (int i = 0; i < groups.consumers(); i++) {
            long consumer = groups.consumer(i);
            long before = owned.size();
            for (boolean more = groups.ceilingPending(consumer, 0, 0); more; more = groups.nextPendingOfConsumer()) {
                assertThat(groups.owner()).isEqualTo(consumer);
                owned.add(groups.upper() << 3 | groups.lower());
            }
            assertThat(groups.pending(consumer)).isEqualTo(owned.size() - before);
        }
        Collections.sort(owned);
        assertThat(owned).as("seed %d", seed).isEqualTo(ids);
    }

    @Test
    void small_streams_are_small_and_large_ones_dense() {
        root = log.create();
        append(1L << 43, List.of("temperature", "21"));
        assertThat(StreamLog.bytes(heap, root)).isLessThan(300);
        for (long i = 1; i < 10_000; i++) {
            append((1L << 43) + 8 * i, List.of("temperature", "21"));
        }
        assertThat((double) StreamLog.bytes(heap, root) / 10_000).isLessThan(15);
    }
}
