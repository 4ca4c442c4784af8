package dev.jackdaw.server.command;

import static dev.jackdaw.protocol.oracle.Replies.array;
import static dev.jackdaw.protocol.oracle.Replies.bulk;
import static dev.jackdaw.protocol.oracle.Replies.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of entries that groups know of, as in Redis 8.2. */
class StreamRemovalTest {
    private static final Reply SYNTAX = new Reply.Error(CommandError.SYNTAX);

    private final TestNode node = new TestNode();

    @AfterEach
    void close() {
        node.close();
    }

    private Reply run(String command) {
        return node.run(command.split(" "));
    }

    /** Both groups have been given the first four of five entries; the first has acknowledged 1-1 and 3-1, the second 1-1. */
    @BeforeEach
    void fill() {
        for (int i = 1; i <= 5; i++) {
            run("XADD x " + i + "-1 f v");
        }
        for (String group : List.of("g", "h")) {
            run("XGROUP CREATE x " + group + " 0");
            run("XREADGROUP GROUP " + group + " c COUNT 4 STREAMS x >");
        }
        run("XACK x g 1-1 3-1");
        run("XACK x h 1-1");
    }

    private String left() {
        return ids(run("XRANGE x - +"));
    }

    private String pending(String group) {
        return ids(run("XPENDING x " + group + " - + 10"));
    }

    private static String ids(Reply entries) {
        List<String> ids = new ArrayList<>();
        for (Reply entry : ((Reply.Array) entries).elements()) {
            ids.add(((Reply.Bulk) ((Reply.Array) entry).elements().getFirst()).text());
        }
        return String.join(" ", ids);
    }

    // --- XDELEX ---

    @Test
    void an_entry_that_is_removed_stays_pending() {
        assertThat(run("XDELEX x IDS 3 2-1 9-1 3-1")).isEqualTo(array(1, -1, 1));
        assertThat(run("XDELEX x KEEPREF IDS 1 2-1")).isEqualTo(array(-1));
        assertThat(left()).isEqualTo("1-1 4-1 5-1");
        assertThat(pending("g")).isEqualTo("2-1 4-1");
        assertThat(pending("h")).isEqualTo("2-1 3-1 4-1");
    }

    @Test
    void delref_removes_what_all_groups_know() {
        run("XDEL x 2-1");

        assertThat(run("XDELEX x DELREF IDS 3 2-1 3-1 5-1")).isEqualTo(array(-1, 1, 1));
        assertThat(left()).isEqualTo("1-1 4-1");
        assertThat(pending("g")).isEqualTo("4-1");
        assertThat(pending("h")).isEqualTo("4-1");
        assertThat(ids(run("XPENDING x h - + 10 c"))).isEqualTo("4-1");
    }

    @Test
    void acked_removes_what_all_groups_have_acknowledged() {
        assertThat(run("XDELEX x IDS 5 1-1 2-1 3-1 4-1 5-1 ACKED")).isEqualTo(array(1, 2, 2, 2, 2));
        run("XACK x h 3-1");
        assertThat(run("XDELEX x acked ids 1 3-1")).isEqualTo(array(1));
        run("XGROUP CREATE x late 0");
        run("XACK x g 2-1");
        run("XACK x h 2-1");
        assertThat(run("XDELEX x ACKED IDS 1 2-1")).isEqualTo(array(2));
        run("XGROUP DESTROY x late");
        assertThat(run("XDELEX x ACKED IDS 1 2-1")).isEqualTo(array(1));
        assertThat(left()).isEqualTo("4-1 5-1");
    }

    @Test
    void without_groups_nobody_needs_an_entry() {
        run("XGROUP DESTROY x g");
        run("XGROUP DESTROY x h");

        assertThat(run("XDELEX x ACKED IDS 2 5-1 6-1")).isEqualTo(array(1, -1));
        assertThat(run("XTRIM x MAXLEN 1 ACKED")).isEqualTo(number(3));
        assertThat(left()).isEqualTo("4-1");
    }

    // --- XACKDEL ---

    @Test
    void xackdel_removes_what_it_acknowledges() {
        assertThat(run("XACKDEL x g IDS 3 1-1 2-1 9-9")).isEqualTo(array(-1, 1, -1));
        assertThat(run("XACKDEL x h KEEPREF IDS 1 2-1")).isEqualTo(array(1));
        assertThat(left()).isEqualTo("1-1 3-1 4-1 5-1");
        assertThat(pending("g")).isEqualTo("4-1");
        assertThat(pending("h")).isEqualTo("3-1 4-1");
    }

    @Test
    void xackdel_with_delref_acknowledges_for_all_groups() {
        assertThat(run("XACKDEL x g DELREF IDS 2 2-1 3-1")).isEqualTo(array(1, -1));
        assertThat(left()).isEqualTo("1-1 3-1 4-1 5-1");
        assertThat(pending("h")).isEqualTo("3-1 4-1");
    }

    @Test
    void xackdel_with_acked_waits_for_the_last_group() {
        assertThat(run("XACKDEL x g ACKED IDS 2 2-1 4-1")).isEqualTo(array(2, 2));
        assertThat(pending("g")).isEmpty();
        assertThat(run("XACKDEL x h ACKED IDS 3 2-1 3-1 4-1")).isEqualTo(array(1, 1, 1));
        assertThat(left()).isEqualTo("1-1 5-1");
    }

