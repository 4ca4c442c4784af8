package dev.jackdaw.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.command.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What DEBUG does with all the data: digests of them, and their going and coming back from the files. */
class DebugDataTest {
    private static final Reply OK = new Reply.Simple("OK");
    private static final Reply NO_LOG = new Reply.Error(CommandError.NO_WHOLE_LOG);

    @TempDir
    private Path folder;

    private TestNode node(String... options) throws IOException {
        TestNode node = TestNode.with(Stream.concat(
                        Stream.of("--dir", folder.toString(), "--enable-debug-command", "yes"), Stream.of(options))
                .toArray(String[]::new));
        node.load();
        return node;
    }

    private static void fill(TestNode node) {
        node.run("SELECT", "3");
        Shapes.commands(7).forEach(node::run);
        node.run("SELECT", "0");
        node.run("HSET", "fields", "a", "1", "b", "2");
        node.run("HPEXPIRE", "fields", "100000", "FIELDS", "1", "a");
    }

    @Test
    @Tag("oracle")
    void equal_data_have_the_digest_that_redis_gives_them() throws IOException {
        assumeTrue(RedisServer.isInstalled());
        try (TestNode node = node();
                RedisServer redis = RedisServer.start();
                RespConnection theirs = redis.connect()) {
            assertThat(node.run("DEBUG", "DIGEST")).isEqualTo(theirs.ask("DEBUG", "DIGEST"));
            for (String[] command : Shapes.commands(7)) {
                node.run(command);
                theirs.ask(command);
            }
            for (String[] words : List.of(
                    new String[] {"SELECT", "5"},
                    new String[] {"SET", "other", "database"},
                    new String[] {"DEBUG", "DIGEST"},
                    new String[] {"DEBUG", "POPULATE", "3"},
                    new String[] {"DEBUG", "POPULATE", "2", "long", "100"},
                    new String[] {"DEBUG", "POPULATE", "5", "key", "3"},
                    new String[] {"DEBUG", "DIGEST"},
                    new String[] {"SELECT", "0"},
                    new String[] {"DEBUG", "DIGEST-VALUE", "s-text", "none", "x-groups", "z-large", "l-small"})) {
                assertThat(node.run(words)).as(String.join(" ", words)).isEqualTo(theirs.ask(words));
            }
        }
    }

    @Test
    void a_digest_tells_of_every_difference() throws IOException {
        try (TestNode node = node()) {
            fill(node);
            Reply before = node.run("DEBUG", "DIGEST");
            node.run("HSET", "fields", "b", "3");
            assertThat(node.run("DEBUG", "DIGEST")).isNotEqualTo(before);
            node.run("HSET", "fields", "b", "2");
            assertThat(node.run("DEBUG", "DIGEST")).isEqualTo(before);
            node.run("HPERSIST", "fields", "FIELDS", "1", "a");
            assertThat(node.run("DEBUG", "DIGEST")).isNotEqualTo(before);
        }
    }

    @Test
    void what_had_a_long_element_comes_back_packed() throws IOException {
        String longText = "x".repeat(65);
        try (TestNode node = node()) {
            node.run("HSET", "hash", "a", "1", "b", longText);
            node.run("HSET", "short", "a", "1", "b", longText);
            node.run("HDEL", "short", "b");
            node.run("ZADD", "sorted", "-0", longText, "1", "a");
            node.run("ZADD", "sorted", "-0", "b");
            node.run("ZADD", "few", "1", longText, "1", "a");
            node.run("ZREM", "few", longText);
            Reply before = node.run("DEBUG", "DIGEST");
            assertThat(node.run("DEBUG", "RELOAD")).isEqualTo(OK);
            assertThat(node.run("DEBUG", "DIGEST")).isEqualTo(before);
            assertThat(node.run("OBJECT", "ENCODING", "hash")).isEqualTo(new Reply.Bulk("hashtable"));
            assertThat(node.run("OBJECT", "ENCODING", "short")).isEqualTo(new Reply.Bulk("listpack"));
            assertThat(node.run("OBJECT", "ENCODING", "sorted")).isEqualTo(new Reply.Bulk("skiplist"));
            assertThat(node.run("OBJECT", "ENCODING", "few")).isEqualTo(new Reply.Bulk("listpack"));
            assertThat(node.run("ZSCORE", "sorted", longText)).isEqualTo(new Reply.Bulk("-0"));
            assertThat(node.run("ZSCORE", "sorted", "b")).isEqualTo(new Reply.Bulk("-0"));
        }
    }

