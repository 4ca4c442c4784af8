package dev.jackdaw.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackdaw.benchmarks.RedisServer;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("oracle")
class LoadGeneratorTest {
    @Test
    void a_closed_loop_sends_every_command_once() throws IOException {
        try (RedisServer redis = RedisServer.start();
                RespClient client = new RespClient(redis.endpoint())) {
            LoadGenerator.run(Load.filling(redis.endpoint(), Template.of("SET key:{n} {value}"), 6400));
            assertThat(client.call("DBSIZE")).isEqualTo("6400");
            assertThat(client.call("GET", "key:000000006399")).isEqualTo("x".repeat(32));

            LoadResult result = LoadGenerator.run(
                    Load.closedLoop(redis.endpoint(), Template.of("INCR counter"), Numbers.random(10, 1), 1003, 7, 16));
            assertThat(result.operations()).isEqualTo(1008);
            assertThat(result.latencies().getTotalCount()).isEqualTo(63);
            assertThat(client.call("GET", "counter")).isEqualTo("1008");
        }
    }

    @Test
    void an_open_loop_sends_as_many() throws IOException {
        try (RedisServer redis = RedisServer.start();
                RespClient client = new RespClient(redis.endpoint())) {
            Load load =
                    new Load(redis.endpoint(), Template.of("INCR counter"), Numbers.random(10, 1), 2000, 3, 2, 20_000);
            LoadResult result = LoadGenerator.run(load);
            assertThat(result.latencies().getTotalCount()).isEqualTo(1000);
            assertThat(client.call("GET", "counter")).isEqualTo("2000");
        }
    }

    @Test
    void large_replies_and_large_commands_pass() throws IOException {
        try (RedisServer redis = RedisServer.start()) {
            LoadResult result = LoadGenerator.run(
                    Load.closedLoop(redis.endpoint(), Template.of("ECHO {value:300000}"), Numbers.inTurn(1), 64, 4, 8));
            assertThat(result.operations()).isEqualTo(64);
        }
    }

    @Test
    void an_error_reply_ends_the_load() throws IOException {
        try (RedisServer redis = RedisServer.start()) {
            Load load = Load.filling(redis.endpoint(), Template.of("INCR key:{n} too-many"), 100);
            assertThatThrownBy(() -> LoadGenerator.run(load))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("wrong number of arguments");
        }
    }

    @Test
    void the_plain_client_reads_every_kind_of_reply() throws IOException {
        try (RedisServer redis = RedisServer.start();
                RespClient client = new RespClient(redis.endpoint())) {
            assertThat(client.call("PING")).isEqualTo("PONG");
            assertThat(client.call("GET", "absent")).isNull();
            assertThat(client.call("MSET", "a", "", "b", "2")).isEqualTo("OK");
            assertThat(client.call("MGET", "a", "b", "c")).isEqualTo("\n2\nnull");
            assertThat(client.info("connected_clients")).isEqualTo(1);
            assertThatThrownBy(() -> client.call("NOPE")).hasMessageContaining("unknown command");
        }
    }
}
