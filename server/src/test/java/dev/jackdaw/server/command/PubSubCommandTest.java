package dev.jackdaw.server.command;

import static dev.jackdaw.protocol.oracle.Replies.array;
import static dev.jackdaw.protocol.oracle.Replies.push;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PubSubCommandTest {
    private static final Reply TOO_MANY = new Reply.Error(CommandError.TOO_MANY_SUBSCRIPTIONS);

    private final TestNode node = new TestNode();
    private final TestNode.Client listener = node.connect();

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void publish_reaches_those_who_listen() {
        assertThat(node.run("PUBLISH", "news", "1")).isEqualTo(new Reply.Int(0));
        assertThat(listener.runAll("SUBSCRIBE", "news", "sport", "news"))
                .containsExactly(
                        array("subscribe", "news", 1), array("subscribe", "sport", 2), array("subscribe", "news", 2));
        assertThat(node.run("PUBLISH", "news", "2")).isEqualTo(new Reply.Int(1));
        assertThat(node.run("PUBLISH", "weather", "3")).isEqualTo(new Reply.Int(0));
        assertThat(listener.received()).containsExactly(array("message", "news", "2"));
    }

    @Test
    void publish_reaches_patterns_after_the_channel() {
        listener.run("PSUBSCRIBE", "n[aeiou]ws");
        listener.run("SUBSCRIBE", "news");
        TestNode.Client other = node.connect();
        other.session().protocol(3);
        other.runAll("PSUBSCRIBE", "*");

        assertThat(node.run("PUBLISH", "news", "x")).isEqualTo(new Reply.Int(3));
        assertThat(listener.received())
                .containsExactly(array("message", "news", "x"), array("pmessage", "n[aeiou]ws", "news", "x"));
        assertThat(other.received()).hasSize(1);
    }

    @Test
    void subscriptions_are_bounded_and_their_room_is_free_again() {
        assertThat(listener.runAll(names("SUBSCRIBE", 200_001))).containsExactly(TOO_MANY);
        String[] many = names("PSUBSCRIBE", 120_000);
        assertThat(listener.runAll(many)).hasSize(120_000).last().isEqualTo(array("psubscribe", "c119999", 120_000));
        assertThat(node.connect().runAll(many)).containsExactly(TOO_MANY);
        listener.disconnect();
        assertThat(node.connect().runAll(many)).hasSize(120_000);
    }

    private static String[] names(String command, int count) {
        return Stream.concat(Stream.of(command), IntStream.range(0, count).mapToObj(i -> "c" + i))
                .toArray(String[]::new);
    }

    @Test
    void channels_of_shards_are_a_world_of_their_own() {
        assertThat(listener.runAll("SSUBSCRIBE", "c", "d"))
                .containsExactly(array("ssubscribe", "c", 1), array("ssubscribe", "d", 2));
        assertThat(listener.runAll("SUBSCRIBE", "c")).containsExactly(array("subscribe", "c", 1));
        listener.runAll("PSUBSCRIBE", "*");
        assertThat(node.run("SPUBLISH", "c", "x")).isEqualTo(new Reply.Int(1));
        assertThat(node.run("SPUBLISH", "none", "x")).isEqualTo(new Reply.Int(0));
        assertThat(listener.received()).containsExactly(array("smessage", "c", "x"));
        assertThat(node.run("PUBLISH", "c", "x")).isEqualTo(new Reply.Int(2));
        assertThat(listener.received()).containsExactly(array("message", "c", "x"), array("pmessage", "*", "c", "x"));
        assertThat(node.run("PUBSUB", "SHARDCHANNELS", "[d-z]")).isEqualTo(array("d"));
        assertThat(node.run("PUBSUB", "CHANNELS")).isEqualTo(array("c"));
        assertThat(node.run("PUBSUB", "SHARDNUMSUB", "c", "e")).isEqualTo(array("c", 1, "e", 0));
        assertThat(listener.run("GET", "k")).isInstanceOf(Reply.Error.class);
        listener.runAll("UNSUBSCRIBE");
        listener.runAll("PUNSUBSCRIBE");
        assertThat(listener.run("GET", "k")).isInstanceOf(Reply.Error.class);
        assertThat(listener.runAll("SUNSUBSCRIBE"))
                .containsExactly(array("sunsubscribe", "c", 1), array("sunsubscribe", "d", 0));
        assertThat(listener.runAll("SUNSUBSCRIBE")).containsExactly(array("sunsubscribe", null, 0));
        assertThat(listener.run("GET", "k")).isEqualTo(Reply.Null.BULK);
    }

    @Test
    void ssubscribe_in_a_transaction_is_refused_when_it_runs() {
        node.run("MULTI");
        assertThat(node.run("SSUBSCRIBE", "c")).isEqualTo(new Reply.Simple("QUEUED"));
        assertThat(node.run("EXEC"))
                .isEqualTo(new Reply.Array(List.of(new Reply.Error(CommandError.SSUBSCRIBE_DENIED))));
    }

    @Test
    void subscribe_over_resp3_pushes_and_allows_every_command() {
        node.client().session().protocol(3);
        assertThat(node.client().runAll("SUBSCRIBE", "c")).containsExactly(push("subscribe", "c", 1));
        assertThat(node.run("GET", "k")).isEqualTo(Reply.Null.ANY);
        assertThat(node.client().runAll("PUBLISH", "c", "x"))
                .containsExactly(push("message", "c", "x"), new Reply.Int(1));
        assertThat(node.client().runAll("UNSUBSCRIBE", "c")).containsExactly(push("unsubscribe", "c", 0));
        assertThat(node.client().runAll("UNSUBSCRIBE")).containsExactly(push("unsubscribe", null, 0));
    }

    @Test
    void unsubscribe_ends_one_or_all() {
        listener.runAll("SUBSCRIBE", "a", "b", "c");
        listener.runAll("PSUBSCRIBE", "p*");
        assertThat(listener.runAll("UNSUBSCRIBE", "b", "never"))
                .containsExactly(array("unsubscribe", "b", 3), array("unsubscribe", "never", 3));
        assertThat(listener.runAll("UNSUBSCRIBE"))
                .containsExactly(array("unsubscribe", "a", 2), array("unsubscribe", "c", 1));
        assertThat(listener.runAll("PUNSUBSCRIBE")).containsExactly(array("punsubscribe", "p*", 0));
        assertThat(listener.runAll("PUNSUBSCRIBE")).containsExactly(array("punsubscribe", null, 0));
        assertThat(node.run("PUBLISH", "a", "x")).isEqualTo(new Reply.Int(0));
        assertThat(node.run("PUBLISH", "p", "x")).isEqualTo(new Reply.Int(0));
    }

    @Test
    void listener_over_resp2_may_send_few_commands() {
        listener.run("SUBSCRIBE", "a");
        assertThat(listener.run("GET", "k"))
                .isEqualTo(new Reply.Error("ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / "
                        + "QUIT / RESET are allowed in this context"));
        assertThat(listener.run("PUBLISH", "a", "x").toString()).contains("Can't execute 'publish'");
        assertThat(listener.run("PSUBSCRIBE", "p")).isEqualTo(array("psubscribe", "p", 2));
        assertThat(listener.run("GET")).isEqualTo(new Reply.Error("ERR wrong number of arguments for 'get' command"));
        listener.run("UNSUBSCRIBE");
        listener.run("PUNSUBSCRIBE");
        assertThat(listener.run("GET", "k")).isEqualTo(Reply.Null.BULK);
    }

    @Test
    void listener_that_leaves_is_forgotten() {
        listener.run("SUBSCRIBE", "a");
        listener.run("PSUBSCRIBE", "p*");
        TestNode.Client other = node.connect();
        other.run("SUBSCRIBE", "a");
        node.node().disconnect(listener.session());

        assertThat(node.run("PUBLISH", "a", "x")).isEqualTo(new Reply.Int(1));
        assertThat(node.run("PUBSUB", "NUMPAT")).isEqualTo(new Reply.Int(0));
        assertThat(other.received()).containsExactly(array("message", "a", "x"));
    }

    @Test
    void pubsub_tells_who_listens() {
        listener.runAll("SUBSCRIBE", "news", "sport");
        listener.runAll("PSUBSCRIBE", "n*", "*");
        node.connect().run("SUBSCRIBE", "news");

        assertThat(node.run("PUBSUB", "CHANNELS")).isEqualTo(array("news", "sport"));
        assertThat(node.run("PUBSUB", "CHANNELS", "n*")).isEqualTo(array("news"));
        assertThat(node.run("PUBSUB", "NUMSUB", "news", "x")).isEqualTo(array("news", 2, "x", 0));
        assertThat(node.run("PUBSUB", "NUMSUB")).isEqualTo(array());
        assertThat(node.run("PUBSUB", "NUMPAT")).isEqualTo(new Reply.Int(2));
        assertThat(node.run("PUBSUB", "CHANNELS", "a", "b"))
                .isEqualTo(new Reply.Error(
                        "ERR unknown subcommand or wrong number of arguments for 'CHANNELS'. Try " + "PUBSUB HELP."));
        assertThat(node.run("PUBSUB", "HELP").toString()).contains("NUMPAT");
    }

    @Test
    void ten_thousand_channels_come_and_go() {
        for (int i = 0; i < 10_000; i++) {
            listener.run("SUBSCRIBE", "channel:" + i);
        }
        long held = node.engine().usedMemory();
        assertThat(node.run("PUBLISH", "channel:7777", "x")).isEqualTo(new Reply.Int(1));
        assertThat(listener.runAll("UNSUBSCRIBE")).hasSize(10_001);
        assertThat(node.run("PUBSUB", "CHANNELS")).isEqualTo(array());
        assertThat(node.engine().usedMemory()).isLessThan(held - 10_000 * 8);
    }
}
