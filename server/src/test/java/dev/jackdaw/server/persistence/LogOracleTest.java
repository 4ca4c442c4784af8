package dev.jackdaw.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jackdaw.protocol.oracle.Program;
import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.command.TestNode;
import dev.jackdaw.server.engine.EngineCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs go from here to a real redis-server and to redis-check-aof, and come back, and hold the same data. */
@Tag("oracle")
class LogOracleTest {
    private static final Reply OK = new Reply.Simple("OK");

    @TempDir
    private Path folder;

    private TestNode node(String... options) throws IOException {
        TestNode node = TestNode.with(
                Stream.concat(Stream.of("--dir", folder.toString(), "--appendonly", "yes"), Stream.of(options))
                        .toArray(String[]::new));
        node.load();
        return node;
    }

    private RedisServer redis() throws IOException {
        return RedisServer.start("--dir", folder.toString(), "--appendonly", "yes");
    }

    private static String check(Path folder) throws IOException {
        return Program.run(
                "redis-check-aof",
                folder.resolve("appendonlydir/appendonly.aof.manifest").toString());
    }

    private static void finishRewrite(TestNode node) {
        Awaitility.await().until(() -> {
            node.advance(10);
            return !node.node().log().rewrite().isRunning();
        });
    }

    @Test
    void redis_goes_on_with_our_log_and_we_with_theirs() throws Exception {
        assumeTrue(RedisServer.isInstalled());
        List<String> ours;
        try (TestNode node = node()) {
            fill(node::run, "");
            node.run("BGREWRITEAOF");
            fill(node::run, "while:");
            finishRewrite(node);
            fill(node::run, "after:");
            ours = contents(node::run);
        }
        assertThat(check(folder)).contains("All AOF files and manifest are valid");
        List<String> their;
        try (RedisServer redis = redis();
                RespConnection theirs = redis.connect()) {
            assertThat(contents(theirs::ask)).isEqualTo(ours);
            theirs.ask("FLUSHALL");
            fill(theirs::ask, "theirs:");
            their = contents(theirs::ask);
        }
        try (TestNode node = node()) {
            assertThat(contents(node::run)).isEqualTo(their);
            EngineCheck.check(node.engine());
            fill(node::run, "again:");
            ours = contents(node::run);
        }
        assertThat(check(folder)).contains("All AOF files and manifest are valid");
        try (RedisServer redis = redis();
                RespConnection theirs = redis.connect()) {
            assertThat(contents(theirs::ask)).isEqualTo(ours);
        }
    }

    /** Under {@code always} there is room behind what was written. */
    @Test
    void redis_loads_the_log_of_a_node_that_was_killed() throws Exception {
        assumeTrue(RedisServer.isInstalled());
        Path left = Files.createDirectory(folder.resolve("left"));
        List<String> ours;
        try (TestNode node = node("--appendfsync", "always")) {
            fill(node::run, "");
            Awaitility.await().until(() -> !node.node().log().holdsReplies());
            ours = contents(node::run);
            copy(folder.resolve("appendonlydir"), Files.createDirectory(left.resolve("appendonlydir")));
        }
        try (RedisServer redis = RedisServer.start("--dir", left.toString(), "--appendonly", "yes");
                RespConnection theirs = redis.connect()) {
            assertThat(contents(theirs::ask)).isEqualTo(ours);
            theirs.ask("SET", "behind", "room");
            ours = contents(theirs::ask);
        }
        assertThat(check(left)).contains("All AOF files and manifest are valid");
        try (TestNode node = TestNode.with("--dir", left.toString(), "--appendonly", "yes")) {
            node.load();
            assertThat(contents(node::run)).isEqualTo(ours);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void we_load_what_redis_has_written() throws Exception {
        assumeTrue(RedisServer.isInstalled());
        for (String preamble : List.of("yes", "no")) {
            List<String> their;
            Path theirFolder = Files.createDirectory(folder.resolve(preamble));
            try (RedisServer redis = RedisServer.start(
                            "--dir",
                            theirFolder.toString(),
                            "--appendonly",
                            "yes",
                            "--aof-use-rdb-preamble",
                            preamble,
                            "--aof-timestamp-enabled",
                            "yes");
                    RespConnection theirs = redis.connect()) {
                fill(theirs::ask, "");
                theirs.ask("BGREWRITEAOF");
                Awaitility.await()
                        .atMost(20, TimeUnit.SECONDS)
                        .until(() -> ((Reply.Bulk) theirs.ask("INFO", "persistence"))
                                .text()
                                .contains("aof_rewrite_in_progress:0"));
                fill(theirs::ask, "after:");
                their = contents(theirs::ask);
            }
            try (TestNode node = TestNode.with("--dir", theirFolder.toString(), "--appendonly", "yes")) {
                node.load();
                assertThat(contents(node::run)).isEqualTo(their);
                EngineCheck.check(node.engine());
            }
        }
    }

    /** In two databases, under names that begin so. */
    private static void fill(Contents.Server server, String prefix) {
        for (String[] command : Shapes.commands(2)) {
            String[] named = command.clone();
            if (named.length > 1) {
                named[1] = prefix + named[1];
            }
            server.ask(named);
        }
        server.ask("SELECT", "3");
        assertThat(server.ask("SET", prefix + "other", "database")).isEqualTo(OK);
        server.ask("SELECT", "0");
    }

    private static List<String> contents(Contents.Server server) {
        return Contents.of(server, 0, 3);
    }
}
