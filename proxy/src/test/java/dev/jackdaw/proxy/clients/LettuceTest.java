package dev.jackdaw.proxy.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.jackdaw.proxy.clients.Fronts.Front;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.Consumer;
import io.lettuce.core.KeyValue;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.SetArgs;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.support.caching.CacheAccessor;
import io.lettuce.core.support.caching.CacheFrontend;
import io.lettuce.core.support.caching.ClientSideCaching;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LettuceTest {
    private static Fronts fronts;

    @BeforeAll
    static void start() {
        fronts = new Fronts();
    }

    @AfterAll
    static void stop() {
        fronts.close();
    }

    private static RedisClient client(Front front, int protocol) {
        RedisClient client = RedisClient.create(RedisURI.builder()
                .withHost("127.0.0.1")
                .withPort(fronts.port(front))
                .withTimeout(Duration.ofSeconds(20))
                .build());
        client.setOptions(ClientOptions.builder()
                .protocolVersion(protocol == 3 ? ProtocolVersion.RESP3 : ProtocolVersion.RESP2)
                .build());
        return client;
    }

    @ParameterizedTest
    @MethodSource("dev.jackdaw.proxy.clients.Fronts#all")
    void values_of_every_type(Front front, int protocol) {
        try (RedisClient client = client(front, protocol);
                StatefulRedisConnection<String, String> connection = client.connect()) {
            RedisCommands<String, String> commands = connection.sync();
            commands.flushall();
            assertThat(commands.set("string", "value", SetArgs.Builder.ex(Duration.ofSeconds(100))))
                    .isEqualTo("OK");
            assertThat(commands.ttl("string")).isBetween(90L, 100L);
            assertThat(commands.mget("string", "none"))
                    .containsExactly(KeyValue.just("string", "value"), KeyValue.empty("none"));
            assertThat(commands.expire("string", 0)).isTrue();
            assertThat(commands.exists("string", "none")).isZero();
            commands.hset("hash", Map.of("a", "1", "b", "2"));
            assertThat(commands.hgetall("hash")).isEqualTo(Map.of("a", "1", "b", "2"));
            commands.sadd("set", "a", "b");
            assertThat(commands.smembers("set")).isEqualTo(Set.of("a", "b"));
            commands.zadd("sorted", 1.5, "a");
            commands.zadd("sorted", 2, "b");
            assertThat(commands.zrangeWithScores("sorted", 0, -1))
                    .containsExactly(ScoredValue.just(1.5, "a"), ScoredValue.just(2, "b"));
            commands.rpush("list", "a", "b", "c");
            assertThat(commands.lrange("list", 0, -1)).containsExactly("a", "b", "c");
            assertThat(commands.blpop(5, "list")).isEqualTo(KeyValue.just("list", "a"));
            assertThat(commands.blpop(0.05, "none")).isNull();
            assertThatThrownBy(() -> commands.lpush("hash", "x"))
                    .isInstanceOf(RedisCommandExecutionException.class)
                    .hasMessageStartingWith("WRONGTYPE");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.jackdaw.proxy.clients.Fronts#all")
    void pipelines_and_scans(Front front, int protocol) throws InterruptedException, ExecutionException {
        try (RedisClient client = client(front, protocol);
                StatefulRedisConnection<String, String> connection = client.connect()) {
            connection.sync().flushall();
            RedisAsyncCommands<String, String> commands = connection.async();
            connection.setAutoFlushCommands(false);
            List<RedisFuture<String>> replies = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                replies.add(commands.set("key:" + i, "" + i));
                replies.add(commands.get("key:" + i));
            }
            connection.flushCommands();
            connection.setAutoFlushCommands(true);
            for (int i = 0; i < 100; i++) {
                assertThat(replies.get(2 * i).get()).isEqualTo("OK");
                assertThat(replies.get(2 * i + 1).get()).isEqualTo("" + i);
            }
            assertThat(ScanIterator.scan(
                                    connection.sync(),
                                    ScanArgs.Builder.matches("key:*").limit(10))
                            .stream()
                            .distinct())
                    .hasSize(100);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.jackdaw.proxy.clients.Fronts#all")
    void transactions(Front front, int protocol) {
        try (RedisClient client = client(front, protocol);
                StatefulRedisConnection<String, String> connection = client.connect();
                StatefulRedisConnection<String, String> other = client.connect()) {
            RedisCommands<String, String> commands = connection.sync();
            commands.flushall();
            commands.watch("{t}count");
            commands.multi();
            commands.incr("{t}count");
            commands.set("{t}string", "value");
            assertThat(commands.exec().stream()).containsExactly(1L, "OK");

            commands.watch("{t}count");
            other.sync().incr("{t}count");
            commands.multi();
            commands.incr("{t}count");
            assertThat(commands.exec().wasDiscarded()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.jackdaw.proxy.clients.Fronts#all")
    void streams(Front front, int protocol) {
        try (RedisClient client = client(front, protocol);
                StatefulRedisConnection<String, String> connection = client.connect()) {
            RedisCommands<String, String> commands = connection.sync();
            commands.flushall();
            String first = commands.xadd("stream", Map.of("field", "1"));
            commands.xgroupCreate(StreamOffset.from("stream", "0"), "group");
            @SuppressWarnings("unchecked")
            List<StreamMessage<String, String>> read =
                    commands.xreadgroup(Consumer.from("group", "me"), StreamOffset.lastConsumed("stream"));
            assertThat(read).extracting(StreamMessage::getId).containsExactly(first);
            assertThat(commands.xack("stream", "group", first)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.jackdaw.proxy.clients.Fronts#all")
    void messages(Front front, int protocol) throws InterruptedException {
        try (RedisClient client = client(front, protocol);
                StatefulRedisConnection<String, String> connection = client.connect();
                StatefulRedisPubSubConnection<String, String> subscriber = client.connectPubSub()) {
            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            subscriber.addListener(new RedisPubSubAdapter<>() {
                @Override
                public void message(String channel, String message) {
                    heard.add(message);
                }
            });
            subscriber.sync().subscribe("channel");
            assertThat(connection.sync().publish("channel", "hello")).isEqualTo(1);
            assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.jackdaw.proxy.clients.Fronts#all")
    void a_killed_connection_is_replaced(Front front, int protocol) {
        try (RedisClient client = client(front, protocol);
                StatefulRedisConnection<String, String> victim = client.connect();
                StatefulRedisConnection<String, String> killer = client.connect()) {
            victim.sync().set("string", "value");
            long id = victim.sync().clientId();
            assertThat(killer.sync().clientKill(KillArgs.Builder.id(id))).isEqualTo(1);
            await().ignoreExceptions().until(() -> victim.sync().clientId() != id);
            assertThat(victim.sync().get("string")).isEqualTo("value");
        }
    }

    @Test
    void copies_are_forgotten_when_keys_change() {
        try (RedisClient client = client(Front.NODE, 3);
                StatefulRedisConnection<String, String> reader = client.connect();
                StatefulRedisConnection<String, String> writer = client.connect()) {
            Map<String, String> copies = new ConcurrentHashMap<>();
            CacheFrontend<String, String> near =
                    ClientSideCaching.enable(CacheAccessor.forMap(copies), reader, TrackingArgs.Builder.enabled());
            writer.sync().set("near", "1");
            assertThat(near.get("near")).isEqualTo("1");
            assertThat(copies).containsEntry("near", "1");

            writer.sync().set("near", "2");
            await().until(() -> "2".equals(near.get("near")));
        }
    }
}
