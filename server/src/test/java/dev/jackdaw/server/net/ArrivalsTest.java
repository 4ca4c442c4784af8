package dev.jackdaw.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.oracle.RawClient;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Short requests of many clients that the node finds at once, among enough keys that it fetches ahead. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArrivalsTest {
    private static final int KEYS = 30_000;
    /** More than run at once. */
    private static final int CLIENTS = 150;

    private RunningNode node;
    private RespConnection other;

    @BeforeAll
    void start() {
        node = populated();
        other = node.connect();
    }

    static RunningNode populated() {
        RunningNode populated = RunningNode.with("--enable-debug-command", "yes");
        try (RespConnection client = populated.connect()) {
            client.ask("DEBUG", "POPULATE", Integer.toString(KEYS));
        }
        return populated;
    }

    @AfterAll
    void stop() {
        other.close();
        node.close();
    }

    private static String request(String... words) {
        StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            request.append('$')
                    .append(word.length())
                    .append("\r\n")
                    .append(word)
                    .append("\r\n");
        }
        return request.toString();
    }

    /** Keeps the node busy while things are sent to it, so that it finds them together. */
    private void together(Runnable sends) {
        try (RawClient sleeper = node.raw()) {
            sleeper.send(request("PING") + request("DEBUG", "SLEEP", "0.2"));
            assertThat(sleeper.receive(7)).isEqualTo("+PONG\r\n");
            sends.run();
            assertThat(sleeper.receive(5)).isEqualTo("+OK\r\n");
        }
    }

    @Test
    void each_client_gets_its_own_reply() {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(node.raw());
        }

        together(() -> {
            for (int i = 0; i < CLIENTS; i++) {
                String get = request("GET", "key:" + i);
                boolean isLong = i % 10 == 0;
                clients.get(i).send(isLong ? get.repeat(20) : get);
            }
        });

        for (int i = 0; i < CLIENTS; i++) {
            String value = "value:" + i;
            String reply = "$" + value.length() + "\r\n" + value + "\r\n";
            String expected = i % 10 == 0 ? reply.repeat(20) : reply;
            assertThat(clients.get(i).receive(expected.length())).isEqualTo(expected);
            clients.get(i).close();
        }
    }

    @Test
    void requests_of_a_client_run_in_its_order() {
        try (RawClient client = node.raw();
                RawClient crowd = node.raw()) {
            together(() -> {
                crowd.send(request("GET", "key:1"));
                client.send(request("SET", "order", "1") + request("APPEND", "order", "2") + "GET or");
            });
            client.send("der\r\n");

            assertThat(client.receive(5 + 4 + 8)).isEqualTo("+OK\r\n:2\r\n$2\r\n12\r\n");
            assertThat(crowd.receive(13)).isEqualTo("$7\r\nvalue:1\r\n");
        }
    }

    @Test
    void what_a_client_sent_before_it_left_has_run() {
        RawClient closing = node.raw();
        try (RawClient leaving = node.raw();
                RawClient crowd = node.raw()) {
            together(() -> {
                crowd.send(request("GET", "key:1"));
                leaving.send(request("SET", "left", "1"));
                leaving.endOutput();
                closing.send(request("SET", "closed", "1"));
                closing.close();
            });

            assertThat(leaving.receiveToEnd()).isEqualTo("+OK\r\n");
            assertThat(crowd.receive(13)).isEqualTo("$7\r\nvalue:1\r\n");
            assertThat(other.ask("EXISTS", "left", "closed")).isEqualTo(new Reply.Int(2));
        }
    }

    @Test
    void one_that_waits_holds_up_nobody() {
        try (RawClient waiting = node.raw();
                RawClient pushing = node.raw()) {
            together(() -> {
                waiting.send(request("BLPOP", "queue", "0") + request("GET", "key:1"));
                pushing.send(request("RPUSH", "queue", "x"));
            });

            assertThat(pushing.receive(4)).isEqualTo(":1\r\n");
            assertThat(waiting.receive(22 + 13)).isEqualTo("*2\r\n$5\r\nqueue\r\n$1\r\nx\r\n$7\r\nvalue:1\r\n");
        }
    }

    @Test
    void what_is_no_request_ends_its_own_connection() {
        try (RawClient bad = node.raw();
                RawClient crowd = node.raw()) {
            together(() -> {
                bad.send("*1\r\n$abc\r\n");
                crowd.send(request("GET", "key:1"));
            });

            assertThat(bad.receiveToEnd()).isEqualTo("-ERR Protocol error: invalid bulk length\r\n");
            assertThat(crowd.receive(13)).isEqualTo("$7\r\nvalue:1\r\n");
        }
    }
}
