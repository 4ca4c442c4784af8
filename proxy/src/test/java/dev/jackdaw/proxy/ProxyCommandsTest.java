package dev.jackdaw.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client sees through the proxy over three nodes, beside what one redis-server answers. */
@Tag("oracle")
class ProxyCommandsTest {
    private static Cluster cluster;
    private static RedisServer oracle;

    @BeforeAll
    static void start() {
        cluster = Cluster.start();
        oracle = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
        oracle.close();
    }

    @BeforeEach
    void empty() {
        cluster.flush();
        try (RespConnection connection = oracle.connect()) {
            connection.ask("FLUSHALL");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PING",
                "PING hi",
                "PING a b",
                "ECHO x",
                "ECHO",
                "NOSUCH a b",
                "GET",
                "GET a b",
                "CLIENT",
                "CLIENT NOSUCH",
                "CLIENT GETNAME",
                "CLIENT SETNAME name",
                "CLIENT REPLY x",
                "CLIENT REPLY",
                "CLIENT KILL 1.2.3.4:5",
                "CLIENT KILL ID abc",
                "CLIENT KILL ID 0",
                "CLIENT KILL TYPE foo",
                "CLIENT KILL USER bob",
                "CLIENT KILL ADDR",
                "CLIENT KILL ADDR 1.2.3.4:5",
                "CLIENT KILL SKIPME foo",
                "CLIENT LIST TYPE foo",
                "CLIENT LIST ID",
                "CLIENT LIST ID a",
                "CLIENT LIST foo",
                "CLIENT LIST TYPE pubsub",
                "CLIENT NO-EVICT x",
                "CLIENT NO-EVICT on",
                "CLIENT ID x",
                "HELLO 4",
                "HELLO abc",
                "HELLO 3 SETNAME",
                "HELLO 2 FOO",
                "HELLO 2 AUTH a b",
                "AUTH a",
                "AUTH a b c",
                "AUTH a b",
                "AUTH default x",
                "SELECT abc",
                "SELECT 16",
                "SELECT -1",
                "SELECT",
                "SELECT 15",
                "RESET",
                "CONFIG GET maxmemory-policy",
                "CONFIG SET nosuch 1",
                "CONFIG NOSUCH",
                "OBJECT ENCODING nosuch",
                "MEMORY USAGE nosuch",
                "MSET a",
                "MSET a 1 b",
                "MGET",
                "DEL",
                "SET a",
                "EXPIRE a x",
                "DBSIZE",
                "RANDOMKEY",
                "KEYS *",
                "SCAN abc",
                "SCAN 0 COUNT 0",
                "MSETNX {t}a 1 {t}b 2",
                "RENAME {t}a {t}b",
                "FLUSHALL",
                "FLUSHDB",
                "SWAPDB 0 99",
                "PUBLISH ch hello",
                "PUBSUB CHANNELS",
                "PUBSUB NUMSUB a b",
                "PUBSUB NUMPAT",
                "PUBSUB NOSUCH",
                "UNSUBSCRIBE",
                "PUNSUBSCRIBE x",
                "DEBUG SLEEP 0",
                "COMMAND COUNT x",
                "COMMAND GETKEYS GET a"
            })
    void one_command_is_answered_as_by_redis(String line) {
        for (String protocol : List.of("2", "3")) {
            try (RespConnection proxy = cluster.connect();
                    RespConnection redis = oracle.connect()) {
                proxy.ask("HELLO", protocol);
                redis.ask("HELLO", protocol);
                assertThat(proxy.ask(line.split(" "))).as(line).isEqualTo(redis.ask(line.split(" ")));
                assertThat(proxy.ask("PING")).isEqualTo(new Reply.Simple("PONG"));
            }
        }
    }

    @Test
    void random_commands_are_answered_as_by_redis() {
        long seed = 4711;
        Random random = new Random(seed);
        try (RespConnection proxy = cluster.connect();
                RespConnection redis = oracle.connect()) {
            for (int i = 0; i < 20_000; i++) {
                if (random.nextInt(500) == 0) {
                    String protocol = random.nextBoolean() ? "2" : "3";
                    proxy.ask("HELLO", protocol);
                    redis.ask("HELLO", protocol);
                }
                String[] command = randomCommand(random);
                assertThat(proxy.ask(command))
                        .as("seed %d, command %d: %s", seed, i, List.of(command))
                        .isEqualTo(redis.ask(command));
            }
        }
    }

