package dev.jackdaw.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Publish and subscribe through the proxy, beside one redis-server. */
@Tag("oracle")
@ParameterizedClass
@EnumSource(Cluster.Nodes.class)
class PubSubTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Cluster.Nodes nodes;
    private Cluster cluster;

    PubSubTest(Cluster.Nodes nodes) {
        this.nodes = nodes;
    }

    @BeforeEach
    void start() {
        cluster = Cluster.start(nodes);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void a_subscriber_is_answered_as_by_redis() {
        String[][] commands = {
            {"SUBSCRIBE", "a", "b", "a"},
            {"PSUBSCRIBE", "x*"},
            {"PING"},
            {"PING", "hi"},
            {"GET", "k"},
            {"UNSUBSCRIBE", "b", "nosuch"},
            {"UNSUBSCRIBE"},
            {"UNSUBSCRIBE"},
            {"PUNSUBSCRIBE"},
            {"GET", "k"},
            {"SUBSCRIBE", "c"},
            {"RESET"},
            {"GET", "k"},
            {"SUBSCRIBE"},
        };
        int[] replies = {3, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1};
        try (RedisServer oracle = RedisServer.start()) {
            for (String protocol : List.of("2", "3")) {
                try (RespConnection redis = oracle.connect();
                        RespConnection proxy = cluster.connect()) {
                    redis.ask("HELLO", protocol);
                    proxy.ask("HELLO", protocol);
                    for (int i = 0; i < commands.length; i++) {
                        redis.send(commands[i]);
                        proxy.send(commands[i]);
                        for (int n = 0; n < replies[i]; n++) {
                            assertThat(proxy.read())
                                    .as("%s", List.of(commands[i]))
                                    .isEqualTo(redis.read());
                        }
                    }
                }
            }
        }
    }

    @Test
    void subscriptions_are_bounded_and_their_room_is_free_again() {
        try (RespConnection client = cluster.connect()) {
            assertThat(client.ask("SUBSCRIBE", "x".repeat(9 << 20)))
                    .isEqualTo(new Reply.Error(CommandError.TOO_MANY_SUBSCRIPTIONS));
            String[] names = IntStream.range(0, 6_000).mapToObj(i -> "c" + i).toArray(String[]::new);
            for (int round = 0; round < 4; round++) {
                assertThat(all(client, names, "SUBSCRIBE")).contains("c5999", "6000");
                assertThat(all(client, names, "UNSUBSCRIBE")).contains("c5999", "value=0");
            }
        }
    }

    /** Sends one command of all the names; returns the last reply. */
    private static String all(RespConnection client, String[] names, String command) {
        client.send(Stream.concat(Stream.of(command), Stream.of(names)).toArray(String[]::new));
        Reply last = null;
        for (int i = 0; i < names.length; i++) {
            last = client.read();
        }
        return String.valueOf(last);
    }

    @Test
    void messages_reach_every_subscriber_of_any_node() {
        try (RespConnection first = cluster.connect();
                RespConnection second = cluster.connect();
                RespConnection publisher = cluster.connect()) {
            second.ask("HELLO", "3");
            for (int i = 0; i < 10; i++) {
                first.ask("SUBSCRIBE", "ch" + i);
                second.ask("SUBSCRIBE", "ch" + i);
            }
            assertThat(publisher.ask("PUBSUB", "NUMSUB", "ch3"))
                    .isEqualTo(new Reply.Array(List.of(new Reply.Bulk("ch3"), new Reply.Int(2))));
            assertThat(((Reply.Array) publisher.ask("PUBSUB", "CHANNELS", "ch[1-3]")).elements())
                    .hasSize(3);
            for (int i = 0; i < 10; i++) {
                assertThat(publisher.ask("PUBLISH", "ch" + i, "m" + i)).isEqualTo(new Reply.Int(2));
                assertThat(first.read()).isEqualTo(new Reply.Array(bulks("message", "ch" + i, "m" + i)));
                assertThat(second.read()).isEqualTo(new Reply.Push(bulks("message", "ch" + i, "m" + i)));
            }
            assertThat(publisher.ask("PUBLISH", "nobody", "m")).isEqualTo(new Reply.Int(0));
        }
    }

    @Test
    void patterns_reach_their_subscribers() {
        try (RespConnection subscriber = cluster.connect()) {
            subscriber.ask("PSUBSCRIBE", "news.*");
            if (nodes == Cluster.Nodes.JACKDAW) {
                // One node is told, and tells the others.
                try (RespConnection publisher = cluster.connect()) {
                    assertThat(publisher.ask("PUBLISH", "news.1", "m")).isEqualTo(new Reply.Int(1));
                }
            } else {
                for (int node = 0; node < cluster.size(); node++) {
                    try (RespConnection publisher = cluster.connectToNode(node)) {
                        publisher.ask("PUBLISH", "news.1", "m");
                    }
                }
            }
            assertThat(subscriber.read()).isEqualTo(new Reply.Array(bulks("pmessage", "news.*", "news.1", "m")));
        }
    }

    @Test
    void a_resp3_subscriber_has_ordinary_replies_in_order_between_messages() {
        try (RespConnection subscriber = cluster.connect();
                RespConnection publisher = cluster.connect()) {
            subscriber.ask("HELLO", "3");
            subscriber.ask("SUBSCRIBE", "ch");
            for (int i = 0; i < 50; i++) {
                publisher.ask("PUBLISH", "ch", "m" + i);
            }
            for (int i = 0; i < 50; i++) {
                subscriber.send("SET", "k" + i, "" + i);
                subscriber.send("GET", "k" + i);
            }
            int messages = 0;
            int replies = 0;
            while (messages < 50 || replies < 100) {
                Reply reply = subscriber.read();
                if (reply instanceof Reply.Push push) {
                    assertThat(push.elements().get(2)).isEqualTo(new Reply.Bulk("m" + messages++));
                } else {
                    Reply expected = replies % 2 == 0 ? new Reply.Simple("OK") : new Reply.Bulk("" + replies / 2);
                    assertThat(reply).isEqualTo(expected);
                    replies++;
                }
            }
        }
    }

    @Test
    void subscriptions_outlive_connections_to_nodes() {
        try (RespConnection subscriber = cluster.connect();
                RespConnection publisher = cluster.connect()) {
            for (int i = 0; i < 6; i++) {
                subscriber.ask("SUBSCRIBE", "ch" + i);
            }
            cluster.relays().forEach(Relay::cut);
            for (int i = 0; i < 6; i++) {
                String channel = "ch" + i;
                await().atMost(PATIENCE)
                        .until(() -> publisher.ask("PUBLISH", channel, "again").equals(new Reply.Int(1)));
                assertThat(subscriber.read()).isEqualTo(new Reply.Array(bulks("message", channel, "again")));
            }
        }
    }

    @Test
    void who_subscribes_while_no_node_is_there_listens_when_one_is_back() {
        cluster.relays().forEach(Relay::shut);
        try (RespConnection subscriber = cluster.connect();
                RespConnection publisher = cluster.connect()) {
            assertThat(subscriber.ask("SUBSCRIBE", "ch")).isInstanceOf(Reply.Array.class);
            cluster.relays().forEach(Relay::reopen);
            await().atMost(PATIENCE)
                    .until(() -> publisher.ask("PUBLISH", "ch", "m").equals(new Reply.Int(1)));
            assertThat(subscriber.read()).isEqualTo(new Reply.Array(bulks("message", "ch", "m")));
        }
    }

    @Test
    void who_leaves_is_forgotten_upstream_as_well() {
        try (RespConnection publisher = cluster.connect()) {
            try (RespConnection subscriber = cluster.connect()) {
                subscriber.ask("SUBSCRIBE", "ch");
            }
            await().atMost(PATIENCE).untilAsserted(() -> {
                for (int i = 0; i < cluster.size(); i++) {
                    try (RespConnection node = cluster.connectToNode(i)) {
                        assertThat(((Reply.Array) node.ask("PUBSUB", "CHANNELS")).elements())
                                .isEmpty();
                    }
                }
            });
            assertThat(publisher.ask("PUBLISH", "ch", "m")).isEqualTo(new Reply.Int(0));
        }
    }

    private static List<Reply> bulks(String... texts) {
        return Stream.of(texts).map(text -> (Reply) new Reply.Bulk(text)).toList();
    }
}
