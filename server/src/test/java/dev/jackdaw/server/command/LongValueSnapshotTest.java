package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.engine.EngineCheck;
import dev.jackdaw.server.persistence.Contents;
import dev.jackdaw.server.persistence.StalledDisk;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that are written in several steps, and that change, or go, when a part of them has been written. */
class LongValueSnapshotTest {
    /** Of some length, so that not many are needed, and nothing that compresses well. */
    private static final String TEXT =
            new Random(1).ints(170, '!', '~').mapToObj(Character::toString).collect(Collectors.joining());

    private static final int ELEMENTS = 1_000;
    /** A value of such elements does not fit into what may wait for the disk. */
    private static final String LONG_TEXT = TEXT.repeat(30);

    private static final int MOST_STEPS = 100_000;

    /** Changes that wait for no value. */
    private static final Set<String> AT_ONCE = Set.of("FLUSHALL", "PING");

    /** What happens to a value of which kind. */
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
        "XADD, XADD long * field value",
        "XADD, XTRIM long MAXLEN 3",
        "XADD, XACK long group 5-0",
        "XADD, XGROUP DESTROY long other",
        "XADD, XREADGROUP GROUP group one COUNT 5 STREAMS long >",
    })
    @Retention(RetentionPolicy.RUNTIME)
    private @interface EveryChange {}

    @TempDir
    private Path folder;

    /** The change is made when the value is written. */
    @EveryChange
    void a_value_that_is_to_change_in_the_midst_is_written_as_it_was(String kind, String change) throws IOException {
        List<String> expected;
        try (TestNode node = TestNode.with("--dir", folder.toString())) {
            fill(node, kind, TEXT);
            node.run("SET", "other", "value");
            expected = Contents.values(node::run);
            TestNode.Client client = node.connect();
            beginSnapshot(node);
            node.run("SET", "other", "changed");
            client.send(change.split(" "));
            assertThat(client.received().isEmpty()).isEqualTo(!AT_ONCE.contains(change));
            node.run("SET", "new", "value");
            finishSnapshot(node);
            assertThat(client.received().isEmpty()).isEqualTo(AT_ONCE.contains(change));
            EngineCheck.check(node.engine());
        }
        assertThat(loaded()).isEqualTo(expected);
    }

    /** Nobody waits then: what is left of the value is written in one go. */
    @EveryChange
    void a_value_that_changes_while_the_disk_is_behind_is_written_as_it_was(String kind, String change)
            throws Exception {
        List<String> expected;
        StalledDisk disk = new StalledDisk();
        try (TestNode node = TestNode.on(disk, "--dir", folder.toString(), "--rdbcompression", "no");
                disk) {
            fill(node, kind, LONG_TEXT);
            node.run("SET", "other", "value");
            expected = Contents.values(node::run);
            node.run("BGSAVE");
            disk.overwhelm(node);
            assertThat(node.run("SET", "other", "changed")).isNotNull();
            assertThat(node.run(change.split(" "))).isNotNull();
            disk.letGo();
            finishSnapshot(node);
            EngineCheck.check(node.engine());
        }
        assertThat(loaded()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RPUSH", "SADD", "HSET", "HPEXPIRE", "ZADD", "SET", "XADD"})
    void a_value_that_expires_in_the_midst_is_written_as_it_was(String kind) throws IOException {
        List<String> expected;
        try (TestNode node = TestNode.with("--dir", folder.toString())) {
            fill(node, kind, TEXT);
            node.run("PEXPIRE", "long", "1000");
            node.run("SET", "other", "value");
            expected = Contents.values(node::run);
            beginSnapshot(node);
            node.advanceWithoutBackground(2000);
            assertThat(node.run("EXISTS", "long")).isEqualTo(new Reply.Int(0));
            finishSnapshot(node);
            EngineCheck.check(node.engine());
        }
        assertThat(loaded()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HSET", "XADD", "ZADD", "SET"})
    void who_would_change_a_long_value_waits_until_it_is_written_and_nobody_else_does(String kind) {
        try (TestNode node = TestNode.with("--dir", folder.toString())) {
            fill(node, kind, TEXT);
            for (String other : List.of("another", "third", "fourth", "fifth", "sixth")) {
                node.run("COPY", "long", other);
            }
            TestNode.Client first = node.connect();
            TestNode.Client second = node.connect();
            second.run("MULTI");
            second.run("PERSIST", "new");
            second.run("DEL", "another");
            beginSnapshot(node);

            first.send("PERSIST", "long");
            second.send("EXEC");
            assertThat(first.received()).isEmpty();
            assertThat(second.received()).isEmpty();
            assertThat(node.run("PEXPIRETIME", "long")).isEqualTo(new Reply.Int(-1));
            assertThat(node.run("SET", "new", "value")).isEqualTo(new Reply.Simple("OK"));

            assertThat(untilAnswered(node, first)).containsExactly(new Reply.Int(0));
            assertThat(untilAnswered(node, second)).hasSize(1);
            assertThat(node.engine().isWitnessed())
                    .as("it is still being taken")
                    .isTrue();
            assertThat(node.run("EXISTS", "another", "new")).isEqualTo(new Reply.Int(1));
            finishSnapshot(node);
        }
    }

    private List<String> loaded() throws IOException {
        try (TestNode node = TestNode.with("--dir", folder.toString())) {
            node.load();
            return Contents.values(node::run);
        }
    }

    private static List<Reply> untilAnswered(TestNode node, TestNode.Client client) {
        List<Reply> replies = client.received();
        for (int i = 0; replies.isEmpty() && i < MOST_STEPS; i++) {
            node.advanceWithoutBackground(1);
            node.step();
            replies = client.received();
        }
        return replies;
    }

    /** Goes on until a long value is being written. */
    private static void beginSnapshot(TestNode node) {
        node.run("BGSAVE");
        for (int i = 0; i < MOST_STEPS && !node.engine().isDelayingChanges(); i++) {
            node.advanceWithoutBackground(1);
            node.step();
        }
        assertThat(node.engine().isDelayingChanges()).isTrue();
    }

    private static void finishSnapshot(TestNode node) {
        Awaitility.await().until(() -> {
            node.advance(10);
            return !node.node().snapshots().isRunning();
        });
        assertThat(node.node().snapshots().lastFailed()).isFalse();
    }

    private static void fill(TestNode node, String kind, String text) {
        if (kind.equals("XADD")) {
            fillStream(node, text);
            return;
        }
        List<String> words = new ArrayList<>(List.of(kind.equals("HPEXPIRE") ? "HSET" : kind, "long"));
        for (int i = 0; i < ELEMENTS && !kind.equals("SET"); i++) {
            switch (kind) {
                case "HSET", "HPEXPIRE" -> words.addAll(List.of("" + i, text + i));
                case "ZADD" -> words.addAll(List.of("" + i, text + i));
                default -> words.add(text + i);
            }
        }
        if (kind.equals("SET")) {
            words.add(text.repeat(ELEMENTS));
        }
        assertThat(node.run(words)).isNotInstanceOf(Reply.Error.class);
        if (kind.equals("HPEXPIRE")) {
            node.run("HPEXPIRE", "long", "100000", "FIELDS", "2", "7", "8");
        }
    }

    private static void fillStream(TestNode node, String text) {
        for (int i = 1; i <= ELEMENTS; i++) {
            node.run("XADD", "long", i + "-0", "field", rotated(text, i));
        }
        for (String group : List.of("group", "other", "empty")) {
            node.run("XGROUP", "CREATE", "long", group, "0");
        }
        node.run("XREADGROUP", "GROUP", "group", "one", "COUNT", "50", "STREAMS", "long", ">");
        node.run("XREADGROUP", "GROUP", "group", "two", "COUNT", "7", "STREAMS", "long", ">");
        node.run("XREADGROUP", "GROUP", "other", "one", "COUNT", "3", "STREAMS", "long", ">");
        node.run("XGROUP", "CREATECONSUMER", "long", "empty", "idle");
    }

    private static String rotated(String text, int by) {
        int at = by % text.length();
        return text.substring(at) + text.substring(0, at);
    }
}
