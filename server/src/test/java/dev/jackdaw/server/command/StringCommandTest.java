package dev.jackdaw.server.command;

import static dev.jackdaw.protocol.oracle.Replies.bulk;
import static dev.jackdaw.protocol.oracle.Replies.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StringCommandTest {
    private static final Reply OK = new Reply.Simple("OK");

    private final TestNode node = new TestNode();

    @AfterEach
    void close() {
        node.close();
    }

    private Reply run(String command) {
        return node.run(command.split(" "));
    }

    @Test
    void get_returns_what_was_set() {
        assertThat(run("GET k")).isEqualTo(Reply.Null.BULK);
        for (String value :
                List.of("v", "", "-123", "007", "9223372036854775808", "\0\r\n\u00ff", "x".repeat(100_000))) {
            assertThat(node.run("SET", "k", value)).isEqualTo(OK);
            assertThat(run("GET k")).isEqualTo(bulk(value));
            assertThat(run("STRLEN k")).isEqualTo(number(value.length()));
        }
    }

    @Test
    void set_decides_about_the_time_to_live() {
        assertThat(run("SET k v EX 10")).isEqualTo(OK);
        assertThat(run("SET k w KEEPTTL")).isEqualTo(OK);
        assertThat(run("PTTL k")).isEqualTo(number(10_000));
        assertThat(run("SET k v PX 500 EX 5")).isEqualTo(new Reply.Error(CommandError.SYNTAX));
        assertThat(run("SET k v")).isEqualTo(OK);
        assertThat(run("PTTL k")).isEqualTo(number(-1));
        run("SET k v PX 500");
        node.advanceWithoutBackground(499);
        assertThat(run("GET k")).isEqualTo(bulk("v"));
        node.advanceWithoutBackground(1);
        assertThat(run("GET k")).isEqualTo(Reply.Null.BULK);
        assertThat(run("SET k v NX")).isEqualTo(OK);
    }

    @Test
    void set_with_a_condition_may_do_nothing() {
        assertThat(run("SET k v XX")).isEqualTo(Reply.Null.BULK);
        assertThat(run("SET k v NX")).isEqualTo(OK);
        assertThat(run("SET k w NX")).isEqualTo(Reply.Null.BULK);
        assertThat(run("SET k w NX GET")).isEqualTo(bulk("v"));
        assertThat(run("SET k w XX GET")).isEqualTo(bulk("v"));
        assertThat(run("GET k")).isEqualTo(bulk("w"));
        run("LPUSH l x");
        assertThat(run("SET l v GET")).isEqualTo(new Reply.Error(CommandError.WRONG_TYPE));
        assertThat(run("SET l v")).isEqualTo(OK);
    }

    @Test
    void set_expire_overflow_is_refused() {
        String most = Long.toString(Long.MAX_VALUE);
        for (String option : List.of("EX", "PX", "EXAT")) {
            assertThat(run("SET k v " + option + " " + most))
                    .isEqualTo(new Reply.Error(CommandError.invalidExpireTime("set")));
        }
        assertThat(run("SET k v PXAT " + most)).isEqualTo(OK);
        assertThat(run("PEXPIRETIME k")).isEqualTo(number(Long.MAX_VALUE));
    }

    @Test
    void getex_changes_only_the_time_to_live() {
        run("SET k 12");
        assertThat(run("GETEX k PX 700")).isEqualTo(bulk("12"));
        assertThat(run("PTTL k")).isEqualTo(number(700));
        assertThat(run("GETEX k")).isEqualTo(bulk("12"));
        assertThat(run("PTTL k")).isEqualTo(number(700));
        assertThat(run("GETEX k PERSIST")).isEqualTo(bulk("12"));
        assertThat(run("PTTL k")).isEqualTo(number(-1));
        assertThat(run("GETEX k EXAT 1")).isEqualTo(bulk("12"));
        assertThat(run("EXISTS k")).isEqualTo(number(0));
    }

    @Test
    void incr_counts_in_place_and_keeps_the_time_to_live() {
        run("SET k 41 EX 10");
        assertThat(run("INCR k")).isEqualTo(number(42));
        assertThat(run("DECRBY k 50")).isEqualTo(number(-8));
        assertThat(run("PTTL k")).isEqualTo(number(10_000));
        run("SET s 4");
        run("APPEND s 1");
        assertThat(run("INCR s")).isEqualTo(number(42));
        assertThat(run("OBJECT ENCODING s")).isEqualTo(bulk("int"));
    }

    @Test
    void incr_overflow_is_refused() {
        run("SET k 9223372036854775807");
        assertThat(run("INCR k")).isEqualTo(new Reply.Error(CommandError.OVERFLOW));
        assertThat(run("INCRBY k -1")).isEqualTo(number(Long.MAX_VALUE - 1));
        assertThat(run("DECRBY k -2")).isEqualTo(new Reply.Error(CommandError.OVERFLOW));
    }

    @Test
    void incrbyfloat_adds_as_a_long_double_does() {
        assertThat(run("INCRBYFLOAT k 10.5")).isEqualTo(bulk("10.5"));
        assertThat(run("INCRBYFLOAT k 0.1")).isEqualTo(bulk("10.6"));
        assertThat(run("INCRBYFLOAT k -10.6")).isEqualTo(bulk("0"));
        assertThat(run("INCRBYFLOAT k 3")).isEqualTo(bulk("3"));
        assertThat(run("OBJECT ENCODING k")).isEqualTo(bulk("embstr"));
        assertThat(run("INCRBYFLOAT big 1e25")).isEqualTo(bulk("10000000000000000000000000"));
        assertThat(run("INCRBYFLOAT k inf")).isEqualTo(new Reply.Error(CommandError.NAN_OR_INFINITY));
        assertThat(run("INCRBYFLOAT k 1e5000")).isEqualTo(new Reply.Error(CommandError.NOT_A_FLOAT));
    }

    @Test
    void append_makes_an_integer_a_raw_string() {
        assertThat(run("APPEND k 12")).isEqualTo(number(2));
        assertThat(run("OBJECT ENCODING k")).isEqualTo(bulk("int"));
        assertThat(run("APPEND k 3")).isEqualTo(number(3));
        assertThat(run("GET k")).isEqualTo(bulk("123"));
        assertThat(run("OBJECT ENCODING k")).isEqualTo(bulk("raw"));
    }

    @Test
    void append_builds_large_values_and_keeps_the_time_to_live() {
        run("SET k x EX 10");
        StringBuilder expected = new StringBuilder("x");
        for (int i = 0; i < 300; i++) {
            String piece = "piece " + i + "-".repeat(i);
            expected.append(piece);
            assertThat(node.run("APPEND", "k", piece)).isEqualTo(number(expected.length()));
        }
        assertThat(run("GET k")).isEqualTo(bulk(expected.toString()));
        assertThat(run("PTTL k")).isEqualTo(number(10_000));
    }

    @Test
    void setrange_fills_the_gap_with_zeros() {
        assertThat(run("SETRANGE k 3 ab")).isEqualTo(number(5));
        assertThat(run("GET k")).isEqualTo(bulk("\0\0\0ab"));
        run("SET n 12345");
        assertThat(run("SETRANGE n 1 x")).isEqualTo(number(5));
        assertThat(run("GET n")).isEqualTo(bulk("1x345"));
        assertThat(run("SETRANGE n 7 y")).isEqualTo(number(8));
        assertThat(run("GET n")).isEqualTo(bulk("1x345\0\0y"));
        assertThat(node.run("SETRANGE", "none", "9", "")).isEqualTo(number(0));
        assertThat(run("EXISTS none")).isEqualTo(number(0));
    }

    @Test
    void setrange_beyond_the_longest_string_is_refused() {
        for (String offset : List.of("536870912", "4294967295", "9223372036854775807")) {
            assertThat(run("SETRANGE k " + offset + " x")).isEqualTo(new Reply.Error(CommandError.STRING_TOO_LONG));
        }
        assertThat(run("EXISTS k")).isEqualTo(number(0));
    }

    @Test
    void getrange_counts_from_both_ends() {
        run("SET n 12345");
        assertThat(run("GETRANGE n 1 2")).isEqualTo(bulk("23"));
        assertThat(run("GETRANGE n -2 -1")).isEqualTo(bulk("45"));
        assertThat(run("GETRANGE n 3 1")).isEqualTo(bulk(""));
        assertThat(run("GETRANGE n -9223372036854775808 9223372036854775807")).isEqualTo(bulk("12345"));
    }

    @Test
    void mset_and_mget_take_many_keys() {
        assertThat(run("MSET a 1 b two a 3")).isEqualTo(OK);
        run("LPUSH l x");
        assertThat(run("MGET a b none l"))
                .isEqualTo(new Reply.Array(List.of(bulk("3"), bulk("two"), Reply.Null.BULK, Reply.Null.BULK)));
        assertThat(run("MSETNX c 1 a 1")).isEqualTo(number(0));
        assertThat(run("EXISTS c")).isEqualTo(number(0));
        assertThat(run("MSETNX c 1 d 1")).isEqualTo(number(1));
    }

    @Test
    void lcs_finds_the_same_whichever_string_is_longer() {
        run("MSET a ohmytext b mynewtext");
        assertThat(run("LCS a b")).isEqualTo(bulk("mytext"));
        assertThat(run("LCS b a")).isEqualTo(bulk("mytext"));
        assertThat(run("LCS a b LEN")).isEqualTo(number(6));
        assertThat(run("LCS a none")).isEqualTo(bulk(""));
        Reply last = new Reply.Array(List.of(range(4, 7), range(5, 8), number(4)));
        assertThat(run("LCS a b IDX MINMATCHLEN 4 WITHMATCHLEN"))
                .isEqualTo(new Reply.Array(
                        List.of(bulk("matches"), new Reply.Array(List.of(last)), bulk("len"), number(6))));
    }

    @Test
    void lcs_that_takes_too_much_memory_is_refused() {
        node.run("SET", "a", "x".repeat(20_000));
        assertThat(run("LCS a a")).isEqualTo(new Reply.Error(CommandError.LCS_MEMORY));
    }

    private static Reply range(long first, long last) {
        return new Reply.Array(List.of(number(first), number(last)));
    }

    // --- Comparisons, as in Redis 8.4 ---

    @Test
    void set_may_ask_for_the_old_value() {
        assertThat(run("SET k v IFEQ v")).isEqualTo(Reply.Null.BULK);
        assertThat(run("SET k v IFNE v")).isEqualTo(OK);
        assertThat(run("SET k w IFNE v")).isEqualTo(Reply.Null.BULK);
        assertThat(run("SET k w IFEQ u GET")).isEqualTo(bulk("v"));
        assertThat(run("GET k")).isEqualTo(bulk("v"));
        assertThat(run("SET k 12 IFEQ v GET EX 10")).isEqualTo(bulk("v"));
        assertThat(run("TTL k")).isEqualTo(number(10));
        assertThat(run("SET k 13 KEEPTTL IFEQ 12")).isEqualTo(OK);
        assertThat(run("TTL k")).isEqualTo(number(10));
        assertThat(run("SET none v IFEQ v GET")).isEqualTo(Reply.Null.BULK);
        assertThat(run("EXISTS none")).isEqualTo(number(0));
    }

    @Test
    void set_may_ask_for_the_digest_of_the_old_value() {
        run("SET k hello");

        assertThat(run("DIGEST k")).isEqualTo(bulk("9555e8555c62dcfd"));
        assertThat(run("SET k v IFDNE 9555e8555c62dcfd")).isEqualTo(Reply.Null.BULK);
        assertThat(run("SET k v IFDEQ 0000000000000000")).isEqualTo(Reply.Null.BULK);
        assertThat(run("SET k v IFDEQ 9555E8555C62DCFD")).isEqualTo(OK);
        assertThat(run("SET k w IFDNE 9555e8555c62dcfd")).isEqualTo(OK);
        assertThat(run("SET none v IFDEQ 9555e8555c62dcfd")).isEqualTo(Reply.Null.BULK);
        assertThat(run("SET none v IFDNE 9555e8555c62dcfd")).isEqualTo(OK);
        assertThat(run("SET k v IFDEQ 955")).isEqualTo(new Reply.Error(CommandError.DIGEST_LENGTH));
        assertThat(run("DIGEST nothing")).isEqualTo(Reply.Null.BULK);
    }

    @Test
    void set_compares_strings_only_and_has_one_condition() {
        run("LPUSH l x");

        for (String condition : List.of("IFEQ x", "IFNE x", "IFDEQ 0000000000000000", "IFDNE 0000000000000000")) {
            assertThat(run("SET l v " + condition)).isEqualTo(new Reply.Error(CommandError.WRONG_TYPE));
            assertThat(run("SET k v NX " + condition)).isEqualTo(new Reply.Error(CommandError.SYNTAX));
            assertThat(run("SET k v " + condition + " XX")).isEqualTo(new Reply.Error(CommandError.SYNTAX));
        }
        assertThat(run("SET k v IFEQ x IFNE y")).isEqualTo(new Reply.Error(CommandError.SYNTAX));
        assertThat(run("SET k v IFEQ")).isEqualTo(new Reply.Error(CommandError.SYNTAX));
        assertThat(run("EXISTS k")).isEqualTo(number(0));
    }

    @Test
    void delex_deletes_what_compares_as_wanted() {
        run("MSET k v n 12");
        run("LPUSH l x");

        assertThat(run("DELEX k IFEQ w")).isEqualTo(number(0));
        assertThat(run("DELEX k IFNE v")).isEqualTo(number(0));
        assertThat(run("DELEX k IFEQ v")).isEqualTo(number(1));
        assertThat(run("DELEX k IFNE v")).isEqualTo(number(0));
        assertThat(run("DELEX n IFDEQ 0000000000000000")).isEqualTo(number(0));
        assertThat(run("DELEX n IFDNE 0000000000000000")).isEqualTo(number(1));
        assertThat(run("DELEX l IFEQ x")).isEqualTo(new Reply.Error(CommandError.DELEX_NOT_A_STRING));
        assertThat(run("DELEX l IFEQ")).isEqualTo(new Reply.Error(CommandError.arity("delex")));
        assertThat(run("DELEX l")).isEqualTo(number(1));
        assertThat(run("DBSIZE")).isEqualTo(number(0));
    }

    @Test
    void delifeq_deletes_a_key_with_this_value() {
        run("SET n 12");

        assertThat(run("DELIFEQ n 1")).isEqualTo(number(0));
        assertThat(run("DELIFEQ n 012")).isEqualTo(number(0));
        assertThat(run("DELIFEQ n 12")).isEqualTo(number(1));
        assertThat(run("DELIFEQ n 12")).isEqualTo(number(0));
    }

    @Test
    void msetex_sets_all_keys_or_none() {
        assertThat(run("MSETEX 2 a 1 b 2 XX")).isEqualTo(number(0));
        assertThat(run("MSETEX 2 a 1 b 2 NX EX 10")).isEqualTo(number(1));
        assertThat(run("MSETEX 2 b 3 c 4 NX")).isEqualTo(number(0));
        assertThat(run("MGET a b c")).isEqualTo(new Reply.Array(List.of(bulk("1"), bulk("2"), Reply.Null.BULK)));
        assertThat(run("TTL b")).isEqualTo(number(10));
        assertThat(run("MSETEX 2 a 5 c 6 KEEPTTL")).isEqualTo(number(1));
        assertThat(run("TTL a")).isEqualTo(number(10));
        assertThat(run("TTL c")).isEqualTo(number(-1));
        run("MSETEX 1 a 7");
        assertThat(run("TTL a")).isEqualTo(number(-1));
    }

    @Test
    void msetex_wants_as_many_pairs_as_it_says() {
        assertThat(run("MSETEX a 1 b 2")).isEqualTo(new Reply.Error(CommandError.NUMKEYS_INVALID));
        assertThat(run("MSETEX 0 a 1")).isEqualTo(new Reply.Error(CommandError.NUMKEYS_INVALID));
        assertThat(run("MSETEX 2 a 1 b")).isEqualTo(new Reply.Error(CommandError.PAIRS_MISMATCH));
        assertThat(run("MSETEX 2147483647 a 1")).isEqualTo(new Reply.Error(CommandError.PAIRS_MISMATCH));
        for (String options : List.of("NX XX", "EX 1 PX 1", "KEEPTTL EX 1", "GET", "IFEQ 1", "EX")) {
            assertThat(run("MSETEX 1 a 1 " + options)).isEqualTo(new Reply.Error(CommandError.SYNTAX));
        }
        assertThat(run("MSETEX 1 a 1 EX 0")).isEqualTo(new Reply.Error(CommandError.invalidExpireTime("msetex")));
        assertThat(run("COMMAND GETKEYS MSETEX 2 a 1 b 2 NX"))
                .isEqualTo(new Reply.Array(List.of(bulk("a"), bulk("b"))));
    }
}
