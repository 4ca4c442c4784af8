package dev.jackdaw.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.oracle.RawClient;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bytes that are no commands, or odd ones, on a socket: whole and cut at every byte, in both protocols, behind a good
 * command and before one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FramingTest {
    private static final String PING = "*1\r\n$4\r\nPING\r\n";
    private static final String PONG = "+PONG\r\n";
    private static final int MOST_CUTS = 120;

    private RunningNode node;
    private RespConnection other;

    @BeforeAll
    void start() {
        node = startNode();
        other = node.connect();
    }

    RunningNode startNode() {
        return RunningNode.with();
    }

    RawClient connectTo(RunningNode running) {
        return running.raw();
    }

    /** At how many places an input is cut, at most. */
    int mostCuts() {
        return MOST_CUTS;
    }

    @AfterAll
    void stop() {
        other.close();
        node.close();
    }

    @Test
    void what_is_no_array_ends_the_connection() {
        for (String header : List.of("2147483648", "3000000000", "abc", "", "+1", "01", " 1")) {
            ends("*" + header + "\r\n", "-ERR Protocol error: invalid multibulk length\r\n");
        }
        ends("*" + "1".repeat(70_000), "-ERR Protocol error: too big mbulk count string\r\n");
        ends("*\0" + "x".repeat(70_000), "-ERR Protocol error: too big mbulk count string\r\n");
    }

    @Test
    void what_is_no_bulk_string_ends_the_connection() {
        for (String header : List.of("-5", "-1", "abc", "536870913")) {
            ends("*1\r\n$" + header + "\r\n", "-ERR Protocol error: invalid bulk length\r\n");
        }
        ends("*1\r\n$" + "1".repeat(70_000), "-ERR Protocol error: too big bulk count string\r\n");
        ends("*1\r\nfoo\r\n", "-ERR Protocol error: expected '$', got 'f'\r\n");
        ends("*1\r\n*1\r\n$4\r\nPING", "-ERR Protocol error: expected '$', got '*'\r\n");
    }

    @Test
    void what_is_no_line_ends_the_connection() {
        ends("x".repeat(70_000), "-ERR Protocol error: too big inline request\r\n");
        ends("SET k " + "x".repeat(70_000) + "\r\n", "-ERR Protocol error: too big inline request\r\n");
        ends("\0".repeat(20) + "\r\n", "-ERR Protocol error: NUL byte in inline request\r\n");
        ends("PING \"x\r\n", "-ERR Protocol error: unbalanced quotes in request\r\n");
        ends("\u0016\u0003\u0001\u0002\0\u0001", "-ERR Protocol error: TLS handshake on a port without TLS\r\n");
    }

    @Test
    void headers_alone_wait_and_hold_no_memory() {
        long before = usedMemory();
        waits("*1000000000\r\n");
        waits("*2147483647\r\n");
        waits("*1\r\n$536870912\r\n");
        waits("*2\r\n$4\r\nECHO\r\n$3\r\nab");
        waits("PING");
        try (RawClient client = connectTo(node)) {
            client.send("*1\r\n$536870912\r\n" + "x".repeat(1_000));
            other.ask("PING");
            assertThat(usedMemory() - before).isLessThan(100_000);
        }
    }

    private long usedMemory() {
        Reply.Bulk memory = (Reply.Bulk) other.ask("INFO", "memory");
        return Long.parseLong(memory.text().replaceAll("(?s).*?used_memory:([0-9]+).*", "$1"));
    }

    @Test
    void odd_but_good_requests_are_answered() {
        answers("\r\n", "");
        answers("*0\r\n", "");
        answers("*-1\r\n", "");
        answers("PING\n", PONG);
        answers("ECHO \"a\\x41\"\r\n", "$2\r\naA\r\n");
        answers("*1\r\n$0\r\n\r\n", "-ERR unknown command '', with args beginning with: \r\n");
        answers("FOO \"a\\r\\nb\" c\r\n", "-ERR unknown command 'FOO', with args beginning with: 'a  b' 'c' \r\n");
        String name = "F".repeat(1 << 20);
        answers(
                "*1\r\n$" + name.length() + "\r\n" + name + "\r\n",
                "-ERR unknown command '" + "F".repeat(128) + "', with args beginning with: \r\n");
    }

    @Test
    void http_is_cut_off_without_a_word_and_runs_nothing() {
        for (String request : List.of(
                "POST / HTTP/1.1\r\nSET http yes\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nSET http yes\r\n",
                "post / HTTP/1.1\r\n\r\nSET http yes\r\n")) {
            assertThat(exchange("", request, false)).isEmpty();
        }
        assertThat(other.ask("GET", "http")).isEqualTo(Reply.Null.BULK);
    }

    @Test
    void half_a_command_is_not_run() {
        try (RawClient client = connectTo(node)) {
            client.send("*3\r\n$3\r\nSET\r\n$2\r\nhc\r\n$1\r\n2\r\n*3\r\n$3\r\nSET\r\n$2\r\nhc\r\n$1\r\n");
            client.endOutput();
            assertThat(client.receiveToEnd()).isEqualTo("+OK\r\n");
        }
        assertThat(other.ask("GET", "hc")).isEqualTo(new Reply.Bulk("2"));
    }

    @Test
    void who_sends_no_more_still_gets_all_replies() {
        try (RawClient client = connectTo(node)) {
            client.send(PING.repeat(5_000));
            client.endOutput();
            assertThat(client.receiveToEnd()).isEqualTo(PONG.repeat(5_000));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void requests_of_all_sizes_in_one_stream_run_in_their_order(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> values = new ArrayList<>();
        StringBuilder stream = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            int length = random.nextInt(1 << random.nextInt(1, 21));
            String value = Character.toString('a' + i % 26).repeat(length);
            String name = "framed:" + i;
            stream.append("*3\r\n$3\r\nSET\r\n$" + name.length() + "\r\n" + name + "\r\n$" + length + "\r\n" + value
                    + "\r\n");
            values.add(value);
        }
        try (RawClient client = connectTo(node)) {
            for (int at = 0; at < stream.length(); ) {
                int end = Math.min(stream.length(), at + 1 + random.nextInt(1 << random.nextInt(1, 20)));
                client.send(stream.substring(at, end));
                at = end;
            }
            client.endOutput();
            assertThat(client.receiveToEnd()).isEqualTo("+OK\r\n".repeat(values.size()));
        }
        for (int i = 0; i < values.size(); i++) {
            assertThat(other.ask("GET", "framed:" + i).equals(new Reply.Bulk(values.get(i))))
                    .as("value %d", i)
                    .isTrue();
            other.ask("DEL", "framed:" + i);
        }
    }

    private void ends(String input, String error) {
        everywhere(input, error, false);
        assertThat(exchange("", PING + input + PING, false)).isEqualTo(PONG + error);
    }

    private void waits(String input) {
        everywhere(input, "", true);
        assertThat(exchange("", PING + input, true)).isEqualTo(PONG);
    }

    private void answers(String input, String reply) {
        everywhere(input, reply, true);
        assertThat(exchange("", PING + input + PING, true)).isEqualTo(PONG + reply + PONG);
    }

    private void everywhere(String input, String expected, boolean endsInput) {
        int step = Math.max(1, input.length() / mostCuts());
        for (int cut = 0; cut < input.length(); cut += step) {
            String found = exchange(input.substring(0, cut), input.substring(cut), endsInput);
            if (!found.equals(expected)) {
                assertThat(found).as("%.80s cut at %d", input, cut).isEqualTo(expected);
            }
        }
        assertThat(exchangeInResp3(input, endsInput)).isEqualTo(expected);
    }

    private String exchange(String first, String second, boolean endsInput) {
        try (RawClient client = connectTo(node)) {
            if (!first.isEmpty()) {
                client.send(first);
                // By the time another client has its answer, the first piece has most likely been read by itself.
                other.ask("PING");
            }
            client.send(second);
            if (endsInput) {
                client.endOutput();
            }
            return client.receiveToEnd();
        }
    }

    private String exchangeInResp3(String input, boolean endsInput) {
        try (RawClient client = connectTo(node)) {
            client.send("HELLO 3\r\nPING\r\n");
            String greeting = "";
            while (!greeting.endsWith(PONG)) {
                greeting += client.receive(1);
            }
            client.send(input);
            if (endsInput) {
                client.endOutput();
            }
            return client.receiveToEnd();
        }
    }
}
