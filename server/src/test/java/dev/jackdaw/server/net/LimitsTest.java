package dev.jackdaw.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.oracle.RawClient;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What clients may not do to a node: be too many, stay unknown, stay idle, send too much, read too little. */
class LimitsTest {
    private static final Reply PONG = new Reply.Simple("PONG");
    private static final int KILOBYTE = 1 << 10;
    private static final int MEGABYTE = 1 << 20;

    @Test
    void no_argument_is_longer_than_an_entry_can_have() {
        try (RunningNode node = RunningNode.with("--proto-max-bulk-len", "2gb");
                RawClient client = node.raw()) {
            client.send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$" + (1 << 30) + "\r\n");
            assertThat(client.receiveToEnd()).isEqualTo("-ERR Protocol error: invalid bulk length\r\n");
        }
    }

    @Test
    void one_client_too_many_is_refused_with_a_word() {
        try (RunningNode node = RunningNode.with("--maxclients", "2");
                RespConnection first = node.connect();
                RespConnection second = node.connect()) {
            first.ask("PING");
            second.ask("PING");
            try (RawClient third = node.raw()) {
                assertThat(third.receiveToEnd()).isEqualTo("-ERR max number of clients reached\r\n");
            }
            assertThat(info(first, "rejected_connections")).isEqualTo(1);
            second.ask("QUIT");
            await().until(() -> info(first, "connected_clients") == 1);
            try (RespConnection fourth = node.connect()) {
                assertThat(fourth.ask("PING")).isEqualTo(PONG);
            }
        }
    }

    @Test
    void strangers_have_ten_seconds() {
        try (RunningNode node = RunningNode.with("--requirepass", "s3cret");
                RespConnection known = node.connect();
                RawClient silent = node.raw();
                RawClient dripping = node.raw()) {
            known.ask("AUTH", "s3cret");
            dripping.send("*2\r\n$4\r\nAUTH\r\n$6\r\ns3");
            known.ask("PING");
            node.advance(10_000);
            assertThat(silent.receiveToEnd()).isEmpty();
            assertThat(dripping.receiveToEnd()).isEmpty();
            assertThat(known.ask("PING")).isEqualTo(PONG);
        }
    }

    @Test
    void strangers_get_narrow_limits() {
        try (RunningNode node = RunningNode.with("--requirepass", "s3cret")) {
            assertThat(answer(node, "*1\r\n$16385\r\n"))
                    .isEqualTo("-ERR Protocol error: unauthenticated bulk length\r\n");
            assertThat(answer(node, "*11\r\n")).isEqualTo("-ERR Protocol error: unauthenticated multibulk length\r\n");
            assertThat(answer(node, "PING\r\nAUTH wrong\r\nQUIT\r\n"))
                    .isEqualTo("-" + CommandError.NO_AUTH + "\r\n-" + CommandError.WRONG_PASSWORD + "\r\n+OK\r\n");
            assertThat(answer(node, "PING\r\n".repeat(2_000)).length()).isLessThan(20_000);
            assertThat(answer(node, "AUTH s3cret\r\n" + "PING\r\n".repeat(2_000) + "QUIT\r\n"))
                    .isEqualTo("+OK\r\n" + "+PONG\r\n".repeat(2_000) + "+OK\r\n");
        }
    }

    @Test
    void a_guesser_waits_and_is_sent_away() {
        try (RunningNode node = RunningNode.atRest("--requirepass", "s3cret");
                RespConnection known = node.connect();
                RawClient guesser = node.raw()) {
            known.ask("AUTH", "s3cret");
            String refusal = "-" + CommandError.WRONG_PASSWORD + "\r\n";
            guesser.send("AUTH wrong\r\n".repeat(20));
            assertThat(guesser.receive(4 * refusal.length())).isEqualTo(refusal.repeat(4));
            for (int i = 5; i <= 10; i++) {
                assertThat(info(known, "cmdstat_auth:calls", "commandstats")).isEqualTo(i);
                node.advance(100L << (i - 5));
                assertThat(guesser.receive(refusal.length())).isEqualTo(refusal);
            }
            assertThat(guesser.receiveToEnd()).isEmpty();
        }
    }

    @Test
    void idle_clients_are_closed_but_not_listeners() {
        try (RunningNode node = RunningNode.with("--timeout", "30");
                RawClient idle = node.raw();
                RespConnection listener = node.connect()) {
            idle.send("PING\r\n");
            assertThat(idle.receive(7)).isEqualTo("+PONG\r\n");
            listener.ask("SUBSCRIBE", "news");
            node.advance(40_000);
            assertThat(idle.receiveToEnd()).isEmpty();
            assertThat(listener.ask("PING")).isInstanceOf(Reply.Array.class);
        }
    }

    @Test
    void a_request_that_outgrows_the_query_buffer_ends_the_connection() {
        try (RunningNode node = RunningNode.with("--client-query-buffer-limit", "1mb");
                RespConnection other = node.connect();
                RawClient client = node.raw()) {
            client.send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$" + 4 * MEGABYTE + "\r\n");
            for (int i = 0; i < 8 && client.send("x".repeat(MEGABYTE / 2)); i++) {
                other.ask("PING");
            }
            assertThat(client.receiveToEnd()).isEmpty();
            assertThat(info(other, "client_query_buffer_limit_disconnections")).isEqualTo(1);
            await().until(() -> info(other, "used_memory") < 200_000);
        }
    }

