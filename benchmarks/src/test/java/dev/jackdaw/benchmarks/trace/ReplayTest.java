package dev.jackdaw.benchmarks.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.benchmarks.RedisServer;
import java.io.IOException;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("oracle")
class ReplayTest {
    @Test
    void in_a_cache_without_limit_each_key_is_missed_once() throws IOException {
        int[] ids = new Random(3).ints(5000, 0, 700).toArray();
        Set<Integer> unique = new HashSet<>(IntStream.of(ids).boxed().toList());
        try (RedisServer redis = RedisServer.start();
                Replay replay = new Replay(redis.endpoint(), 32)) {
            ReplayResult result = replay.run(Trace.of("random", ids), 0);
            assertThat(result.misses()).isEqualTo(unique.size());
            assertThat(result.hits()).isEqualTo(ids.length - unique.size());
            assertThat(result.refusals()).isZero();
            assertThat(replay.call("DBSIZE")).isEqualTo(Integer.toString(unique.size()));
            assertThat(replay.call("STRLEN", "key:%012d".formatted(ids[0]))).isEqualTo("32");
        }
    }

    @Test
    void repeated_requests_of_one_window_are_one_miss_and_hits() throws IOException {
        try (RedisServer redis = RedisServer.start();
                Replay replay = new Replay(redis.endpoint(), 10)) {
            ReplayResult first = replay.run(Trace.of("repeats", 5, 5, 6, 5, 6), 0);
            assertThat(first.misses()).isEqualTo(2);
            assertThat(first.hits()).isEqualTo(3);
            assertThat(replay.run(Trace.of("repeats", 5, 5, 6, 5, 6), 0).misses())
                    .isZero();
        }
    }

    @Test
    void a_server_without_room_refuses_and_the_replay_goes_on() throws IOException {
        try (RedisServer redis = RedisServer.start();
                Replay replay = new Replay(redis.endpoint(), 32)) {
            replay.call("CONFIG", "SET", "maxmemory", "1");
            ReplayResult result = replay.run(Trace.of("full", 1, 2, 3, 1), 0);
            assertThat(result.refusals()).isEqualTo(3);
            assertThat(result.misses()).isEqualTo(4);
        }
    }
}
