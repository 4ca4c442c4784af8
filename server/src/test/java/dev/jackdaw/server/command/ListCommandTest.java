package dev.jackdaw.server.command;

import static dev.jackdaw.protocol.oracle.Replies.array;
import static dev.jackdaw.protocol.oracle.Replies.bulk;
import static dev.jackdaw.protocol.oracle.Replies.error;
import static dev.jackdaw.protocol.oracle.Replies.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each test on a small list, and on one that is large because of long elements in its middle. */
class ListCommandTest {
    private static final Reply OK = new Reply.Simple("OK");
    private static final int FILLER_BYTES = 1_000;

    private final TestNode node = new TestNode();
    private int fillers;

    @AfterEach
    void close() {
        node.close();
    }

    /** The list l: a b, the fillers, c d. */
    private void prepare(int number) {
        fillers = number;
        run("RPUSH l a b");
        for (int i = 0; i < number; i++) {
            run("RPUSH l " + filler(i));
        }
        run("RPUSH l c d");
        run("SET string x");
    }

    private static String filler(int i) {
        return i + "x".repeat(FILLER_BYTES);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 40})
    void pushes_and_pops_work_at_both_ends(int number) {
        prepare(number);
        assertThat(run("LPUSH l 1 2")).isEqualTo(number(fillers + 6));
        assertThat(run("RPUSH l 3 4")).isEqualTo(number(fillers + 8));
        assertThat(run("LPOP l")).isEqualTo(bulk("2"));
        assertThat(run("RPOP l")).isEqualTo(bulk("4"));
        assertThat(run("LPOP l 3")).isEqualTo(array("1", "a", "b"));
        assertThat(run("RPOP l 2")).isEqualTo(array("3", "d"));
        assertThat(run("LPOP l 0")).isEqualTo(array());
        assertThat(run("LLEN l")).isEqualTo(number(fillers + 1));
        assertThat(((Reply.Array) run("RPOP l 1000")).elements()).hasSize(fillers + 1);
        assertThat(run("EXISTS l")).isEqualTo(number(0));
        assertThat(run("LPOP l")).isEqualTo(Reply.Null.BULK);
        assertThat(run("LPOP l 1")).isEqualTo(Reply.Null.ARRAY);
    }

    @Test
    void push_keeps_any_bytes() {
        List<String> elements =
                List.of("", "\0\r\n\u00ff", "12345", "x".repeat(127), "y".repeat(128), "z".repeat(100_000));
        for (String element : elements) {
            node.run("RPUSH", "l", element);
        }
        assertThat(run("LRANGE l 0 -1")).isEqualTo(array(elements));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 40})
    void pushx_adds_only_to_what_exists(int number) {
        prepare(number);
        assertThat(run("LPUSHX l z")).isEqualTo(number(fillers + 5));
        assertThat(run("RPUSHX l z z")).isEqualTo(number(fillers + 7));
        assertThat(run("LPUSHX nosuch z")).isEqualTo(number(0));
        assertThat(run("EXISTS nosuch")).isEqualTo(number(0));
    }

    @Test
    void pop_count_is_checked_before_the_key() {
        prepare(0);
        assertThat(run("LPOP nosuch -1")).isEqualTo(error(CommandError.NOT_POSITIVE));
        assertThat(run("RPOP string x")).isEqualTo(error(CommandError.NOT_POSITIVE));
        assertThat(run("RPOP string 0")).isEqualTo(error(CommandError.WRONG_TYPE));
        assertThat(run("LPOP l 1 2")).isEqualTo(error(CommandError.arity("lpop")));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 40})
    void ranges_and_indexes_count_from_both_ends(int number) {
        prepare(number);
        assertThat(run("LRANGE l 0 1")).isEqualTo(array("a", "b"));
        assertThat(run("LRANGE l -2 -1")).isEqualTo(array("c", "d"));
        assertThat(run("LRANGE l -1 0")).isEqualTo(array());
        assertThat(((Reply.Array) run("LRANGE l -9223372036854775808 9223372036854775807")).elements())
                .hasSize(fillers + 4);
        assertThat(run("LINDEX l 1")).isEqualTo(bulk("b"));
        assertThat(run("LINDEX l -2")).isEqualTo(bulk("c"));
        assertThat(run("LINDEX l 1000")).isEqualTo(Reply.Null.BULK);
        assertThat(run("LINDEX l x")).isEqualTo(error(CommandError.NOT_AN_INTEGER));
        assertThat(run("LINDEX nosuch x")).isEqualTo(Reply.Null.BULK);
        assertThat(run("LRANGE nosuch x 1")).isEqualTo(error(CommandError.NOT_AN_INTEGER));
        if (fillers > 0) {
            assertThat(run("LINDEX l 20")).isEqualTo(bulk(filler(18)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 40})
    void lset_replaces_with_shorter_and_longer(int number) {
        prepare(number);
        assertThat(run("LSET l 1 B")).isEqualTo(OK);
        assertThat(run("LSET l -1 longer")).isEqualTo(OK);
        assertThat(run("LSET l 0 " + "w".repeat(9_000))).isEqualTo(OK);
        assertThat(run("LINDEX l 0")).isEqualTo(bulk("w".repeat(9_000)));
        assertThat(run("LRANGE l 1 1")).isEqualTo(array("B"));
        assertThat(run("LRANGE l -2 -1")).isEqualTo(array("c", "longer"));
        assertThat(run("LSET l 1000 x")).isEqualTo(error(CommandError.INDEX_OUT_OF_RANGE));
        assertThat(run("LSET nosuch 0 x")).isEqualTo(error(CommandError.NO_SUCH_KEY));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 40})
    void linsert_puts_beside_the_first_that_equals(int number) {
        prepare(number);
        assertThat(run("LINSERT l BEFORE c 1")).isEqualTo(number(fillers + 5));
        assertThat(run("LINSERT l after c 2")).isEqualTo(number(fillers + 6));
        assertThat(run("LRANGE l -4 -1")).isEqualTo(array("1", "c", "2", "d"));
        assertThat(run("LINSERT l BEFORE nosuch x")).isEqualTo(number(-1));
        assertThat(run("LINSERT nosuch BEFORE a x")).isEqualTo(number(0));
        assertThat(run("LINSERT l BESIDE a x")).isEqualTo(error(CommandError.SYNTAX));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 40})
    void lrem_removes_from_either_end(int number) {
        prepare(number);
        run("RPUSH l a b a b a");
        assertThat(run("LREM l 1 a")).isEqualTo(number(1));
        assertThat(run("LREM l -1 b")).isEqualTo(number(1));
        assertThat(run("LRANGE l 0 0")).isEqualTo(array("b"));
        assertThat(run("LRANGE l -4 -1")).isEqualTo(array("a", "b", "a", "a"));
        assertThat(run("LREM l 0 a")).isEqualTo(number(3));
        assertThat(run("LREM l -9223372036854775808 b")).isEqualTo(number(2));
        assertThat(run("LREM l 0 nosuch")).isEqualTo(number(0));
        assertThat(run("LLEN l")).isEqualTo(number(fillers + 2));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 40})
    void ltrim_keeps_the_range(int number) {
        prepare(number);
        assertThat(run("LTRIM l 1 -2")).isEqualTo(OK);
        assertThat(run("LINDEX l 0")).isEqualTo(bulk("b"));
        assertThat(run("LINDEX l -1")).isEqualTo(bulk("c"));
        assertThat(run("LTRIM l -1 -1")).isEqualTo(OK);
        assertThat(run("LRANGE l 0 -1")).isEqualTo(array("c"));
        assertThat(run("LTRIM l 5 10")).isEqualTo(OK);
        assertThat(run("EXISTS l")).isEqualTo(number(0));
        assertThat(run("LTRIM string 0 1")).isEqualTo(error(CommandError.WRONG_TYPE));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 40})
    void lpos_finds_by_rank_count_and_length(int number) {
        prepare(number);
        run("RPUSH l a a");
        int size = fillers + 6;
        assertThat(run("LPOS l a")).isEqualTo(number(0));
        assertThat(run("LPOS l a RANK -1")).isEqualTo(number(size - 1));
        assertThat(run("LPOS l a RANK 2")).isEqualTo(number(size - 2));
        assertThat(run("LPOS l a COUNT 2")).isEqualTo(numbers(0, size - 2));
        assertThat(run("LPOS l a COUNT 0 RANK -1")).isEqualTo(numbers(size - 1, size - 2, 0));
        assertThat(run("LPOS l a COUNT 0 MAXLEN 2")).isEqualTo(numbers(0));
        assertThat(run("LPOS l nosuch")).isEqualTo(Reply.Null.BULK);
        assertThat(run("LPOS nosuch a COUNT 1")).isEqualTo(array());
        assertThat(run("LPOS l a RANK 0")).isEqualTo(error(CommandError.LPOS_RANK_ZERO));
        assertThat(run("LPOS l a RANK -9223372036854775808"))
                .isEqualTo(error(CommandError.notBetween(-Long.MAX_VALUE, Long.MAX_VALUE)));
        assertThat(run("LPOS l a COUNT -1")).isEqualTo(error(CommandError.LPOS_COUNT_NEGATIVE));
        assertThat(run("LPOS l a MAXLEN x")).isEqualTo(error(CommandError.LPOS_MAXLEN_NEGATIVE));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 40})
    void lmove_moves_between_lists_and_within_one(int number) {
        prepare(number);
        assertThat(run("LMOVE l other LEFT RIGHT")).isEqualTo(bulk("a"));
        assertThat(run("RPOPLPUSH l other")).isEqualTo(bulk("d"));
        assertThat(run("LRANGE other 0 -1")).isEqualTo(array("d", "a"));
        assertThat(run("LMOVE l l LEFT RIGHT")).isEqualTo(bulk("b"));
        assertThat(run("LRANGE l -2 -1")).isEqualTo(array("c", "b"));
        assertThat(run("LMOVE l string LEFT LEFT")).isEqualTo(error(CommandError.WRONG_TYPE));
        assertThat(run("LMOVE nosuch l LEFT LEFT")).isEqualTo(Reply.Null.BULK);
        assertThat(run("LMOVE l other LEFT UP")).isEqualTo(error(CommandError.SYNTAX));
        assertThat(run("LLEN l")).isEqualTo(number(fillers + 2));
    }

    @Test
    void lmove_of_the_only_element_within_a_list_keeps_the_time_to_live() {
        run("RPUSH one x");
        run("PEXPIRE one 1000");
        assertThat(run("LMOVE one one LEFT RIGHT")).isEqualTo(bulk("x"));
        assertThat(run("PTTL one")).isEqualTo(number(1000));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 40})
    void lmpop_takes_from_the_first_list_that_is_there(int number) {
        prepare(number);
        assertThat(run("LMPOP 2 nosuch l LEFT COUNT 2"))
                .isEqualTo(new Reply.Array(List.of(bulk("l"), array("a", "b"))));
        assertThat(run("LMPOP 1 l RIGHT")).isEqualTo(new Reply.Array(List.of(bulk("l"), array("d"))));
        assertThat(run("LMPOP 1 nosuch LEFT")).isEqualTo(Reply.Null.ARRAY);
        assertThat(run("LMPOP 0 l LEFT")).isEqualTo(error(CommandError.NUMKEYS_NOT_POSITIVE));
        assertThat(run("LMPOP 1 l LEFT COUNT 0")).isEqualTo(error(CommandError.COUNT_NOT_POSITIVE));
        assertThat(run("LMPOP 2 nosuch string LEFT")).isEqualTo(error(CommandError.WRONG_TYPE));
        assertThat(run("LMPOP 9223372036854775807 l LEFT")).isEqualTo(error(CommandError.SYNTAX));
    }

    private Reply run(String command) {
        return node.run(command.split(" "));
    }

    private static Reply numbers(long... values) {
        List<Reply> elements = new ArrayList<>();
        for (long value : values) {
            elements.add(number(value));
        }
        return new Reply.Array(elements);
    }
}
