package dev.jackdaw.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.command.TestNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppendLogTest {
    private static final Reply OK = new Reply.Simple("OK");
    private static final String FIRST_BASE = "file appendonly.aof.1.base.rdb seq 1 type b\n";
    private static final String FIRST_INCREMENT = "file appendonly.aof.1.incr.aof seq 1 type i\n";

    @TempDir
    private Path folder;

    private TestNode node(String... options) throws IOException {
        return nodeLater(0, options);
    }

    /** A node that starts so much after the time at which the others do. */
    private TestNode nodeLater(long millis, String... options) throws IOException {
        return load(TestNode.with(withLog(options)), millis);
    }

    private String[] withLog(String... options) {
        return Stream.concat(Stream.of("--dir", folder.toString(), "--appendonly", "yes"), Stream.of(options))
                .toArray(String[]::new);
    }

    private static TestNode load(TestNode node, long millis) throws IOException {
        try {
            node.advanceWithoutBackground(millis);
            node.load();
        } catch (IOException | RuntimeException failed) {
            node.close();
            throw failed;
        }
        return node;
    }

    private Path file(String name) {
        return folder.resolve("appendonlydir").resolve("appendonly.aof" + name);
    }

    private String manifest() throws IOException {
        return Files.readString(file(".manifest"));
    }

    private List<String> logs() throws IOException {
        return Disk.REAL.list(folder.resolve("appendonlydir"));
    }

    private Path increment() {
        return file(".1.incr.aof");
    }

    private static void rewrite(TestNode node) {
        assertThat(node.run("BGREWRITEAOF"))
                .isEqualTo(new Reply.Simple("Background append only file rewriting started"));
        awaitRewrite(node);
    }

    private static void awaitRewrite(TestNode node) {
        Awaitility.await().until(() -> {
            node.advance(10);
            return !node.node().log().rewrite().isRunning()
                    && !node.node().log().rewrite().isScheduled();
        });
    }

    @Test
    void what_was_done_is_there_after_a_restart() throws IOException {
        try (TestNode node = node()) {
            assertThat(manifest()).isEqualTo(FIRST_BASE + FIRST_INCREMENT);
            node.run("SET", "k", "v");
            node.run("SELECT", "3");
            node.run("RPUSH", "l", "a", "b");
            node.run("EXPIRE", "l", "100");
        }
        try (TestNode node = node()) {
            assertThat(manifest()).isEqualTo(FIRST_BASE + FIRST_INCREMENT);
            assertThat(node.run("GET", "k")).isEqualTo(new Reply.Bulk("v"));
            node.run("SELECT", "3");
            assertThat(node.run("LLEN", "l")).isEqualTo(new Reply.Int(2));
            assertThat(node.run("PTTL", "l")).isEqualTo(new Reply.Int(100_000));
            node.run("RPUSH", "l", "c");
        }
        try (TestNode node = node()) {
            node.run("SELECT", "3");
            assertThat(node.run("LLEN", "l")).isEqualTo(new Reply.Int(3));
        }
    }

    @Test
    void a_large_value_fits() throws IOException {
        String large = "x".repeat(5 << 20);
        try (TestNode node = node()) {
            node.run("SET", "k", "small");
            node.run("SET", "l", large);
            node.run("MULTI");
            node.run("SET", "m", large);
            node.run("SET", "n", "small");
            node.run("EXEC");
        }
        try (TestNode node = node()) {
            assertThat(node.run("GET", "m")).isEqualTo(new Reply.Bulk(large));
            assertThat(node.run("DBSIZE")).isEqualTo(new Reply.Int(4));
        }
    }

    @Test
    void what_was_allowed_is_done_again_under_narrower_limits() throws IOException {
        try (TestNode node = node()) {
            node.run("SETRANGE", "s", "3000000", "x");
            node.run("APPEND", "s", "y");
            node.run("SETBIT", "b", "80000000", "1");
            node.run("BITFIELD", "f", "SET", "u8", "80000000", "1");
        }
        try (TestNode node = node("--proto-max-bulk-len", "1mb", "--maxmemory", "4mb")) {
            assertThat(node.run("STRLEN", "s")).isEqualTo(new Reply.Int(3_000_002));
            assertThat(node.run("STRLEN", "b")).isEqualTo(new Reply.Int(10_000_001));
            assertThat(node.run("STRLEN", "f")).isEqualTo(new Reply.Int(10_000_001));
            assertThat(node.run("APPEND", "s", "z")).isInstanceOf(Reply.Error.class);
        }
    }

    @Test
    void the_time_can_be_remarked() throws IOException {
        try (TestNode node = node("--aof-timestamp-enabled", "yes")) {
            node.run("SET", "k", "v");
            node.run("SET", "k", "w");
            node.advance(1000);
            node.run("MULTI");
            node.run("SET", "k", "x");
            node.run("SET", "l", "x");
            node.run("EXEC");
        }
        assertThat(Files.readString(increment()).lines().filter(line -> line.startsWith("#TS:")))
                .containsExactly("#TS:1800000000", "#TS:1800000001");
        try (TestNode node = node()) {
            assertThat(node.run("GET", "k")).isEqualTo(new Reply.Bulk("x"));
        }
    }

    @Test
    void a_rewrite_makes_it_short() throws IOException {
        try (TestNode node = node()) {
            for (int i = 0; i < 1000; i++) {
                node.run("SET", "k", "v" + i);
            }
            node.run("SET", "l", "v");
            rewrite(node);
            node.run("SET", "m", "v");
            assertThat(manifest())
                    .isEqualTo("file appendonly.aof.2.base.rdb seq 2 type b\n"
                            + "file appendonly.aof.2.incr.aof seq 2 type i\n");
            assertThat(Files.exists(increment())).isFalse();
            assertThat(Files.size(file(".2.base.rdb"))).isLessThan(200);
        }
        try (TestNode node = node()) {
            assertThat(node.run("GET", "k")).isEqualTo(new Reply.Bulk("v999"));
            assertThat(node.run("DBSIZE")).isEqualTo(new Reply.Int(3));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET k v;PERSIST k;GET k",
                "SET k v;PEXPIRE k 1000000;GET k",
                "SET k v;RENAME k l;PERSIST l;GET l",
                "SET k v;APPEND k w;PERSIST k;GET k",
                "RPUSH k a b;LSET k 0 c;PERSIST k;LRANGE k 0 -1",
                "SADD k a b;SREM k a;PERSIST k;SMEMBERS k",
                "ZADD k 1 a;ZINCRBY k 1 a;PERSIST k;ZRANGE k 0 -1 WITHSCORES",
                "HSET k f 1;HINCRBY k f 5;PERSIST k;HGETALL k",
                "XADD k 1-1 f v;XGROUP CREATE k g 0;PERSIST k;XINFO GROUPS k"
            })
    void what_expires_in_the_base_is_there_for_the_commands_behind_it(String commands) throws IOException {
        List<String[]> words =
                Stream.of(commands.split(";")).map(each -> each.split(" ")).toList();
        Reply before;
        try (TestNode node = node()) {
            node.run(words.getFirst());
            node.run("PEXPIRE", "k", "1000");
            rewrite(node);
            words.subList(1, words.size() - 1).forEach(node::run);
            before = node.run(words.getLast());
        }
        try (TestNode node = nodeLater(5000)) {
            assertThat(node.run(words.getLast())).isEqualTo(before);
        }
    }

    @Test
    void fields_that_expire_in_the_base_are_there_for_the_commands_behind_it() throws IOException {
        try (TestNode node = node()) {
            node.run("HSET", "h", "a", "1", "b", "2", "c", "3");
            node.run("HPEXPIRE", "h", "1000", "FIELDS", "3", "a", "b", "c");
            rewrite(node);
            node.run("HPERSIST", "h", "FIELDS", "1", "a");
            node.run("HINCRBY", "h", "b", "10");
            node.run("HPERSIST", "h", "FIELDS", "1", "b");
        }
        try (TestNode node = nodeLater(5000)) {
            assertThat(node.run("HMGET", "h", "a", "b", "c"))
                    .isEqualTo(new Reply.Array(List.of(new Reply.Bulk("1"), new Reply.Bulk("12"), Reply.Null.BULK)));
        }
    }

    @Test
    void what_has_expired_in_the_base_and_was_not_changed_goes() throws IOException {
        try (TestNode node = node()) {
            node.run("SET", "k", "v", "PX", "1000");
            rewrite(node);
        }
        try (TestNode node = nodeLater(5000)) {
            assertThat(node.run("EXISTS", "k")).isEqualTo(new Reply.Int(0));
            node.advance(1000);
            assertThat(node.run("DBSIZE")).isEqualTo(new Reply.Int(0));
        }
    }

    @Test
    void what_is_done_during_a_rewrite_counts() throws IOException {
        try (TestNode node = node()) {
            for (int i = 0; i < 5000; i++) {
                node.run("SET", "k" + i, "v".repeat(100));
            }
            node.run("BGREWRITEAOF");
            node.run("SET", "k1", "new");
            node.run("DEL", "k2");
            assertThat(node.run("BGREWRITEAOF"))
                    .isEqualTo(new Reply.Error("ERR Background append only file rewriting already in progress"));
            assertThat(node.run("BGSAVE")).isInstanceOf(Reply.Error.class);
            awaitRewrite(node);
            node.run("SET", "k3", "new");
        }
        try (TestNode node = node()) {
            assertThat(node.run("GET", "k1")).isEqualTo(new Reply.Bulk("new"));
            assertThat(node.run("GET", "k3")).isEqualTo(new Reply.Bulk("new"));
            assertThat(node.run("DBSIZE")).isEqualTo(new Reply.Int(4999));
        }
    }

    @Test
    void what_a_rewrite_has_replaced_can_stay() throws IOException {
        try (TestNode node = node("--aof-disable-auto-gc", "yes")) {
            node.run("SET", "k", "1");
            rewrite(node);
            node.run("SET", "k", "2");
            rewrite(node);
            assertThat(logs())
                    .containsExactlyInAnyOrder(
                            "appendonly.aof.1.base.rdb",
                            "appendonly.aof.1.incr.aof",
                            "appendonly.aof.2.base.rdb",
                            "appendonly.aof.2.incr.aof",
                            "appendonly.aof.3.base.rdb",
                            "appendonly.aof.3.incr.aof",
                            "appendonly.aof.manifest");
        }
        try (TestNode node = node("--aof-disable-auto-gc", "yes")) {
            assertThat(node.run("GET", "k")).isEqualTo(new Reply.Bulk("2"));
            assertThat(logs()).hasSize(7);
            node.run("CONFIG", "SET", "aof-disable-auto-gc", "no");
            rewrite(node);
            assertThat(logs()).hasSize(3);
        }
    }

    @Test
    void it_is_rewritten_when_it_has_grown() throws IOException {
        try (TestNode node = node("--auto-aof-rewrite-min-size", "10000")) {
            for (int i = 0; i < 1000; i++) {
                node.run("SET", "k", "v" + i);
            }
            Awaitility.await().until(() -> {
                node.advance(100);
                return node.node().log().rewrite().rewrites() == 1;
            });
            assertThat(node.node().log().fileBytes()).isLessThan(10_000);
        }
    }

    @Test
    void it_can_be_begun_and_ended() throws IOException {
        try (TestNode node = node("--appendonly", "no")) {
            node.run("SET", "k", "v");
            assertThat(Files.exists(file(".manifest"))).isFalse();
            assertThat(node.run("CONFIG", "SET", "appendonly", "yes")).isEqualTo(OK);
            awaitRewrite(node);
            node.run("SET", "l", "v");
            assertThat(manifest()).isEqualTo(FIRST_BASE + FIRST_INCREMENT);
            assertThat(node.run("CONFIG", "SET", "appendonly", "no")).isEqualTo(OK);
            node.run("SET", "m", "v");
            Awaitility.await().until(() -> {
                node.advance(10);
                return node.node().log().fileBytes() == 0;
            });
        }
        try (TestNode node = node()) {
            assertThat(node.run("EXISTS", "k", "l")).isEqualTo(new Reply.Int(2));
            assertThat(node.run("EXISTS", "m")).isEqualTo(new Reply.Int(0));
        }
    }

    @Test
    void it_is_not_begun_where_there_is_no_place_for_it() throws IOException {
        Files.writeString(folder.resolve("appendonlydir"), "a file");
        try (TestNode node = node("--appendonly", "no")) {
            assertThat(node.run("CONFIG", "SET", "appendonly", "yes"))
                    .isEqualTo(new Reply.Error(
                            CommandError.configFailed("appendonly", "Unable to turn on AOF. Check server logs.")));
            assertThat(node.run("SET", "k", "v")).isEqualTo(OK);
        }
        assertThatThrownBy(() -> node().close()).isInstanceOf(RuntimeException.class);
    }

    @Test
    void a_base_can_be_written_without_a_log() throws IOException {
        try (TestNode node = node("--appendonly", "no")) {
            node.run("SET", "k", "v");
            rewrite(node);
            node.run("SET", "l", "v");
        }
        try (TestNode node = node()) {
            assertThat(node.run("DBSIZE")).isEqualTo(new Reply.Int(1));
        }
    }

    @Test
    void a_log_that_is_begun_while_a_base_is_written_without_one_gets_another_base() throws IOException {
        try (TestNode node = node("--appendonly", "no", "--rdb-key-save-delay", "1000")) {
            node.run("RPUSH", "k", "a");
            node.run("BGREWRITEAOF");
            assertThat(node.node().log().rewrite().isRunning()).isTrue();
            node.run("RPUSH", "k", "b");
            node.run("CONFIG", "SET", "appendonly", "yes");
            node.run("LSET", "k", "1", "c");
            Awaitility.await().until(() -> {
                node.advance(10);
                return node.node().log().rewrite().rewrites() == 1;
            });
            assertThat(node.node().log().isWhole()).isFalse();
            awaitRewrite(node);
            assertThat(node.node().log().isWhole()).isTrue();
            node.run("RPUSH", "k", "d");
        }
        try (TestNode node = node()) {
            assertThat(node.run("LINDEX", "k", "1")).isEqualTo(new Reply.Bulk("c"));
            assertThat(node.run("LLEN", "k")).isEqualTo(new Reply.Int(3));
        }
    }

    @Test
    void nothing_is_left_to_do_where_it_was_begun_and_ended_again_while_it_ended() throws IOException {
        try (TestNode node = node()) {
            for (String on : List.of("no", "yes", "no")) {
                node.run("CONFIG", "SET", "appendonly", on);
            }
            assertThat(node.node().log().rewrite().isScheduled()).isFalse();
        }
    }

    // --- Files that are not as they were written ---

    private byte[] threeSets() throws IOException {
        try (TestNode node = node("--appendfsync", "always")) {
            for (String key : List.of("a", "b", "c")) {
                node.run("SET", key, "some value");
                Awaitility.await().until(() -> !node.node().log().holdsReplies());
            }
        }
        return Files.readAllBytes(increment());
    }

    /** Without the group that an orderly end adds. */
    private byte[] threeSetsAndACrash() throws IOException {
        byte[] whole = threeSets();
        return Arrays.copyOf(whole, lastGroup(whole));
    }

    private static int lastGroup(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("#C:");
    }

    private int sizeAfterLoading(byte[] bytes) throws IOException {
        Files.write(increment(), bytes);
        try (TestNode node = node()) {
            return (int) ((Reply.Int) node.run("DBSIZE")).value();
        }
    }

    @Test
    void a_torn_tail_is_cut_off() throws IOException {
        byte[] whole = threeSetsAndACrash();
        int last = lastGroup(whole);
        for (int length = last + 1; length < whole.length; length += 5) {
            assertThat(sizeAfterLoading(Arrays.copyOf(whole, length))).isEqualTo(2);
            assertThat(Files.size(increment())).isEqualTo(last + LogGroup.HEADER_BYTES);
        }
        byte[] hole = whole.clone();
        Arrays.fill(hole, last, last + 20, (byte) 0);
        assertThat(sizeAfterLoading(hole)).isEqualTo(2);
    }

    @Test
    void a_torn_tail_is_refused_where_it_shall_be() throws IOException {
        byte[] whole = threeSets();
        Files.write(increment(), Arrays.copyOf(whole, whole.length - 1));
        assertThatThrownBy(() -> node("--aof-load-truncated", "no").close())
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("appendonly.aof.1.incr.aof at byte");
    }

    @Test
    void damage_of_what_was_on_the_disk_is_refused_wherever_it_is() throws IOException {
        byte[] whole = threeSets();
        int last = lastGroup(whole);
        for (int i = 0; i < last; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 1;
            Files.write(increment(), damaged);
            assertThatThrownBy(() -> node().close()).as("byte " + i).isInstanceOf(CorruptLogException.class);
            assertThat(Files.size(increment())).isEqualTo(whole.length);
        }
    }

    @Test
    void damage_is_left_out_where_that_is_wanted() throws IOException {
        byte[] whole = threeSets();
        String text = new String(whole, StandardCharsets.ISO_8859_1);
        byte[] damaged = text.replaceFirst("some value", "other valu").getBytes(StandardCharsets.ISO_8859_1);
        Files.write(increment(), damaged);
        try (TestNode node = node("--aof-load-damaged", "yes")) {
            assertThat(node.run("EXISTS", "a", "b", "c")).isEqualTo(new Reply.Int(2));
        }
    }

    // --- Room behind the groups ---

    private static void setAndSync(TestNode node, String key, int valueBytes) {
        node.run("SET", key, "v".repeat(valueBytes));
        Awaitility.await().until(() -> !node.node().log().holdsReplies());
    }

    /** With room behind its groups, of which the last is that of a long value. */
    private byte[] threeSetsAndRoom() throws IOException {
        try (TestNode node = node("--appendfsync", "always")) {
            setAndSync(node, "a", 10);
            setAndSync(node, "b", 10);
            setAndSync(node, "c", 3000);
            return Files.readAllBytes(increment());
        }
    }

    @Test
    void room_that_a_crash_has_left_is_no_damage() throws IOException {
        byte[] bytes = threeSetsAndRoom();
        assertThat(bytes.length).isGreaterThan(LogRoom.STEP_BYTES);
        int groupsEnd = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("v\r\n") + 3;
        for (int length : new int[] {bytes.length, bytes.length - 1, groupsEnd + 1000, groupsEnd + 1, groupsEnd}) {
            assertThat(sizeAfterLoading(Arrays.copyOf(bytes, length))).isEqualTo(3);
            assertThat(Files.size(increment())).isEqualTo(groupsEnd + LogGroup.HEADER_BYTES);
        }
        byte[] hole = bytes.clone();
        Arrays.fill(hole, 9 * 512, 11 * 512, (byte) 0);
        assertThat(sizeAfterLoading(hole)).isEqualTo(3);
        String theirs = "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n#TS:1700000000\r\n*3\r\n$3\r\nSET\r\n$1\r\nd\r\n$1\r\nv\r\n";
        assertThat(sizeAfterLoading((new String(bytes, StandardCharsets.ISO_8859_1) + theirs)
                        .getBytes(StandardCharsets.ISO_8859_1)))
                .isEqualTo(4);
    }

    @Test
    void a_group_of_which_a_sector_is_still_room_is_torn() throws IOException {
        byte[] bytes = threeSetsAndRoom();
        int last = lastGroup(bytes);
        for (int from = last; from < last + 3000; from = (from / 512 + 1) * 512) {
            byte[] torn = bytes.clone();
            int sectorEnd = (from / 512 + 1) * 512;
            // A sector of room that was never written to is like all others.
            System.arraycopy(bytes, from % 512 + 16 * 512, torn, from, sectorEnd - from);
            assertThat(sizeAfterLoading(torn)).isEqualTo(2);
        }
    }

    @Test
    void room_is_remarks_to_redis_wherever_a_group_ends() throws IOException {
        try (TestNode node = node("--appendfsync", "always")) {
            setAndSync(node, "k", 10);
            int end = new String(Files.readAllBytes(increment()), StandardCharsets.ISO_8859_1).lastIndexOf("v\r\n") + 3;
            int perGroup = LogGroup.HEADER_BYTES + "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$100\r\n\r\n".length();
            setAndSync(node, "k", Math.floorMod(253 - end - perGroup, 512) + 512);
            for (int i = 0; i < 5; i++) {
                setAndSync(node, "k", 513 - perGroup);
                String all = Files.readString(increment(), StandardCharsets.ISO_8859_1);
                int groupsEnd = all.lastIndexOf("v\r\n") + 3;
                assertThat(all.substring(groupsEnd).lines()).allMatch(line -> line.matches("#{1,1000}"));
            }
        }
    }

    @Test
    void what_redis_has_written_behind_our_groups_is_taken() throws IOException {
        byte[] whole = threeSets();
        String theirs = "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n#TS:1700000000\r\n*3\r\n$3\r\nSET\r\n$1\r\nd\r\n$1\r\nv\r\n";
        Files.writeString(increment(), new String(whole, StandardCharsets.ISO_8859_1) + theirs);
        try (TestNode node = node()) {
            assertThat(node.run("DBSIZE")).isEqualTo(new Reply.Int(4));
            assertThat(manifest())
                    .isEqualTo(FIRST_BASE + FIRST_INCREMENT + "file appendonly.aof.2.incr.aof seq 2 type i\n");
            node.run("SET", "e", "v");
        }
        try (TestNode node = node()) {
            assertThat(node.run("DBSIZE")).isEqualTo(new Reply.Int(5));
        }
    }

    @Test
    void an_old_log_does_not_replace_one_that_is_the_base_already() throws IOException {
        Files.createDirectory(folder.resolve("appendonlydir"));
        Files.writeString(file(".manifest"), "file appendonly.aof seq 1 type b\n");
        Files.writeString(file(""), "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nmoved\r\n");
        Files.writeString(folder.resolve("appendonly.aof"), "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$3\r\nold\r\n");
        try (TestNode node = node()) {
            assertThat(node.run("GET", "k")).isEqualTo(new Reply.Bulk("moved"));
        }
        assertThat(folder.resolve("appendonly.aof")).exists();
    }

    @Test
    void an_old_log_of_one_file_becomes_the_base() throws IOException {
        String whole = "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*3\r\n$3\r\nSET\r\n$1\r\nd\r\n$1\r\nv\r\n";
        Files.writeString(folder.resolve("appendonly.aof"), whole + "*1\r\n$5\r\nMULTI\r\n*3\r\n");
        assertThatThrownBy(() -> node("--aof-load-truncated", "no").close()).isInstanceOf(CorruptLogException.class);
        try (TestNode node = node()) {
            assertThat(node.run("DBSIZE")).isEqualTo(new Reply.Int(1));
            assertThat(manifest()).isEqualTo("file appendonly.aof seq 1 type b\n" + FIRST_INCREMENT);
            assertThat(Files.exists(folder.resolve("appendonly.aof"))).isFalse();
            rewrite(node);
            assertThat(Files.exists(file(""))).isFalse();
        }
    }

    @Test
    void it_is_said_where_a_command_begins_that_cannot_be_done() throws IOException {
        String sound = "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*3\r\n$3\r\nSET\r\n$1\r\nd\r\n$1\r\nv\r\n";
        String wrong = "*1\r\n$5\r\nMULTI\r\n*3\r\n$5\r\nLPUSH\r\n$1\r\nd\r\n$1\r\nv\r\n*1\r\n$4\r\nEXEC\r\n";
        Files.writeString(folder.resolve("appendonly.aof"), sound + wrong + sound);
        assertThatThrownBy(() -> node().close())
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("appendonly.aof at byte " + sound.length() + ": LPUSH");
    }

    @Test
    void a_manifest_that_makes_no_sense_is_refused() throws IOException {
        threeSets();
        for (String wrong : List.of(
                "",
                "file a",
                "file a seq 0 type b",
                "file ../a seq 1 type b",
                "file a seq 1 type x",
                FIRST_BASE + FIRST_BASE,
                FIRST_INCREMENT + FIRST_INCREMENT,
                "file no.such.file seq 1 type i")) {
            Files.writeString(file(".manifest"), wrong);
            assertThatThrownBy(() -> node().close()).as(wrong).isInstanceOf(IOException.class);
        }
    }
}
