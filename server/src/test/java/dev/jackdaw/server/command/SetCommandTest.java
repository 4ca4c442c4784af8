package dev.jackdaw.server.command;

import static dev.jackdaw.protocol.oracle.Replies.array;
import static dev.jackdaw.protocol.oracle.Replies.bulk;
import static dev.jackdaw.protocol.oracle.Replies.error;
import static dev.jackdaw.protocol.oracle.Replies.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each test on sets of integers, on small ones of strings, and on large ones. */
class SetCommandTest {
    /** Immutable: how the members are named, and how many others there are. */
    enum Form {
        INTEGERS("", 100, "intset"),
        STRINGS("m", 20, "hashtable"),
        MANY_STRINGS("m", 700, "hashtable"),
        MANY_INTEGERS("", 700, "hashtable");

        private final String prefix;
        private final int others;
        private final String encoding;

        Form(String prefix, int others, String encoding) {
            this.prefix = prefix;
            this.others = others;
            this.encoding = encoding;
        }

        String member(int i) {
            return prefix + i;
        }

        String[] members(int from, int to) {
            String[] members = new String[to - from];
            Arrays.setAll(members, i -> member(from + i));
            return members;
        }
    }

    private final TestNode node = new TestNode();

    @AfterEach
    void close() {
        node.close();
    }

    /** The set s with members 0 to n, the set t with half of them and as many others, and a string. */
    private void prepare(Form form) {
        int n = form.others;
        run("SADD s", form.members(0, n));
        run("SADD t", form.members(n / 2, n + n / 2));
        run("SET string x");
        assertThat(run("OBJECT ENCODING s")).isEqualTo(bulk(form.encoding));
    }

    @ParameterizedTest
    @EnumSource
    void members_are_added_once_and_removed_once(Form form) {
        prepare(form);
        assertThat(run("SADD s", form.member(0), form.member(-5), form.member(-5)))
                .isEqualTo(number(1));
        assertThat(run("SCARD s")).isEqualTo(number(form.others + 1));
        assertThat(run("SREM s", form.member(-5), "nosuch", form.member(-5))).isEqualTo(number(1));
        assertThat(words(run("SMEMBERS s"))).containsExactlyInAnyOrder(form.members(0, form.others));
        assertThat(run("SREM s", form.members(0, form.others))).isEqualTo(number(form.others));
        assertThat(run("EXISTS s")).isEqualTo(number(0));
    }

    @ParameterizedTest
    @EnumSource
    void membership_is_told(Form form) {
        prepare(form);
        assertThat(run("SISMEMBER s", form.member(3))).isEqualTo(number(1));
        assertThat(run("SISMEMBER s", "x")).isEqualTo(number(0));
        assertThat(run("SMISMEMBER s", form.member(1), "x", form.member(-1)))
                .isEqualTo(new Reply.Array(List.of(number(1), number(0), number(0))));
        assertThat(run("SMISMEMBER nosuch a b")).isEqualTo(new Reply.Array(List.of(number(0), number(0))));
    }

    @ParameterizedTest
    @EnumSource
    void sets_are_intersected_united_and_subtracted(Form form) {
        prepare(form);
        int n = form.others;
        assertThat(words(run("SINTER s t"))).containsExactlyInAnyOrder(form.members(n / 2, n));
        assertThat(words(run("SUNION s nosuch t"))).containsExactlyInAnyOrder(form.members(0, n + n / 2));
        assertThat(words(run("SDIFF s nosuch t"))).containsExactlyInAnyOrder(form.members(0, n / 2));
        assertThat(words(run("SINTER s nosuch"))).isEmpty();
        assertThat(words(run("SDIFF nosuch s"))).isEmpty();
        assertThat(run("SINTERCARD 2 s t")).isEqualTo(number(n - n / 2));
        assertThat(run("SINTERCARD 2 s t LIMIT 4")).isEqualTo(number(4));
        assertThat(run("SINTERCARD 2 s t LIMIT 0")).isEqualTo(number(n - n / 2));
        node.client().session().protocol(3);
        assertThat(((Reply.Set) run("SUNION s t")).elements()).hasSize(n + n / 2);
        assertThat(run("SINTER s nosuch")).isEqualTo(new Reply.Set(List.of()));
    }

