package dev.jackdaw.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

/** Usual clients use the proxy as they use Redis. */
@Tag("oracle")
class ClientLibrariesTest {
    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = Cluster.start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void jedis_works() {
        try (Jedis jedis = new Jedis("127.0.0.1", cluster.port())) {
            assertThat(jedis.mset("j1", "1", "j2", "2", "j3", "3")).isEqualTo("OK");
            assertThat(jedis.mget("j1", "j2", "j3", "j4")).containsExactly("1", "2", "3", null);
            jedis.hset("jh", Map.of("f", "v"));
            assertThat(jedis.hgetAll("jh")).isEqualTo(Map.of("f", "v"));
            try (Pipeline pipeline = jedis.pipelined()) {
                List<Response<Long>> counts = List.of(pipeline.incr("jc"), pipeline.incr("jc"), pipeline.incr("jd"));
                pipeline.sync();
                assertThat(counts.stream().map(Response::get)).containsExactly(1L, 2L, 1L);
            }
        }
    }

    @Test
    void lettuce_works() throws InterruptedException {
        try (RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", cluster.port()));
                StatefulRedisConnection<String, String> connection = client.connect();
                StatefulRedisPubSubConnection<String, String> subscriber = client.connectPubSub()) {
            RedisCommands<String, String> commands = connection.sync();
            commands.mset(Map.of("l1", "1", "l2", "2", "l3", "3"));
            assertThat(commands.exists("l1", "l2", "l3", "l4")).isEqualTo(3);
            commands.zadd("lz", 1.5, "a");
            assertThat(commands.zscore("lz", "a")).isEqualTo(1.5);

            BlockingQueue<String> messages = new LinkedBlockingQueue<>();
            subscriber.addListener(new RedisPubSubAdapter<>() {
                @Override
                public void message(String channel, String message) {
                    messages.add(channel + "=" + message);
                }
            });
            subscriber.sync().subscribe("lch");
            assertThat(commands.publish("lch", "hello")).isEqualTo(1);
            assertThat(messages.poll(5, TimeUnit.SECONDS)).isEqualTo("lch=hello");
        }
    }
}
