package dev.jackdaw.server.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BusTest {
    private static final Reply OK = new Reply.Simple("OK");
    private static final Reply FORGET = new Reply.Push(List.of(new Reply.Bulk("invalidate"), Reply.Null.ANY));

    @Test
    void message_published_through_any_door_reaches_all_once() {
        try (Mesh mesh = new Mesh("", "", "").awaitWhole()) {
            List<RespConnection> listeners = new ArrayList<>();
            for (int node = 0; node < 3; node++) {
                RespConnection listener = mesh.connect(node);
                listener.ask("SUBSCRIBE", "news");
                listener.ask("PSUBSCRIBE", "n*");
                listeners.add(listener);
            }
            for (int node = 0; node < 3; node++) {
                try (RespConnection publisher = mesh.connect(node)) {
                    assertThat(publisher.ask("PUBLISH", "news", "from " + node)).isEqualTo(new Reply.Int(2));
                    assertThat(publisher.ask("PUBLISH", "other", "x")).isEqualTo(new Reply.Int(0));
                }
                for (RespConnection listener : listeners) {
                    assertThat(texts(listener.read())).containsExactly("message", "news", "from " + node);
                    assertThat(texts(listener.read())).containsExactly("pmessage", "n*", "news", "from " + node);
                }
            }
            listeners.forEach(BusTest::expectNothingMore);
            listeners.forEach(RespConnection::close);
        }
    }

    @Test
    void messages_keep_their_order_and_may_be_large() {
        try (Mesh mesh = new Mesh("", "").awaitWhole();
                RespConnection listener = mesh.connect(0);
                RespConnection publisher = mesh.connect(1)) {
            listener.ask("SUBSCRIBE", "c");
            for (int i = 0; i < 100; i++) {
                publisher.send("PUBLISH", "c", i + "x".repeat(i * 1000));
            }
            for (int i = 0; i < 100; i++) {
                assertThat(texts(listener.read()).getLast()).isEqualTo(i + "x".repeat(i * 1000));
            }
        }
    }

    @Test
    void message_too_large_for_the_bus_is_missed_and_noticed() {
        try (Mesh mesh = new Mesh("", "").awaitWhole();
                RespConnection listener = mesh.connect(0);
                RespConnection publisher = mesh.connect(1)) {
            listener.ask("SUBSCRIBE", "c");
            publisher.ask("PUBLISH", "c", "x".repeat(17 << 20));
            publisher.ask("PUBLISH", "c", "small");
            assertThat(texts(listener.read()).getLast()).isEqualTo("small");
            assertThat(mesh.missed(0)).isEqualTo(1);
        }
    }

    @Test
    void cut_connections_lose_messages_but_never_double_them_and_the_loss_is_noticed() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        int messages = 3_000;
        try (Mesh mesh = new Mesh("s", "s", "s").awaitWhole();
                RespConnection listener = mesh.connect(0);
                RespConnection one = mesh.connect(1);
                RespConnection two = mesh.connect(2)) {
            listener.ask("SUBSCRIBE", "c");
            for (int i = 0; i < messages; i++) {
                one.ask("PUBLISH", "c", "1:" + i);
                two.ask("PUBLISH", "c", "2:" + i);
                if (random.nextInt(200) == 0) {
                    mesh.wire(1 + random.nextInt(2), 0).cut();
                }
            }
            mesh.awaitWhole();
            one.ask("PUBLISH", "c", "1:end");
            two.ask("PUBLISH", "c", "2:end");
            Set<String> heard = new HashSet<>();
            while (!heard.contains("1:end") || !heard.contains("2:end")) {
                String message = texts(listener.read()).getLast();
                assertThat(heard.add(message))
                        .as("seed %d, %s for the first time", seed, message)
                        .isTrue();
            }
            long lost = 2L * messages + 2 - heard.size();
            await().untilAsserted(
                            () -> assertThat(mesh.missed(0)).as("seed %d", seed).isEqualTo(lost));
        }
    }

    @Test
    void changes_are_told_to_clients_of_other_nodes_that_track_prefixes() {
        try (Mesh mesh = new Mesh("", "", "").awaitWhole();
                RespConnection tracker = mesh.connect(0);
                RespConnection writer = mesh.connect(2)) {
            tracker.ask("HELLO", "3");
            assertThat(tracker.ask("CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", "user:"))
                    .isEqualTo(OK);
            // Each of both others says so when it begins to tell.
            assertThat(tracker.read()).isEqualTo(FORGET);
            assertThat(tracker.read()).isEqualTo(FORGET);

            // One at a time: what a node hears in one read it tells in one message.
            writer.ask("SET", "item:1", "x");
            writer.ask("SET", "user:1", "x");
            assertThat(tracker.read()).isEqualTo(invalidate("user:1"));
            writer.ask("SET", "user:2", "x", "PX", "1000");
            assertThat(tracker.read()).isEqualTo(invalidate("user:2"));
            assertThat(tracker.read()).as("expiry").isEqualTo(invalidate("user:2"));
            writer.ask("FLUSHALL");
            assertThat(tracker.read()).isEqualTo(FORGET);

            tracker.ask("CLIENT", "TRACKING", "OFF");
            writer.ask("SET", "user:1", "x");
            expectNothingMore(tracker);
        }
    }

    @Test
    void lost_connection_and_missed_changes_tell_to_forget_everything() {
        try (Mesh mesh = new Mesh("", "").awaitWhole();
                RespConnection tracker = mesh.connect(0);
                RespConnection writer = mesh.connect(1)) {
            tracker.ask("HELLO", "3");
            tracker.ask("CLIENT", "TRACKING", "ON", "BCAST");
            assertThat(tracker.read()).isEqualTo(FORGET);

            mesh.wire(1, 0).to(0);
            mesh.wire(1, 0).cut();
            assertThat(tracker.read()).as("lost").isEqualTo(FORGET);
            writer.ask("SET", "k", "x");
            mesh.wire(1, 0).to(mesh.busPort(0));
            assertThat(tracker.read()).as("back, and something was missed").isEqualTo(FORGET);
            mesh.awaitWhole();
            writer.ask("SET", "k", "y");
            assertThat(tracker.read()).isEqualTo(invalidate("k"));
        }
    }

    @Test
    void peer_that_falls_silent_is_noticed_on_both_sides_and_comes_back() {
        try (Mesh mesh = new Mesh("", "").awaitWhole();
                RespConnection tracker = mesh.connect(0)) {
            tracker.ask("HELLO", "3");
            tracker.ask("CLIENT", "TRACKING", "ON", "BCAST");
            assertThat(tracker.read()).isEqualTo(FORGET);
            mesh.wire(1, 0).hold();
            assertThat(tracker.read()).as("silent").isEqualTo(FORGET);
            await().until(() -> mesh.peersUp(1) == 0);
            mesh.wire(1, 0).release();
            mesh.awaitWhole();
        }
    }

    @Test
    void slow_peer_loses_its_connection_before_much_queues_up() {
        try (Mesh mesh = new Mesh("", "").awaitWhole();
                RespConnection publisher = mesh.connect(1)) {
            mesh.wire(1, 0).hold();
            String message = "x".repeat(1 << 20);
            for (int i = 0; i < 64; i++) {
                publisher.ask("PUBLISH", "c", message);
            }
            assertThat(mesh.peersUp(1)).isZero();
            mesh.wire(1, 0).release();
            mesh.awaitWhole();
            await().until(() -> mesh.missed(0) > 0);
        }
    }

    @Test
    void node_without_the_secret_is_not_heard() {
        try (Mesh mesh = new Mesh("right", "right", "wrong");
                RespConnection listener = mesh.connect(0);
                RespConnection friend = mesh.connect(1);
                RespConnection stranger = mesh.connect(2)) {
            await().until(() -> mesh.peersUp(0) == 1 && mesh.peersUp(1) == 1);
            listener.ask("SUBSCRIBE", "c");
            stranger.ask("PUBLISH", "c", "forged");
            friend.ask("PUBLISH", "c", "true");
            assertThat(texts(listener.read()).getLast()).isEqualTo("true");
            expectNothingMore(listener);
            assertThat(mesh.peersUp(2)).isZero();
        }
    }

    @Test
    void garbage_is_dropped_and_the_others_go_on() throws IOException {
        SplittableRandom random = new SplittableRandom();
        try (Mesh mesh = new Mesh("", "").awaitWhole();
                RespConnection listener = mesh.connect(0);
                RespConnection publisher = mesh.connect(1)) {
            listener.ask("SUBSCRIBE", "c");
            for (int i = 0; i < 50; i++) {
                byte[] garbage = new byte[1 + random.nextInt(100_000)];
                random.nextBytes(garbage);
                if (i % 2 == 0) {
                    // A length that is fine, of a frame that is not.
                    garbage[0] = 0;
                }
                flood(mesh.busPort(0), garbage);
                publisher.ask("PUBLISH", "c", "" + i);
                assertThat(texts(listener.read()).getLast()).isEqualTo("" + i);
            }
            assertThat(mesh.missed(0)).isZero();
        }
    }

    @Test
    void stranger_that_says_nothing_is_dropped() throws IOException {
        try (Mesh mesh = new Mesh("", "");
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), mesh.busPort(0))) {
            silent.setSoTimeout(10_000);
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
    }

    /** Writes until the node hangs up; returns when it has. */
    private static void flood(int port, byte[] garbage) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            try {
                socket.getOutputStream().write(garbage);
                socket.shutdownOutput();
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            } catch (java.net.SocketException reset) {
                assertThat(reset).hasMessageMatching("(?i).*(reset|broken pipe|closed).*");
            }
        }
    }

    private static void expectNothingMore(RespConnection connection) {
        connection.send("PING", "end");
        Reply reply = connection.read();
        assertThat(reply)
                .isIn(new Reply.Array(List.of(new Reply.Bulk("pong"), new Reply.Bulk("end"))), new Reply.Bulk("end"));
    }

    private static Reply invalidate(String key) {
        return new Reply.Push(List.of(new Reply.Bulk("invalidate"), new Reply.Array(List.of(new Reply.Bulk(key)))));
    }

    private static List<String> texts(Reply reply) {
        return ((Reply.Array) reply)
                .elements().stream()
                        .map(each -> each instanceof Reply.Bulk bulk ? bulk.text() : each.toString())
                        .toList();
    }
}
