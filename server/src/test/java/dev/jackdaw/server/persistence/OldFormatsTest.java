package dev.jackdaw.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.command.TestNode;
import dev.jackdaw.server.rdb.RdbFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Forms that nobody writes any more, or that only others than Redis 7.0 write, made by hand. */
class OldFormatsTest {
    private static final int REDIS_7_0 = 10;
    private static final long LATER = 1_900_000_000_000L;

    private final TestNode node = new TestNode();

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void forms_of_all_times_are_read_as_redis_does() {
        assumeTrue(RedisServer.isInstalled());
        try (RedisServer redis = RedisServer.start();
                RespConnection theirs = redis.connect()) {
            old().forEach((name, payload) -> {
                Reply their = theirs.ask("RESTORE", name, "0", payload);
                assertThat(their).as(name).isEqualTo(new Reply.Simple("OK"));
                assertThat(node.run("RESTORE", name, "0", payload)).as(name).isEqualTo(their);
                assertThat(Contents.of(node::run, name)).isEqualTo(Contents.of(theirs::ask, name));
            });
        }
    }

    static Map<String, String> old() {
        Map<String, String> old = new LinkedHashMap<>();
        old.put(
                "list",
                Payload.of(RdbFormat.LIST)
                        .bytes(3)
                        .string("a")
                        .bytes(0xc0, 0x85)
                        .string("")
                        .whole(1));
        old.put(
                "sorted set",
                Payload.of(RdbFormat.SORTED_SET)
                        .bytes(4)
                        .string("a")
                        .string("1.5")
                        .string("b")
                        .bytes(254)
                        .string("c")
                        .bytes(255)
                        .string("d")
                        .string("-7")
                        .whole(3));
        old.put(
                "zipmap",
                Payload.of(RdbFormat.HASH_ZIPMAP)
                        .string(new Payload()
                                .bytes(2, 1, 'a', 2, 3, 'x', 'y', 0, 0, 0, 2, 'b', 'c', 0, 0, 255)
                                .raw())
                        .whole(4));
        old.put(
                "list ziplist",
                Payload.of(RdbFormat.LIST_ZIPLIST).string(ziplist()).whole(5));
        old.put(
                "quicklist",
                Payload.of(RdbFormat.LIST_QUICKLIST)
                        .bytes(2)
                        .string(ziplist())
                        .string(ziplist())
                        .whole(8));
        old.put(
                "hash ziplist",
                Payload.of(RdbFormat.HASH_ZIPLIST).string(ziplist()).whole(5));
        old.put(
                "sorted set ziplist",
                Payload.of(RdbFormat.SORTED_SET_ZIPLIST).string(numbers()).whole(6));
        old.put(
                "intset",
                Payload.of(RdbFormat.SET_INTSET)
                        .string(new Payload()
                                .int32(2)
                                .int32(2)
                                .int16(-5)
                                .int16(300)
                                .raw())
                        .whole(5));
        old.put("stream", stream(Payload.of(RdbFormat.STREAM), false));
        return old;
    }

    @Test
    void sorted_sets_are_packed_by_number_and_in_some_forms_by_length() {
        assumeTrue(RedisServer.isInstalled());
        try (RedisServer redis = RedisServer.start();
                RespConnection theirs = redis.connect()) {
            for (String limits : List.of("128 64", "2 64", "1 64", "0 64", "128 4", "128 0")) {
                sortedSets().forEach((name, payload) -> {
                    List<Reply> their = packedAs(theirs::ask, limits, payload);
                    assertThat(packedAs(node::run, limits, payload))
                            .as(name + " with " + limits)
                            .isEqualTo(their);
                });
            }
        }
    }

    /** What the set is packed as when it has been restored, and after each of some changes. */
    private static List<Reply> packedAs(Contents.Server server, String limits, String payload) {
        String[] limit = limits.split(" ");
        server.ask("CONFIG", "SET", "zset-max-listpack-entries", limit[0], "zset-max-listpack-value", limit[1]);
        server.ask("DEL", "k");
        List<Reply> replies = new ArrayList<>();
        replies.add(server.ask("RESTORE", "k", "0", payload));
        replies.add(server.ask("OBJECT", "ENCODING", "k"));
        replies.add(server.ask("ZSCAN", "k", "0", "MATCH", "a"));
        String dumped = ((Reply.Bulk) server.ask("DUMP", "k")).text();
        replies.add(server.ask("RESTORE", "copy", "0", dumped, "REPLACE"));
        replies.add(server.ask("ZSCORE", "copy", "a"));
        for (String change : List.of("ZADD k 9 longer", "ZINCRBY k 1 longer", "ZADD k 8 c", "ZADD k 7 longest")) {
            replies.add(server.ask(change.split(" ")));
            replies.add(server.ask("OBJECT", "ENCODING", "k"));
            replies.add(server.ask("ZRANGE", "k", "0", "-1", "WITHSCORES"));
        }
        return replies;
    }

