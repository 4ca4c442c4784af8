package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvictionTest {
    private static final int ROOM = 2_000;
    private static final String VALUE = "v".repeat(32);

    private static final String[][] GROWING = {
        {"SETRANGE", "bits", "4000000", "x"},
        {"SETBIT", "bits", "32000000", "1"},
        {"BITFIELD", "bits", "SET", "u8", "32000000", "1"},
        {"APPEND", "bits", "x".repeat(4_000_000)}
    };

    /** Few: most samples of all keys have none of them. */
    private static final int SESSIONS = 10;

    private final TestNode node = new TestNode();

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void without_eviction_writes_are_refused_and_reads_and_deletes_are_not() {
        limit("noeviction");
        fill("key", 2 * ROOM);
        assertThat(node.run("SET", "more", VALUE)).isEqualTo(new Reply.Error(CommandError.OUT_OF_MEMORY));
        assertThat(node.run("GET", "key0")).isEqualTo(new Reply.Bulk(VALUE));
        for (int i = 0; i < 200; i++) {
            assertThat(node.run("DEL", "key" + i)).isEqualTo(new Reply.Int(1));
        }
        assertThat(node.run("SET", "more", VALUE)).isEqualTo(new Reply.Simple("OK"));
    }

    @Test
    void memory_stays_within_the_limit_and_what_is_used_stays() {
        limit("allkeys-lru");
        fill("hot", 100);
        for (int i = 0; i < 10 * ROOM; i++) {
            node.run("SET", "cold" + i, VALUE);
            node.run("GET", "hot" + i % 100);
            assertThat(node.engine().usedMemory()).isLessThan(node.engine().maxMemory() + 20_000);
        }
        assertThat(present("hot", 100)).isGreaterThanOrEqualTo(97);
        assertThat(node.engine().stats().evicted).isGreaterThan(7 * ROOM);
    }

    @Test
    void random_eviction_spares_nobody() {
        limit("allkeys-random");
        fill("key", 20 * ROOM);
        assertThat(present("key", ROOM)).isLessThan(ROOM / 4);
        assertThat(node.engine().keyspace(0).size()).isGreaterThan(ROOM / 2);
    }

    @Test
    void of_few_keys_that_expire_among_many_the_last_used_stays() {
        fill("lasting", 30_000);
        for (int i = 0; i < SESSIONS; i++) {
            node.run("SET", "session" + i, VALUE, "EX", "1000000");
        }
        node.engine().maxMemory(node.engine().usedMemory());
        node.run("CONFIG", "SET", "maxmemory-policy", "volatile-lrm");
        int kept = 0;
        for (int i = SESSIONS; i < SESSIONS + 100; i++) {
            node.advance(10_000);
            node.run("SET", "session" + i, VALUE, "EX", "1000000");
            kept += node.run("EXISTS", "session" + (i - 1)).equals(new Reply.Int(1)) ? 1 : 0;
        }
        assertThat(kept).isGreaterThan(80);
        assertThat(node.engine().stats().evicted).isGreaterThan(50);
    }

    @Test
    void volatile_policies_remove_only_what_expires() {
        for (String policy :
                List.of("volatile-lru", "volatile-lfu", "volatile-lrm", "volatile-random", "volatile-ttl")) {
            node.run("FLUSHALL");
            node.advance(1);
            limit(policy);
            fill("lasting", 200);
            for (int i = 0; i < 3 * ROOM; i++) {
                assertThat(node.run("SET", "key" + i, VALUE, "EX", "1000")).isEqualTo(new Reply.Simple("OK"));
            }
            assertThat(present("lasting", 200)).as(policy).isEqualTo(200);
        }
    }

    @Test
    void volatile_ttl_removes_what_would_expire_soon() {
        limit("volatile-ttl");
        for (int i = 0; i < 100; i++) {
            node.run("SET", "late" + i, VALUE, "EX", "100000");
        }
        for (int i = 0; i < 3 * ROOM; i++) {
            node.run("SET", "soon" + i, VALUE, "EX", "10");
        }
        assertThat(present("late", 100)).isGreaterThanOrEqualTo(97);
    }

    @Test
    void a_volatile_policy_without_anything_that_expires_refuses() {
        limit("volatile-lru");
        fill("key", 2 * ROOM);
        assertThat(node.run("SET", "more", VALUE)).isEqualTo(new Reply.Error(CommandError.OUT_OF_MEMORY));
    }

    @Test
    void the_few_that_expire_are_found_among_many_that_do_not() {
        for (int i = 0; i < 10; i++) {
            node.run("SET", "expiring" + i, VALUE, "EX", "1000");
        }
        fill("lasting", 20 * ROOM);
        limit("volatile-lru");
        fill("more", 2 * ROOM);
        assertThat(present("expiring", 10)).isZero();
        assertThat(present("lasting", 20 * ROOM)).isEqualTo(20 * ROOM);
    }

    @Test
    void reading_does_not_save_what_is_least_recently_modified() {
        limit("allkeys-lrm");
        fill("read", 100);
        fill("written", 100);
        for (int i = 0; i < 5 * ROOM; i++) {
            node.run("GET", "read" + i % 100);
            node.run("SET", "written" + i % 100, VALUE);
            node.run("SET", "new" + i, VALUE);
        }
        assertThat(present("read", 100)).isZero();
        assertThat(present("written", 100)).isEqualTo(100);
    }

    @Test
    void the_policy_changes_while_the_node_runs() {
        limit("noeviction");
        fill("key", 2 * ROOM);
        for (String policy : List.of("allkeys-lru", "allkeys-random", "allkeys-lfu", "allkeys-lrm")) {
            assertThat(node.run("CONFIG", "SET", "maxmemory-policy", policy)).isEqualTo(new Reply.Simple("OK"));
            fill(policy, ROOM);
            assertThat(present(policy, ROOM)).as(policy).isGreaterThan(ROOM / 3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"allkeys-lru", "allkeys-lfu", "allkeys-lrm", "allkeys-random"})
    void the_limit_is_kept_whatever_is_stored(String policy) {
        limit(policy);
        Random random = new Random(policy.hashCode());
        for (int i = 0; i < 5 * ROOM; i++) {
            String key = "key" + random.nextInt(3 * ROOM);
            switch (random.nextInt(8)) {
                case 0 -> node.run("SET", key, "v".repeat(random.nextInt(300)));
                case 1 -> node.run("SET", key, VALUE, "EX", "100");
                case 2 -> node.run("HSET", "hash" + random.nextInt(50), key, VALUE);
                case 3 -> node.run("LPUSH", "list" + random.nextInt(50), VALUE);
                case 4 -> node.run("ZADD", "sorted" + random.nextInt(50), "1", key);
                case 5 -> node.run("DEL", key);
                case 6 -> node.run("INCR", "number" + random.nextInt(ROOM));
                default -> node.run("GET", key);
            }
            assertThat(node.engine().usedMemory()).isLessThan(node.engine().maxMemory() + 20_000);
        }
        assertThat(node.engine().stats().evicted).isPositive();
    }

    @Test
    void what_grows_by_very_much_at_once_is_refused_where_there_is_no_room() {
        node.run("SET", "bits", "x");
        node.run("CONFIG", "SET", "maxmemory-policy", "noeviction", "maxmemory", "3mb");
        for (String[] command : GROWING) {
            assertThat(node.run(command)).as(command[0]).isEqualTo(new Reply.Error(CommandError.OUT_OF_MEMORY));
        }
        assertThat(node.run("SETRANGE", "bits", "1500000", "x")).isEqualTo(new Reply.Int(1_500_001));
        assertThat(node.run("BITOP", "NOT", "to", "bits")).isEqualTo(new Reply.Error(CommandError.OUT_OF_MEMORY));
        assertThat(node.run("SETBIT", "bits", "11999999", "1")).isEqualTo(new Reply.Int(0));
        assertThat(node.run("STRLEN", "bits")).isEqualTo(new Reply.Int(1_500_001));
    }

    @Test
    void what_grows_by_very_much_at_once_makes_room_before() {
        node.run("CONFIG", "SET", "maxmemory-policy", "allkeys-lru", "maxmemory", "6mb");
        for (String[] command : GROWING) {
            node.run("FLUSHALL");
            node.advance(1000);
            for (int i = 0; i < 100; i++) {
                node.run("SETRANGE", "key" + i, "50000", "x");
            }
            node.run("SET", "bits", "x");
            assertThat(node.run(command)).as(command[0]).isNotInstanceOf(Reply.Error.class);
            assertThat(node.engine().usedMemory()).isLessThan(6_700_000);
            assertThat(((Reply.Int) node.run("STRLEN", "bits")).value()).isGreaterThan(4_000_000);
        }
    }

    /** Keys by Zipf's law, with a scan through keys that never come back: frequency tells more than recency. */
    @Test
    void hot_keys_outlive_a_scan() {
        Random random = new Random(1);
        assertThat(misses(i -> i % 3 == 0 ? 1_000_000 + i : zipf(random))).isLessThan(0.97);
    }

    /** A loop over more keys than there is room for: LRU has already dropped each when its turn comes. */
    @Test
    void a_loop_that_does_not_fit_hits_sometimes() {
        assertThat(misses(i -> i % (3 * ROOM / 2))).isLessThan(0.8);
    }

    /** A window that moves over the keys: nothing beats recency. */
    @Test
    void where_recency_is_everything_nothing_is_lost() {
        Random random = new Random(2);
        assertThat(misses(i -> i / 4 + random.nextInt(3 * ROOM / 2))).isLessThan(1.03);
    }

    @Test
    void frequencies_count_up_and_decay() {
        node.run("CONFIG", "SET", "maxmemory-policy", "allkeys-lfu", "lfu-log-factor", "0", "lfu-decay-time", "2");
        node.run("SET", "key", VALUE);
        assertThat(node.run("OBJECT", "FREQ", "key")).isEqualTo(new Reply.Int(5));
        for (int i = 0; i < 4; i++) {
            node.run("GET", "key");
        }
        assertThat(node.run("OBJECT", "FREQ", "key")).isEqualTo(new Reply.Int(9));
        node.advance(5 * 60_000);
        assertThat(node.run("OBJECT", "FREQ", "key")).isEqualTo(new Reply.Int(7));
        node.advance(60 * 60_000);
        assertThat(node.run("OBJECT", "FREQ", "key")).isEqualTo(new Reply.Int(0));
        node.run("GET", "key");
        assertThat(node.run("OBJECT", "FREQ", "key")).isEqualTo(new Reply.Int(6));
    }

    @Test
    void idle_time_is_that_since_the_last_use() {
        node.run("SET", "key", VALUE);
        node.run("SET", "other", VALUE);
        node.advance(90_000);
        node.run("GET", "other");
        node.advance(7_000);
        assertThat(node.run("OBJECT", "IDLETIME", "key")).isEqualTo(new Reply.Int(97));
        assertThat(node.run("OBJECT", "IDLETIME", "other")).isEqualTo(new Reply.Int(7));
        node.run("GET", "key");
        assertThat(node.run("OBJECT", "IDLETIME", "key")).isEqualTo(new Reply.Int(0));
        node.advance(30L * 24 * 3600 * 1000);
        assertThat(node.run("OBJECT", "IDLETIME", "key")).isEqualTo(new Reply.Int(30 * 24 * 3600));
    }

    /** The misses of a look-aside cache, as a share of those of an exact LRU with as many entries. */
    private double misses(IntUnaryOperator keys) {
        limit("allkeys-lru");
        int requests = 40 * ROOM;
        int[] trace = IntStream.range(0, requests).map(keys).toArray();
        int ours = 0;
        for (int key : trace) {
            if (!(node.run("GET", "key:" + key) instanceof Reply.Bulk)) {
                ours++;
                node.run("SET", "key:" + key, VALUE);
            }
        }
        int capacity = (int) node.engine().keyspace(0).size();
        Map<Integer, Boolean> lru = new LinkedHashMap<>(capacity, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Integer, Boolean> eldest) {
                return size() > capacity;
            }
        };
        int theirs = 0;
        for (int key : trace) {
            theirs += lru.put(key, true) == null ? 1 : 0;
        }
        return (double) ours / theirs;
    }

    private static int zipf(Random random) {
        return (int) Math.pow(10 * ROOM, random.nextDouble());
    }

    private void limit(String policy) {
        assertThat(node.engine().evictionPolicy(policy)).isTrue();
        node.engine().maxMemory(node.engine().usedMemory() + ROOM * 70);
    }

    private void fill(String prefix, int count) {
        for (int i = 0; i < count; i++) {
            node.run("SET", prefix + i, VALUE);
        }
    }

    private int present(String prefix, int count) {
        int present = 0;
        for (int i = 0; i < count; i++) {
            present +=
                    node.engine().keyspace(0).size() > 0 && node.run("GET", prefix + i) instanceof Reply.Bulk ? 1 : 0;
        }
        return present;
    }
}