    // --- Trimming ---

    @Test
    void trimming_with_delref_leaves_nothing_pending() {
        assertThat(run("XTRIM x MAXLEN 2 DELREF")).isEqualTo(number(3));
        assertThat(left()).isEqualTo("4-1 5-1");
        assertThat(pending("g")).isEqualTo("4-1");
        assertThat(pending("h")).isEqualTo("4-1");
        assertThat(run("XADD x DELREF MINID 9-9 6-1 f v")).isEqualTo(bulk("6-1"));
        assertThat(left()).isEmpty();
        assertThat(pending("h")).isEmpty();
    }

    @Test
    void trimming_with_acked_passes_by_what_is_needed() {
        run("XACK x h 3-1");

        assertThat(run("XTRIM x MAXLEN ~ 0 ACKED")).isEqualTo(number(1));
        assertThat(run("XTRIM x MINID 3-1 ACKED")).isEqualTo(number(0));
        assertThat(run("XADD x MAXLEN = 1 ACKED 6-1 f v")).isEqualTo(bulk("6-1"));
        assertThat(left()).isEqualTo("2-1 4-1 5-1 6-1");
        assertThat(pending("g")).isEqualTo("2-1 4-1");
        run("XACK x g 2-1 4-1");
        run("XACK x h 2-1 4-1");
        assertThat(run("XTRIM x ACKED MAXLEN ~ 0 LIMIT 1")).isEqualTo(number(1));
        assertThat(run("XTRIM x ACKED MAXLEN 0")).isEqualTo(number(1));
        assertThat(left()).isEqualTo("5-1 6-1");
    }

    @Test
    void trimming_with_keepref_is_trimming() {
        assertThat(run("XTRIM x MAXLEN 2 KEEPREF")).isEqualTo(number(3));
        assertThat(pending("h")).isEqualTo("2-1 3-1 4-1");
    }

    // --- Arguments ---

    @Test
    void references_are_named_once() {
        for (String both : List.of("KEEPREF DELREF", "ACKED ACKED", "DELREF ACKED")) {
            assertThat(run("XDELEX x " + both + " IDS 1 1-1")).isEqualTo(SYNTAX);
            assertThat(run("XACKDEL x g " + both + " IDS 1 1-1")).isEqualTo(SYNTAX);
            assertThat(run("XTRIM x MAXLEN 0 " + both)).isEqualTo(SYNTAX);
            assertThat(run("XADD x " + both + " * f v")).isEqualTo(SYNTAX);
        }
        assertThat(left()).isEqualTo("1-1 2-1 3-1 4-1 5-1");
    }

    @Test
    void ids_are_as_many_as_is_said_and_all_are_looked_at_first() {
        for (String command : List.of("XDELEX x ", "XACKDEL x g ")) {
            assertThat(run(command + "IDS 0 1-1")).isEqualTo(new Reply.Error(CommandError.NUMIDS_NOT_POSITIVE));
            assertThat(run(command + "IDS abc 1-1")).isEqualTo(new Reply.Error(CommandError.NUMIDS_NOT_POSITIVE));
            assertThat(run(command + "IDS 3 1-1 2-1")).isEqualTo(new Reply.Error(CommandError.NUMIDS_MISMATCH));
            assertThat(run(command + "IDS 1 1-1 2-1")).isEqualTo(SYNTAX);
            assertThat(run(command + "IDS 1 1-1 IDS 1 2-1")).isEqualTo(SYNTAX);
            assertThat(run(command + "IDS 2 1-1 y")).isEqualTo(new Reply.Error(CommandError.INVALID_STREAM_ID));
        }
        assertThat(left()).isEqualTo("1-1 2-1 3-1 4-1 5-1");
    }

    @Test
    void nothing_is_there_without_a_stream_or_a_group() {
        run("SET s v");

        assertThat(run("XDELEX nothing IDS 2 1-1 2-1")).isEqualTo(array(-1, -1));
        assertThat(run("XACKDEL nothing g IDS 2 1-1 2-1")).isEqualTo(array(-1, -1));
        assertThat(run("XACKDEL x nobody IDS 1 1-1")).isEqualTo(array(-1));
        assertThat(run("XDELEX s IDS 1 1-1")).isEqualTo(new Reply.Error(CommandError.WRONG_TYPE));
        assertThat(run("XACKDEL s g IDS 1 1-1")).isEqualTo(new Reply.Error(CommandError.WRONG_TYPE));
    }

    // --- Who is told ---

    @Test
    void a_removal_is_an_event_and_an_acknowledgement_is_none() {
        TestNode.Client watcher = node.connect();
        node.run("CONFIG", "SET", "notify-keyspace-events", "Et");
        watcher.runAll("SUBSCRIBE", "__keyevent@0__:xdel", "__keyevent@0__:xtrim");
        watcher.received();

        run("XACKDEL x g ACKED IDS 1 2-1");
        assertThat(watcher.received()).isEmpty();
        run("XDELEX x IDS 2 1-1 2-1");
        run("XTRIM x MAXLEN 1 DELREF");
        assertThat(watcher.received()).hasSize(2);
    }
}