    @ParameterizedTest
    @EnumSource
    void results_are_stored_even_over_a_source(Form form) {
        prepare(form);
        int n = form.others;
        run("EXPIRE t 100");
        assertThat(run("SINTERSTORE d s t")).isEqualTo(number(n - n / 2));
        assertThat(words(run("SMEMBERS d"))).containsExactlyInAnyOrder(form.members(n / 2, n));
        assertThat(run("SDIFFSTORE string s t")).isEqualTo(number(n / 2));
        assertThat(words(run("SMEMBERS string"))).containsExactlyInAnyOrder(form.members(0, n / 2));
        assertThat(run("SUNIONSTORE t s t")).isEqualTo(number(n + n / 2));
        assertThat(words(run("SMEMBERS t"))).containsExactlyInAnyOrder(form.members(0, n + n / 2));
        assertThat(run("TTL t")).isEqualTo(number(-1));
        assertThat(run("SINTERSTORE t s nosuch")).isEqualTo(number(0));
        assertThat(run("EXISTS t")).isEqualTo(number(0));
        assertThat(run("SINTERSTORE s s s")).isEqualTo(number(n));
        assertThat(run("OBJECT ENCODING s")).isEqualTo(bulk(form.encoding));
    }

    @ParameterizedTest
    @EnumSource
    void smove_takes_from_one_and_gives_to_the_other(Form form) {
        prepare(form);
        assertThat(run("SMOVE s t", form.member(0))).isEqualTo(number(1));
        assertThat(run("SMOVE s t", form.member(0))).isEqualTo(number(0));
        assertThat(run("SISMEMBER t", form.member(0))).isEqualTo(number(1));
        assertThat(run("SMOVE s s", form.member(1))).isEqualTo(number(1));
        assertThat(run("SMOVE s fresh", form.member(1))).isEqualTo(number(1));
        assertThat(words(run("SMEMBERS fresh"))).containsExactly(form.member(1));
        assertThat(run("SMOVE fresh t", form.member(1))).isEqualTo(number(1));
        assertThat(run("EXISTS fresh")).isEqualTo(number(0));
        assertThat(run("SMOVE nosuch string x")).isEqualTo(number(0));
        assertThat(run("SMOVE s string x")).isEqualTo(error(CommandError.WRONG_TYPE));
    }

    @ParameterizedTest
    @EnumSource
    void spop_removes_what_it_returns(Form form) {
        prepare(form);
        Set<String> left = new HashSet<>(List.of(form.members(0, form.others)));
        assertThat(left.remove(((Reply.Bulk) run("SPOP s")).text())).isTrue();
        List<String> popped = words(run("SPOP s 7"));
        assertThat(popped).hasSize(7).doesNotHaveDuplicates().isSubsetOf(left);
        popped.forEach(left::remove);
        assertThat(words(run("SMEMBERS s"))).containsExactlyInAnyOrderElementsOf(left);
        assertThat(words(run("SPOP s 0"))).isEmpty();
        assertThat(words(run("SPOP s 100000"))).containsExactlyInAnyOrderElementsOf(left);
        assertThat(run("EXISTS s")).isEqualTo(number(0));
        assertThat(run("SPOP s")).isEqualTo(Reply.Null.BULK);
        assertThat(run("SPOP s -1")).isEqualTo(error(CommandError.NOT_POSITIVE));
    }

    @ParameterizedTest
    @EnumSource
    void srandmember_draws_with_and_without_repetition(Form form) {
        prepare(form);
        int n = form.others;
        assertThat(form.members(0, n)).contains(((Reply.Bulk) run("SRANDMEMBER s")).text());
        for (int count : new int[] {1, n / 20 + 1, n - 1, n, n + 10}) {
            assertThat(words(run("SRANDMEMBER s", "" + count)))
                    .hasSize(Math.min(count, n))
                    .doesNotHaveDuplicates()
                    .isSubsetOf(form.members(0, n));
        }
        assertThat(words(run("SRANDMEMBER s -1000"))).hasSize(1000).isSubsetOf(form.members(0, n));
        assertThat(run("SCARD s")).isEqualTo(number(n));
        assertThat(run("SRANDMEMBER s -4611686018427387905")).isEqualTo(error(CommandError.OUT_OF_RANGE));
    }