    /** A zero below zero, and a member that is longer than the other, in each form. */
    private static Map<String, String> sortedSets() {
        int[] packed = {0x81, 'a', 2, 0x82, '-', '0', 3, 0x86, 'l', 'o', 'n', 'g', 'e', 'r', 7, 0x03, 1};
        int[] zipped = {0, 1, 'a', 3, 2, '-', '0', 4, 6, 'l', 'o', 'n', 'g', 'e', 'r', 8, 0xf4};
        Map<String, String> forms = new LinkedHashMap<>();
        forms.put(
                "listpack",
                Payload.of(RdbFormat.SORTED_SET_LISTPACK)
                        .string(new Payload()
                                .int32(6 + packed.length + 1)
                                .int16(4)
                                .bytes(packed)
                                .bytes(255)
                                .raw())
                        .whole(REDIS_7_0));
        forms.put(
                "ziplist",
                Payload.of(RdbFormat.SORTED_SET_ZIPLIST)
                        .string(new Payload()
                                .int32(10 + zipped.length + 1)
                                .int32(10 + zipped.length - 2)
                                .int16(4)
                                .bytes(zipped)
                                .bytes(255)
                                .raw())
                        .whole(6));
        forms.put(
                "numbers as text",
                Payload.of(RdbFormat.SORTED_SET)
                        .bytes(2)
                        .string("a")
                        .string("-0")
                        .string("longer")
                        .string("3")
                        .whole(3));
        forms.put(
                "binary numbers",
                Payload.of(RdbFormat.SORTED_SET_2)
                        .bytes(2)
                        .string("a")
                        .int64(Double.doubleToRawLongBits(-0.0))
                        .string("longer")
                        .int64(Double.doubleToRawLongBits(3))
                        .whole(8));
        return forms;
    }

    /** Of texts and integers of every width. */
    private static String ziplist() {
        Payload entries = new Payload();
        entries.bytes(0, 3).text("abc"); // 5
        entries.bytes(5, 0xfe, 0x9c); // 3
        entries.bytes(3, 0xc0).int16(-300); // 4
        entries.bytes(4, 0xf0, 1, 0, 0x80); // 5
        entries.bytes(5, 0xd0).int32(-70_000_000); // 6
        entries.bytes(6, 0xe0).int64(1L << 40); // 10
        entries.bytes(10, 0x40, 2).text("de"); // 5
        entries.bytes(5, 0xf1); // 2
        entries.bytes(2, 0xfd); // 2
        entries.bytes(2, 0);
        String raw = entries.raw();
        return new Payload()
                .int32(raw.length() + 11)
                .int32(raw.length() + 8)
                .int16(10)
                .text(raw)
                .bytes(255)
                .raw();
    }

    private static String numbers() {
        String raw = new Payload()
                .bytes(0, 1)
                .text("a")
                .bytes(3, 0xf3)
                .bytes(2, 1)
                .text("b")
                .bytes(3, 3)
                .text("3.5")
                .raw();
        return new Payload()
                .int32(raw.length() + 11)
                .int32(raw.length() + 5)
                .int16(4)
                .text(raw)
                .bytes(255)
                .raw();
    }

    /** A block of the entries 5-0 and 5-1 with one field, and a group. */
    private static String stream(Payload payload, boolean third) {
        Payload block = new Payload();
        int[] head = {2, 1, 0, 1, 1, 1, 0x81, 'f', 2, 0, 1};
        int[] first = {2, 1, 0, 1, 0, 1, 0x81, 'x', 2, 4, 1};
        int[] second = {2, 1, 0, 1, 1, 1, 7, 1, 4, 1};
        block.int32(6 + head.length + first.length + second.length + 1).int16(15);
        block.bytes(head).bytes(first).bytes(second).bytes(255);
        payload.bytes(1, 16).bytes(0, 0, 0, 0, 0, 0, 0, 5).bytes(0, 0, 0, 0, 0, 0, 0, 0);
        payload.string(block.raw()).bytes(2, 5, 1);
        if (third) {
            payload.bytes(5, 0, 4, 9, 2);
        }
        payload.bytes(1).string("g").bytes(5, 0);
        if (third) {
            payload.bytes(1);
        }
        byte[] id = {0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0};
        payload.bytes(1);
        for (byte each : id) {
            payload.bytes(each);
        }
        payload.int64(1_700_000_000_000L).bytes(3);
        payload.bytes(1).string("alice").int64(1_700_000_000_000L);
        if (third) {
            payload.int64(1_700_000_000_000L);
        }
        payload.bytes(1);
        for (byte each : id) {
            payload.bytes(each);
        }
        return payload.whole(third ? 11 : 9);
    }