    private static String[] randomCommand(Random random) {
        String key = "k" + random.nextInt(50);
        String other = "k" + random.nextInt(50);
        String third = "k" + random.nextInt(50);
        String value = "v" + random.nextInt(1000);
        return switch (random.nextInt(24)) {
            case 0 -> new String[] {"GET", key};
            case 1 -> new String[] {"SET", key, value};
            case 2 -> new String[] {"SET", key, "" + random.nextInt(100)};
            case 3 -> new String[] {"INCR", key};
            case 4 -> new String[] {"APPEND", key, value};
            case 5 -> new String[] {"MGET", key, other, third, key};
            case 6 -> new String[] {"MSET", key, value, other, "" + random.nextInt(9), third, value};
            case 7 -> new String[] {"DEL", key, other};
            case 8 -> new String[] {"UNLINK", third};
            case 9 -> new String[] {"EXISTS", key, other, third, key};
            case 10 -> new String[] {"TOUCH", key, other};
            case 11 -> new String[] {"TYPE", key};
            case 12 -> new String[] {"LPUSH", key, value, other};
            case 13 -> new String[] {"LRANGE", key, "0", "-1"};
            case 14 -> new String[] {"HSET", key, "f" + random.nextInt(5), value};
            case 15 -> new String[] {"HGETALL", key};
            case 16 -> new String[] {"ZADD", key, "" + random.nextInt(10) / 4.0, value};
            case 17 -> new String[] {"ZRANGE", key, "0", "-1", "WITHSCORES"};
            case 18 -> new String[] {"ZSCORE", key, value};
            case 19 -> new String[] {"SADD", key, value};
            case 20 -> new String[] {"SCARD", key};
            case 21 -> new String[] {"DBSIZE"};
            case 22 -> new String[] {"STRLEN", key};
            default -> new String[] {"EXPIRE", key, "1000"};
        };
    }

    @Test
    void keys_of_different_slots_are_refused_where_a_split_would_lie() {
        try (RespConnection proxy = cluster.connect()) {
            Reply crossSlot = new Reply.Error("CROSSSLOT Keys in request don't hash to the same slot");
            assertThat(proxy.ask("MSETNX", "a", "1", "b", "2")).isEqualTo(crossSlot);
            assertThat(proxy.ask("RENAME", "a", "b")).isEqualTo(crossSlot);
            assertThat(proxy.ask("SINTER", "a", "b")).isEqualTo(crossSlot);
            // Two slots of one node are two slots.
            assertThat(proxy.ask("RENAME", cluster.key(0, 1), cluster.key(0, 2)))
                    .isEqualTo(crossSlot);
        }
    }

    @Test
    void every_key_is_scanned_once_over_all_nodes() {
        try (RespConnection proxy = cluster.connect()) {
            Set<String> all = new HashSet<>();
            for (int i = 0; i < 500; i++) {
                all.add("key:" + i);
                proxy.ask("SET", "key:" + i, "v");
            }
            List<String> seen = new ArrayList<>();
            String cursor = "0";
            do {
                Reply.Array reply = (Reply.Array) proxy.ask("SCAN", cursor, "COUNT", "20");
                cursor = ((Reply.Bulk) reply.elements().get(0)).text();
                ((Reply.Array) reply.elements().get(1)).elements().forEach(key -> seen.add(((Reply.Bulk) key).text()));
            } while (!cursor.equals("0"));
            assertThat(seen).containsExactlyInAnyOrderElementsOf(all);
            assertThat(proxy.ask("DBSIZE")).isEqualTo(new Reply.Int(500));
            assertThat(((Reply.Array) proxy.ask("KEYS", "key:1*")).elements()).hasSize(111);
            assertThat(proxy.ask("SCAN", "18446744073709551615")).isInstanceOf(Reply.Array.class);
            assertThat(proxy.ask("RANDOMKEY")).isInstanceOf(Reply.Bulk.class);
        }
    }

    @Test
    void random_key_comes_from_a_node_that_has_keys() {
        String key = cluster.key(2, 1);
        try (RespConnection proxy = cluster.connect()) {
            proxy.ask("SET", key, "v");
            for (int i = 0; i < 20; i++) {
                assertThat(proxy.ask("RANDOMKEY")).isEqualTo(new Reply.Bulk(key));
            }
        }
    }

