package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.rdb.CorruptRdbException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotCommandTest {
    private static final Reply OK = new Reply.Simple("OK");
    private static final Reply STARTED = new Reply.Simple("Background saving started");

    @TempDir
    private Path folder;

    private TestNode node(String... options) {
        return TestNode.with(Stream.concat(Stream.of("--dir", folder.toString()), Stream.of(options))
                .toArray(String[]::new));
    }

    private static void finish(TestNode node) {
        Awaitility.await().until(() -> {
            node.advance(10);
            return !node.node().snapshots().isRunning();
        });
    }

    @Test
    void bgsave_writes_while_commands_run() throws IOException {
        try (TestNode node = node()) {
            node.run("SET", "k", "v");
            assertThat(node.run("BGSAVE")).isEqualTo(STARTED);
            node.run("SET", "k", "w");
            node.run("SET", "l", "w");
            assertThat(node.run("BGSAVE")).isEqualTo(new Reply.Error(CommandError.SAVE_IN_PROGRESS));
            assertThat(node.run("SAVE")).isEqualTo(new Reply.Error(CommandError.SAVE_IN_PROGRESS));
            node.advance(5_000);
            finish(node);
            assertThat(((Reply.Int) node.run("LASTSAVE")).value()).isGreaterThanOrEqualTo(1_800_000_005);
            assertThat(node.node().snapshots().changes()).isEqualTo(2);
        }
        try (TestNode node = node()) {
            node.load();
            assertThat(node.run("MGET", "k", "l"))
                    .isEqualTo(new Reply.Array(List.of(new Reply.Bulk("v"), Reply.Null.BULK)));
        }
        assertThat(Files.list(folder)).as("what is left").hasSize(1);
    }

    @Test
    void save_points_begin_snapshots() {
        try (TestNode node = node("--save", "10 2")) {
            node.run("SET", "k", "v");
            node.advance(60_000);
            assertThat(folder.resolve("dump.rdb")).doesNotExist();
            node.run("SET", "l", "v");
            node.advance(60_000);
            finish(node);
            assertThat(folder.resolve("dump.rdb")).exists();
            assertThat(node.node().snapshots().saves()).isEqualTo(1);
        }
    }

    @Test
    void what_was_flushed_does_not_come_back_with_a_snapshot_of_before() throws IOException {
        for (boolean duringSnapshot : List.of(false, true)) {
            try (TestNode node = node("--save", "10000 1")) {
                node.run("SET", "k", "v");
                assertThat(node.run("SAVE")).isEqualTo(OK);
                if (duringSnapshot) {
                    node.run("BGSAVE");
                }
                node.run("FLUSHALL");
                Awaitility.await().until(() -> {
                    node.advance(duringSnapshot ? 10 : 0);
                    return node.node().snapshots().changes() == 0;
                });
            }
            try (TestNode node = node()) {
                node.load();
                assertThat(node.run("DBSIZE")).isEqualTo(new Reply.Int(0));
            }
        }
    }

    @Test
    void writes_stop_while_snapshots_fail() throws IOException {
        Path missing = folder.resolve("missing");
        try (TestNode node = TestNode.with("--dir", missing.toString(), "--save", "10 1")) {
            node.run("SET", "k", "v");
            node.advance(60_000);
            finish(node);
            assertThat(node.node().snapshots().lastFailed()).isTrue();
            assertThat(node.run("SET", "k", "w")).isEqualTo(new Reply.Error(CommandError.SNAPSHOTS_FAIL));
            assertThat(node.run("GET", "k")).isEqualTo(new Reply.Bulk("v"));
            Files.createDirectory(missing);
            node.advance(60_000);
            finish(node);
            assertThat(node.run("SET", "k", "w")).isEqualTo(OK);
        }
    }

    @Test
    void a_save_that_fails_stops_no_writes() {
        try (TestNode node = TestNode.with("--dir", folder.resolve("missing").toString(), "--save", "3600 1")) {
            assertThat(node.run("SAVE")).isInstanceOf(Reply.Error.class);
            assertThat(node.run("SET", "k", "v")).isEqualTo(OK);
        }
    }

    @Test
    void a_flushed_database_is_still_saved() throws IOException {
        try (TestNode node = node()) {
            for (int i = 0; i < 2_000; i++) {
                node.run("SET", "k" + i, "v");
            }
            node.run("BGSAVE");
            node.run("FLUSHALL");
            finish(node);
            assertThat(node.run("DBSIZE")).isEqualTo(new Reply.Int(0));
            node.load();
            assertThat(node.run("DBSIZE")).isEqualTo(new Reply.Int(2_000));
        }
    }

    @Test
    void what_has_expired_is_not_loaded() throws IOException {
        try (TestNode node = node()) {
            node.run("SET", "k", "v", "PX", "100");
            node.run("RPUSH", "l", "v");
            node.run("PEXPIRE", "l", "100");
            node.run("SET", "m", "v", "PX", "10000");
            node.run("SAVE");
            node.run("FLUSHALL");
            node.advance(1_000);
            node.load();
            assertThat(node.run("DBSIZE")).isEqualTo(new Reply.Int(1));
            assertThat(node.run("PTTL", "m")).isEqualTo(new Reply.Int(9_000));
            assertThat(node.node().snapshots().expiredKeys()).isEqualTo(2);
        }
    }

    @Test
    void clients_are_told_while_data_is_loaded() throws IOException {
        try (TestNode node = node()) {
            for (int i = 0; i < 20_000; i++) {
                node.run("SET", "k" + i, "a value of some length, so that there are several slices");
            }
            node.run("CONFIG", "SET", "rdbcompression", "no");
            node.run("SAVE");
        }
        try (TestNode node = node("--save", "1 1")) {
            node.node().load();
            assertThat(node.node().backgroundStep()).isTrue();
            assertThat(node.run("GET", "k")).isEqualTo(new Reply.Error(CommandError.LOADING));
            assertThat(node.run("SET", "k", "v")).isEqualTo(new Reply.Error(CommandError.LOADING));
            assertThat(node.run("CONFIG", "SET", "hz", "20", "Dir", "x"))
                    .isEqualTo(new Reply.Error(CommandError.LOADING));
            assertThat(node.run("CONFIG", "SET", "hz", "20")).isEqualTo(OK);
            assertThat(node.run("SELECT", "1")).isEqualTo(OK);
            assertThat(info(node)).contains("loading:1\r\n", "loading_eta_seconds:", "loading_loaded_perc:");
            node.finishLoading();
            assertThat(info(node)).contains("loading:0\r\n").doesNotContain("loading_eta");
            assertThat(node.run("DBSIZE")).isEqualTo(new Reply.Int(0));
            node.run("SELECT", "0");
            assertThat(node.run("DBSIZE")).isEqualTo(new Reply.Int(20_000));
            assertThat(node.node().snapshots().changes()).isZero();
        }
    }

    @Test
    void keys_take_as_long_as_tests_want_them_to() throws IOException {
        try (TestNode node = node("--rdb-key-save-delay", "1000000")) {
            for (int i = 0; i < 100; i++) {
                node.run("SET", "k" + i, "v");
            }
            node.run("BGSAVE");
            node.advance(50_000);
            assertThat(node.node().snapshots().writtenKeys()).isBetween(50L, 99L);
            node.run("CONFIG", "SET", "rdb-key-save-delay", "0");
            finish(node);
            assertThat(node.node().snapshots().saves()).isEqualTo(1);
        }
        try (TestNode node = node("--rdb-key-save-delay", "1000", "--key-load-delay", "500")) {
            long begun = node.engine().clock().millis();
            node.load();
            assertThat(node.engine().clock().millis() - begun).isEqualTo(50);
            node.advance(0);
            node.run("SAVE");
            assertThat(node.engine().clock().millis() - begun).isEqualTo(150);
        }
    }

    private static String info(TestNode node) {
        return ((Reply.Bulk) node.run("INFO", "persistence")).text();
    }

    @Test
    void a_damaged_file_is_refused_wherever_the_damage_is() throws IOException {
        try (TestNode node = node()) {
            node.run("SET", "k", "a value");
            node.run("RPUSH", "l", "a", "b");
            node.run("SAVE");
        }
        Path file = folder.resolve("dump.rdb");
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 1;
            Files.write(file, damaged);
            assertThatThrownBy(this::load).as("byte " + i).isInstanceOf(CorruptRdbException.class);
        }
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(this::load).as("length " + length).isInstanceOf(CorruptRdbException.class);
        }
        Files.write(file, whole);
        load();
    }

    private void load() throws IOException {
        try (TestNode node = node()) {
            node.load();
        }
    }
}