    @ParameterizedTest
    @EnumSource
    void sscan_visits_every_member_while_others_come_and_go(Form form) {
        prepare(form);
        Set<String> seen = new HashSet<>();
        String cursor = "0";
        int steps = 0;
        do {
            Reply.Array page = (Reply.Array) run("SSCAN s", cursor, "COUNT", "5");
            seen.addAll(words(page.elements().get(1)));
            cursor = ((Reply.Bulk) page.elements().getFirst()).text();
            run("SADD s", form.member(10_000 + steps++));
        } while (!cursor.equals("0"));
        assertThat(seen).contains(form.members(0, form.others));
        assertThat(words(((Reply.Array) run("SSCAN s 0 COUNT 100000 MATCH", "*19"))
                        .elements()
                        .get(1)))
                .contains(form.member(19))
                .allMatch(member -> member.endsWith("19"));
    }

    @Test
    void integers_stay_sorted_until_something_else_comes() {
        run("SADD s 30 -1 200000 5");
        assertThat(run("SMEMBERS s")).isEqualTo(array("-1", "5", "30", "200000"));
        run("SADD s 05");
        assertThat(run("OBJECT ENCODING s")).isEqualTo(bulk("hashtable"));
        run("SREM s 05");
        assertThat(run("OBJECT ENCODING s")).isEqualTo(bulk("hashtable"));
        node.run("CONFIG", "SET", "set-max-intset-entries", "3");
        run("SADD i 1 2 3");
        assertThat(run("OBJECT ENCODING i")).isEqualTo(bulk("intset"));
        run("SADD i 4");
        assertThat(run("OBJECT ENCODING i")).isEqualTo(bulk("hashtable"));
        assertThat(run("SUNIONSTORE j i")).isEqualTo(number(4));
        assertThat(run("OBJECT ENCODING j")).isEqualTo(bulk("hashtable"));
    }

    @Test
    void sintercard_counts_its_keys() {
        run("SADD s a");
        assertThat(run("SINTERCARD 0 s")).isEqualTo(error(CommandError.NUMKEYS_NOT_POSITIVE));
        assertThat(run("SINTERCARD x s")).isEqualTo(error(CommandError.NUMKEYS_NOT_POSITIVE));
        assertThat(run("SINTERCARD 2 s")).isEqualTo(error(CommandError.NUMKEYS_TOO_LARGE));
        assertThat(run("SINTERCARD 1 s LIMIT -1")).isEqualTo(error(CommandError.LIMIT_NEGATIVE));
        assertThat(run("SINTERCARD 1 s LIMIT")).isEqualTo(error(CommandError.SYNTAX));
        assertThat(run("SINTERCARD 1 s AT 1")).isEqualTo(error(CommandError.SYNTAX));
    }

    @Test
    void other_types_are_refused() {
        run("SET string x");
        run("SADD s a");
        for (String command : List.of(
                "SADD string a",
                "SREM string a",
                "SMEMBERS string",
                "SPOP string",
                "SRANDMEMBER string 2",
                "SSCAN string 0",
                "SINTER nosuch string",
                "SUNION s string",
                "SDIFF nosuch string",
                "SINTERSTORE d s string",
                "SMOVE string s a")) {
            assertThat(run(command)).as(command).isEqualTo(error(CommandError.WRONG_TYPE));
        }
    }

    private Reply run(String command, String... more) {
        String[] words = command.split(" ");
        String[] all = Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return node.run(all);
    }

    private static List<String> words(Reply reply) {
        List<Reply> elements = reply instanceof Reply.Set set ? set.elements() : ((Reply.Array) reply).elements();
        return elements.stream().map(element -> ((Reply.Bulk) element).text()).toList();
    }
}
