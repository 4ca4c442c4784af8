package dev.jackdaw.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A node that dies, stops or is cut off: its keys get errors, the others go on, nobody waits for ever. */
@Tag("oracle")
class DeadNodeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Cluster cluster;

    private void start(ProxySettings settings) {
        cluster = Cluster.start(settings);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void keys_of_a_node_that_is_gone_are_refused_and_others_served_until_it_is_back() {
        start(new ProxySettings());
        String gone = cluster.key(1, 1);
        String other = cluster.key(2, 1);
        try (RespConnection client = cluster.connect()) {
            client.ask("MSET", gone, "1", other, "2");
            cluster.relays().get(1).shut();
            await().atMost(PATIENCE).until(() -> client.ask("GET", gone) instanceof Reply.Error);

            assertThat(client.ask("GET", gone)).isEqualTo(unreachable(1));
            assertThat(client.ask("GET", other)).isEqualTo(new Reply.Bulk("2"));
            assertThat(client.ask("MGET", gone, other)).isInstanceOf(Reply.Error.class);
            assertThat(client.ask("DBSIZE")).isInstanceOf(Reply.Error.class);
            assertThat(client.ask("PING")).isEqualTo(new Reply.Simple("PONG"));
            assertThat(((Reply.Bulk) client.ask("INFO", "nodes")).text()).contains("state=unreachable", "state=up");

            cluster.relays().get(1).reopen();
            await().atMost(PATIENCE).until(() -> client.ask("GET", gone).equals(new Reply.Bulk("1")));
            assertThat(client.ask("MGET", gone, other))
                    .isEqualTo(new Reply.Array(List.of(new Reply.Bulk("1"), new Reply.Bulk("2"))));
        }
    }

    @Test
    void requests_in_flight_get_an_error_when_the_connection_breaks() throws InterruptedException {
        start(new ProxySettings());
        String slow = cluster.key(0, 1);
        String other = cluster.key(1, 1);
        try (RespConnection client = cluster.connect()) {
            client.ask("MSET", slow, "1", other, "2");
            cluster.relays().get(0).freeze();
            client.send("INCR", slow);
            client.send("GET", other);
            client.send("GET", slow);
            cluster.relays().get(0).awaitHeld("INCR");
            cluster.relays().get(0).cut();
            assertThat(client.read()).isEqualTo(lost(0));
            assertThat(client.read()).isEqualTo(new Reply.Bulk("2"));
            assertThat(client.read()).isInstanceOf(Reply.Error.class);
            cluster.relays().get(0).thaw();
        }
    }

    private Reply lost(int node) {
        return new Reply.Error("ERR connection to node 127.0.0.1:"
                + cluster.relays().get(node).port() + " was lost before its reply; the command may have run");
    }

    @Test
    void a_node_that_stops_answers_nobody_for_ever() throws IOException, InterruptedException {
        start(new ProxySettings().impatient());
        String stopped = cluster.key(2, 1);
        String other = cluster.key(0, 1);
        try (RespConnection client = cluster.connect()) {
            client.ask("SET", other, "2");
            signal(2, "STOP");
            client.send("SET", stopped, "1");
            client.send("GET", other);
            // The proxy may have noticed by itself before it was asked.
            assertThat(client.read()).isIn(lost(2), unreachable(2));
            assertThat(client.read()).isEqualTo(new Reply.Bulk("2"));
            assertThat(client.ask("GET", stopped)).isInstanceOf(Reply.Error.class);
            assertThat(client.ask("GET", other)).isEqualTo(new Reply.Bulk("2"));
            signal(2, "CONT");
            await().atMost(PATIENCE).until(() -> client.ask("SET", stopped, "3").equals(new Reply.Simple("OK")));
        }
    }

    private Reply unreachable(int node) {
        return new Reply.Error(
                "ERR node 127.0.0.1:" + cluster.relays().get(node).port() + " is not reachable");
    }

    private void signal(int node, String name) throws IOException, InterruptedException {
        long pid = cluster.pid(node);
        assertThat(new ProcessBuilder("kill", "-" + name, "" + pid).start().waitFor())
                .isZero();
    }

    @Test
    void a_silent_idle_connection_is_found_out() {
        start(new ProxySettings().impatient());
        String key = cluster.key(1, 1);
        try (RespConnection client = cluster.connect()) {
            client.ask("SET", key, "1");
            cluster.relays().get(1).freeze();
            await().atMost(PATIENCE).until(() -> {
                String info = ((Reply.Bulk) client.ask("INFO", "nodes")).text();
                return info.contains("state=unreachable");
            });
            cluster.relays().get(1).thaw();
            await().atMost(PATIENCE).until(() -> client.ask("GET", key).equals(new Reply.Bulk("1")));
        }
    }

    @Test
    void cuts_at_random_never_shift_a_reply() throws Exception {
        start(new ProxySettings());
        AtomicBoolean over = new AtomicBoolean();
        List<Callable<Integer>> clients = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int id = i;
            clients.add(() -> pipelines(id, over));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> running = new ArrayList<>();
            clients.forEach(client -> running.add(threads.submit(client)));
            try {
                cutAtRandom();
            } finally {
                over.set(true);
            }
            int good = 0;
            for (Future<Integer> client : running) {
                good += client.get();
            }
            assertThat(good).isPositive();
        }
    }

    private void cutAtRandom() {
        Random random = new Random(3);
        for (int cut = 0; cut < 40; cut++) {
            cluster.relays().get(random.nextInt(3)).cut();
            try (RespConnection client = cluster.connect()) {
                await().pollInterval(Duration.ofMillis(5))
                        .atMost(PATIENCE)
                        .until(() -> client.ask("DBSIZE") instanceof Reply.Int);
            }
        }
    }

    /** Every reply is the request's own, or an error; returns how many were good. */
    private int pipelines(int id, AtomicBoolean over) {
        int good = 0;
        try (RespConnection client = cluster.connect()) {
            for (int round = 0; !over.get(); round++) {
                for (int n = 0; n < 20; n++) {
                    client.send("SET", id + ":" + n, id + "/" + n + "/" + round, "GET");
                    client.send("ECHO", id + "." + n);
                }
                for (int n = 0; n < 20; n++) {
                    Reply old = client.read();
                    if (old instanceof Reply.Bulk bulk) {
                        assertThat(bulk.text()).startsWith(id + "/" + n + "/");
                        good++;
                    } else {
                        assertThat(old).isNotInstanceOf(Reply.Simple.class);
                    }
                    assertThat(client.read()).isEqualTo(new Reply.Bulk(id + "." + n));
                }
            }
        }
        return good;
    }
}
