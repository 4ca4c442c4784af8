package dev.jackdaw.proxy.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.jackdaw.proxy.clients.Fronts.Front;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.Response;
import redis.clients.jedis.ScanIteration;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.args.StreamDeletionPolicy;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.ClientKillParams;
import redis.clients.jedis.params.MSetExParams;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.params.XReadGroupParams;
import redis.clients.jedis.resps.StreamEntryDeletionResult;
import redis.clients.jedis.resps.Tuple;
import redis.clients.jedis.util.CompareCondition;

/** Its cache is left out: it wants a server of version 7.4. */
class JedisTest {
    private static Fronts fronts;

    @BeforeAll
    static void start() {
        fronts = new Fronts();
    }

    @AfterAll
    static void stop() {
        fronts.close();
    }

    private static JedisClientConfig config(int protocol) {
        return DefaultJedisClientConfig.builder()
                .protocol(protocol == 3 ? RedisProtocol.RESP3 : RedisProtocol.RESP2)
                .socketTimeoutMillis(20_000)
                .build();
    }

    private static RedisClient client(Front front, int protocol) {
        RedisClient client = RedisClient.builder()
                .hostAndPort("127.0.0.1", fronts.port(front))
                .clientConfig(config(protocol))
                .build();
        client.flushAll();
        return client;
    }

    private static Jedis connection(Front front, int protocol) {
        return new Jedis(new HostAndPort("127.0.0.1", fronts.port(front)), config(protocol));
    }

