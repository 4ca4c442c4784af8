package dev.jackdaw.proxy;

import static dev.jackdaw.protocol.oracle.Replies.array;
import static dev.jackdaw.protocol.oracle.Replies.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Transactions through the proxy: at real nodes and at ours. */
class TransactionTest {
    private static final Reply OK = new Reply.Simple("OK");
    private static final Reply QUEUED = new Reply.Simple("QUEUED");
    private static final Reply NOTHING = new Reply.Array(List.of());

    private Cluster cluster;
    private RespConnection client;
    private RespConnection other;
    private String key;
    private String elsewhere;

    private void start(Cluster.Nodes nodes) {
        assumeTrue(nodes == Cluster.Nodes.JACKDAW || RedisServer.isInstalled());
        cluster = Cluster.start(nodes);
        client = cluster.connect();
        other = cluster.connect();
        key = cluster.key(1, 0);
        elsewhere = cluster.key(2, 0);
    }

    @AfterEach
    void close() {
        if (cluster != null) {
            client.close();
            other.close();
            cluster.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Cluster.Nodes.class)
    void a_transaction_runs_at_the_node_of_its_keys(Cluster.Nodes nodes) {
        start(nodes);
        assertThat(client.ask("MULTI")).isEqualTo(OK);
        assertThat(client.ask("PING")).isEqualTo(QUEUED);
        assertThat(client.ask("SET", key, "1")).isEqualTo(QUEUED);
        assertThat(client.ask("INCR", key)).isEqualTo(QUEUED);
        assertThat(client.ask("BLPOP", "{" + key + "}l", "0")).isEqualTo(QUEUED);
        assertThat(other.ask("GET", key)).isEqualTo(Reply.Null.BULK);
        assertThat(client.ask("EXEC"))
                .isEqualTo(array(new Reply.Simple("PONG"), OK, new Reply.Int(2), Reply.Null.ARRAY));
        assertThat(other.ask("GET", key)).isEqualTo(new Reply.Bulk("2"));
        client.ask("MULTI");
        assertThat(client.ask("EXEC")).isEqualTo(NOTHING);
        client.ask("HELLO", "3");
        client.ask("MULTI");
        client.ask("GET", "{" + key + "}none");
        assertThat(client.ask("EXEC")).isEqualTo(array(Reply.Null.ANY));
    }

    @ParameterizedTest
    @EnumSource(Cluster.Nodes.class)
    void many_at_once_do_not_mix(Cluster.Nodes nodes) {
        start(nodes);
        for (int i = 0; i < 200; i++) {
            for (RespConnection each : List.of(client, other)) {
                each.send("GET", elsewhere);
                each.send("MULTI");
                each.send("INCR", key);
                each.send("INCR", key);
                each.send("EXEC");
            }
        }
        for (int i = 0; i < 200; i++) {
            for (RespConnection each : List.of(client, other)) {
                assertThat(each.read()).isEqualTo(Reply.Null.BULK);
                assertThat(each.read()).isEqualTo(OK);
                each.read();
                each.read();
                List<Reply> counts = ((Reply.Array) each.read()).elements();
                long count = ((Reply.Int) counts.getFirst()).value();
                assertThat(count % 2).isEqualTo(1);
                assertThat(counts.getLast()).isEqualTo(new Reply.Int(count + 1));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Cluster.Nodes.class)
    void what_cannot_be_queued_fails_exec(Cluster.Nodes nodes) {
        start(nodes);
        for (String[] wrong : new String[][] {
            {"NOSUCH"},
            {"GET"},
            {"MGET", key, elsewhere},
            {"GET", elsewhere},
            {"SELECT", "1"},
            {"FLUSHALL"},
            {"SUBSCRIBE", "c"},
        }) {
            client.ask("MULTI");
            client.ask("SET", key, "v");
            assertThat(client.ask(wrong)).as(wrong[0]).isInstanceOf(Reply.Error.class);
            assertThat(client.ask("EXEC")).as(wrong[0]).isEqualTo(error(CommandError.EXEC_ABORTED));
        }
        assertThat(client.ask("EXISTS", key)).isEqualTo(new Reply.Int(0));
        client.ask("MULTI");
        assertThat(client.ask("MULTI")).isEqualTo(error(CommandError.NESTED_MULTI));
        assertThat(client.ask("WATCH", key)).isEqualTo(error(CommandError.WATCH_INSIDE_MULTI));
        assertThat(client.ask("EXEC", "x")).isEqualTo(error(CommandError.execAborted(CommandError.arity("exec"))));
        assertThat(client.ask("EXEC")).isEqualTo(error(CommandError.EXEC_WITHOUT_MULTI));
        assertThat(client.ask("DISCARD")).isEqualTo(error(CommandError.DISCARD_WITHOUT_MULTI));
    }

    @ParameterizedTest
    @EnumSource(Cluster.Nodes.class)
    void a_watched_key_that_changes_fails_exec(Cluster.Nodes nodes) {
        start(nodes);
        for (boolean changes : new boolean[] {true, false, true}) {
            assertThat(client.ask("WATCH", key)).isEqualTo(OK);
            if (changes) {
                other.ask("INCR", key);
            }
            client.ask("MULTI");
            client.ask("PING");
            client.ask("GET", "{" + key + "}none");
            Reply expected = changes ? Reply.Null.ARRAY : array(new Reply.Simple("PONG"), Reply.Null.BULK);
            assertThat(client.ask("EXEC")).isEqualTo(expected);
        }
        client.ask("WATCH", key);
        other.ask("INCR", key);
        client.ask("UNWATCH");
        client.ask("MULTI");
        assertThat(client.ask("EXEC")).isEqualTo(NOTHING);
        client.ask("WATCH", key);
        assertThat(client.ask("WATCH", elsewhere)).isEqualTo(error(CommandError.CROSS_SLOT));
    }

    @ParameterizedTest
    @EnumSource(Cluster.Nodes.class)
    void compare_and_set_loses_nothing(Cluster.Nodes nodes) {
        start(nodes);
        client.ask("SET", key, "0");
        int[] done = {0, 0};
        List<RespConnection> both = List.of(client, other);
        for (int i = 0; done[0] < 50 || done[1] < 50; i++) {
            int turn = i % 2;
            RespConnection each = both.get(turn);
            each.ask("WATCH", key);
            long value = Long.parseLong(((Reply.Bulk) each.ask("GET", key)).text());
            if (i % 5 == 0) {
                both.get(1 - turn).ask("INCRBY", key, "1000");
            }
            each.ask("MULTI");
            each.ask("SET", key, Long.toString(value + 1));
            Reply reply = each.ask("EXEC");
            assertThat(reply instanceof Reply.Null).isEqualTo(i % 5 == 0);
            done[turn] += reply instanceof Reply.Null ? 0 : 1;
            String now = ((Reply.Bulk) each.ask("GET", key)).text();
            assertThat(now).isEqualTo(Long.toString(value + (i % 5 == 0 ? 1000 : 1)));
        }
    }

    @ParameterizedTest
    @EnumSource(Cluster.Nodes.class)
    void a_watch_that_is_lost_fails_exec(Cluster.Nodes nodes) {
        start(nodes);
        client.ask("WATCH", key);
        client.ask("SELECT", "1");
        client.ask("MULTI");
        assertThat(client.ask("EXEC")).isEqualTo(Reply.Null.ARRAY);
        client.ask("WATCH", key);
        client.ask("RESET");
        client.ask("MULTI");
        assertThat(client.ask("EXEC")).isEqualTo(NOTHING);
    }
}
