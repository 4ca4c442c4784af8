package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SortCommandTest {
    private static final int MANY = 20_000;

    private final TestNode node = new TestNode();

    @AfterEach
    void close() {
        node.close();
    }

    private Reply run(String command) {
        return node.run(command.split(" "));
    }

    private static Reply bulks(String words) {
        return new Reply.Array(Arrays.stream(words.split(" "))
                .<Reply>map(word -> word.equals("nil") ? Reply.Null.BULK : new Reply.Bulk(word))
                .toList());
    }

    @Test
    void numbers_sort_by_value_and_equal_ones_by_their_bytes() {
        run("RPUSH l 10 9 1.0 -5 1 inf -inf 1e2");
        assertThat(run("SORT l")).isEqualTo(bulks("-inf -5 1 1.0 9 10 1e2 inf"));
        assertThat(run("SORT l DESC LIMIT 1 3")).isEqualTo(bulks("1e2 10 9"));
        assertThat(run("SORT l ALPHA LIMIT 0 2")).isEqualTo(bulks("-5 -inf"));
        run("RPUSH l ten");
        assertThat(run("SORT l")).isEqualTo(new Reply.Error(CommandError.SORT_NOT_A_NUMBER));
    }

    @Test
    void weights_and_results_come_from_other_keys() {
        run("SADD s a b c");
        run("MSET w_a 3 w_b 1 name_a Ann name_c Cem");
        run("HSET h_a age 50");
        run("HSET h_b age 7");
        assertThat(run("SORT s BY w_*")).as("none counts as zero").isEqualTo(bulks("c b a"));
        assertThat(run("SORT s BY h_*->age DESC GET # GET name_*")).isEqualTo(bulks("a Ann b nil c Cem"));
        assertThat(run("SORT s BY name_* ALPHA GET #")).as("none is first").isEqualTo(bulks("b a c"));
        assertThat(run("SORT s BY w_* GET h_*->age GET constant LIMIT 1 1")).isEqualTo(bulks("7 nil"));
    }

    @Test
    void without_sorting_lists_and_sorted_sets_keep_their_order() {
        run("RPUSH l c a b");
        run("ZADD z 3 a 1 b 2 c");
        assertThat(run("SORT l BY nosort")).isEqualTo(bulks("c a b"));
        assertThat(run("SORT z BY nosort")).isEqualTo(bulks("b c a"));
        assertThat(run("SORT z BY nosort DESC LIMIT 1 2")).isEqualTo(bulks("c b"));
        assertThat(run("SORT l BY nosort DESC LIMIT 1 1")).isEqualTo(bulks("a"));
    }

    @Test
    void a_result_may_be_stored_over_what_it_comes_from() {
        run("RPUSH l 3 1 2");
        assertThat(run("SORT l STORE l")).isEqualTo(new Reply.Int(3));
        assertThat(run("LRANGE l 0 -1")).isEqualTo(bulks("1 2 3"));
        run("MSET v1 one v2 two");
        assertThat(run("SORT l GET v* GET # STORE v1")).isEqualTo(new Reply.Int(6));
        assertThat(node.run("LRANGE", "v1", "0", "-1"))
                .isEqualTo(new Reply.Array(List.of(
                        new Reply.Bulk("one"),
                        new Reply.Bulk("1"),
                        new Reply.Bulk("two"),
                        new Reply.Bulk("2"),
                        new Reply.Bulk(""),
                        new Reply.Bulk("3"))));
        assertThat(run("SORT nosuch STORE v1")).isEqualTo(new Reply.Int(0));
        assertThat(run("EXISTS v1")).isEqualTo(new Reply.Int(0));
        assertThat(run("SORT_RO l STORE v1")).isEqualTo(new Reply.Error(CommandError.SYNTAX));
        run("SET k v");
        assertThat(run("SORT k")).isEqualTo(new Reply.Error(CommandError.WRONG_TYPE));
    }

    @Test
    void a_weight_that_has_expired_does_not_count() {
        run("RPUSH l a b");
        run("SET w_a 5 PX 100");
        run("SET w_b 1");
        assertThat(run("SORT l BY w_*")).isEqualTo(bulks("b a"));
        node.advanceWithoutBackground(100);
        assertThat(run("SORT l BY w_*")).isEqualTo(bulks("a b"));
    }

    @Test
    void many_elements_are_sorted_and_nothing_is_kept() {
        SplittableRandom random = new SplittableRandom(1);
        List<String> words = new ArrayList<>(List.of("RPUSH", "l"));
        random.ints(MANY, 0, MANY).forEach(number -> words.add("" + number));
        node.run(words);
        List<Reply> sorted = words.subList(2, words.size()).stream()
                .mapToInt(Integer::parseInt)
                .sorted()
                .<Reply>mapToObj(number -> new Reply.Bulk("" + number))
                .toList();
        long used = node.engine().usedMemory();
        assertThat(run("SORT l")).isEqualTo(new Reply.Array(sorted));
        assertThat(run("SORT l DESC LIMIT 0 10"))
                .isEqualTo(new Reply.Array(sorted.reversed().subList(0, 10)));
        run("RPUSH l x");
        run("RPOP l");
        run("SORT l BY nosuch*");
        assertThat(node.engine().usedMemory() - used).isBetween(-1024L, 1024L);
    }
}