    @Test
    void a_stream_comes_back_whose_last_id_is_below_one_that_was_deleted() throws IOException {
        try (TestNode node = node()) {
            for (int i = 1; i <= 10; i++) {
                node.run("XADD", "s", i + "-0", "f", "v");
            }
            node.run("XDEL", "s", "10-0");
            node.run("XSETID", "s", "9-0");
            node.run("XADD", "s", "9-5", "f", "v");
            Reply before = node.run("XRANGE", "s", "-", "+");
            assertThat(node.run("DEBUG", "RELOAD")).isEqualTo(OK);
            assertThat(node.run("XRANGE", "s", "-", "+")).isEqualTo(before);
            assertThat(node.run("XRANGE", "s", "9-6", "+")).isEqualTo(new Reply.Array(List.of()));
            assertThat(node.run("XINFO", "STREAM", "s").toString()).contains("9-5");
        }
    }

    @Test
    void what_was_saved_comes_back() throws IOException {
        try (TestNode node = node()) {
            fill(node);
            Reply before = node.run("DEBUG", "DIGEST");
            assertThat(node.run("DEBUG", "RELOAD")).isEqualTo(OK);
            assertThat(node.run("DEBUG", "DIGEST")).isEqualTo(before);
            node.run("SET", "later", "x");
            assertThat(node.run("DEBUG", "RELOAD", "NOSAVE")).isEqualTo(OK);
            assertThat(node.run("DEBUG", "DIGEST")).isEqualTo(before);
            assertThat(node.run("DEBUG", "RELOAD", "OTHER")).isInstanceOf(Reply.Error.class);
        }
    }

    @Test
    void a_reload_changes_what_is_watched_and_ends_snapshots() throws IOException {
        try (TestNode node = node()) {
            fill(node);
            node.run("WATCH", "fields");
            node.run("BGSAVE");
            assertThat(node.connect().run("DEBUG", "RELOAD")).isEqualTo(OK);
            node.run("MULTI");
            assertThat(node.run("EXEC")).isEqualTo(Reply.Null.ARRAY);
            assertThat(node.run("HGET", "fields", "b")).isEqualTo(new Reply.Bulk("2"));
        }
    }

    @Test
    void a_file_that_cannot_be_read_is_an_error() throws IOException {
        try (TestNode node = node()) {
            Files.writeString(folder.resolve("dump.rdb"), "no snapshot");
            assertThat(node.run("DEBUG", "RELOAD", "NOSAVE"))
                    .isEqualTo(new Reply.Error(CommandError.SNAPSHOT_NOT_LOADED));
        }
    }

    @Test
    void what_was_logged_comes_back_and_the_log_goes_on() throws IOException {
        Reply before;
        try (TestNode node = node("--appendonly", "yes")) {
            fill(node);
            node.run("DEBUG", "POPULATE", "10");
            before = node.run("DEBUG", "DIGEST");
            assertThat(node.run("DEBUG", "LOADAOF")).isEqualTo(OK);
            assertThat(node.run("DEBUG", "DIGEST")).isEqualTo(before);
            node.run("SET", "later", "x");
            assertThat(node.run("DEBUG", "RELOAD")).isEqualTo(OK);
            assertThat(node.run("DEBUG", "LOADAOF")).isEqualTo(OK);
            assertThat(node.run("DEL", "later")).isEqualTo(new Reply.Int(1));
        }
        try (TestNode node = node("--appendonly", "yes")) {
            assertThat(node.run("DEBUG", "DIGEST")).isEqualTo(before);
        }
    }

    @Test
    void a_log_that_begins_anew_is_not_loaded_before_it_is_whole() throws IOException {
        try (TestNode node = node("--appendonly", "yes")) {
            node.run("CONFIG", "SET", "appendonly", "no");
            node.run("SET", "k", "v");
            node.run("CONFIG", "SET", "appendonly", "yes");
            assertThat(node.run("DEBUG", "LOADAOF")).isEqualTo(NO_LOG);
            Awaitility.await().until(() -> {
                node.advance(10);
                return node.run("INFO", "persistence").toString().contains("aof_rewrite_in_progress:0");
            });
            assertThat(node.run("DEBUG", "LOADAOF")).isEqualTo(OK);
            assertThat(node.run("GET", "k")).isEqualTo(new Reply.Bulk("v"));
        }
    }

    @Test
    void without_a_log_nothing_is_loaded_from_it() throws IOException {
        try (TestNode node = node()) {
            node.run("SET", "k", "v");
            assertThat(node.run("DEBUG", "LOADAOF")).isEqualTo(new Reply.Error(CommandError.LOG_NOT_LOADED));
            assertThat(node.run("DEBUG", "RELOAD", "NOSAVE"))
                    .isEqualTo(new Reply.Error(CommandError.SNAPSHOT_NOT_LOADED));
            assertThat(node.run("GET", "k")).isEqualTo(new Reply.Bulk("v"));
        }
        try (TestNode node = node("--appendonly", "yes")) {
            node.run("MULTI");
            node.run("SET", "k", "v");
            node.run("DEBUG", "LOADAOF");
            assertThat(node.run("EXEC")).isEqualTo(new Reply.Array(List.of(OK, NO_LOG)));
            assertThat(node.run("GET", "k")).isEqualTo(new Reply.Bulk("v"));
        }
    }
}
