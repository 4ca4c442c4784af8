package dev.jackdaw.benchmarks.fragmentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.benchmarks.JackdawNode;
import dev.jackdaw.benchmarks.load.Pipeline;
import dev.jackdaw.benchmarks.load.RespClient;
import dev.jackdaw.benchmarks.process.Deployment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TrialTest {
    private static final int COUNT = 2500;
    private static final int MAX_BYTES = 200;

    private static Deployment node;
    private static RespClient client;

    @BeforeAll
    static void start() throws IOException {
        node = JackdawNode.start();
        client = node.front().connect();
    }

    @AfterAll
    static void end() throws IOException {
        client.close();
        node.close();
    }

    /** Of those that expire, some may have done so on a slow machine. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"EXPIRING", "SHORT_LIVED", "MIX"})
    void an_item_is_there_once_however_often_it_is_put(Kind kind) throws IOException {
        client.call("FLUSHALL");
        try (Pipeline pipeline = new Pipeline(node.endpoint())) {
            Items items = kind.items(pipeline, COUNT, MAX_BYTES);
            IntStream.range(0, COUNT).forEach(items.remove());
            IntStream.range(0, 2 * COUNT).forEach(i -> items.put().accept(i % COUNT));
            pipeline.finish();
            assertThat(elements()).isEqualTo(COUNT);
            IntStream.range(0, COUNT / 2).forEach(i -> items.remove().accept(2 * i));
            pipeline.finish();
            assertThat(elements()).isEqualTo(COUNT / 2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothing_is_left_when_every_item_has_been_removed(Kind kind) throws IOException {
        client.call("FLUSHALL");
        try (Pipeline pipeline = new Pipeline(node.endpoint())) {
            Items items = kind.items(pipeline, COUNT, MAX_BYTES);
            IntStream.range(0, COUNT).forEach(items.put());
            pipeline.finish();
            assertThat(elements()).isPositive();
            IntStream.range(0, COUNT).forEach(items.remove());
            pipeline.finish();
            assertThat(elements()).isZero();
        }
    }

    @Test
    void values_are_of_1_byte_to_the_greatest_size() throws IOException {
        List<Integer> sizes = new ArrayList<>();
        try (Trial trial = new Trial(node, Kind.STRINGS, COUNT, 10)) {
            trial.fill();
            for (String key : keys()) {
                sizes.add(Integer.parseInt(client.call("STRLEN", key)));
            }
        }
        assertThat(sizes).containsOnly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    }

    @ParameterizedTest
    @CsvSource({
        "SMALL_HASHES, listpack",
        "ONE_FIELD_HASHES, hashtable",
        "LARGE_HASHES, hashtable",
        "LARGE_SETS, hashtable",
        "LARGE_SORTED_SETS, skiplist",
        "LISTS, quicklist"
    })
    void collections_are_as_large_as_their_kind_says(Kind kind, String encoding) throws IOException {
        try (Trial trial = new Trial(node, kind, COUNT, MAX_BYTES)) {
            trial.fill();
            for (String key : keys()) {
                assertThat(client.call("OBJECT", "ENCODING", key)).isEqualTo(encoding);
            }
        }
    }

    @Test
    void strings_live_as_long_as_their_kind_says() throws IOException {
        assertThat(longestLife(Kind.STRINGS)).isEqualTo(-1);
        assertThat(longestLife(Kind.SHORT_LIVED)).isBetween(0L, 10_000L);
        assertThat(longestLife(Kind.EXPIRING)).isBetween(TimeUnit.DAYS.toMillis(20), TimeUnit.DAYS.toMillis(30));
    }

    @Test
    void a_share_of_the_items_is_deleted() throws IOException {
        try (Trial trial = new Trial(node, Kind.STRINGS, 10 * COUNT, MAX_BYTES)) {
            trial.fill();
            Trial.Deletion deletion = trial.delete(0.8);
            assertThat(elements()).isEqualTo(2 * COUNT);
            assertThat(deletion.before()).isGreaterThanOrEqualTo(1);
            assertThat(deletion.highest()).isGreaterThanOrEqualTo(1);
            assertThat(deletion.millis()).isNotNegative();
            assertThat(deletion.usedBytes()).isBetween(1L * COUNT * MAX_BYTES, 4L * COUNT * MAX_BYTES);
        }
    }

    @Test
    void samples_have_a_middle_and_a_highest_and_the_next_is_due_an_interval_after_the_last() {
        Samples samples = new Samples(client, 100);
        samples.add(new Sample(1000, 30, 1.5));
        samples.add(new Sample(1101, 10, 1.0));
        samples.add(new Sample(1203, 50, 2.0));
        samples.add(new Sample(1304, 20, 1.25));
        assertThat(samples.medianRatio()).isEqualTo(1.375);
        assertThat(samples.highestRatio()).isEqualTo(2);
        assertThat(samples.medianUsedBytes()).isEqualTo(25);
        assertThat(samples.dueNanos()).isEqualTo(1404);
    }

    @Test
    void changes_remove_some_items_and_keep_their_rate() throws IOException {
        try (Trial trial = new Trial(node, Kind.STRINGS, COUNT, MAX_BYTES)) {
            trial.fill();
            double seconds = 0.3;
            Trial.Changes changes = trial.change(500, seconds);
            assertThat(changes.perSecond()).isBetween(0.0, 500 + 1 / seconds);
            assertThat(elements()).isBetween(COUNT / 2L, COUNT - 1L);
            assertThat(changes.usedBytes()).isGreaterThan(COUNT * MAX_BYTES / 4);
            assertThat(changes.medianRatio()).isBetween(1.0, changes.highestRatio());
        }
    }

    private static long longestLife(Kind kind) throws IOException {
        long longest = -2;
        try (Trial trial = new Trial(node, kind, COUNT, MAX_BYTES)) {
            trial.fill();
            for (String key : keys()) {
                longest = Math.max(longest, Long.parseLong(client.call("PTTL", key)));
            }
        }
        return longest;
    }

    private static List<String> keys() throws IOException {
        return client.call("KEYS", "*").lines().toList();
    }

    private static long elements() throws IOException {
        long sum = 0;
        for (String key : keys()) {
            sum += switch (client.call("TYPE", key)) {
                case "hash" -> Long.parseLong(client.call("HLEN", key));
                case "set" -> Long.parseLong(client.call("SCARD", key));
                case "zset" -> Long.parseLong(client.call("ZCARD", key));
                case "list" -> Long.parseLong(client.call("LLEN", key));
                default -> 1;
            };
        }
        return sum;
    }
}
