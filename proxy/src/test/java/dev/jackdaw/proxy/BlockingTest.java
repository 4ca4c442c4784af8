package dev.jackdaw.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.oracle.RawClient;
import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commands that wait, through the proxy: at real nodes and at ours. */
class BlockingTest {
    private Cluster cluster;
    private RespConnection waiter;
    private RespConnection other;
    private String key;

    private void start(Cluster.Nodes nodes) {
        assumeTrue(nodes == Cluster.Nodes.JACKDAW || RedisServer.isInstalled());
        cluster = Cluster.start(nodes);
        waiter = cluster.connect();
        other = cluster.connect();
        key = cluster.key(1, 0);
    }

    @AfterEach
    void close() {
        if (cluster != null) {
            waiter.close();
            other.close();
            cluster.close();
        }
    }

    private static Reply pair(String key, String element) {
        return new Reply.Array(List.of(new Reply.Bulk(key), new Reply.Bulk(element)));
    }

    private void awaitBlocked(int node, int clients) {
        try (RespConnection direct = cluster.connectToNode(node)) {
            await().until(() -> String.valueOf(direct.ask("INFO", "clients")).contains("blocked_clients:" + clients));
        }
    }

    @ParameterizedTest
    @EnumSource(Cluster.Nodes.class)
    void a_wait_is_served_and_keeps_nobody_else_waiting(Cluster.Nodes nodes) {
        start(nodes);
        waiter.send("SET", key + "x", "before");
        waiter.send("BLPOP", key, "0");
        waiter.send("PING");
        assertThat(waiter.read()).isEqualTo(new Reply.Simple("OK"));
        awaitBlocked(1, 1);
        assertThat(String.valueOf(other.ask("INFO", "clients"))).contains("blocked_clients:1");
        assertThat(other.ask("RPUSH", key, "a", "b")).isEqualTo(new Reply.Int(2));
        assertThat(waiter.read()).isEqualTo(pair(key, "a"));
        assertThat(waiter.read()).isEqualTo(new Reply.Simple("PONG"));
        assertThat(waiter.ask("BLPOP", key, "0")).isEqualTo(pair(key, "b"));
        assertThat(waiter.ask("BLPOP", key, "0.02")).isEqualTo(Reply.Null.ARRAY);
        String elsewhere = cluster.key(2, 0);
        other.ask("RPUSH", elsewhere, "c");
        assertThat(waiter.ask("BRPOP", elsewhere, "0")).isEqualTo(pair(elsewhere, "c"));
    }

    @ParameterizedTest
    @EnumSource(Cluster.Nodes.class)
    void a_wait_has_the_clients_protocol_and_database(Cluster.Nodes nodes) {
        start(nodes);
        assertThat(waiter.ask("BLPOP", key, "0.01")).isEqualTo(Reply.Null.ARRAY);
        waiter.ask("HELLO", "3");
        assertThat(waiter.ask("BLPOP", key, "0.01")).isEqualTo(Reply.Null.ANY);
        waiter.ask("SELECT", "3");
        other.ask("RPUSH", key, "other");
        other.ask("SELECT", "3");
        other.ask("RPUSH", key, "mine");
        assertThat(waiter.ask("BLPOP", key, "0")).isEqualTo(pair(key, "mine"));
    }

    @ParameterizedTest
    @EnumSource(Cluster.Nodes.class)
    void who_hangs_up_waits_no_more(Cluster.Nodes nodes) {
        start(nodes);
        try (RespConnection leaving = cluster.connect()) {
            leaving.send("BLPOP", key, "0");
            awaitBlocked(1, 1);
        }
        awaitBlocked(1, 0);
        other.ask("RPUSH", key, "a");
        assertThat(other.ask("LLEN", key)).isEqualTo(new Reply.Int(1));
    }

    /** As at a node: what can be answered at once is, and who would have to wait is not waited for. */
    @ParameterizedTest
    @EnumSource(Cluster.Nodes.class)
    void who_sends_no_more_gets_what_is_there(Cluster.Nodes nodes) {
        start(nodes);
        other.ask("RPUSH", key, "a", "b");
        assertThat(repliesToHalfClosed("PING", "BLPOP " + key + " 0", "PING", "BRPOP " + key + " 0", "PING"))
                .isEqualTo("+PONG\r\n" + bulks(key, "a") + "+PONG\r\n" + bulks(key, "b") + "+PONG\r\n");
        assertThat(repliesToHalfClosed("PING", "BLPOP " + key + " 0", "PING")).isEqualTo("+PONG\r\n");
        awaitBlocked(1, 0);
        other.ask("RPUSH", key, "c");
        assertThat(other.ask("LLEN", key)).isEqualTo(new Reply.Int(1));
    }

    private static String bulks(String key, String element) {
        return "*2\r\n$" + key.length() + "\r\n" + key + "\r\n$1\r\n" + element + "\r\n";
    }

    private String repliesToHalfClosed(String... requests) {
        try (RawClient leaving = new RawClient(cluster.port())) {
            leaving.send(String.join("\r\n", requests) + "\r\n");
            leaving.endOutput();
            return leaving.receiveToEnd();
        }
    }

    @ParameterizedTest
    @EnumSource(Cluster.Nodes.class)
    void what_cannot_wait_is_refused(Cluster.Nodes nodes) {
        start(nodes);
        assertThat(waiter.ask("BLPOP", key, cluster.key(2, 0), "0"))
                .isEqualTo(new Reply.Error(CommandError.CROSS_SLOT));
        assertThat(waiter.ask("BLPOP", key, "-1")).isEqualTo(new Reply.Error(CommandError.TIMEOUT_NEGATIVE));
        assertThat(waiter.ask("BLMPOP", "0", "x", key, "LEFT"))
                .isEqualTo(new Reply.Error(CommandError.NUMKEYS_NOT_POSITIVE));
    }

    @ParameterizedTest
    @EnumSource(Cluster.Nodes.class)
    void a_wait_ends_with_the_connection_to_its_node(Cluster.Nodes nodes) {
        start(nodes);
        waiter.send("BLPOP", key, "0");
        awaitBlocked(1, 1);
        cluster.relays().get(1).cut();
        assertThat(((Reply.Error) waiter.read()).text()).contains("was lost before its reply");
    }
}
