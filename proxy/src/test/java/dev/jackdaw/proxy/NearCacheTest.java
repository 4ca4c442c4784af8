package dev.jackdaw.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.proxy.near.NearCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The near cache answers hot reads, and never with what it should not. */
@Tag("oracle")
@ParameterizedClass
@EnumSource(Cluster.Nodes.class)
class NearCacheTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(NearCache.FRESH_MILLIS);
    private static final int KEYS = 6;

    private final Cluster.Nodes nodes;
    private Cluster cluster;

    NearCacheTest(Cluster.Nodes nodes) {
        this.nodes = nodes;
    }

    @BeforeEach
    void start() {
        start(new ProxySettings());
    }

    private void start(ProxySettings settings) {
        cluster = Cluster.start(nodes, settings.nearCacheBytes(1 << 20));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void hot_keys_are_answered_without_their_node_in_both_protocols() {
        try (RespConnection client = cluster.connect();
                RespConnection resp3 = cluster.connect()) {
            resp3.ask("HELLO", "3");
            client.ask("SET", "hot", "value");
            heat(client, "hot");
            heat(client, "nosuch");
            assertThat(resp3.ask("GET", "hot")).isEqualTo(new Reply.Bulk("value"));
            assertThat(client.ask("GET", "nosuch")).isEqualTo(Reply.Null.BULK);
            assertThat(resp3.ask("GET", "nosuch")).isEqualTo(Reply.Null.ANY);
            client.ask("SELECT", "1");
            assertThat(client.ask("GET", "hot")).isEqualTo(Reply.Null.BULK);
        }
    }

    /** Reads until the near cache answers. */
    private static void heat(RespConnection client, String key) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> {
            long before = hits(client);
            client.ask("GET", key);
            return hits(client) > before;
        });
    }

    private static long hits(RespConnection client) {
        String info = ((Reply.Bulk) client.ask("INFO", "stats")).text();
        int at = info.indexOf("near_hits:") + "near_hits:".length();
        return Long.parseLong(info.substring(at, info.indexOf('\r', at)));
    }

    @Test
    void every_kind_of_write_is_seen_at_once_through_the_proxy() {
        String[][] writes = {
            {"SET", "hot", "1"},
            {"APPEND", "hot", "x"},
            {"MSET", "other", "1", "hot", "2", "third", "3"},
            {"DEL", "other", "hot", "third"},
            {"SETRANGE", "hot", "2", "abc"},
            {"GETDEL", "hot"},
            {"MSETEX", "2", "hot", "1", "{hot}2", "2", "EX", "60"},
            {"DELEX", "hot", "IFEQ", "1"},
            {"MSET", "hot", "3", "a", "1", "b", "1"},
            {"FLUSHALL"},
            {"SET", "hot", "4"},
            {"SET", "{hot}2", "5"},
            {"RENAME", "{hot}2", "hot"},
            {"SWAPDB", "0", "1"},
            {"SET", "hot", "6", "PX", "60000"},
            {"SET", "hot", "7"},
            {"FLUSHDB"}
        };
        try (RespConnection client = cluster.connect();
                RespConnection reader = cluster.connect();
                RespConnection uncached = cluster.connect()) {
            client.ask("SET", "hot", "0");
            for (String[] write : writes) {
                heat(client, "hot");
                client.send(write);
                client.send("GET", "hot");
                client.read();
                Reply now = client.read();
                assertThat(now).as("%s", List.of(write)).isEqualTo(fromNode(uncached));
                assertThat(reader.ask("GET", "hot")).as("%s", List.of(write)).isEqualTo(fromNode(uncached));
            }
        }
    }

    /** MGET is never answered from near. */
    private static Reply fromNode(RespConnection client) {
        return ((Reply.Array) client.ask("MGET", "hot")).elements().getFirst();
    }

    @Test
    void a_value_is_gone_when_its_time_to_live_is_over() {
        try (RespConnection client = cluster.connect()) {
            for (int i = 0; i < 5; i++) {
                client.ask("SET", "hot", "value", "PX", "300");
                String key = "hot";
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> {
                    Reply left = client.ask("PTTL", key);
                    Reply value = client.ask("GET", key);
                    boolean over = ((Reply.Int) left).value() < 0;
                    assertThat(over && value instanceof Reply.Bulk).isFalse();
                    return over;
                });
            }
        }
    }

    @Test
    void a_node_whose_connection_is_silent_is_asked_itself() {
        stop();
        start(new ProxySettings().impatient());
        String key = cluster.key(1, 1);
        try (RespConnection client = cluster.connect();
                RespConnection direct = cluster.connectToNode(1)) {
            client.ask("SET", key, "old");
            heat(client, key);
            cluster.relays().get(1).freeze();
            direct.ask("SET", key, "new");
            long frozen = System.nanoTime();
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> {
                long asked = System.nanoTime();
                boolean isOld = client.ask("GET", key).equals(new Reply.Bulk("old"));
                assertThat(isOld && asked - frozen > FRESH_NANOS).isFalse();
                return !isOld;
            });
            cluster.relays().get(1).thaw();
            await().atMost(PATIENCE).until(() -> client.ask("GET", key).equals(new Reply.Bulk("new")));
        }
    }

    /**
     * Writers raise numbers, each its own key, through proxies and past them; readers at all proxies, while connections are cut. A
     * writer reads what it has written through its proxy, at once; nobody reads what was outdated 250 ms before the question.
     */
    @Test
    void nobody_reads_what_is_outdated() throws Exception {
        cluster.addProxy();
        History[] histories = new History[KEYS];
        for (int i = 0; i < KEYS; i++) {
            histories[i] = new History();
        }
        AtomicBoolean over = new AtomicBoolean();
        List<Callable<Long>> tasks = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            int key = i;
            tasks.add(() -> write(key, histories[key], over));
        }
        for (int i = 0; i < 6; i++) {
            int reader = i;
            tasks.add(() -> read(reader, histories, over));
        }
        long hits;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                RespConnection client = cluster.connect()) {
            List<Future<Long>> running = new ArrayList<>();
            tasks.forEach(task -> running.add(threads.submit(task)));
            try {
                cutAtRandom();
            } finally {
                over.set(true);
            }
            for (Future<Long> task : running) {
                assertThat(task.get()).isPositive();
            }
            hits = hits(client);
        }
        assertThat(hits).isPositive();
    }

    private void cutAtRandom() {
        Random random = new Random(11);
        long end = System.nanoTime() + Duration.ofSeconds(8).toNanos();
        while (System.nanoTime() < end) {
            cluster.relays().get(random.nextInt(3)).cut();
            long next = System.nanoTime()
                    + Duration.ofMillis(100 + random.nextInt(300)).toNanos();
            await().pollInterval(Duration.ofMillis(10)).atMost(PATIENCE).until(() -> System.nanoTime() > next);
        }
    }

    /** Owned by one writer, read by all: when which number was known to be replaced by the next. */
    private static final class History {
        private final AtomicLongArray replacedAt = new AtomicLongArray(1 << 20);

        void replaced(long number) {
            replacedAt.set((int) number, System.nanoTime());
        }

        /** Whether the number was replaced more than the allowed time before {@code asked}. */
        boolean isOutdated(long number, long asked) {
            long at = replacedAt.get((int) number);
            return at != 0 && asked - at > FRESH_NANOS;
        }
    }

    private long write(int key, History history, AtomicBoolean over) {
        Random random = new Random(key);
        long number = 0;
        try (RespConnection client = cluster.connect(key % 2);
                RespConnection same = cluster.connect(key % 2)) {
            while (!over.get()) {
                Reply reply = client.ask("SET", "n" + key, "" + (number + 1));
                if (!reply.equals(new Reply.Simple("OK"))) {
                    // It may have been written or not: whoever reads either is right.
                    continue;
                }
                number++;
                history.replaced(number - 1);
                for (int i = 0; i < random.nextInt(200); i++) {
                    Reply mine = (i % 2 == 0 ? client : same).ask("GET", "n" + key);
                    if (mine instanceof Reply.Bulk bulk) {
                        assertThat(Long.parseLong(bulk.text())).isEqualTo(number);
                    }
                }
            }
        }
        return number;
    }

    private long read(int reader, History[] histories, AtomicBoolean over) {
        Random random = new Random(100 + reader);
        long reads = 0;
        try (RespConnection client = cluster.connect(reader % 2)) {
            while (!over.get()) {
                int key = random.nextInt(KEYS);
                long asked = System.nanoTime();
                Reply reply = client.ask("GET", "n" + key);
                if (reply instanceof Reply.Bulk bulk) {
                    reads++;
                    assertThat(histories[key].isOutdated(Long.parseLong(bulk.text()), asked))
                            .isFalse();
                }
            }
        }
        return reads;
    }
}
