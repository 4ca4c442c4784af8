package dev.jackdaw.proxy.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.jackdaw.proxy.clients.Fronts.Front;
import java.time.Duration;
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
import org.redisson.Redisson;
import org.redisson.api.BatchOptions;
import org.redisson.api.BatchOptions.ExecutionMode;
import org.redisson.api.RBatch;
import org.redisson.api.RBucket;
import org.redisson.api.RBuckets;
import org.redisson.api.RMap;
import org.redisson.api.RScoredSortedSet;
import org.redisson.api.RStream;
import org.redisson.api.RTopic;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.KeysScanOptions;
import org.redisson.api.stream.StreamAddArgs;
import org.redisson.api.stream.StreamCreateGroupArgs;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.api.stream.StreamReadGroupArgs;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;
import org.redisson.config.Protocol;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ClientKillParams;

/** Only those objects of Redisson that do without scripts. */
class RedissonTest {
    private static Fronts fronts;

    @BeforeAll
    static void start() {
        fronts = new Fronts();
    }

    @AfterAll
    static void stop() {
        fronts.close();
    }

    /** Runs {@code program} with a client of an empty server. */
    private static void with(Front front, int protocol, Program program) throws InterruptedException {
        Config config = new Config();
        config.setProtocol(protocol == 3 ? Protocol.RESP3 : Protocol.RESP2);
        config.setCodec(StringCodec.INSTANCE);
        config.setThreads(2);
        config.setNettyThreads(2);
        config.useSingleServer()
                .setAddress("redis://127.0.0.1:" + fronts.port(front))
                .setConnectionMinimumIdleSize(1)
                .setConnectionPoolSize(4)
                .setSubscriptionConnectionMinimumIdleSize(1)
                .setSubscriptionConnectionPoolSize(2)
                .setTimeout(20_000);
        RedissonClient client = Redisson.create(config);
        try {
            client.getKeys().flushall();
            program.run(client);
        } finally {
            client.shutdown(0, 10, TimeUnit.SECONDS);
        }
    }

    private interface Program {
        void run(RedissonClient client) throws InterruptedException;
    }

    @ParameterizedTest
    @MethodSource("dev.jackdaw.proxy.clients.Fronts#all")
    void values_of_every_type(Front front, int protocol) throws InterruptedException {
        with(front, protocol, client -> {
            RBucket<String> string = client.getBucket("string");
            string.set("value", Duration.ofSeconds(100));
            assertThat(string.get()).isEqualTo("value");
            assertThat(string.remainTimeToLive()).isBetween(90_000L, 100_000L);
            assertThat(string.delete()).isTrue();
            assertThat(client.getAtomicLong("count").incrementAndGet()).isEqualTo(1);
            RBuckets buckets = client.getBuckets();
            buckets.set(Map.of("a", "1", "b", "2"));
            assertThat(buckets.get("a", "b", "none")).isEqualTo(Map.of("a", "1", "b", "2"));
            RMap<String, String> hash = client.getMap("hash");
            assertThat(hash.fastPut("a", "1")).isTrue();
            assertThat(hash.readAllMap()).isEqualTo(Map.of("a", "1"));
            client.<String>getSet("set").add("a");
            assertThat(client.<String>getSet("set").readAll()).isEqualTo(Set.of("a"));
            RScoredSortedSet<String> sorted = client.getScoredSortedSet("sorted");
            sorted.add(1.5, "a");
            assertThat(sorted.getScore("a")).isEqualTo(1.5);
            assertThat(sorted.entryRange(0, -1))
                    .extracting(entry -> entry.getScore())
                    .containsExactly(1.5);
            client.<String>getList("list").addAll(List.of("a", "b"));
            assertThat(client.<String>getList("list").readAll()).containsExactly("a", "b");
            assertThat(client.<String>getBlockingQueue("list").poll(5, TimeUnit.SECONDS))
                    .isEqualTo("a");
            assertThat(client.<String>getBlockingQueue("none").poll(1, TimeUnit.SECONDS))
                    .isNull();
            assertThatThrownBy(() -> client.getBucket("hash").get())
                    .isInstanceOf(RedisException.class)
                    .hasMessageStartingWith("WRONGTYPE");
        });
    }

    @ParameterizedTest
    @MethodSource("dev.jackdaw.proxy.clients.Fronts#all")
    void pipelines_transactions_and_scans(Front front, int protocol) throws InterruptedException {
        with(front, protocol, client -> {
            RBatch pipeline = client.createBatch();
            for (int i = 0; i < 100; i++) {
                pipeline.getBucket("key:" + i).setAsync("" + i);
                pipeline.getBucket("key:" + i).getAsync();
            }
            List<?> replies = pipeline.execute().getResponses();
            assertThat(IntStream.range(0, 100).mapToObj(i -> replies.get(2 * i + 1)))
                    .isEqualTo(IntStream.range(0, 100).mapToObj(i -> "" + i).toList());
            assertThat(client.getKeys()
                            .getKeys(KeysScanOptions.defaults().pattern("key:*").chunkSize(10)))
                    .hasSize(100);

            RBatch transaction =
                    client.createBatch(BatchOptions.defaults().executionMode(ExecutionMode.IN_MEMORY_ATOMIC));
            transaction.getAtomicLong("{t}count").incrementAndGetAsync();
            transaction.getAtomicLong("{t}count").incrementAndGetAsync();
            transaction.getBucket("{t}count").getAsync();
            assertThat((List<?>) transaction.execute().getResponses()).isEqualTo(List.of(1L, 2L, "2"));
        });
    }

    @ParameterizedTest
    @MethodSource("dev.jackdaw.proxy.clients.Fronts#all")
    void streams(Front front, int protocol) throws InterruptedException {
        with(front, protocol, client -> {
            RStream<String, String> stream = client.getStream("stream");
            StreamMessageId first = stream.add(StreamAddArgs.entry("field", "1"));
            stream.createGroup(StreamCreateGroupArgs.name("group").id(StreamMessageId.ALL));
            assertThat(stream.readGroup("group", "me", StreamReadGroupArgs.neverDelivered()))
                    .isEqualTo(Map.of(first, Map.of("field", "1")));
            assertThat(stream.ack("group", first)).isEqualTo(1);
        });
    }

    @ParameterizedTest
    @MethodSource("dev.jackdaw.proxy.clients.Fronts#all")
    void messages(Front front, int protocol) throws InterruptedException {
        with(front, protocol, client -> {
            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            RTopic topic = client.getTopic("channel");
            topic.addListener(String.class, (channel, message) -> heard.add(message));
            assertThat(topic.publish("hello")).isEqualTo(1);
            assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("hello");
        });
    }

    @ParameterizedTest
    @MethodSource("dev.jackdaw.proxy.clients.Fronts#all")
    void killed_connections_are_replaced(Front front, int protocol) throws InterruptedException {
        with(front, protocol, client -> {
            client.getBucket("string").set("value");
            try (Jedis killer = new Jedis("127.0.0.1", fronts.port(front))) {
                killer.clientKill(new ClientKillParams().skipMe(ClientKillParams.SkipMe.YES));
            }
            await().ignoreExceptions()
                    .until(() -> "value".equals(client.getBucket("string").get()));
        });
    }
}
