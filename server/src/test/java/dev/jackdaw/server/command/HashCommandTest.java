package dev.jackdaw.server.command;

import static dev.jackdaw.protocol.oracle.Replies.array;
import static dev.jackdaw.protocol.oracle.Replies.bulk;
import static dev.jackdaw.protocol.oracle.Replies.error;
import static dev.jackdaw.protocol.oracle.Replies.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each test on a small hash, and on one that other fields have made large. */
class HashCommandTest {
    private final TestNode node = new TestNode();
    private int others;

    @AfterEach
    void close() {
        node.close();
    }

    /** The hash h: a 1, b two, c 3.5, and the others. */
    private void prepare(int number) {
        others = number;
        for (int i = 0; i < number; i++) {
            run("HSET h other" + i + " v" + i);
        }
        run("HSET h a 1 b two c 3.5");
        run("SET string x");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void hset_counts_new_fields_and_changes_the_others(int number) {
        prepare(number);
        assertThat(run("HSET h d 1 e 2 d 3 a 4")).isEqualTo(number(2));
        assertThat(run("HSET h b a-longer-value-than-before")).isEqualTo(number(0));
        assertThat(run("HMGET h a b c d e f"))
                .isEqualTo(array("4", "a-longer-value-than-before", "3.5", "3", "2", null));
        assertThat(run("HLEN h")).isEqualTo(number(others + 5));
        assertThat(run("HMSET h a 5 f 6")).isEqualTo(new Reply.Simple("OK"));
        assertThat(run("HMGET h a f")).isEqualTo(array("5", "6"));
    }

    @Test
    void hset_wants_pairs() {
        assertThat(run("HSET h a 1 b")).isEqualTo(error(CommandError.arity("hset")));
        assertThat(run("HMSET h a 1 b")).isEqualTo(error(CommandError.arity("hmset")));
        assertThat(run("EXISTS h")).isEqualTo(number(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void hsetnx_leaves_what_is_there(int number) {
        prepare(number);
        assertThat(run("HSETNX h a 9")).isEqualTo(number(0));
        assertThat(run("HSETNX h d 9")).isEqualTo(number(1));
        assertThat(run("HMGET h a d")).isEqualTo(array("1", "9"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void fields_are_read_one_by_one(int number) {
        prepare(number);
        assertThat(run("HGET h b")).isEqualTo(bulk("two"));
        assertThat(run("HGET h x")).isEqualTo(Reply.Null.BULK);
        assertThat(run("HEXISTS h a")).isEqualTo(number(1));
        assertThat(run("HEXISTS h x")).isEqualTo(number(0));
        assertThat(run("HSTRLEN h c")).isEqualTo(number(3));
        assertThat(run("HSTRLEN h x")).isEqualTo(number(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void a_hash_is_read_as_a_whole(int number) {
        prepare(number);
        assertThat(words(run("HKEYS h"))).hasSize(others + 3).contains("a", "b", "c");
        assertThat(words(run("HVALS h"))).hasSize(others + 3).contains("1", "two", "3.5");
        assertThat(words(run("HGETALL h"))).hasSize(2 * others + 6).containsSequence("b", "two");
        node.client().session().protocol(3);
        assertThat(((Reply.Map) run("HGETALL h")).pairs())
                .hasSize(others + 3)
                .contains(new Reply.Pair(bulk("c"), bulk("3.5")));
        assertThat(run("HGETALL nosuch")).isEqualTo(new Reply.Map(List.of()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void hdel_removes_the_key_with_its_last_field(int number) {
        prepare(number);
        assertThat(run("HDEL h a x a b")).isEqualTo(number(2));
        for (int i = 0; i < number; i++) {
            assertThat(run("HDEL h other" + i)).isEqualTo(number(1));
        }
        assertThat(run("HGETALL h")).isEqualTo(array("c", "3.5"));
        assertThat(run("HDEL h c")).isEqualTo(number(1));
        assertThat(run("EXISTS h")).isEqualTo(number(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void hincrby_adds_integers(int number) {
        prepare(number);
        assertThat(run("HINCRBY h a 41")).isEqualTo(number(42));
        assertThat(run("HINCRBY h new -7")).isEqualTo(number(-7));
        assertThat(run("HMGET h a new")).isEqualTo(array("42", "-7"));
        assertThat(run("HINCRBY h b 1")).isEqualTo(error(CommandError.HASH_VALUE_NOT_AN_INTEGER));
        assertThat(run("HINCRBY h a 1.5")).isEqualTo(error(CommandError.NOT_AN_INTEGER));
    }

    @Test
    void hincrby_overflow_is_refused() {
        run("HSET h a 9223372036854775807 b -9223372036854775808");
        assertThat(run("HINCRBY h a 1")).isEqualTo(error(CommandError.OVERFLOW));
        assertThat(run("HINCRBY h b -1")).isEqualTo(error(CommandError.OVERFLOW));
        assertThat(run("HINCRBY h a -9223372036854775808")).isEqualTo(number(-1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void hincrbyfloat_adds_as_long_doubles_do(int number) {
        prepare(number);
        assertThat(run("HINCRBYFLOAT h c 0.1")).isEqualTo(bulk("3.6"));
        assertThat(run("HINCRBYFLOAT h a 1e3")).isEqualTo(bulk("1001"));
        assertThat(run("HGET h a")).isEqualTo(bulk("1001"));
        assertThat(run("HINCRBYFLOAT h b 1")).isEqualTo(error(CommandError.HASH_VALUE_NOT_A_FLOAT));
        assertThat(run("HINCRBYFLOAT h a inf")).isEqualTo(error(CommandError.NOT_FINITE));
        assertThat(run("HINCRBYFLOAT h a x")).isEqualTo(error(CommandError.NOT_A_FLOAT));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void hrandfield_draws_with_and_without_repetition(int number) {
        prepare(number);
        List<String> all = words(run("HKEYS h"));
        assertThat(all).contains(((Reply.Bulk) run("HRANDFIELD h")).text());
        for (int count : new int[] {1, 3, others / 20 + 2, others + 2, others + 3, others + 100}) {
            assertThat(words(run("HRANDFIELD h " + count)))
                    .hasSize(Math.min(count, others + 3))
                    .doesNotHaveDuplicates()
                    .isSubsetOf(all);
        }
        assertThat(words(run("HRANDFIELD h -1000"))).hasSize(1000).isSubsetOf(all);
        assertThat(words(run("HRANDFIELD h -10 WITHVALUES"))).hasSize(20);
        node.client().session().protocol(3);
        assertThat(((Reply.Array) run("HRANDFIELD h 2 WITHVALUES")).elements())
                .hasSize(2)
                .allMatch(pair -> ((Reply.Array) pair).elements().size() == 2);
    }

    @Test
    void hrandfield_without_end_is_refused() {
        run("HSET h a 1");
        assertThat(run("HRANDFIELD h -9223372036854775808"))
                .isEqualTo(error(CommandError.notBetween(-Long.MAX_VALUE, Long.MAX_VALUE)));
        assertThat(run("HRANDFIELD h -4611686018427387905")).isEqualTo(error(CommandError.OUT_OF_RANGE));
        run("HSET h a", "x".repeat(1 << 20));
        assertThat(run("HRANDFIELD h -100 WITHVALUES")).isEqualTo(error(CommandError.OUT_OF_RANGE));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void hscan_visits_every_field_while_others_come_and_go(int number) {
        prepare(number);
        Set<String> seen = new HashSet<>();
        String cursor = "0";
        int steps = 0;
        do {
            Reply.Array page = (Reply.Array) run("HSCAN h " + cursor + " COUNT 5");
            List<String> words = words(page.elements().get(1));
            for (int i = 0; i < words.size(); i += 2) {
                seen.add(words.get(i));
            }
            cursor = ((Reply.Bulk) page.elements().getFirst()).text();
            run("HSET h new" + steps++ + " x");
        } while (!cursor.equals("0"));
        assertThat(seen).contains("a", "b", "c").hasSizeGreaterThanOrEqualTo(others + 3);
        assertThat(run("HSCAN h 0 COUNT 100000 MATCH ?"))
                .isInstanceOfSatisfying(
                        Reply.Array.class,
                        page -> assertThat(words(page.elements().get(1)))
                                .containsExactlyInAnyOrder("a", "1", "b", "two", "c", "3.5"));
        assertThat(run("HSCAN h 0 NOVALUES COUNT 100000 MATCH ?"))
                .isInstanceOfSatisfying(
                        Reply.Array.class,
                        page -> assertThat(words(page.elements().get(1))).containsExactlyInAnyOrder("a", "b", "c"));
        assertThat(run("HSCAN nosuch 7")).isEqualTo(new Reply.Array(List.of(bulk("0"), array())));
        assertThat(run("HSCAN h 0 COUNT 5 VALUES")).isEqualTo(error(CommandError.SYNTAX));
    }

    @Test
    void other_types_are_refused() {
        run("SET string x");
        for (String command : List.of(
                "HSET string a 1",
                "HSETNX string a 1",
                "HGET string a",
                "HDEL string a",
                "HINCRBY string a 1",
                "HINCRBYFLOAT string a 1",
                "HRANDFIELD string",
                "HSCAN string 0",
                "HKEYS string")) {
            assertThat(run(command)).as(command).isEqualTo(error(CommandError.WRONG_TYPE));
        }
    }

    @Test
    void the_encoding_follows_the_thresholds() {
        node.run("CONFIG", "SET", "hash-max-listpack-entries", "2", "hash-max-listpack-value", "10");
        run("HSET h a 1 b 2");
        assertThat(run("OBJECT ENCODING h")).isEqualTo(bulk("listpack"));
        run("HSET h c 3");
        assertThat(run("OBJECT ENCODING h")).isEqualTo(bulk("hashtable"));
        run("HDEL h b c");
        assertThat(run("OBJECT ENCODING h")).isEqualTo(bulk("hashtable"));
        run("HSET i a 12345678901");
        assertThat(run("OBJECT ENCODING i")).isEqualTo(bulk("hashtable"));
    }

    @Test
    void a_hash_that_had_a_long_value_is_a_hash_table_wherever_it_goes() {
        run("HSET h a 1 b " + "2".repeat(65));
        run("COPY h copy");
        run("RENAME h other");
        run("HDEL other b");
        for (String key : List.of("copy", "other")) {
            assertThat(run("OBJECT ENCODING " + key)).isEqualTo(bulk("hashtable"));
        }
        run("SET copy text");
        assertThat(run("OBJECT ENCODING copy")).isEqualTo(bulk("embstr"));
    }

    private Reply run(String command, String... more) {
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.addAll(List.of(more));
        return node.run(words);
    }

    private static List<String> words(Reply reply) {
        return ((Reply.Array) reply)
                .elements().stream()
                        .map(element -> ((Reply.Bulk) element).text())
                        .toList();
    }
}
