package dev.jackdaw.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.oracle.Program;
import dev.jackdaw.protocol.oracle.RawClient;
import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.command.TestNode;
import dev.jackdaw.server.persistence.Contents;
import dev.jackdaw.server.persistence.Shapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code redis-cli --rdb} gets from a node, and what the node has to do with clients that want a snapshot and do not take it. */
class SyncTest {
    private static final int TIMES_BESIDE_WRITES = 5;
    private static final int KEYS = 5_000;
    private static final int LARGE_BYTES = 24 << 20;

    @TempDir
    private Path folder;

    private Path data;
    private Path file;

    @BeforeEach
    void makeFolders() throws IOException {
        data = Files.createDirectory(folder.resolve("data"));
        file = folder.resolve("dump.rdb");
    }

    private RunningNode node(String... options) {
        return RunningNode.with(Stream.concat(Stream.of("--dir", data.toString()), Stream.of(options))
                .toArray(String[]::new));
    }

    @Test
    void redis_loads_what_redis_cli_gets() throws Exception {
        assumeThat(RedisServer.isInstalled()).isTrue();
        List<String> ours;
        try (RunningNode node = node();
                RespConnection client = node.connect()) {
            for (String[] command : Shapes.commands(2)) {
                client.ask(command);
            }
            ours = Contents.of(client::ask);
            assertThat(Program.run("redis-cli", "-p", "" + node.port(), "--rdb", file.toString()))
                    .contains("Transfer finished with success");
            assertThat(data).isEmptyDirectory();
        }
        assertThat(Program.run("redis-check-rdb", file.toString())).contains("RDB looks OK");
        try (RedisServer redis = RedisServer.start("--dir", folder.toString());
                RespConnection theirs = redis.connect()) {
            assertThat(Contents.of(theirs::ask)).isEqualTo(ours);
        }
    }

    @Test
    void what_redis_cli_gets_is_of_one_moment() throws Exception {
        assumeThat(RedisServer.isInstalled()).isTrue();
        AtomicBoolean ended = new AtomicBoolean();
        try (RunningNode node = node("--appendonly", "yes", "--appendfsync", "always");
                RespConnection writing = node.connect()) {
            setAll(writing, 0);
            Thread writer = Thread.ofVirtual().start(() -> {
                for (int round = 1; !ended.get(); round++) {
                    setAll(writing, round);
                }
            });
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < TIMES_BESIDE_WRITES || seen.size() < 2; i++) {
                assertThat(writer.isAlive()).isTrue();
                assertThat(Program.run("redis-cli", "-p", "" + node.port(), "--rdb", file.toString()))
                        .contains("Transfer finished with success");
                Set<String> values = valuesIn(folder);
                assertThat(values).hasSize(1);
                seen.addAll(values);
            }
            ended.set(true);
            writer.join();
        }
    }

    /** All keys at once. */
    private static void setAll(RespConnection client, int round) {
        List<String> words = new ArrayList<>(List.of("MSET"));
        for (int i = 0; i < KEYS; i++) {
            words.add("key" + i);
            words.add("round " + round);
        }
        assertThat(client.ask(words.toArray(String[]::new))).isEqualTo(new Reply.Simple("OK"));
    }

    private static Set<String> valuesIn(Path folder) throws IOException {
        Set<String> values = new HashSet<>();
        try (TestNode loaded = TestNode.with("--dir", folder.toString())) {
            loaded.load();
            for (int i = 0; i < KEYS; i++) {
                values.add(loaded.run("GET", "key" + i).toString());
            }
        }
        return values;
    }

    @Test
    void who_wants_to_be_a_replica_is_refused() {
        try (RunningNode node = node();
                RespConnection client = node.connect()) {
            assertThat(client.ask("SYNC")).isEqualTo(new Reply.Error(CommandError.NO_REPLICAS));
            assertThat(client.ask("REPLCONF", "rdb-only", "1")).isEqualTo(new Reply.Simple("OK"));
            for (String option : List.of("listening-port", "ip-address", "rdb-filter-only", "ack")) {
                assertThat(client.ask("REPLCONF", option, "1"))
                        .isEqualTo(new Reply.Error(CommandError.notInReplconf(option)));
            }
            assertThat(client.ask("SYNC")).isEqualTo(new Reply.Error(CommandError.NO_REPLICAS));
            assertThat(client.ask("PING")).isEqualTo(new Reply.Simple("PONG"));
        }
    }

    @Test
    void who_does_not_take_it_keeps_nobody_waiting() {
        try (RunningNode node = node("--rdbcompression", "no");
                RespConnection other = node.connect()) {
            other.ask("SET", "large", "x".repeat(LARGE_BYTES));
            try (RawClient slow = node.raw()) {
                slow.send("REPLCONF rdb-only 1\r\nSYNC\r\n");
                assertThat(slow.receive(6)).isEqualTo("+OK\r\n$");
                try (RawClient gone = node.raw()) {
                    gone.send("REPLCONF rdb-only 1\r\nSYNC\r\n");
                    assertThat(gone.receive(6)).isEqualTo("+OK\r\n$");
                }
                Awaitility.await().untilAsserted(() -> assertThat(data).isEmptyDirectory());
                Awaitility.await().until(() -> clients(other) == 2);

                assertThat(other.ask("BGSAVE")).isEqualTo(new Reply.Simple("Background saving started"));
                String[] rest = slow.receiveToEnd().split("\r\n", 2);
                assertThat(rest[1]).startsWith("REDIS").hasSize(Integer.parseInt(rest[0]));
                assertThat(rest[1].length()).isGreaterThan(LARGE_BYTES);
            }
        }
    }

    private static long clients(RespConnection client) {
        return client.ask("CLIENT", "LIST").toString().split(" addr=", -1).length - 1L;
    }

    @Test
    void who_goes_before_it_is_taken_leaves_nothing_behind() {
        try (RunningNode node = node();
                RespConnection other = node.connect()) {
            setAll(other, 1);
            for (int i = 0; i < TIMES_BESIDE_WRITES; i++) {
                try (RawClient gone = node.raw()) {
                    gone.send("REPLCONF rdb-only 1\r\nSYNC\r\n");
                    assertThat(gone.receive(5)).isEqualTo("+OK\r\n");
                }
            }
            Awaitility.await().untilAsserted(() -> assertThat(data).isEmptyDirectory());
            Awaitility.await().until(() -> other.ask("SAVE").equals(new Reply.Simple("OK")));
            assertThat(data).isDirectoryContaining("glob:**dump.rdb");
        }
    }

    @Test
    void a_snapshot_that_fails_is_an_error() throws IOException {
        try (RunningNode node = node();
                RespConnection client = node.connect()) {
            Files.delete(data);
            assertThat(client.ask("REPLCONF", "rdb-only", "1")).isEqualTo(new Reply.Simple("OK"));
            assertThat(client.ask("SYNC")).isEqualTo(new Reply.Error(CommandError.SNAPSHOT_FAILED));
        }
    }
}