    @ParameterizedTest
    @MethodSource("dev.jackdaw.proxy.clients.Fronts#all")
    void values_of_every_type(Front front, int protocol) {
        try (RedisClient jedis = client(front, protocol)) {
            assertThat(jedis.set("string", "value", SetParams.setParams().ex(100)))
                    .isEqualTo("OK");
            assertThat(jedis.ttl("string")).isBetween(90L, 100L);
            assertThat(jedis.mget("string", "none")).containsExactly("value", null);
            assertThat(jedis.expire("string", 0)).isEqualTo(1);
            assertThat(jedis.exists("string")).isFalse();
            jedis.hset("hash", Map.of("a", "1", "b", "2"));
            assertThat(jedis.hgetAll("hash")).isEqualTo(Map.of("a", "1", "b", "2"));
            jedis.sadd("set", "a", "b");
            assertThat(jedis.smembers("set")).isEqualTo(Set.of("a", "b"));
            jedis.zadd("sorted", Map.of("a", 1.5, "b", 2.0));
            assertThat(jedis.zrangeWithScores("sorted", 0, -1))
                    .containsExactly(new Tuple("a", 1.5), new Tuple("b", 2.0));
            jedis.rpush("list", "a", "b", "c");
            assertThat(jedis.lrange("list", 0, -1)).containsExactly("a", "b", "c");
            assertThat(jedis.blpop(5, "list")).containsExactly("list", "a");
            assertThat(jedis.blpop(0.05, "none")).isNull();
            assertThatThrownBy(() -> jedis.lpush("hash", "x"))
                    .isInstanceOf(JedisDataException.class)
                    .hasMessageStartingWith("WRONGTYPE");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.jackdaw.proxy.clients.Fronts#all")
    void pipelines_and_scans(Front front, int protocol) {
        try (RedisClient jedis = client(front, protocol)) {
            List<Response<String>> replies = new ArrayList<>();
            try (AbstractPipeline pipeline = jedis.pipelined()) {
                for (int i = 0; i < 100; i++) {
                    pipeline.set("key:" + i, "" + i);
                    replies.add(pipeline.get("key:" + i));
                }
            }
            assertThat(replies.stream().map(Response::get))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 100).mapToObj(i -> "" + i).toList());
            Set<String> found = new HashSet<>();
            ScanIteration scan = jedis.scanIteration(10, "key:*");
            while (!scan.isIterationCompleted()) {
                found.addAll(scan.nextBatchList());
            }
            assertThat(found).hasSize(100);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.jackdaw.proxy.clients.Fronts#all")
    void transactions(Front front, int protocol) {
        try (RedisClient jedis = client(front, protocol);
                AbstractTransaction undisturbed = jedis.transaction(false);
                AbstractTransaction disturbed = jedis.transaction(false)) {
            undisturbed.watch("{t}count");
            undisturbed.multi();
            undisturbed.incr("{t}count");
            undisturbed.set("{t}string", "value");
            assertThat(undisturbed.exec()).containsExactly(1L, "OK");

            disturbed.watch("{t}count");
            jedis.incr("{t}count");
            disturbed.multi();
            disturbed.incr("{t}count");
            assertThat(disturbed.exec()).isNull();
            assertThat(jedis.get("{t}count")).isEqualTo("2");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.jackdaw.proxy.clients.Fronts#all")
    void streams(Front front, int protocol) {
        try (RedisClient jedis = client(front, protocol)) {
            StreamEntryID first = jedis.xadd("stream", StreamEntryID.NEW_ENTRY, Map.of("field", "1"));
            jedis.xgroupCreate("stream", "group", new StreamEntryID(0, 0), false);
            assertThat(jedis.xreadGroup(
                                    "group",
                                    "me",
                                    XReadGroupParams.xReadGroupParams().count(1),
                                    Map.of("stream", StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY))
                            .getFirst()
                            .getValue())
                    .extracting(entry -> entry.getFields().get("field"))
                    .containsExactly("1");
            assertThat(jedis.xack("stream", "group", first)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.jackdaw.proxy.clients.Fronts#all")
    void what_came_after_version_seven(Front front, int protocol) {
        try (RedisClient jedis = client(front, protocol)) {
            assertThat(jedis.msetex(MSetExParams.setParams().nx().ex(100), "{t}lock", "me", "{t}other", "x"))
                    .isTrue();
            SetParams onlyMine = SetParams.setParams()
                    .condition(CompareCondition.valueEq("you"))
                    .ex(10);
            assertThat(jedis.set("{t}lock", "you", onlyMine)).isNull();
            String digest = jedis.digestKey("{t}lock");
            assertThat(jedis.delex("{t}lock", CompareCondition.digestNe(digest)))
                    .isZero();
            assertThat(jedis.delex("{t}lock", CompareCondition.digestEq(digest)))
                    .isEqualTo(1);

            StreamEntryID first = jedis.xadd("stream", StreamEntryID.NEW_ENTRY, Map.of("field", "1"));
            StreamEntryID second = jedis.xadd("stream", StreamEntryID.NEW_ENTRY, Map.of("field", "2"));
            jedis.xgroupCreate("stream", "group", new StreamEntryID(0, 0), false);
            jedis.xreadGroup(
                    "group",
                    "me",
                    XReadGroupParams.xReadGroupParams().count(1),
                    Map.of("stream", StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY));
            assertThat(jedis.xackdel("stream", "group", StreamDeletionPolicy.ACKNOWLEDGED, first))
                    .containsExactly(StreamEntryDeletionResult.DELETED);
            assertThat(jedis.xdelex("stream", StreamDeletionPolicy.ACKNOWLEDGED, first, second))
                    .containsExactly(
                            StreamEntryDeletionResult.NOT_FOUND,
                            StreamEntryDeletionResult.NOT_DELETED_UNACKNOWLEDGED_OR_STILL_REFERENCED);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.jackdaw.proxy.clients.Fronts#all")
    void messages(Front front, int protocol) throws InterruptedException {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        JedisPubSub listener = new JedisPubSub() {
            @Override
            public void onSubscribe(String channel, int channels) {
                heard.add("subscribed");
            }

            @Override
            public void onMessage(String channel, String message) {
                heard.add(message);
            }
        };
        try (RedisClient jedis = client(front, protocol)) {
            Thread subscriber = Thread.ofVirtual().start(() -> jedis.subscribe(listener, "channel"));
            assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("subscribed");
            assertThat(jedis.publish("channel", "hello")).isEqualTo(1);
            assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("hello");
            listener.unsubscribe();
            assertThat(subscriber.join(Duration.ofSeconds(20))).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.jackdaw.proxy.clients.Fronts#all")
    void a_killed_connection_is_replaced(Front front, int protocol) {
        try (RedisClient jedis = client(front, protocol);
                Jedis killer = connection(front, protocol)) {
            jedis.set("string", "value");
            killer.clientKill(new ClientKillParams().skipMe(ClientKillParams.SkipMe.YES));
            await().ignoreExceptions().until(() -> "value".equals(jedis.get("string")));
        }
    }
}
