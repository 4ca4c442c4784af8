package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.engine.EngineCheck;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamCommandTest {
    private final TestNode node = new TestNode();
    private final TestNode.Client first = node.connect();
    private final TestNode.Client second = node.connect();

    @AfterEach
    void close() {
        EngineCheck.check(node.engine());
        node.close();
    }

    private String run(String command) {
        return text(node.run(command.split(" ")));
    }

    private static void send(TestNode.Client client, String command) {
        client.send(command.split(" "));
    }

    private static String received(TestNode.Client client) {
        return String.join(
                " ", client.received().stream().map(StreamCommandTest::text).toList());
    }

    private static String text(Reply reply) {
        return switch (reply) {
            case Reply.Array array ->
                array.elements().stream().map(StreamCommandTest::text).toList().toString();
            case Reply.Bulk bulk -> bulk.text();
            case Reply.Simple simple -> simple.text();
            case Reply.Error error -> error.text();
            case Reply.Null unused -> "null";
            case Reply.Int integer -> Long.toString(integer.value());
            default -> String.valueOf(reply);
        };
    }

    private void fill(int entries) {
        for (int i = 1; i <= entries; i++) {
            run("XADD x " + i + "-0 f " + i);
        }
    }

    // --- Entries ---

    @Test
    void entries_of_very_many_fields_are_passed_in_both_directions() {
        List<String> many = new ArrayList<>(List.of("XADD", "s", "3-1"));
        for (int i = 0; i < 20_000; i++) {
            many.addAll(List.of("field" + i, "v"));
        }
        node.run("XADD", "s", "1-1", "a", "b");
        node.run(many.toArray(String[]::new));
        many.set(2, "5-1");
        node.run(many.toArray(String[]::new));
        node.run("XADD", "s", "7-1", "a", "b");
        assertThat(node.run("XRANGE", "s", "4-1", "4-1")).isEqualTo(new Reply.Array(List.of()));
        assertThat(node.run("XREVRANGE", "s", "2-1", "-").toString()).contains("1-1");
        assertThat(node.run("XDEL", "s", "3-2", "5-2", "4-1", "2-1", "3-1")).isEqualTo(new Reply.Int(1));
        assertThat(node.run("XREVRANGE", "s", "4-9", "-").toString())
                .contains("1-1")
                .doesNotContain("3-1");
        assertThat(node.run("XDEL", "s", "1-1", "5-1")).isEqualTo(new Reply.Int(2));
        assertThat(node.run("XRANGE", "s", "-", "+").toString()).contains("7-1").doesNotContain("5-1");
    }

    @Test
    void ids_come_from_the_clock_and_never_go_back() {
        long now = node.engine().nowMillis();
        assertThat(run("XADD x * f v")).isEqualTo(now + "-0");
        assertThat(run("XADD x * f v")).isEqualTo(now + "-1");
        node.advance(1);
        assertThat(run("XADD x * f v")).isEqualTo(now + 1 + "-0");
        long ahead = now + 5_000;
        assertThat(run("XADD x " + ahead + "-7 f v")).isEqualTo(ahead + "-7");
        assertThat(run("XADD x * f v")).isEqualTo(ahead + "-8");
        assertThat(run("XADD x " + ahead + "-* f v")).isEqualTo(ahead + "-9");
        assertThat(run("XADD x " + (ahead + 1) + "-* f v")).isEqualTo(ahead + 1 + "-0");
        String last = ahead + 2 + "-18446744073709551615";
        assertThat(run("XADD x " + last + " f v")).isEqualTo(last);
        assertThat(run("XADD x " + (ahead + 2) + "-* f v")).isEqualTo(CommandError.STREAM_ID_TOO_SMALL);
        assertThat(run("XADD x * f v")).isEqualTo(ahead + 3 + "-0");
    }

    @Test
    void the_last_id_of_all_exhausts_a_stream() {
        assertThat(run("XADD x 18446744073709551615-18446744073709551615 f v"))
                .isEqualTo("18446744073709551615-18446744073709551615");
        assertThat(run("XADD x * f v")).isEqualTo(CommandError.STREAM_EXHAUSTED);
        assertThat(run("XREAD STREAMS x 18446744073709551615-18446744073709551615"))
                .isEqualTo("null");
        assertThat(run("XRANGE x (18446744073709551615-18446744073709551615 +"))
                .isEqualTo(CommandError.INVALID_RANGE_START);
    }

    @Test
    void an_id_with_a_sign_or_blanks_is_refused() {
        for (String id : new String[] {"+1", "1-+1", "\t1", "1 ", "1--1"}) {
            assertThat(text(node.run("XADD", "x", id, "f", "v"))).isEqualTo(CommandError.INVALID_STREAM_ID);
        }
        assertThat(run("XADD x 007-01 f v")).isEqualTo("7-1");
    }

    @Test
    void values_come_back_as_they_were() {
        run("XADD x 1-1 a 1 a 007 b -5 c x");
        run("XADD x 2-1 a 99999999999 b 0 c 3 d 18446744073709551615");
        assertThat(run("XRANGE x - +"))
                .isEqualTo("[[1-1, [a, 1, a, 007, b, -5, c, x]],"
                        + " [2-1, [a, 99999999999, b, 0, c, 3, d, 18446744073709551615]]]");
        assertThat(run("OBJECT ENCODING x")).isEqualTo("stream");
        assertThat(run("TYPE x")).isEqualTo("stream");
    }

    @Test
    void a_stream_that_is_refused_its_first_entry_is_not_made() {
        assertThat(run("XADD x NOMKSTREAM 1-1 f v")).isEqualTo("null");
        assertThat(run("XADD x 0-0 f v")).isEqualTo(CommandError.STREAM_ID_ZERO);
        assertThat(run("EXISTS x")).isEqualTo("0");
        assertThat(run("XADD x 1-1 f v g")).isEqualTo(CommandError.arity("xadd"));
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 1_000})
    void ranges_begin_and_end_where_they_should(int entries) {
        fill(entries);
        assertThat(run("XLEN x")).isEqualTo("" + entries);
        assertThat(run("XRANGE x 2 3")).isEqualTo("[[2-0, [f, 2]], [3-0, [f, 3]]]");
        assertThat(run("XRANGE x (2 + COUNT 1")).isEqualTo("[[3-0, [f, 3]]]");
        assertThat(run("XREVRANGE x + - COUNT 1")).isEqualTo("[[" + entries + "-0, [f, " + entries + "]]]");
        assertThat(run("XREVRANGE x (3-0 -")).isEqualTo("[[2-0, [f, 2]], [1-0, [f, 1]]]");
        assertThat(run("XRANGE x - + COUNT 0")).isEqualTo("null");
        run("XDEL x 2-0 3-0");
        assertThat(run("XRANGE x - + COUNT 2")).isEqualTo("[[1-0, [f, 1]], [4-0, [f, 4]]]");
        assertThat(run("XREVRANGE x 4 -")).isEqualTo("[[4-0, [f, 4]], [1-0, [f, 1]]]");
    }

    @Test
    void rough_trimming_stops_at_the_ends_of_nodes() {
        fill(250);
        assertThat(run("XTRIM x MAXLEN ~ 120")).isEqualTo("100");
        assertThat(run("XTRIM x MAXLEN ~ 120")).isEqualTo("0");
        assertThat(run("XTRIM x MAXLEN ~ 0 LIMIT 99")).isEqualTo("0");
        assertThat(run("XTRIM x MINID ~ 205")).isEqualTo("100");
        assertThat(run("XTRIM x MINID 205")).isEqualTo("4");
        assertThat(run("XADD x MAXLEN 3 251-0 f 251")).isEqualTo("251-0");
        assertThat(run("XRANGE x - +")).isEqualTo("[[249-0, [f, 249]], [250-0, [f, 250]], [251-0, [f, 251]]]");
    }

    @Test
    void node_sizes_are_settings() {
        run("CONFIG SET stream-node-max-entries 10");
        fill(95);
        assertThat(run("XTRIM x MAXLEN ~ 15")).isEqualTo("80");
        run("CONFIG SET stream-node-max-bytes 50 stream-node-max-entries 0");
        assertThat(run("XADD x MAXLEN ~ 1 99-0 f " + "v".repeat(60))).isEqualTo("99-0");
        assertThat(run("XLEN x")).isEqualTo("1");
    }

    @Test
    void small_streams_are_small() {
        run("XADD x 1526919030474-0 sensor 1234 temperature 19.8");
        assertThat(Long.parseLong(run("MEMORY USAGE x"))).isLessThan(300);
    }

    // --- Groups ---

    @Test
    void a_group_delivers_each_entry_once_until_it_is_acknowledged() {
        fill(3);
        run("XGROUP CREATE x g 0");
        assertThat(run("XREADGROUP GROUP g alice COUNT 2 STREAMS x >"))
                .isEqualTo("[[x, [[1-0, [f, 1]], [2-0, [f, 2]]]]]");
        assertThat(run("XREADGROUP GROUP g bob STREAMS x >")).isEqualTo("[[x, [[3-0, [f, 3]]]]]");
        assertThat(run("XREADGROUP GROUP g bob STREAMS x >")).isEqualTo("null");
        assertThat(run("XPENDING x g")).isEqualTo("[3, 1-0, 3-0, [[alice, 2], [bob, 1]]]");
        assertThat(run("XACK x g 1-0 9-0")).isEqualTo("1");
        run("XDEL x 2-0");
        assertThat(run("XREADGROUP GROUP g alice STREAMS x 0")).isEqualTo("[[x, [[2-0, null]]]]");
        assertThat(run("XGROUP DELCONSUMER x g alice")).isEqualTo("1");
        assertThat(run("XPENDING x g")).isEqualTo("[1, 3-0, 3-0, [[bob, 1]]]");
    }

    @Test
    void what_has_waited_is_claimed() {
        fill(4);
        run("XGROUP CREATE x g 0");
        run("XREADGROUP GROUP g alice STREAMS x >");
        node.advance(1_000);
        assertThat(run("XPENDING x g IDLE 1000 - + 2")).isEqualTo("[[1-0, alice, 1000, 1], [2-0, alice, 1000, 1]]");
        assertThat(run("XCLAIM x g bob 1000 1-0 IDLE 500 RETRYCOUNT 7")).isEqualTo("[[1-0, [f, 1]]]");
        assertThat(run("XPENDING x g - + 9 bob")).isEqualTo("[[1-0, bob, 500, 7]]");
        run("XDEL x 3-0");
        assertThat(run("XAUTOCLAIM x g carol 1000 - COUNT 2")).isEqualTo("[4-0, [[2-0, [f, 2]]], [3-0]]");
        assertThat(run("XAUTOCLAIM x g carol 1000 4 JUSTID")).isEqualTo("[0-0, [4-0], []]");
        assertThat(run("XINFO CONSUMERS x g"))
                .isEqualTo("[[name, alice, pending, 0, idle, 1000], [name, bob, pending, 1, idle, 0],"
                        + " [name, carol, pending, 2, idle, 0]]");
    }

    @Test
    void the_lag_is_told_as_long_as_it_can_be_known() {
        fill(5);
        run("XGROUP CREATE x g 0");
        assertThat(run("XINFO GROUPS x")).contains("entries-read, null, lag, 5");
        run("XREADGROUP GROUP g c COUNT 2 STREAMS x >");
        assertThat(run("XINFO GROUPS x")).contains("entries-read, 2, lag, 3");
        run("XDEL x 4-0");
        assertThat(run("XINFO GROUPS x")).contains("entries-read, 2, lag, null");
        run("XREADGROUP GROUP g c STREAMS x >");
        assertThat(run("XINFO GROUPS x")).contains("entries-read, 5, lag, 0");
    }

    @Test
    void a_copy_has_groups_of_its_own() {
        fill(3);
        run("XGROUP CREATE x g 0");
        run("XREADGROUP GROUP g c STREAMS x >");
        run("COPY x y");
        run("XACK x g 1-0 2-0 3-0");
        run("DEL x");
        assertThat(run("XPENDING y g")).isEqualTo("[3, 1-0, 3-0, [[c, 3]]]");
        assertThat(run("XRANGE y 2 2")).isEqualTo("[[2-0, [f, 2]]]");
    }

    @Test
    void a_large_stream_goes_in_steps() {
        fill(20_000);
        run("XGROUP CREATE x g 0");
        run("XREADGROUP GROUP g c COUNT 20000 STREAMS x >");
        run("DEL x");
        assertThat(node.engine().buried()).isEqualTo(1);
        while (node.engine().buried() > 0) {
            node.engine().backgroundStep();
        }
    }

    // --- Waiting ---

    @Test
    void xread_waits_for_what_comes_after_the_wait_began() {
        fill(1);
        send(first, "XREAD BLOCK 0 STREAMS y x $ $");
        run("XDEL x 1-0");
        assertThat(received(first)).isEmpty();
        run("XADD x 2-0 f 2");
        assertThat(received(first)).isEqualTo("[[x, [[2-0, [f, 2]]]]]");
        assertThat(node.node().waiting().count()).isZero();
    }

    @Test
    void everybody_who_waits_reads_what_comes() {
        send(first, "XREAD BLOCK 0 STREAMS x $");
        send(second, "XREAD BLOCK 0 STREAMS x 0");
        run("XADD x 2-0 f 2");
        assertThat(received(first)).isEqualTo("[[x, [[2-0, [f, 2]]]]]");
        assertThat(received(second)).isEqualTo("[[x, [[2-0, [f, 2]]]]]");
    }

    @Test
    void one_of_a_group_gets_what_comes() {
        run("XGROUP CREATE x g $ MKSTREAM");
        send(first, "XREADGROUP GROUP g alice BLOCK 0 STREAMS x >");
        send(second, "XREADGROUP GROUP g bob BLOCK 0 STREAMS x >");
        run("XADD x 2-0 f 2");
        assertThat(received(first)).isEqualTo("[[x, [[2-0, [f, 2]]]]]");
        assertThat(received(second)).isEmpty();
        run("XADD x 3-0 f 3");
        assertThat(received(second)).isEqualTo("[[x, [[3-0, [f, 3]]]]]");
        assertThat(run("XPENDING x g")).isEqualTo("[2, 2-0, 3-0, [[alice, 1], [bob, 1]]]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DEL x", "SET x v", "FLUSHALL", "RENAME x y"})
    void who_waits_with_a_group_is_told_that_the_stream_has_gone(String command) {
        run("XGROUP CREATE x g $ MKSTREAM");
        send(first, "XREADGROUP GROUP g alice BLOCK 0 STREAMS x >");
        send(second, "XREAD BLOCK 0 STREAMS x $");
        run(command);
        assertThat(received(first)).isEqualTo(CommandError.STREAM_GONE);
        assertThat(received(second)).isEmpty();
    }

    @Test
    void who_waits_with_a_group_is_told_that_the_stream_has_expired() {
        run("XGROUP CREATE x g $ MKSTREAM");
        send(first, "XREADGROUP GROUP g alice BLOCK 0 STREAMS x >");
        run("PEXPIRE x 100");
        node.advance(100);
        assertThat(received(first)).isEqualTo(CommandError.STREAM_GONE);
    }

    @Test
    void a_block_whose_last_entries_were_deleted_goes_with_the_others() {
        for (int i = 1; i <= 200; i++) {
            run("XADD x " + i + "-0 f v");
        }
        run("XDEL x 100-0 200-0");
        assertThat(run("XTRIM x MINID 100")).isEqualTo("99");
        assertThat(run("XINFO STREAM x")).contains("radix-tree-keys, 1,");
        assertThat(run("XTRIM x MINID 200")).isEqualTo("99");
        assertThat(run("XLEN x")).isEqualTo("0");
        run("XSETID x 0-1");
        run("XADD x 5-0 f v");
        run("XADD x 6-0 f v");
        assertThat(run("XRANGE x - +")).isEqualTo("[[5-0, [f, v]], [6-0, [f, v]]]");
        assertThat(run("XREVRANGE x + -")).isEqualTo("[[6-0, [f, v]], [5-0, [f, v]]]");
    }

    @Test
    void who_waits_with_a_group_is_told_that_it_has_gone() {
        run("XGROUP CREATE x g $ MKSTREAM");
        send(first, "XREADGROUP GROUP g alice BLOCK 0 STREAMS x >");
        run("XGROUP DESTROY x g");
        assertThat(received(first)).isEqualTo(CommandError.GROUP_GONE);
    }

    @Test
    void a_wait_ends_with_its_time_and_never_begins_in_a_transaction() {
        run("MULTI");
        run("XREAD BLOCK 0 STREAMS x $");
        assertThat(run("EXEC")).isEqualTo("[null]");
        assertThat(run("XREAD BLOCK -1 STREAMS x $")).isEqualTo(CommandError.TIMEOUT_NEGATIVE);
        send(first, "XREAD BLOCK 100 STREAMS x $");
        node.advance(99);
        assertThat(received(first)).isEmpty();
        node.advance(1);
        assertThat(received(first)).isEqualTo("null");
    }

    @Test
    void a_group_can_be_set_to_the_least_and_the_greatest_id() {
        run("XADD x 1-1 f v");
        run("XGROUP CREATE x g $");
        assertThat(run("XGROUP SETID x g -")).isEqualTo("OK");
        assertThat(run("XREADGROUP GROUP g alice STREAMS x >")).contains("1-1");
        assertThat(run("XGROUP SETID x g +")).isEqualTo("OK");
        assertThat(run("XINFO GROUPS x")).contains("18446744073709551615-18446744073709551615");
        assertThat(run("XGROUP SETID x g (1")).isEqualTo(CommandError.INVALID_STREAM_ID);
        assertThat(run("XGROUP CREATE x other -")).isEqualTo(CommandError.INVALID_STREAM_ID);
    }
}
