package dev.jackdaw.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.oracle.RawClient;
import dev.jackdaw.protocol.oracle.RespConnection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is badly framed, cut anywhere, before and after a good command, through real sockets. */
@Tag("oracle")
class ProxyFramingTest {
    private static final String GOOD = "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n";
    private static final String NOT_A_GET = "-ERR wrong number of arguments for 'get' command\r\n";
    private static final int MOST_SPLITS = 24;

    private static Cluster cluster;
    private static RespConnection other;

    @BeforeAll
    static void start() {
        cluster = Cluster.start();
        other = cluster.connect();
    }

    @AfterAll
    static void stop() {
        other.close();
        cluster.close();
    }

    @Test
    void what_can_not_be_read_is_answered_once_and_closed() {
        for (String header : new String[] {"*abc", "*", "*+1", "*01", "* 1", "*2147483648", "*3000000000"}) {
            closes(header + "\r\n", "-ERR Protocol error: invalid multibulk length\r\n");
        }
        for (String header : new String[] {"$-5", "$-1", "$abc"}) {
            closes("*1\r\n" + header + "\r\n", "-ERR Protocol error: invalid bulk length\r\n");
        }
        closes("*1\r\nfoo\r\n", "-ERR Protocol error: expected '$', got 'f'\r\n");
        closes("*1\r\n*1\r\n$4\r\nPING", "-ERR Protocol error: expected '$', got '*'\r\n");
        closes("*" + "1".repeat(70_000), "-ERR Protocol error: too big mbulk count string\r\n");
        closes("*1\r\n$" + "1".repeat(70_000), "-ERR Protocol error: too big bulk count string\r\n");
        closes("x".repeat(70_000), "-ERR Protocol error: too big inline request\r\n");
        closes("SET k " + "x".repeat(70_000) + "\r\n", "-ERR Protocol error: too big inline request\r\n");
        closes("SET \"unbalanced\r\n", "-ERR Protocol error: unbalanced quotes in request\r\n");
        closes("\0".repeat(20) + "\r\n", "-ERR Protocol error: NUL byte in inline request\r\n");
    }

    @Test
    void what_is_odd_but_readable_is_answered() {
        answers("\r\n", "");
        answers("*0\r\n", "");
        answers("*-1\r\n", "");
        answers("PING\n", "+PONG\r\n");
        answers("PING\r\n", "+PONG\r\n");
        answers("set b \"x\\x41\\n\"\r\nget b\r\n", "+OK\r\n$3\r\nxA\n\r\n");
        answers("*1\r\n$0\r\n\r\n", "-ERR unknown command '', with args beginning with: \r\n");
        answers("FOO \"a\\r\\nb\" c\r\n", "-ERR unknown command 'FOO', with args beginning with: 'a  b' 'c' \r\n");
        answers(
                "*1\r\n$1000000\r\n" + "F".repeat(1_000_000) + "\r\n",
                "-ERR unknown command '" + "F".repeat(128) + "', with args beginning with: \r\n");
    }

    @Test
    void what_is_not_complete_waits() {
        for (String start : new String[] {
            "*1000000000\r\n", "*2147483647\r\n", "*1\r\n$536870912\r\n", "*2\r\n$4\r\nECHO\r\n", "PING"
        }) {
            try (RawClient client = new RawClient(cluster.port())) {
                client.send(GOOD + start);
                assertThat(client.receive(5)).isEqualTo("+OK\r\n");
                settle();
                client.endOutput();
                assertThat(client.receiveToEnd()).isEmpty();
            }
        }
    }

    @Test
    void what_a_browser_sends_is_closed_without_a_byte() {
        closes("POST / HTTP/1.1\r\nSET a b\r\n", "");
        closes("GET / HTTP/1.1\r\nHost: x\r\n", "");
        closes("Host: localhost\r\nSET hacked 1\r\n", "");
        assertThat(other.ask("EXISTS", "hacked")).hasToString("Int[value=0]");
    }

    @Test
    void a_client_that_has_ended_its_side_gets_all_replies() {
        try (RawClient client = new RawClient(cluster.port())) {
            client.send("SET hc 1\r\nGET hc\r\n*3\r\n$3\r\nSET\r\n$2\r\nhc\r\n$1\r\n");
            client.endOutput();
            assertThat(client.receiveToEnd()).isEqualTo("+OK\r\n$1\r\n1\r\n");
        }
        assertThat(other.ask("GET", "hc")).hasToString("Bulk[text=1]");
    }

    @Test
    void quit_is_answered_after_everything_before_it() {
        try (RawClient client = new RawClient(cluster.port())) {
            client.send("SET q 1\r\nGET q\r\nQUIT\r\nSET q 2\r\n");
            assertThat(client.receiveToEnd()).isEqualTo("+OK\r\n$1\r\n1\r\n+OK\r\n");
        }
        assertThat(other.ask("GET", "q")).hasToString("Bulk[text=1]");
    }

    /** Before, after a good command; whole, and cut in two wherever that can matter. */
    private static void closes(String bytes, String error) {
        for (int cut : cuts(bytes)) {
            try (RawClient client = new RawClient(cluster.port())) {
                client.send(bytes.substring(0, cut));
                settle();
                client.send(bytes.substring(cut) + GOOD);
                // What a browser's first line is answered with may have gone out before its second line was seen.
                assertThat(client.receiveToEnd())
                        .as("cut at %d", cut)
                        .isIn(error, bytes.startsWith("GET") ? NOT_A_GET : error);
            }
        }
        try (RawClient client = new RawClient(cluster.port())) {
            client.send(GOOD + bytes);
            // Nothing is read any more once a browser has been seen, so the reply before may be lost with it.
            assertThat(client.receiveToEnd()).isIn("+OK\r\n" + error, error);
        }
    }

    private static void answers(String bytes, String reply) {
        String all = reply + "+OK\r\n";
        for (int cut : cuts(bytes)) {
            try (RawClient client = new RawClient(cluster.port())) {
                client.send(bytes.substring(0, cut));
                settle();
                client.send(bytes.substring(cut) + GOOD);
                assertThat(client.receive(all.length())).as("cut at %d", cut).isEqualTo(all);
            }
        }
        try (RawClient client = new RawClient(cluster.port())) {
            client.send(GOOD + bytes + GOOD);
            assertThat(client.receive(all.length() + 5)).isEqualTo("+OK\r\n" + all);
        }
    }

    private static int[] cuts(String bytes) {
        int count = Math.min(bytes.length(), MOST_SPLITS);
        int[] cuts = new int[count + 1];
        for (int i = 0; i < count; i++) {
            // The first bytes one by one, the last of a long text as well.
            cuts[i] = i < MOST_SPLITS - 4 ? i : bytes.length() - (MOST_SPLITS - i);
        }
        cuts[count] = bytes.length();
        return cuts;
    }

    /** What was sent before has been read: the proxy has one event loop, and it has served somebody else since. */
    private static void settle() {
        other.ask("PING");
    }
}