    // --- Younger than Redis 7.0 ---

    @Test
    void a_packed_set_is_read() {
        String pack = new Payload()
                .int32(13)
                .int16(2)
                .bytes(0x82, 'a', 'b', 3, 5, 1, 255)
                .raw();
        restore(Payload.of(RdbFormat.SET_LISTPACK).string(pack).whole(11));
        assertThat(node.run("SMISMEMBER", "k", "ab", "5"))
                .isEqualTo(new Reply.Array(List.of(new Reply.Int(1), new Reply.Int(1))));
    }

    @Test
    void a_stream_with_the_time_of_consumers_activity_is_read() {
        restore(stream(Payload.of(RdbFormat.STREAM_3), true));
        assertThat(node.run("XINFO", "STREAM", "k").toString()).contains("text=entries-added], Int[value=2]");
        assertThat(node.run("XPENDING", "k", "g").toString()).contains("alice");
    }

    @Test
    void hashes_whose_fields_expire_are_read_in_each_form() {
        Payload table = Payload.of(RdbFormat.HASH_WITH_EXPIRY).int64(LATER);
        table.bytes(2, 0).string("a").string("1").bytes(3).string("b").string("2");
        restore(table.whole(12));
        expectTimes(-1, LATER + 2);

        Payload pack = new Payload().int32(6 + 20 + 1).int16(6);
        pack.bytes(0x81, 'b', 2, 2, 1, 0xf4)
                .int64(LATER)
                .bytes(9, 0x81, 'a', 2, 1, 1, 0, 1)
                .bytes(255);
        pack = fixed(pack);
        restore(Payload.of(RdbFormat.HASH_LISTPACK_WITH_EXPIRY)
                .int64(LATER)
                .string(pack.raw())
                .whole(12));
        expectTimes(-1, LATER);

        Payload valkey = Payload.of(RdbFormat.HASH_WITH_EXPIRY_VALKEY).bytes(2);
        valkey.string("a").string("1").int64(-1).string("b").string("2").int64(LATER);
        restore(valkey.whole(RdbFormat.VALKEY_VERSION));
        expectTimes(-1, LATER);
    }

    /** The length at the beginning made right. */
    private static Payload fixed(Payload pack) {
        String raw = pack.raw();
        return new Payload().int32(raw.length()).text(raw.substring(4));
    }

    private void expectTimes(long... times) {
        Reply.Array found = (Reply.Array) node.run("HPEXPIRETIME", "k", "FIELDS", "2", "a", "b");
        for (int i = 0; i < times.length; i++) {
            assertThat(found.elements().get(i)).isEqualTo(new Reply.Int(times[i]));
        }
        assertThat(node.run("HGET", "k", "b")).isEqualTo(new Reply.Bulk("2"));
    }

    private void restore(String payload) {
        assertThat(node.run("RESTORE", "k", "0", payload, "REPLACE")).isEqualTo(new Reply.Simple("OK"));
    }

    @Test
    void a_plain_node_of_a_list_is_not_empty() {
        String empty = Payload.of(RdbFormat.LIST_QUICKLIST_2)
                .bytes(1, RdbFormat.PLAIN_NODE)
                .string("")
                .whole(REDIS_7_0);
        assertThat(node.run("RESTORE", "k", "0", empty)).isEqualTo(new Reply.Error("ERR Bad data format"));
        restore(Payload.of(RdbFormat.LIST_QUICKLIST_2)
                .bytes(1, RdbFormat.PLAIN_NODE)
                .string("a")
                .whole(REDIS_7_0));
    }

    @Test
    void values_of_modules_and_of_later_versions_are_refused() {
        String module = Payload.of(RdbFormat.MODULE_2).bytes(1, 2, 3).whole(REDIS_7_0);
        assertThat(node.run("RESTORE", "k", "0", module)).isEqualTo(new Reply.Error("ERR Bad data format"));
        String later = Payload.of(RdbFormat.STRING).string("a").whole(13);
        assertThat(node.run("RESTORE", "k", "0", later))
                .isEqualTo(new Reply.Error("ERR DUMP payload version or checksum are wrong"));
    }
}
