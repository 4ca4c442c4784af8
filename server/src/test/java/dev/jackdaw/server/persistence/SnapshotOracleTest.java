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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files go from here to a real redis-server and to redis-check-rdb, and come back, and hold the same data. */
@Tag("oracle")
class SnapshotOracleTest {
    private static final Reply OK = new Reply.Simple("OK");

    @TempDir
    private Path folder;

    @Test
    void redis_loads_what_we_save() throws Exception {
        assumeTrue(RedisServer.isInstalled());
        for (String policy : List.of("noeviction", "allkeys-lru", "allkeys-lfu")) {
            for (String compression : List.of("yes", "no")) {
                List<String> ours = save(policy, compression);
                assertThat(check()).contains("RDB looks OK");
                try (RedisServer redis = RedisServer.start("--dir", folder.toString());
                        RespConnection theirs = redis.connect()) {
                    assertThat(contents(theirs::ask)).isEqualTo(ours);
                }
            }
        }
    }

    private List<String> save(String policy, String compression) {
        try (TestNode node = TestNode.with(
                "--dir", folder.toString(), "--maxmemory-policy", policy, "--rdbcompression", compression)) {
            fill(node::run);
            assertThat(node.run("SAVE")).isEqualTo(OK);
            EngineCheck.check(node.engine());
            return contents(node::run);
        }
    }

    @Test
    void we_load_what_redis_saves() throws IOException {
        assumeTrue(RedisServer.isInstalled());
        List<String> their;
        try (RedisServer redis = RedisServer.start();
                RespConnection theirs = redis.connect()) {
            fill(theirs::ask);
            their = contents(theirs::ask);
            assertThat(theirs.ask("SAVE")).isEqualTo(OK);
            Files.copy(redis.directory().resolve("dump.rdb"), folder.resolve("dump.rdb"));
        }
        try (TestNode node = TestNode.with("--dir", folder.toString())) {
            node.load();
            assertThat(contents(node::run)).isEqualTo(their);
            EngineCheck.check(node.engine());
        }
    }

    /** In two databases. */
    private static void fill(Contents.Server server) {
        for (String[] command : Shapes.commands(2)) {
            server.ask(command);
        }
        server.ask("SELECT", "3");
        server.ask("SET", "other", "database");
        server.ask("SELECT", "0");
    }

    private static List<String> contents(Contents.Server server) {
        return Contents.of(server, 0, 3);
    }

    private String check() throws IOException {
        return Program.run("redis-check-rdb", folder.resolve("dump.rdb").toString());
    }
}