    @Test
    void a_smaller_limit_for_arguments_holds_at_once() {
        try (RunningNode node = RunningNode.with();
                RespConnection client = node.connect()) {
            client.ask("CONFIG", "SET", "proto-max-bulk-len", "1mb");
            assertThat(client.ask("SET", "k", "x".repeat(MEGABYTE))).isEqualTo(new Reply.Simple("OK"));
            client.send(("*2\r\n$4\r\nECHO\r\n$" + (MEGABYTE + 1) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            assertThat(client.read()).isEqualTo(new Reply.Error("ERR Protocol error: invalid bulk length"));
        }
    }

    @Test
    void a_listener_that_does_not_read_is_closed() {
        try (RunningNode node = RunningNode.with("--client-output-buffer-limit", "pubsub", "1mb", "0", "0");
                RespConnection publisher = node.connect();
                RawClient listener = node.raw()) {
            listener.send("SUBSCRIBE news\r\n");
            listener.receive("*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n".length());
            String message = "x".repeat(500 * KILOBYTE);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> publisher.ask("PUBLISH", "news", message).equals(new Reply.Int(0)));
            assertThat(info(publisher, "client_output_buffer_limit_disconnections"))
                    .isEqualTo(1);
            assertThat(listener.receiveToEnd().length()).isLessThan(20 * MEGABYTE);
            await().until(() -> info(publisher, "used_memory") < 400_000);
        }
    }

    @Test
    void the_soft_limit_gives_a_listener_some_time() {
        try (RunningNode node = RunningNode.with("--client-output-buffer-limit", "pubsub", "0", "1mb", "20");
                RespConnection publisher = node.connect();
                RawClient listener = node.raw()) {
            listener.send("SUBSCRIBE news\r\n");
            listener.receive("*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n".length());
            String message = "x".repeat(MEGABYTE);
            for (int i = 0; i < 20; i++) {
                assertThat(publisher.ask("PUBLISH", "news", message)).isEqualTo(new Reply.Int(1));
            }
            node.advance(10_000);
            assertThat(publisher.ask("PUBLISH", "news", message)).isEqualTo(new Reply.Int(1));
            node.advance(15_000);
            await().until(() -> info(publisher, "client_output_buffer_limit_disconnections") == 1);
        }
    }

    @Test
    void one_reply_over_the_hard_limit_of_normal_clients_is_not_sent() {
        try (RunningNode node = RunningNode.with("--client-output-buffer-limit", "normal", "1mb", "0", "0");
                RespConnection client = node.connect()) {
            client.ask("SET", "k", "x".repeat(30 * MEGABYTE));
            assertThatThrownBy(() -> client.ask("GET", "k")).isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void a_slow_reader_holds_up_nobody_and_gets_everything() {
        try (RunningNode node = RunningNode.with();
                RespConnection other = node.connect();
                RawClient slow = node.raw()) {
            String value = "x".repeat(MEGABYTE);
            other.ask("SET", "k", value);
            slow.send("GET k\r\n".repeat(100) + "QUIT\r\n");
            for (int i = 0; i < 100; i++) {
                assertThat(other.ask("PING")).isEqualTo(PONG);
            }
            assertThat(info(other, "used_memory")).isLessThan(6 * MEGABYTE);
            String replies = slow.receiveToEnd();
            assertThat(replies.length()).isEqualTo(100 * ("$1048576\r\n".length() + MEGABYTE + 2) + "+OK\r\n".length());
        }
    }

    @Test
    void memory_of_connections_comes_back() {
        try (RunningNode node = RunningNode.with();
                RespConnection client = node.connect()) {
            long before = info(client, "used_memory");
            for (int i = 0; i < 50; i++) {
                try (RawClient other = node.raw()) {
                    other.send("*2\r\n$4\r\nECHO\r\n$500000\r\n" + "x".repeat(100_000));
                }
            }
            await().until(() -> info(client, "connected_clients") == 1);
            await().untilAsserted(
                            () -> assertThat(info(client, "used_memory")).isBetween(before - 10_000, before + 10_000));
        }
    }

    @Test
    void shutdown_ends_the_node_and_with_it_every_client() throws InterruptedException {
        RawClient client;
        try (RunningNode node = RunningNode.with();
                RespConnection other = node.connect()) {
            client = node.raw();
            other.ask("PING");
            other.send("SHUTDOWN", "NOSAVE");
            node.awaitStop();
        }
        assertThat(client.receiveToEnd()).isEmpty();
        client.close();
    }

    @Test
    void addresses_are_shown_as_redis_shows_them() {
        try (RunningNode node = RunningNode.with("--bind", "127.0.0.1", "-::1");
                RespConnection client = node.connect()) {
            String line = ((Reply.Bulk) client.ask("CLIENT", "INFO")).text();
            assertThat(line).contains(" addr=127.0.0.1:", " laddr=127.0.0.1:" + node.port() + " ");
        }
    }

    private static String answer(RunningNode node, String input) {
        try (RawClient client = node.raw()) {
            client.send(input);
            return client.receiveToEnd();
        }
    }

    private static long info(RespConnection client, String field) {
        return info(client, field, "all");
    }

    private static long info(RespConnection client, String field, String section) {
        String text = ((Reply.Bulk) client.ask("INFO", section)).text();
        List<String> lines = text.lines().filter(line -> line.startsWith(field)).toList();
        return lines.isEmpty() ? 0 : Long.parseLong(lines.getFirst().replaceFirst("^[^0-9]*([0-9]+).*", "$1"));
    }
}
