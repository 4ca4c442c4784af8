package dev.jackdaw.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.raw.Raw;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LargeListTest {
    private static final int MAX_ELEMENT = 40_000;

    private final Memory memory = new Memory(1L << 32);
    private final Heap heap = memory.heap();
    private final long scratch = heap.reserve(MAX_ELEMENT);
    private final long rootWord = heap.reserve(Long.BYTES);
    private final long emptyBytes = heap.usedBytes();
    private final LargeList list = new LargeList(heap);
    private final BlockWalk walk = new BlockWalk(heap, address -> true);
    private final List<String> model = new ArrayList<>();

    @BeforeEach
    void let_chunks_move() {
        heap.movedBy(Heap.Family.LISTS, new LargeList(heap)::move);
    }

    @AfterEach
    void close() {
        memory.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void random_operations_agree_with_a_list(long seed) {
        Random random = new Random(seed);
        list.limits(seed % 2 == 0 ? 8 << 10 : 512, seed % 3 == 0 ? 5 : Integer.MAX_VALUE);
        long root = create();
        for (int i = 0; i < 30_000; i++) {
            boolean growing = i / 3_000 % 2 == 0;
            step(random, growing);
            heap.hurry();
            root = compacted(root);
            if (i % 1_000 == 0) {
                check(seed);
                checkStructure(root);
            }
        }
        check(seed);
        checkStructure(root);
        LargeList.free(heap, root);
        assertThat(heap.usedBytes()).isEqualTo(emptyBytes);
    }

    /** The root, after some chunks of the list, and perhaps that itself, have moved. */
    private long compacted(long root) {
        Raw.putLong(rootWord, root);
        walk.step(3);
        if (list.compact(rootWord, walk)) {
            walk.begin();
        }
        return Raw.getLong(rootWord);
    }

    private void step(Random random, boolean growing) {
        int index = model.isEmpty() ? 0 : random.nextInt(model.size());
        switch (random.nextInt(growing ? 6 : 9)) {
            case 0, 1 -> {
                String text = text(random);
                list.pushFront(place(text), text.length());
                model.addFirst(text);
            }
            case 2, 3 -> {
                String text = text(random);
                list.pushBack(place(text), text.length());
                model.addLast(text);
            }
            case 4 -> insert(random, index);
            case 5 -> {
                assertThat(list.seek(index)).isEqualTo(!model.isEmpty());
                if (!model.isEmpty()) {
                    assertThat(here()).isEqualTo(model.get(index));
                }
            }
            case 6 -> {
                int count = Math.min(model.size(), random.nextInt(4));
                list.removeFront(count);
                model.subList(0, count).clear();
            }
            case 7 -> {
                int count = Math.min(model.size(), random.nextInt(4));
                list.removeBack(count);
                model.subList(model.size() - count, model.size()).clear();
            }
            default -> remove(index);
        }
    }

    private void insert(Random random, int index) {
        if (model.isEmpty()) {
            return;
        }
        String text = text(random);
        list.seek(index);
        if (random.nextBoolean()) {
            list.insertBefore(place(text), text.length());
            model.add(index, text);
        } else {
            list.insertAfter(place(text), text.length());
            model.add(index + 1, text);
        }
    }

    private void remove(int index) {
        if (model.isEmpty()) {
            return;
        }
        list.seek(index);
        boolean more = list.remove();
        model.remove(index);
        assertThat(more).isEqualTo(index < model.size());
        if (more) {
            assertThat(here()).isEqualTo(model.get(index));
        }
    }

    @Test
    void a_queue_holds_little_more_than_what_is_in_it() {
        long root = create();
        for (int i = 0; i < 20_000; i++) {
            String text = "message " + i;
            list.pushFront(place(text), text.length());
            model.addFirst(text);
            if (i >= 100) {
                list.removeBack(1);
                model.removeLast();
            }
        }
        check(0);
        assertThat(LargeList.bytes(root)).isLessThan(20_000);
    }

    @Test
    void freeing_in_steps_leaves_nothing() {
        long root = create();
        for (int i = 0; i < 10_000; i++) {
            list.pushBack(place("element " + i), 9);
        }
        assertThat(LargeList.bytes(root)).isEqualTo(heap.usedBytes() - heap.headBytes() - emptyBytes);
        checkStructure(root);
        long chunks = LargeList.bytes(root) / (8 << 10);
        int steps = 1;
        while (LargeList.freeStep(heap, root, 3) == 0) {
            heap.hurry();
            steps++;
        }
        assertThat(chunks).isGreaterThan(10);
        assertThat(steps).as("a chunk counts for more than an element").isGreaterThanOrEqualTo((int) chunks);
        assertThat(heap.usedBytes()).isEqualTo(emptyBytes);
    }

    @Test
    void a_full_packed_list_becomes_a_chunk_that_can_be_split_anywhere() {
        int bytes = 8 << 10;
        for (int place = 0; place <= 1; place++) {
            long packed = heap.allocate(bytes);
            PackedList.clear(packed, bytes, 0);
            model.clear();
            while (PackedList.backGap(packed) > 0) {
                String text = "x".repeat(PackedList.backGap(packed) % 10 == 0 ? 8 : 1);
                PackedList.pushBack(packed, bytes, place(text), text.length());
                model.add(text);
            }
            long root = list.create(packed, bytes);
            list.seek(place);
            list.insertAfter(place("new"), 3);
            model.add(place + 1, "new");
            check(0);
            LargeList.free(heap, root);
            heap.free(packed, bytes);
        }
        assertThat(heap.usedBytes()).isEqualTo(emptyBytes);
    }

    private void checkStructure(long root) {
        Inventory inventory = new Inventory(memory);
        LargeValueCheck.checkList(root, heap, inventory);
        inventory.check();
    }

    private long create() {
        PackedList.clear(scratch, PackedList.HEADER, 0);
        return list.create(scratch, PackedList.HEADER);
    }

    private void check(long seed) {
        assertThat(list.size()).as("seed %d", seed).isEqualTo(model.size());
        List<String> forward = new ArrayList<>();
        for (boolean more = list.seek(0); more; more = list.next()) {
            forward.add(here());
        }
        assertThat(forward).as("seed %d", seed).isEqualTo(model);
        List<String> backward = new ArrayList<>();
        for (boolean more = list.seek(model.size() - 1); more; more = list.previous()) {
            backward.addFirst(here());
        }
        assertThat(backward).as("seed %d", seed).isEqualTo(model);
    }

    private String here() {
        return Raw.latin1(list.address(), list.length());
    }

    private long place(String text) {
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        Raw.copy(bytes, 0, scratch, bytes.length);
        return scratch;
    }

    private static String text(Random random) {
        int length = random.nextInt(200) == 0
                ? random.nextInt(MAX_ELEMENT)
                : random.nextInt(random.nextInt(10) == 0 ? 300 : 20);
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
