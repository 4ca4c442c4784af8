package dev.jackdaw.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.command.TestNode;
import dev.jackdaw.server.config.Directive;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node does while its log lacks something. */
class LogFailureTest {
    private static final Reply OK = new Reply.Simple("OK");

    @TempDir
    private Path folder;

    private final SlowDisk disk = new SlowDisk();

    private TestNode node(String... options) throws IOException {
        TestNode node = TestNode.on(
                disk,
                Stream.concat(Stream.of("--dir", folder.toString(), "--appendonly", "yes"), Stream.of(options))
                        .toArray(String[]::new));
        node.load();
        return node;
    }

    private static void awaitFailure(TestNode node) {
        Awaitility.await().until(() -> !node.node().log().mayEnd());
    }

    private static void awaitWhole(TestNode node) {
        Awaitility.await().until(() -> {
            node.advance(100);
            return node.node().log().mayEnd();
        });
    }

    @Test
    void only_replies_from_within_one_refusal_of_writes_need_not_wait() throws IOException {
        try (TestNode node = node("--appendfsync", "always")) {
            AppendLog log = node.node().log();
            long last = 0;
            for (int i = 0; i < 2; i++) {
                disk.full(true);
                assertThat(node.run("SET", "k", "v")).isEqualTo(OK);
                long before = log.refusal();
                assertThat(before).isZero();
                Awaitility.await().until(() -> {
                    node.advance(10);
                    return log.failure() != null;
                });
                assertThat(node.run("SET", "k", "w")).isInstanceOf(Reply.Error.class);
                assertThat(log.holdsReplies(before)).isTrue();
                assertThat(log.holdsReplies(log.refusal())).isFalse();
                assertThat(log.refusal()).isNotEqualTo(last);
                last = log.refusal();
                disk.full(false);
                awaitWhole(node);
                node.advance(1);
            }
        }
    }

    private static void assertDoesNotEnd(TestNode node) {
        for (String how : List.of("SHUTDOWN", "SHUTDOWN SAVE", "SHUTDOWN NOSAVE NOW")) {
            assertThat(node.run(how.split(" "))).as(how).isEqualTo(new Reply.Error(CommandError.SHUTDOWN_FAILED));
        }
        assertThat(node.node().shutDown(Directive.SHUTDOWN_ON_SIGTERM)).isFalse();
    }

    private static void assertEnds(TestNode node, String... words) {
        assertThat(node.client().runAll(words)).isEmpty();
        assertThat(node.client().isClosed()).isTrue();
    }

    @Test
    void a_node_does_not_end_before_the_first_base_is_there() throws IOException {
        try (TestNode node = node("--appendonly", "no")) {
            node.run("SET", "k", "v");
            node.run("CONFIG", "SET", "appendonly", "yes");
            assertDoesNotEnd(node);
            node.step();
            assertThat(node.node().log().rewrite().isRunning()).isTrue();
            assertDoesNotEnd(node);
            assertThat(node.node().log().rewrite().isRunning())
                    .as("an attempt does not begin it anew")
                    .isTrue();
            awaitWhole(node);
            assertEnds(node, "SHUTDOWN");
        }
        try (TestNode node = node()) {
            assertThat(node.run("GET", "k")).isEqualTo(new Reply.Bulk("v"));
        }
    }

    @Test
    void force_ends_a_node_without_its_first_base() throws IOException {
        try (TestNode node = node("--appendonly", "no")) {
            node.run("CONFIG", "SET", "appendonly", "yes");
            assertEnds(node, "SHUTDOWN", "FORCE");
        }
    }

    @Test
    void a_node_does_not_end_without_what_a_failed_sync_may_have_lost() throws IOException {
        try (TestNode node = node("--appendfsync", "always")) {
            disk.failSyncs(1);
            node.run("SET", "k", "v");
            awaitFailure(node);
            assertDoesNotEnd(node);
            awaitWhole(node);
            assertEnds(node, "SHUTDOWN");
        }
        try (TestNode node = node()) {
            assertThat(node.run("GET", "k")).isEqualTo(new Reply.Bulk("v"));
        }
    }

    @Test
    void a_node_does_not_end_without_what_a_full_disk_has_not_taken() throws IOException {
        try (TestNode node = node()) {
            disk.full(true);
            assertThat(node.run("SET", "k", "v")).isEqualTo(OK);
            awaitFailure(node);
            assertDoesNotEnd(node);
            disk.full(false);
            assertEnds(node, "SHUTDOWN", "FORCE");
        }
        try (TestNode node = node()) {
            assertThat(node.run("GET", "k")).isEqualTo(new Reply.Bulk("v"));
        }
    }

    @Test
    void a_log_that_is_turned_off_while_the_disk_is_full_refuses_and_holds_nothing() throws IOException {
        try (TestNode node = node("--appendfsync", "always")) {
            AppendLog log = node.node().log();
            disk.full(true);
            node.run("SET", "k", "v");
            Awaitility.await().until(() -> {
                node.advance(10);
                return log.failure() != null;
            });
            assertThat(log.holdsReplies()).isTrue();
            node.run("CONFIG", "SET", "appendonly", "no");
            assertThat(node.run("SET", "k", "w")).isEqualTo(OK);
            assertThat(log.holdsReplies()).isFalse();
            node.run("CONFIG", "SET", "appendonly", "yes");
            assertDoesNotEnd(node);
            disk.full(false);
            awaitWhole(node);
        }
        try (TestNode node = node()) {
            assertThat(node.run("GET", "k")).isEqualTo(new Reply.Bulk("w"));
        }
    }

    @Test
    void replies_wait_for_the_disk_from_the_moment_on_at_which_that_is_wanted() throws IOException {
        try (TestNode node = node()) {
            AppendLog log = node.node().log();
            disk.full(true);
            assertThat(node.run("SET", "k", "v")).isEqualTo(OK);
            assertThat(log.holdsReplies()).isFalse();
            node.run("CONFIG", "SET", "appendfsync", "always");
            assertThat(log.holdsReplies()).isTrue();
            node.run("CONFIG", "SET", "appendfsync", "no");
            assertThat(log.holdsReplies()).isFalse();
            disk.full(false);
        }
    }
}
