package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.engine.EngineCheck;
import dev.jackdaw.server.persistence.Contents;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that are written in several steps, and that change, or go, when a part of them has been written. */
class LongValueSnapshotTest {
    private static final String TEXT = "an element of some length, so that not many are needed, ".repeat(3);
    private static final int ELEMENTS = 1_000;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "RPUSH, LSET long 900 changed",
        "RPUSH, LPUSH long first",
        "RPUSH, LTRIM long 0 3",
        "SADD, SPOP long 500",
        "SADD, SADD long another",
        "HSET, HSET long another field",
        "HSET, HDEL long 5",
        "HSET, HPEXPIRE long 10 FIELDS 1 5",
        "HPEXPIRE, HPERSIST long FIELDS 1 7",
        "HPEXPIRE, HSET long another field",
        "ZADD, ZADD long 5.5 another",
        "ZADD, ZPOPMAX long 100",
        "SET, APPEND long more",
        "SET, SETRANGE long 100 other",
        "SET, SET long other",
        "RPUSH, DEL long",
        "HSET, UNLINK long",
        "ZADD, RENAME long other",
        "SADD, MOVE long 3",
        "HSET, EXPIRE long 0",
        "SET, FLUSHALL",
        "ZADD, PING",
        "RPUSH, COPY other long REPLACE",
    })
    void a_value_that_changes_in_the_midst_is_written_as_it_was(String kind, String change) throws IOException {
        List<String> expected;
        try (TestNode node = TestNode.with("--dir", folder.toString())) {
            fill(node, kind);
            node.run("SET", "other", "value");
            expected = Contents.values(node::run);
            node.run("BGSAVE");
            while (node.node().snapshots().writtenKeys() == 0) {
                node.advanceWithoutBackground(1);
                node.node().backgroundStep();
            }
            assertThat(node.engine().isWitnessed())
                    .as("it is still being taken")
                    .isTrue();
            node.run("SET", "other", "changed");
            node.run(change.split(" "));
            node.run("SET", "new", "value");
            Awaitility.await().until(() -> {
                node.advance(10);
                return !node.node().snapshots().isRunning();
            });
            assertThat(node.node().snapshots().lastFailed()).isFalse();
            EngineCheck.check(node.engine());
        }
        try (TestNode node = TestNode.with("--dir", folder.toString())) {
            node.load();
            assertThat(Contents.values(node::run)).isEqualTo(expected);
        }
    }

    private static void fill(TestNode node, String kind) {
        List<String> words = new ArrayList<>(List.of(kind.equals("HPEXPIRE") ? "HSET" : kind, "long"));
        for (int i = 0; i < ELEMENTS && !kind.equals("SET"); i++) {
            switch (kind) {
                case "HSET", "HPEXPIRE" -> words.addAll(List.of("" + i, TEXT + i));
                case "ZADD" -> words.addAll(List.of("" + i, TEXT + i));
                default -> words.add(TEXT + i);
            }
        }
        if (kind.equals("SET")) {
            words.add(TEXT.repeat(ELEMENTS));
        }
        assertThat(node.run(words.toArray(new String[0]))).isNotInstanceOf(Reply.Error.class);
        if (kind.equals("HPEXPIRE")) {
            node.run("HPEXPIRE", "long", "100000", "FIELDS", "2", "7", "8");
        }
    }
}
