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

/** Each test on a small sorted set, and on one that other members, with scores far above, have made large. */
class SortedSetCommandTest {
    private static final int OTHER_SCORES = 1_000_000;

    private final TestNode node = new TestNode();
    private int others;

    @AfterEach
    void close() {
        node.close();
    }

    /** The sorted set z: a 1, b 2, c 3, and the others. */
    private void prepare(int number) {
        others = number;
        for (int i = 0; i < number; i++) {
            run("ZADD z " + (OTHER_SCORES + i) + " other" + i);
        }
        run("ZADD z 1 a 2 b 3 c");
        run("SET string x");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void zadd_counts_what_is_new_or_changed(int number) {
        prepare(number);
        assertThat(run("ZADD z 5 a 6 d 6 d")).isEqualTo(number(1));
        assertThat(run("ZADD z CH 7 a 6 d 8 e")).isEqualTo(number(2));
        assertThat(run("ZSCORE z a")).isEqualTo(bulk("7"));
        assertThat(run("ZCARD z")).isEqualTo(number(others + 5));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void zadd_options_decide_what_happens(int number) {
        prepare(number);
        assertThat(run("ZADD z NX 9 a 9 d")).isEqualTo(number(1));
        assertThat(run("ZADD z XX CH 8 a 8 e")).isEqualTo(number(1));
        assertThat(run("ZADD z GT CH 7 a 4 b 4 f")).isEqualTo(number(2));
        assertThat(run("ZADD z LT CH 9 a 1 b 5 g")).isEqualTo(number(2));
        assertThat(run("ZMSCORE z a b c d e f g")).isEqualTo(array("8", "1", "3", "9", null, "4", "5"));
        assertThat(run("ZADD nosuch XX 1 a")).isEqualTo(number(0));
        assertThat(run("EXISTS nosuch")).isEqualTo(number(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void zadd_incr_and_zincrby_reply_with_the_score(int number) {
        prepare(number);
        assertThat(run("ZADD z INCR 0.5 a")).isEqualTo(bulk("1.5"));
        assertThat(run("ZINCRBY z -1.5 a")).isEqualTo(bulk("0"));
        assertThat(run("ZINCRBY z 4 new")).isEqualTo(bulk("4"));
        assertThat(run("ZADD z NX INCR 1 a")).isEqualTo(Reply.Null.BULK);
        assertThat(run("ZADD z XX INCR 1 nosuch")).isEqualTo(Reply.Null.BULK);
        assertThat(run("ZADD nosuch XX INCR 1 m")).isEqualTo(Reply.Null.BULK);
        run("ZADD z inf i");
        assertThat(run("ZINCRBY z -inf i")).isEqualTo(error(CommandError.SCORE_NOT_A_NUMBER));
    }

    @Test
    void zadd_mistakes_are_refused() {
        prepare(0);
        assertThat(run("ZADD z NX XX 1 a")).isEqualTo(error(CommandError.ZADD_XX_WITH_NX));
        assertThat(run("ZADD z GT LT 1 a")).isEqualTo(error(CommandError.ZADD_GT_LT_NX));
        assertThat(run("ZADD z NX GT 1 a")).isEqualTo(error(CommandError.ZADD_GT_LT_NX));
        assertThat(run("ZADD z INCR 1 a 2 b")).isEqualTo(error(CommandError.ZADD_INCR_PAIRS));
        assertThat(run("ZADD z 1 a 2")).isEqualTo(error(CommandError.SYNTAX));
        assertThat(run("ZADD z 9 a nan b")).isEqualTo(error(CommandError.NOT_A_FLOAT));
        assertThat(run("ZSCORE z a")).isEqualTo(bulk("1"));
        assertThat(run("ZADD string x a")).isEqualTo(error(CommandError.NOT_A_FLOAT));
        assertThat(run("ZADD string 1 a")).isEqualTo(error(CommandError.WRONG_TYPE));
    }

    @Test
    void scores_come_back_as_redis_writes_them() {
        for (String score : List.of("3", "-1.5", "inf", "-inf", "1e+20", "0.10000000000000001", "17179869184.5")) {
            run("ZADD z " + score + " m");
            assertThat(run("ZSCORE z m")).isEqualTo(bulk(score));
        }
        node.client().session().protocol(3);
        assertThat(run("ZSCORE z m")).isEqualTo(new Reply.Decimal("17179869184.5"));
        assertThat(run("ZSCORE z nosuch")).isEqualTo(Reply.Null.ANY);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void zrange_by_rank_goes_both_ways(int number) {
        prepare(number);
        run("ZREMRANGEBYSCORE z " + OTHER_SCORES + " +inf");
        assertThat(run("ZRANGE z 0 1")).isEqualTo(array("a", "b"));
        assertThat(run("ZRANGE z -1 -1 WITHSCORES")).isEqualTo(array("c", "3"));
        assertThat(run("ZRANGE z 0 1 REV")).isEqualTo(array("c", "b"));
        assertThat(run("ZREVRANGE z 0 0 WITHSCORES")).isEqualTo(array("c", "3"));
        assertThat(run("ZRANGE z 2 1")).isEqualTo(array());
        assertThat(run("ZRANGE z 300 -9223372036854775808")).isEqualTo(array());
        assertThat(run("ZRANGE nosuch 0 -1")).isEqualTo(array());
        assertThat(run("ZRANGE z 0 1 LIMIT 0 1")).isEqualTo(error(CommandError.ZRANGE_LIMIT_ALONE));
        assertThat(run("ZRANGE z x 1")).isEqualTo(error(CommandError.NOT_AN_INTEGER));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void zrange_by_score_knows_open_bounds_and_limits(int number) {
        prepare(number);
        assertThat(run("ZRANGE z (1 3 BYSCORE")).isEqualTo(array("b", "c"));
        assertThat(run("ZRANGE z 3 -inf BYSCORE REV LIMIT 1 2 WITHSCORES")).isEqualTo(array("b", "2", "a", "1"));
        assertThat(run("ZRANGEBYSCORE z -inf 3 LIMIT 1 -1")).isEqualTo(array("b", "c"));
        assertThat(run("ZREVRANGEBYSCORE z (3 1")).isEqualTo(array("b", "a"));
        assertThat(run("ZRANGEBYSCORE z 1 3 LIMIT -1 2")).isEqualTo(array());
        assertThat(run("ZCOUNT z 2 1e400")).isEqualTo(number(others + 2));
        assertThat(run("ZCOUNT z (1 (2")).isEqualTo(number(0));
        assertThat(run("ZCOUNT nosuch x 1")).isEqualTo(error(CommandError.RANGE_NOT_A_FLOAT));
        assertThat(run("ZRANGE z 0 1 BYSCORE BYLEX")).isEqualTo(error(CommandError.SYNTAX));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void ranges_by_member_on_one_score(int number) {
        List<String> members = new ArrayList<>(List.of("a", "b", "c"));
        run("ZADD lex 0 a 0 b 0 c");
        for (int i = 0; i < number; i++) {
            String member = String.format("x%04d", i);
            run("ZADD lex 0 " + member);
            members.add(member);
        }
        assertThat(run("ZRANGE lex - + BYLEX")).isEqualTo(array(members));
        assertThat(run("ZRANGE lex (a [c BYLEX")).isEqualTo(array("b", "c"));
        assertThat(run("ZRANGEBYLEX lex - (b")).isEqualTo(array("a"));
        assertThat(run("ZREVRANGEBYLEX lex [c [a LIMIT 1 1")).isEqualTo(array("b"));
        assertThat(run("ZRANGE lex + - BYLEX")).isEqualTo(array());
        assertThat(run("ZLEXCOUNT lex - +")).isEqualTo(number(number + 3));
        assertThat(run("ZLEXCOUNT lex [b (x")).isEqualTo(number(2));
        assertThat(run("ZREMRANGEBYLEX lex [b +")).isEqualTo(number(number + 2));
        assertThat(run("ZRANGEBYLEX lex a b")).isEqualTo(error(CommandError.RANGE_NOT_A_STRING));
        assertThat(run("ZRANGE lex - + BYLEX WITHSCORES")).isEqualTo(error(CommandError.ZRANGE_SCORES_BY_LEX));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void ranks_count_from_either_side(int number) {
        prepare(number);
        assertThat(run("ZRANK z c")).isEqualTo(number(2));
        assertThat(run("ZREVRANK z c")).isEqualTo(number(others));
        assertThat(run("ZRANK z nosuch")).isEqualTo(Reply.Null.BULK);
        assertThat(run("ZREVRANK nosuch a")).isEqualTo(Reply.Null.BULK);
        assertThat(run("ZRANK string a")).isEqualTo(error(CommandError.WRONG_TYPE));
        Reply score = run("ZSCORE z c");
        assertThat(run("ZRANK z c WITHSCORE")).isEqualTo(new Reply.Array(List.of(number(2), score)));
        assertThat(run("ZREVRANK z c withscore")).isEqualTo(new Reply.Array(List.of(number(others), score)));
        assertThat(run("ZRANK z nosuch WITHSCORE")).isEqualTo(Reply.Null.ARRAY);
        assertThat(run("ZREVRANK nosuch a WITHSCORE")).isEqualTo(Reply.Null.ARRAY);
        assertThat(run("ZRANK z c SCORE")).isEqualTo(error(CommandError.SYNTAX));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void zrem_and_the_ranges_remove_the_key_with_its_last_member(int number) {
        prepare(number);
        assertThat(run("ZREM z b nosuch b")).isEqualTo(number(1));
        assertThat(run("ZREMRANGEBYRANK z 0 0")).isEqualTo(number(1));
        assertThat(run("ZREMRANGEBYSCORE z (3 +inf")).isEqualTo(number(others));
        assertThat(run("ZRANGE z 0 -1")).isEqualTo(array("c"));
        assertThat(run("ZREM z c")).isEqualTo(number(1));
        assertThat(run("EXISTS z")).isEqualTo(number(0));
        assertThat(run("ZREMRANGEBYRANK nosuch x 1")).isEqualTo(error(CommandError.NOT_AN_INTEGER));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void pops_take_the_lowest_or_the_highest(int number) {
        prepare(number);
        run("ZADD z 9e9 last");
        assertThat(run("ZPOPMIN z")).isEqualTo(array("a", "1"));
        assertThat(run("ZPOPMAX z")).isEqualTo(array("last", "9000000000"));
        assertThat(run("ZPOPMIN z 2")).isEqualTo(array("b", "2", "c", "3"));
        assertThat(run("ZPOPMIN nosuch")).isEqualTo(array());
        run("ZADD z 1 a");
        assertThat(run("ZMPOP 2 nosuch z MIN"))
                .isEqualTo(new Reply.Array(List.of(bulk("z"), new Reply.Array(List.of(array("a", "1"))))));
        assertThat(run("ZMPOP 1 nosuch MAX")).isEqualTo(Reply.Null.ARRAY);
        assertThat(run("ZCARD z")).isEqualTo(number(others));
        assertThat(run("ZPOPMIN z -1")).isEqualTo(error(CommandError.NOT_POSITIVE));
        assertThat(run("ZMPOP 1 z MIN COUNT 0")).isEqualTo(error(CommandError.COUNT_NOT_POSITIVE));
    }

    @Test
    void pairs_are_nested_in_resp3_where_there_may_be_several() {
        prepare(0);
        node.client().session().protocol(3);
        Reply a = pair("a", "1");
        Reply b = pair("b", "2");
        assertThat(run("ZRANGE z 0 1 WITHSCORES")).isEqualTo(new Reply.Array(List.of(a, b)));
        assertThat(run("ZUNION 1 z WITHSCORES")).isEqualTo(new Reply.Array(List.of(a, b, pair("c", "3"))));
        assertThat(run("ZPOPMIN z")).isEqualTo(a);
        assertThat(run("ZPOPMIN z 1")).isEqualTo(new Reply.Array(List.of(b)));
        assertThat(run("ZRANDMEMBER z 1 WITHSCORES")).isEqualTo(new Reply.Array(List.of(pair("c", "3"))));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void zrandmember_draws_distinct_or_repeated_members(int number) {
        prepare(number);
        int size = others + 3;
        for (int count : List.of(1, 3, size / 2, size, size + 10)) {
            List<Reply> drawn = ((Reply.Array) run("ZRANDMEMBER z " + count)).elements();
            assertThat(drawn).hasSize(Math.min(count, size)).doesNotHaveDuplicates();
        }
        assertThat(((Reply.Array) run("ZRANDMEMBER z -" + (size + 50))).elements())
                .hasSize(size + 50);
        assertThat(run("ZRANDMEMBER z 0")).isEqualTo(array());
        assertThat(run("ZRANDMEMBER nosuch")).isEqualTo(Reply.Null.BULK);
        assertThat(run("ZRANDMEMBER z -9223372036854775807")).isEqualTo(error(CommandError.OUT_OF_RANGE));
        assertThat(run("ZRANDMEMBER z 1 WITHOUT")).isEqualTo(error(CommandError.SYNTAX));
        Set<Reply> seen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            seen.add(run("ZRANDMEMBER z"));
        }
        assertThat(seen).hasSizeGreaterThan(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void unions_intersections_and_differences_combine_scores(int number) {
        prepare(number);
        run("ZADD y 10 a 20 d");
        run("SADD set a b");
        assertThat(run("ZUNION 2 y set WITHSCORES")).isEqualTo(array("b", "1", "a", "11", "d", "20"));
        assertThat(run("ZINTER 2 z y WEIGHTS 2 0.5 WITHSCORES")).isEqualTo(array("a", "7"));
        assertThat(run("ZINTER 2 z y AGGREGATE MAX WITHSCORES")).isEqualTo(array("a", "10"));
        assertThat(run("ZDIFF 2 y z WITHSCORES")).isEqualTo(array("d", "20"));
        assertThat(run("ZUNIONSTORE to 3 z y nosuch")).isEqualTo(number(others + 4));
        assertThat(run("ZSCORE to a")).isEqualTo(bulk("11"));
        assertThat(run("ZINTERSTORE to 2 z y AGGREGATE MIN")).isEqualTo(number(1));
        assertThat(run("ZRANGE to 0 -1 WITHSCORES")).isEqualTo(array("a", "1"));
        assertThat(run("ZDIFFSTORE z 2 z y")).isEqualTo(number(others + 2));
        assertThat(run("ZINTERSTORE to 2 z nosuch")).isEqualTo(number(0));
        assertThat(run("EXISTS to")).isEqualTo(number(0));
        assertThat(run("ZINTERCARD 2 z set")).isEqualTo(number(1));
        assertThat(run("ZINTERCARD 2 y set LIMIT 1")).isEqualTo(number(1));
    }

    @Test
    void mistakes_with_several_keys_are_refused() {
        prepare(0);
        assertThat(run("ZUNION 0 z")).isEqualTo(error(CommandError.noInputKey("zunion")));
        assertThat(run("ZUNIONSTORE d 9223372036854775807 z")).isEqualTo(error(CommandError.SYNTAX));
        assertThat(run("ZUNION 2 z z WEIGHTS 1 x")).isEqualTo(error(CommandError.WEIGHT_NOT_A_FLOAT));
        assertThat(run("ZUNION 2 z z WEIGHTS 1")).isEqualTo(error(CommandError.SYNTAX));
        assertThat(run("ZDIFF 1 z AGGREGATE MAX")).isEqualTo(error(CommandError.SYNTAX));
        assertThat(run("ZINTER 2 nosuch string")).isEqualTo(error(CommandError.WRONG_TYPE));
        assertThat(run("ZINTERCARD 1 z LIMIT -1")).isEqualTo(error(CommandError.LIMIT_NEGATIVE));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void zrangestore_stores_a_range_or_removes(int number) {
        prepare(number);
        assertThat(run("ZRANGESTORE to z 0 1")).isEqualTo(number(2));
        assertThat(run("ZRANGE to 0 -1 WITHSCORES")).isEqualTo(array("a", "1", "b", "2"));
        assertThat(run("ZRANGESTORE z z (1 +inf BYSCORE")).isEqualTo(number(others + 2));
        assertThat(run("ZRANGE z 0 0")).isEqualTo(array("b"));
        assertThat(run("ZRANGESTORE to nosuch 0 -1")).isEqualTo(number(0));
        assertThat(run("EXISTS to")).isEqualTo(number(0));
        assertThat(run("ZRANGESTORE to z 0 1 WITHSCORES")).isEqualTo(error(CommandError.SYNTAX));
    }

    /** As Redis's result is a listpack until it is too long, or until a member is. */
    @Test
    void zrangestore_takes_the_sign_of_zero_from_members_that_come_before_a_long_one() {
        String longMember = "b".repeat(65);
        run("ZADD z 1 " + longMember + " -0 a -0 c -0 d");
        run("ZADD z -0 " + longMember);
        expectStored("ZRANGESTORE to z 0 -1", "0", "-0", "-0", "-0");
        expectStored("ZRANGESTORE to z 0 -1 REV", "-0", "-0", "0", "0");
        expectStored("ZRANGESTORE to z -inf +inf BYSCORE", "0", "-0", "-0", "-0");
        expectStored("ZRANGESTORE to z 2 3", "0", "0");
        run("CONFIG SET zset-max-listpack-entries 2");
        run("ZREM z " + longMember);
        expectStored("ZRANGESTORE to z 0 -1", "-0", "-0", "-0");
        expectStored("ZRANGESTORE to z 0 1", "0", "0");
        expectStored("ZRANGESTORE to z -inf +inf BYSCORE", "0", "0", "-0");
        expectStored("ZRANGESTORE to z + - BYLEX REV", "-0", "0", "0");
    }

    private void expectStored(String command, String... scores) {
        run(command);
        List<Reply> range = ((Reply.Array) run("ZRANGE to 0 -1 WITHSCORES")).elements();
        List<Reply> stored = new ArrayList<>();
        for (int i = 1; i < range.size(); i += 2) {
            stored.add(range.get(i));
        }
        assertThat(new Reply.Array(stored)).as(command).isEqualTo(array(List.of(scores)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void zscan_visits_every_member(int number) {
        prepare(number);
        Set<Reply> seen = new HashSet<>();
        String cursor = "0";
        do {
            List<Reply> page = ((Reply.Array) run("ZSCAN z " + cursor + " COUNT 20")).elements();
            List<Reply> members = ((Reply.Array) page.get(1)).elements();
            for (int i = 0; i < members.size(); i += 2) {
                assertThat(seen.add(members.get(i))).isTrue();
            }
            cursor = ((Reply.Bulk) page.getFirst()).text();
        } while (!cursor.equals("0"));
        assertThat(seen).hasSize(others + 3);
        assertThat(run("ZSCAN nosuch 0")).isEqualTo(new Reply.Array(List.of(bulk("0"), array())));
        assertThat(run("ZSCAN z x")).isEqualTo(error(CommandError.INVALID_CURSOR));
        assertThat(run("ZSCAN z 0 COUNT 0")).isEqualTo(error(CommandError.SYNTAX));
    }

    @Test
    void zscan_shows_whole_scores_of_a_listpack_as_integers() {
        run("ZADD z 123456789012345678 a -1e17 b 4611686018427387904 c 9223372036854775807 d 1.5 e");
        assertThat(run("ZSCAN z 0").toString())
                .contains(
                        "123456789012345680",
                        "-100000000000000000",
                        "4611686018427387904",
                        "9.2233720368547758e+18",
                        "1.5");
        run("ZADD z 0 " + "x".repeat(65));
        assertThat(run("ZSCAN z 0").toString()).contains("1.2345678901234568e+17", "-1e+17", "4.6116860184273879e+18");
    }

    @Test
    void encodings_change_at_the_thresholds() {
        for (int i = 0; i < 128; i++) {
            run("ZADD z " + i + " m" + i);
        }
        assertThat(run("OBJECT ENCODING z")).isEqualTo(bulk("listpack"));
        run("ZADD z 0 more");
        assertThat(run("OBJECT ENCODING z")).isEqualTo(bulk("skiplist"));
        run("ZADD long 0 " + "x".repeat(65));
        assertThat(run("OBJECT ENCODING long")).isEqualTo(bulk("skiplist"));
        run("ZINTERSTORE few 1 long");
        assertThat(run("OBJECT ENCODING few")).isEqualTo(bulk("skiplist"));
        run("ZRANGESTORE few z 0 9");
        assertThat(run("OBJECT ENCODING few")).isEqualTo(bulk("listpack"));
    }

    @Test
    void what_comes_in_a_listpack_stays_there_if_it_is_not_too_much() {
        run("CONFIG SET zset-max-listpack-value 100000");
        run("ZADD long 1 " + "x".repeat(3000));
        run("ZADD longer 1 " + "x".repeat(70_000));
        String longSet = ((Reply.Bulk) run("DUMP long")).text();
        String longerSet = ((Reply.Bulk) run("DUMP longer")).text();
        run("CONFIG SET zset-max-listpack-value 64");
        node.run("RESTORE", "long", "0", longSet, "REPLACE");
        node.run("RESTORE", "longer", "0", longerSet, "REPLACE");
        assertThat(run("OBJECT ENCODING long")).isEqualTo(bulk("listpack"));
        assertThat(run("OBJECT ENCODING longer")).isEqualTo(bulk("skiplist"));
        run("ZADD long 2 short 3 " + "x".repeat(3000));
        assertThat(run("OBJECT ENCODING long")).isEqualTo(bulk("listpack"));
        run("ZADD long 4 " + "y".repeat(65));
        assertThat(run("OBJECT ENCODING long")).isEqualTo(bulk("skiplist"));
        assertThat(run("ZRANGE long 0 0")).isEqualTo(array("short"));
        assertThat(run("ZCARD long")).isEqualTo(number(3));
    }

    private Reply run(String command) {
        return node.run(command.split(" "));
    }

    private static Reply pair(String member, String score) {
        return new Reply.Array(List.of(bulk(member), new Reply.Decimal(score)));
    }
}
