package dev.jackdaw.server.command;

import static dev.jackdaw.protocol.oracle.Replies.bulk;
import static dev.jackdaw.protocol.oracle.Replies.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyCommandTest {
    private static final int LARGE = 2_000;

    private final TestNode node = new TestNode();

    @AfterEach
    void close() {
        node.close();
    }

    private Reply run(String command) {
        return node.run(command.split(" "));
    }

    @Test
    void expire_counts_down_and_the_key_goes() {
        run("SET k v");
        assertThat(run("TTL k")).isEqualTo(number(-1));
        assertThat(run("EXPIRE k 10")).isEqualTo(number(1));
        node.advanceWithoutBackground(8_400);
        assertThat(run("TTL k")).isEqualTo(number(2));
        assertThat(run("PTTL k")).isEqualTo(number(1_600));
        node.advanceWithoutBackground(1_600);
        assertThat(run("TTL k")).isEqualTo(number(-2));
        assertThat(run("EXISTS k")).isEqualTo(number(0));
        assertThat(run("DBSIZE")).isEqualTo(number(0));
    }

    @Test
    void expire_heeds_its_conditions() {
        run("SET k v");
        assertThat(run("EXPIRE k 10 GT")).isEqualTo(number(0));
        assertThat(run("EXPIRE k 10 XX")).isEqualTo(number(0));
        assertThat(run("EXPIRE k 10 LT")).isEqualTo(number(1));
        assertThat(run("EXPIRE k 20 NX")).isEqualTo(number(0));
        assertThat(run("EXPIRE k 20 LT")).isEqualTo(number(0));
        assertThat(run("EXPIRE k 20 GT XX")).isEqualTo(number(1));
        assertThat(run("TTL k")).isEqualTo(number(20));
        assertThat(run("PERSIST k")).isEqualTo(number(1));
        assertThat(run("PERSIST k")).isEqualTo(number(0));
    }

    @Test
    void expire_in_the_past_deletes() {
        run("MSET a 1 b 2");
        assertThat(run("EXPIRE a -1")).isEqualTo(number(1));
        assertThat(run("EXPIREAT b 1000")).isEqualTo(number(1));
        assertThat(run("DBSIZE")).isEqualTo(number(0));
    }

    @Test
    void expire_overflow_is_refused() {
        run("SET k v");
        for (String units : List.of("9223372036854775807", "9223372036854775", "-9223372036854775808")) {
            assertThat(run("EXPIRE k " + units)).isEqualTo(new Reply.Error(CommandError.invalidExpireTime("expire")));
        }
        assertThat(run("PEXPIRE k 9223372036854775807"))
                .isEqualTo(new Reply.Error(CommandError.invalidExpireTime("pexpire")));
    }

    @Test
    void rename_takes_the_time_to_live_along_and_replaces_the_other() {
        run("SET k v EX 10");
        run("RPUSH l x");
        assertThat(run("RENAMENX k l")).isEqualTo(number(0));
        assertThat(run("RENAME k l")).isEqualTo(new Reply.Simple("OK"));
        assertThat(run("GET l")).isEqualTo(bulk("v"));
        assertThat(run("TTL l")).isEqualTo(number(10));
        assertThat(run("RENAME l l")).isEqualTo(new Reply.Simple("OK"));
        assertThat(run("RENAMENX l l")).isEqualTo(number(0));
        assertThat(run("DBSIZE")).isEqualTo(number(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, LARGE})
    void values_of_all_types_are_renamed_copied_and_moved_whole(int elements) {
        long before = node.engine().heap().usedBytes();
        for (String[] type : List.of(
                new String[] {"RPUSH from element:", "LLEN", ""},
                new String[] {"SADD from member:", "SCARD", ""},
                new String[] {"HSET from field:", "HLEN", " v"},
                new String[] {"ZADD from 1 member:", "ZCARD", ""})) {
            for (int i = 0; i < elements; i++) {
                run(type[0] + i + type[2]);
            }
            Reply encoding = run("OBJECT ENCODING from");
            assertThat(run("RENAME from to")).isEqualTo(new Reply.Simple("OK"));
            assertThat(run("COPY to copy")).isEqualTo(number(1));
            run(type[0].replace("from", "to") + "more" + type[2]);
            assertThat(run("MOVE copy 1")).isEqualTo(number(1));
            assertThat(run(type[1] + " to")).isEqualTo(number(elements + 1));
            assertThat(run("EXISTS from copy")).isEqualTo(number(0));
            run("SELECT 1");
            assertThat(run(type[1] + " copy")).isEqualTo(number(elements));
            assertThat(run("OBJECT ENCODING copy")).isEqualTo(encoding);
            run("FLUSHALL");
            run("SELECT 0");
        }
        node.advance(1);
        assertThat(node.engine().heap().usedBytes()).isEqualTo(before);
    }

    @Test
    void copy_of_an_existing_key_needs_replace() {
        run("MSET a 1 b 2");
        assertThat(run("COPY a b")).isEqualTo(number(0));
        assertThat(run("COPY a b REPLACE")).isEqualTo(number(1));
        assertThat(run("GET b")).isEqualTo(bulk("1"));
        assertThat(run("COPY a a DB 1")).isEqualTo(number(1));
        assertThat(run("COPY a a")).isEqualTo(new Reply.Error(CommandError.SAME_OBJECT));
        assertThat(run("COPY a c DB 16")).isEqualTo(new Reply.Error(CommandError.DB_OUT_OF_RANGE));
    }

    @Test
    void scan_visits_every_key_while_others_come_and_go() {
        for (int i = 0; i < LARGE; i++) {
            run("SET stays:" + i + " v");
        }
        Set<String> seen = new HashSet<>();
        String cursor = "0";
        int calls = 0;
        do {
            Reply reply = run("SCAN " + cursor + " COUNT 50 MATCH stays:*");
            List<Reply> page = ((Reply.Array) reply).elements();
            cursor = ((Reply.Bulk) page.get(0)).text();
            for (Reply key : ((Reply.Array) page.get(1)).elements()) {
                seen.add(((Reply.Bulk) key).text());
            }
            for (int i = 0; i < 50; i++) {
                run("SET comes:" + calls + ":" + i + " v");
            }
            calls++;
        } while (!cursor.equals("0") && calls < LARGE);
        assertThat(seen).hasSize(LARGE);
    }

    @Test
    void scan_finds_one_type() {
        run("SET s v");
        run("RPUSH l x");
        assertThat(run("SCAN 0 TYPE LIST"))
                .isEqualTo(new Reply.Array(List.of(bulk("0"), new Reply.Array(List.of(bulk("l"))))));
    }

    @Test
    void scan_survives_any_cursor() {
        run("SET s v");
        for (String cursor : List.of("1", "281474976710655", "281474976710656", "18446744073709551615")) {
            assertThat(run("SCAN " + cursor)).isInstanceOf(Reply.Array.class);
        }
        assertThat(run("SCAN 18446744073709551616")).isEqualTo(new Reply.Error(CommandError.INVALID_CURSOR));
    }

    @Test
    void keys_leaves_out_what_has_expired() {
        run("SET a 1");
        run("SET b 1 PX 5");
        node.advanceWithoutBackground(5);
        assertThat(run("KEYS *")).isEqualTo(new Reply.Array(List.of(bulk("a"))));
        assertThat(run("RANDOMKEY")).isEqualTo(bulk("a"));
    }

    @Test
    void databases_are_exchanged_and_emptied() {
        run("SET a 1");
        assertThat(run("SWAPDB 0 1")).isEqualTo(new Reply.Simple("OK"));
        assertThat(run("DBSIZE")).isEqualTo(number(0));
        run("SELECT 1");
        assertThat(run("GET a")).isEqualTo(bulk("1"));
        assertThat(run("FLUSHDB ASYNC")).isEqualTo(new Reply.Simple("OK"));
        assertThat(run("DBSIZE")).isEqualTo(number(0));
    }

    @Test
    void memory_usage_counts_what_lies_outside_the_entry() {
        run("RPUSH l x");
        long small = ((Reply.Int) run("MEMORY USAGE l")).value();
        for (int i = 0; i < LARGE; i++) {
            run("RPUSH l element:" + i);
        }
        long large = ((Reply.Int) run("MEMORY USAGE l")).value();
        assertThat(small).isBetween(10L, 60L);
        assertThat(large).isBetween(LARGE * 10L, LARGE * 20L);
    }

    @Test
    void object_tells_how_a_value_is_kept() {
        run("SET k v");
        node.advance(5_000);
        assertThat(run("OBJECT IDLETIME k")).isEqualTo(number(5));
        assertThat(run("OBJECT ENCODING k")).isEqualTo(bulk("embstr"));
        assertThat(run("OBJECT FREQ k")).isEqualTo(new Reply.Error(CommandError.FREQUENCY_NOT_TRACKED));
        run("TOUCH k");
        assertThat(run("OBJECT IDLETIME k")).isEqualTo(number(0));
    }
}