    @Test
    void databases_are_apart_and_a_pipeline_over_them_keeps_its_order() {
        try (RespConnection proxy = cluster.connect()) {
            for (int i = 0; i < 100; i++) {
                proxy.send("SET", "k", "in 0");
                proxy.send("SELECT", "3");
                proxy.send("SET", "k", "in 3");
                proxy.send("HELLO", "3");
                proxy.send("GET", "k");
                proxy.send("FLUSHALL");
                proxy.send("SELECT", "0");
                proxy.send("HELLO", "2");
                proxy.send("GET", "k");
                List<Reply> replies =
                        IntStream.range(0, 9).mapToObj(n -> proxy.read()).toList();
                assertThat(replies.get(4)).isEqualTo(new Reply.Bulk("in 3"));
                assertThat(replies.get(8)).isEqualTo(Reply.Null.BULK);
            }
        }
    }

    @Test
    void replies_that_are_not_wanted_are_not_sent() {
        try (RespConnection proxy = cluster.connect()) {
            proxy.send("CLIENT", "REPLY", "OFF");
            proxy.send("SET", "k", "1");
            proxy.send("NOSUCH");
            proxy.send("PING");
            proxy.send("MGET", "a", "b", "c");
            proxy.send("CLIENT", "REPLY", "ON");
            assertThat(proxy.read()).isEqualTo(new Reply.Simple("OK"));
            proxy.send("CLIENT", "REPLY", "SKIP");
            proxy.send("INCR", "k");
            proxy.send("GET", "k");
            assertThat(proxy.read()).isEqualTo(new Reply.Bulk("2"));
        }
    }

    @Test
    void info_adds_the_nodes_up() {
        try (RespConnection proxy = cluster.connect()) {
            proxy.ask("MSET", "a", "1", "b", "2", "c", "3", "d", "4");
            String info = ((Reply.Bulk) proxy.ask("INFO")).text();
            assertThat(info).contains("db0:keys=4,", "# Server\r\n", "state=up", "redis_version:7.0.15");
            assertThat(((Reply.Bulk) proxy.ask("INFO", "keyspace")).text()).startsWith("# Keyspace\r\ndb0:keys=4");
        }
    }

    @Test
    void info_has_what_client_libraries_look_at_before_they_begin() {
        try (RespConnection proxy = cluster.connect()) {
            String info = ((Reply.Bulk) proxy.ask("INFO")).text();
            assertThat(info)
                    .contains("arch_bits:64\r\n", "loading:0\r\n", "role:master\r\n", "cluster_enabled:0\r\n")
                    .containsPattern("uptime_in_seconds:\\d+\r\n");
        }
    }

    @Test
    void clients_see_and_end_one_another() {
        try (RespConnection proxy = cluster.connect();
                RespConnection other = cluster.connect()) {
            other.ask("CLIENT", "SETNAME", "victim");
            long id = ((Reply.Int) other.ask("CLIENT", "ID")).value();
            assertThat(((Reply.Bulk) proxy.ask("CLIENT", "LIST", "ID", "" + id)).text())
                    .startsWith("id=" + id + " addr=127.0.0.1:")
                    .contains(" name=victim ", " cmd=client|id ");
            assertThat(proxy.ask("CLIENT", "KILL", "ID", "" + id)).isEqualTo(new Reply.Int(1));
            assertThat(other.isClosedByPeer()).isTrue();
            assertThat(proxy.ask("CLIENT", "LIST", "ID", "" + id)).isEqualTo(new Reply.Bulk(""));
        }
    }

    @Test
    void keys_of_one_slot_can_leave_the_cluster() {
        try (RespConnection client = cluster.connect();
                RespConnection target = oracle.connect()) {
            client.ask("MSET", "{a}1", "x", "{a}2", "y", "b", "z");
            String port = "" + oracle.port();

            assertThat(client.ask("MIGRATE", "127.0.0.1", port, "", "0", "5000", "KEYS", "{a}1", "b"))
                    .isEqualTo(new Reply.Error(CommandError.CROSS_SLOT));
            assertThat(client.ask("MIGRATE", "127.0.0.1", port, "", "0", "5000", "KEYS", "{a}1", "{a}2"))
                    .isEqualTo(new Reply.Simple("OK"));
            assertThat(client.ask("MIGRATE", "127.0.0.1", port, "b", "0", "5000"))
                    .isEqualTo(new Reply.Simple("OK"));
            assertThat(client.ask("EXISTS", "{a}1", "{a}2", "b")).isEqualTo(new Reply.Int(0));
            assertThat(target.ask("EXISTS", "{a}1", "{a}2", "b")).isEqualTo(new Reply.Int(3));
        }
    }
}
