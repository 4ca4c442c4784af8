package dev.jackdaw.protocol.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.resp.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class SplitterTest {
    private final Splitter splitter = new Splitter();
    private final Request request = new Request();

    @Test
    void groups_come_in_the_order_of_their_first_keys() {
        split(1, slot -> slot == 12182 ? 7 : 3, "MGET", "foo", "bar", "foo", "bar", "bar");

        assertThat(splitter.groups()).isEqualTo(2);
        assertThat(splitter.keys()).isEqualTo(5);
        assertThat(keysOf(0)).containsExactly(0, 2);
        assertThat(keysOf(1)).containsExactly(1, 3, 4);
        assertThat(splitter.shard(0)).isEqualTo(7);
        assertThat(splitter.shard(1)).isEqualTo(3);
        assertThat(splitter.argument(1, 2)).isEqualTo(5);
    }

    @Test
    void values_stay_behind_their_keys() {
        split(2, slot -> slot == 12182 ? 0 : 1, "MSET", "foo", "1", "bar", "2", "foo", "3");

        assertThat(splitter.argument(0, 1)).isEqualTo(5);
        assertThat(splitter.argument(1, 0)).isEqualTo(3);
    }

    @Test
    void one_shard_is_one_group() {
        split(1, slot -> 0, "DEL", "a", "b", "c");

        assertThat(splitter.groups()).isEqualTo(1);
        assertThat(keysOf(0)).containsExactly(0, 1, 2);
    }

    @Test
    void any_split_is_that_of_a_map_of_lists() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            int shards = 1 + random.nextInt(round % 100 == 0 ? 5_000 : 20);
            int step = 1 + random.nextInt(2);
            int keys = 1 + random.nextInt(round % 50 == 0 ? 3_000 : 40);
            byte[][] words = new byte[1 + keys * step][];
            Map<Integer, List<Integer>> expected = new LinkedHashMap<>();
            words[0] = new byte[] {'X'};
            for (int i = 1; i < words.length; i++) {
                words[i] = Integer.toString(random.nextInt(1_000)).getBytes(StandardCharsets.US_ASCII);
            }
            request.set(words);
            for (int key = 0; key < keys; key++) {
                int argument = 1 + key * step;
                int shard = Slot.of(request.address(argument), request.length(argument)) % shards;
                expected.computeIfAbsent(shard, unused -> new ArrayList<>()).add(key);
            }

            splitter.split(request, 1, step, slot -> slot % shards);

            Map<Integer, List<Integer>> actual = new LinkedHashMap<>();
            for (int group = 0; group < splitter.groups(); group++) {
                actual.put(splitter.shard(group), keysOf(group));
            }
            assertThat(new ArrayList<>(actual.entrySet()))
                    .as("seed " + seed)
                    .isEqualTo(new ArrayList<>(expected.entrySet()));
        }
    }

    private void split(int step, IntUnaryOperator shardOfSlot, String... words) {
        byte[][] bytes = new byte[words.length][];
        for (int i = 0; i < words.length; i++) {
            bytes[i] = words[i].getBytes(StandardCharsets.ISO_8859_1);
        }
        request.set(bytes);
        splitter.split(request, 1, step, shardOfSlot);
    }

    private List<Integer> keysOf(int group) {
        List<Integer> keys = new ArrayList<>();
        for (int i = 0; i < splitter.size(group); i++) {
            keys.add(splitter.key(group, i));
        }
        return keys;
    }
}
