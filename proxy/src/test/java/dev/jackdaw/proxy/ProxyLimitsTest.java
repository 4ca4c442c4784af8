package dev.jackdaw.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jackdaw.protocol.oracle.RawClient;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Passwords, too many clients, clients that do not read. */
@Tag("oracle")
class ProxyLimitsTest {
    private static final Reply NO_AUTH = new Reply.Error("NOAUTH Authentication required.");

    @Test
    void who_gives_no_password_gets_nothing() {
        try (Cluster cluster = Cluster.start(new ProxySettings().password("se cret"));
                RespConnection client = cluster.connect()) {
            assertThat(client.ask("PING")).isEqualTo(NO_AUTH);
            assertThat(client.ask("GET", "a")).isEqualTo(NO_AUTH);
            assertThat(client.ask("NOSUCH")).isNotEqualTo(NO_AUTH);
            assertThat(client.ask("HELLO", "3").toString()).contains("NOAUTH HELLO must be called");
            assertThat(client.ask("AUTH", "wrong").toString()).contains("WRONGPASS");
            assertThat(client.ask("AUTH", "").toString()).contains("WRONGPASS");
            assertThat(client.ask("HELLO", "3", "AUTH", "default", "se cret")).isInstanceOf(Reply.Map.class);
            assertThat(client.ask("GET", "a")).isEqualTo(Reply.Null.ANY);
            assertThat(client.ask("RESET")).isEqualTo(new Reply.Simple("RESET"));
            assertThat(client.ask("GET", "a")).isEqualTo(NO_AUTH);
            assertThat(client.ask("AUTH", "se cret")).isEqualTo(new Reply.Simple("OK"));
            assertThat(client.ask("GET", "a")).isEqualTo(Reply.Null.BULK);
        }
    }

    @Test
    void what_reports_on_one_node_is_refused() {
        try (Cluster cluster = Cluster.start();
                RespConnection client = cluster.connect()) {
            for (String command : List.of(
                    "MONITOR",
                    "LATENCY LATEST",
                    "MEMORY STATS",
                    "ACL LOG",
                    "SSUBSCRIBE a",
                    "SYNC",
                    "REPLCONF capa eof")) {
                assertThat(client.ask(command.split(" ")).toString()).contains("is not supported through the proxy");
            }
            assertThat(client.ask("PING")).isEqualTo(new Reply.Simple("PONG"));
        }
    }

    @Test
    void who_gives_no_password_has_narrow_limits() {
        try (Cluster cluster = Cluster.start(new ProxySettings().password("secret"))) {
            try (RawClient client = new RawClient(cluster.port())) {
                client.send("*1\r\n$16385\r\n");
                assertThat(client.receiveToEnd()).isEqualTo("-ERR Protocol error: unauthenticated bulk length\r\n");
            }
            try (RawClient client = new RawClient(cluster.port())) {
                client.send("*11\r\n");
                assertThat(client.receiveToEnd())
                        .isEqualTo("-ERR Protocol error: unauthenticated multibulk length\r\n");
            }
            try (RawClient client = new RawClient(cluster.port())) {
                client.send("PING\r\n".repeat(5000));
                assertThat(client.receiveToEnd().length()).isLessThan(64 << 10);
            }
        }
    }

    @Test
    void a_guesser_waits_and_is_sent_away() {
        try (Cluster cluster = Cluster.start(new ProxySettings().password("secret"))) {
            long began = System.nanoTime();
            try (RawClient guesser = new RawClient(cluster.port())) {
                guesser.send("AUTH guess\r\n".repeat(12));
                assertThat(guesser.receiveToEnd().split("WRONGPASS", -1)).hasSize(11);
            }
            assertThat(System.nanoTime() - began).isGreaterThan(3_000_000_000L);
            try (RespConnection later = cluster.connect()) {
                assertThat(later.ask("AUTH", "secret")).isEqualTo(new Reply.Simple("OK"));
            }
        }
    }

    @Test
    void idle_clients_are_closed_but_not_listeners() {
        try (Cluster cluster = Cluster.start(new ProxySettings().timeoutSeconds(3));
                RespConnection listener = cluster.connect();
                RawClient idle = new RawClient(cluster.port())) {
            listener.ask("SUBSCRIBE", "news");
            idle.send("PING\r\n");
            assertThat(idle.receiveToEnd()).isEqualTo("+PONG\r\n");
            assertThat(listener.ask("PING").toString()).contains("pong");
        }
    }

    @Test
    void one_client_too_many_is_told_so() {
        try (Cluster cluster = Cluster.start(new ProxySettings().maxClients(3));
                RespConnection first = cluster.connect();
                RespConnection second = cluster.connect()) {
            RespConnection third = cluster.connect();
            for (RespConnection client : List.of(first, second, third)) {
                assertThat(client.ask("PING")).isEqualTo(new Reply.Simple("PONG"));
            }
            try (RawClient fourth = new RawClient(cluster.port())) {
                assertThat(fourth.receiveToEnd()).isEqualTo("-ERR max number of clients reached\r\n");
            }
            third.close();
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                try (RespConnection next = cluster.connect()) {
                    return next.ask("PING").equals(new Reply.Simple("PONG"));
                }
            });
        }
    }

    @Test
    void who_does_not_read_neither_fills_the_memory_nor_delays_others() {
        try (Cluster cluster = Cluster.start();
                RespConnection other = cluster.connect()) {
            String value = "x".repeat(100_000);
            String key = cluster.key(0, 1);
            other.ask("SET", key, value);
            List<RawClient> greedy = new ArrayList<>();
            List<Thread> senders = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                RawClient client = new RawClient(cluster.port());
                greedy.add(client);
                senders.add(Thread.ofVirtual().start(() -> client.send(("GET " + key + "\r\n").repeat(100_000))));
            }
            for (int i = 0; i < 500; i++) {
                assertThat(other.ask("GET", key)).isEqualTo(new Reply.Bulk(value));
            }
            // Forty gigabytes are asked for; what waits is bounded, and so are the requests that nodes were sent.
            String info = ((Reply.Bulk) other.ask("INFO", "stats")).text();
            assertThat(commands(info)).isLessThan(60_000);
            greedy.forEach(RawClient::close);
            assertThat(other.ask("GET", key)).isEqualTo(new Reply.Bulk(value));
            senders.forEach(Thread::interrupt);
        }
    }

    private static long commands(String info) {
        return info.lines()
                .filter(line -> line.startsWith("total_commands_processed:"))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
                .sum();
    }
}
