package dev.jackdaw.server.command;

import static dev.jackdaw.protocol.oracle.Replies.array;
import static dev.jackdaw.protocol.oracle.Replies.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionCommandTest {
    private static final Reply QUEUED = new Reply.Simple("QUEUED");
    private static final Reply OK = new Reply.Simple("OK");
    private static final Reply NOTHING = new Reply.Array(List.of());

    private final TestNode node = new TestNode();
    private final TestNode.Client client = node.client();
    private final TestNode.Client other = node.connect();

    @AfterEach
    void close() {
        node.close();
    }

    private Reply run(String command) {
        return client.run(command.split(" "));
    }

    private Reply elsewhere(String command) {
        return other.run(command.split(" "));
    }

    // --- Queueing ---

    @Test
    void exec_runs_what_was_queued() {
        assertThat(run("MULTI")).isEqualTo(OK);
        assertThat(run("SET k 1")).isEqualTo(QUEUED);
        assertThat(run("INCR k")).isEqualTo(QUEUED);
        assertThat(elsewhere("EXISTS k")).isEqualTo(new Reply.Int(0));
        assertThat(run("EXEC")).isEqualTo(array(OK, new Reply.Int(2)));
        assertThat(run("GET k")).isEqualTo(new Reply.Bulk("2"));
    }

    @Test
    void an_error_of_one_command_is_one_element() {
        run("SET k text");
        run("MULTI");
        run("INCR k");
        run("PING");
        assertThat(run("EXEC")).isEqualTo(array(error(CommandError.NOT_AN_INTEGER), new Reply.Simple("PONG")));
    }

    @Test
    void a_command_that_cannot_be_queued_fails_exec() {
        for (String wrong : List.of("NOSUCH", "GET", "CONFIG WHAT", "SHUTDOWN")) {
            run("MULTI");
            run("SET k v");
            assertThat(run(wrong)).as(wrong).isInstanceOf(Reply.Error.class);
            assertThat(run("SET k v")).isEqualTo(QUEUED);
            assertThat(run("EXEC")).as(wrong).isEqualTo(error(CommandError.EXEC_ABORTED));
            assertThat(run("EXISTS k")).isEqualTo(new Reply.Int(0));
        }
    }

    @Test
    void exec_with_words_discards() {
        run("MULTI");
        run("SET k v");
        assertThat(run("EXEC now"))
                .isEqualTo(error("EXECABORT Transaction discarded because of: "
                        + "wrong number of arguments for 'exec' command"));
        assertThat(run("EXEC")).isEqualTo(error(CommandError.EXEC_WITHOUT_MULTI));
    }

    @Test
    void mistakes_that_do_not_matter() {
        assertThat(run("EXEC")).isEqualTo(error(CommandError.EXEC_WITHOUT_MULTI));
        assertThat(run("DISCARD")).isEqualTo(error(CommandError.DISCARD_WITHOUT_MULTI));
        assertThat(run("NOSUCH")).isInstanceOf(Reply.Error.class);
        run("MULTI");
        assertThat(run("MULTI")).isEqualTo(error(CommandError.NESTED_MULTI));
        assertThat(run("WATCH k")).isEqualTo(error(CommandError.WATCH_INSIDE_MULTI));
        assertThat(run("EXEC")).isEqualTo(NOTHING);
    }

    @Test
    void discard_and_reset_forget() {
        for (String end : List.of("DISCARD", "RESET")) {
            run("MULTI");
            run("SET k v");
            run("NOSUCH");
            assertThat(run(end)).isInstanceOf(Reply.Simple.class);
            assertThat(run("EXEC")).isEqualTo(error(CommandError.EXEC_WITHOUT_MULTI));
            run("MULTI");
            assertThat(run("EXEC")).isEqualTo(NOTHING);
        }
    }

    @Test
    void quit_runs_at_once() {
        run("MULTI");
        assertThat(run("QUIT")).isEqualTo(OK);
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void subscribe_hello_and_select_run_within_exec() {
        run("MULTI");
        run("HELLO 3");
        run("SELECT 3");
        run("SET k v");
        run("HGETALL none");
        run("SUBSCRIBE c");
        List<Reply> replies = client.runAll("EXEC");
        List<Reply> elements = ((Reply.Array) replies.getFirst()).elements();
        assertThat(elements.getFirst()).isInstanceOf(Reply.Map.class);
        assertThat(elements.subList(1, 4)).containsExactly(OK, OK, new Reply.Map(List.of()));
        assertThat(elements.getLast()).isInstanceOf(Reply.Push.class);
        assertThat(client.session().keyspace().number()).isEqualTo(3);
    }

    @Test
    void a_command_of_any_size_is_queued() {
        String large = "x".repeat(100_000);
        run("MULTI");
        client.run("SET", "large", large);
        for (int i = 0; i < 1000; i++) {
            client.run("RPUSH", "l", "element " + i, "");
        }
        assertThat(node.engine().bufferBytes()).isGreaterThan(100_000);
        assertThat(((Reply.Array) run("EXEC")).elements()).hasSize(1001);
        assertThat(run("STRLEN large")).isEqualTo(new Reply.Int(100_000));
        assertThat(run("LINDEX l 1998")).isEqualTo(new Reply.Bulk("element 999"));
        assertThat(node.engine().bufferBytes()).isZero();
    }

    @Test
    void a_transaction_without_end_costs_the_client_its_connection() {
        try (TestNode small = TestNode.with("--client-query-buffer-limit", "1mb")) {
            small.run("MULTI");
            for (int i = 0; i < 11 && !small.client().isClosed(); i++) {
                small.run("SET", "k", "x".repeat(100_000));
            }
            assertThat(small.client().isClosed()).isTrue();
            small.client().disconnect();
            assertThat(small.engine().bufferBytes()).isZero();
        }
    }

    @Test
    void watching_without_end_does_so_too() {
        try (TestNode small = TestNode.with("--client-query-buffer-limit", "1mb")) {
            for (int i = 0; i < 11 && !small.client().isClosed(); i++) {
                small.run("WATCH", i + "x".repeat(100_000));
            }
            assertThat(small.client().isClosed()).isTrue();
        }
    }

    @Test
    void nothing_is_queued_when_memory_is_short() {
        run("SET k v");
        run("MULTI");
        run("GET k");
        elsewhere("CONFIG SET maxmemory 1");
        assertThat(run("GET k")).isEqualTo(error(CommandError.OUT_OF_MEMORY));
        assertThat(run("EXEC")).isEqualTo(error(CommandError.EXEC_ABORTED));
        assertThat(run("GET k")).isEqualTo(new Reply.Bulk("v"));
    }

    @Test
    void exec_is_refused_when_memory_is_short_and_a_command_needs_some() {
        run("MULTI");
        run("SET k v");
        elsewhere("CONFIG SET maxmemory 1");
        assertThat(run("EXEC"))
                .isEqualTo(error("EXECABORT Transaction discarded because of: " + CommandError.OUT_OF_MEMORY));
        assertThat(run("DISCARD")).isEqualTo(error(CommandError.DISCARD_WITHOUT_MULTI));
    }

    @Test
    void client_list_tells_of_transactions() {
        run("WATCH k");
        run("MULTI");
        run("PING");
        run("PING");
        String line =
                String.valueOf(elsewhere("CLIENT LIST ID " + client.session().id()));
        assertThat(line).contains("flags=x ", "multi=2 ").doesNotContain("multi-mem=0");
        elsewhere("SET k v");
        assertThat(String.valueOf(elsewhere("CLIENT LIST ID " + client.session().id())))
                .contains("flags=xd ");
    }

    @Test
    void queued_commands_are_counted_when_they_run() {
        run("MULTI");
        run("SET k v");
        run("DISCARD");
        run("MULTI");
        run("SET k v");
        run("SET k v");
        run("EXEC");
        assertThat(String.valueOf(run("INFO commandstats")))
                .contains("cmdstat_set:calls=2,", "cmdstat_multi:calls=2,", "cmdstat_exec:calls=1,");
    }

    @Test
    void what_exec_reads_is_tracked_and_what_it_writes_is_told_behind_its_reply() {
        run("HELLO 3");
        run("CLIENT TRACKING ON");
        run("MULTI");
        run("GET a");
        run("SET a 1");
        List<Reply> replies = client.runAll("EXEC");
        assertThat(replies.getFirst()).isEqualTo(array(Reply.Null.ANY, OK));
        assertThat(replies.getLast()).isInstanceOf(Reply.Push.class);
        run("MULTI");
        run("GET b");
        run("EXEC");
        elsewhere("SET b 1");
        assertThat(client.received()).hasSize(1);
    }

    @Test
    void client_caching_holds_for_the_whole_transaction() {
        run("HELLO 3");
        run("CLIENT TRACKING ON OPTIN");
        run("CLIENT CACHING YES");
        run("MULTI");
        run("GET a");
        run("GET b");
        run("EXEC");
        run("GET c");
        elsewhere("MSET a 1 b 1 c 1");
        assertThat(String.valueOf(client.received()))
                .contains("text=a", "text=b")
                .doesNotContain("text=c");
    }

    @Test
    void a_client_that_leaves_leaves_nothing() {
        run("WATCH k");
        run("MULTI");
        run("SET k v");
        client.disconnect();
        assertThat(node.engine().bufferBytes()).isZero();
        assertThat(node.node().watches().watching()).isZero();
    }

    // --- Watching ---

    /** Each changes the key k, which exists, in database 0. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET k w",
                "DEL k",
                "APPEND k w",
                "SETRANGE k 0 w",
                "EXPIRE k 100",
                "RENAME k other",
                "RENAME x k",
                "COPY x k REPLACE",
                "MOVE k 1",
                "FLUSHDB",
                "FLUSHALL",
                "SWAPDB 0 1",
                "SWAPDB 1 0",
                "EXPIRE k -1",
                "GETDEL k",
                "SORT x STORE k",
            })
    void a_watched_key_that_changes_fails_exec(String change) {
        run("SET k v");
        run("RPUSH x 1");
        run("WATCH k");
        assertThat(elsewhere(change)).isNotInstanceOf(Reply.Error.class);
        run("MULTI");
        run("PING");
        assertThat(run("EXEC")).isEqualTo(Reply.Null.ARRAY);
        assertThat(run("EXEC")).isEqualTo(error(CommandError.EXEC_WITHOUT_MULTI));
        run("MULTI");
        assertThat(run("EXEC")).isEqualTo(NOTHING);
    }

    /** None changes the key k of database 0, which exists, nor the key none, which does not. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET k",
                "SET kk v",
                "SETNX k w",
                "SET k w NX",
                "DEL none",
                "PERSIST k",
                "SWAPDB 1 2",
                "SWAPDB 0 0",
                "TOUCH k",
                "GETRANGE k 0 1",
                "LPUSHX none x",
                "EXPIRE none 100"
            })
    void a_watched_key_that_does_not_change_lets_exec_run(String command) {
        run("SET k v");
        run("WATCH k none");
        elsewhere(command);
        run("MULTI");
        assertThat(run("EXEC")).isEqualTo(NOTHING);
    }

    @Test
    void a_key_is_watched_in_its_database() {
        run("WATCH k");
        run("SELECT 1");
        elsewhere("SELECT 1");
        elsewhere("SET k v");
        run("MULTI");
        assertThat(run("EXEC")).isEqualTo(NOTHING);
    }

    @Test
    void keys_that_are_not_there_do_not_care_for_flushes_but_for_what_swapdb_brings() {
        run("WATCH none");
        elsewhere("FLUSHALL");
        run("MULTI");
        assertThat(run("EXEC")).isEqualTo(NOTHING);
        run("WATCH none");
        elsewhere("SELECT 1");
        elsewhere("SET none v");
        elsewhere("SWAPDB 0 1");
        run("MULTI");
        assertThat(run("EXEC")).isEqualTo(Reply.Null.ARRAY);
    }

    @Test
    void time_is_a_change_too() {
        for (boolean background : new boolean[] {true, false}) {
            run("SET k v PX 100");
            run("WATCH k");
            run("MULTI");
            if (background) {
                node.advance(100);
            } else {
                node.advanceWithoutBackground(100);
            }
            assertThat(run("EXEC")).isEqualTo(Reply.Null.ARRAY);
        }
    }

    @Test
    void a_key_that_had_expired_before_it_was_watched_is_not_there() {
        run("SET k v PX 100");
        node.advanceWithoutBackground(100);
        run("WATCH k");
        node.advance(1);
        run("MULTI");
        assertThat(run("EXEC")).isEqualTo(NOTHING);
    }

    @Test
    void eviction_is_a_change_too() {
        run("SET k v");
        run("CONFIG SET maxmemory-policy allkeys-random");
        run("WATCH k");
        elsewhere("CONFIG SET maxmemory 1");
        elsewhere("PING");
        elsewhere("CONFIG SET maxmemory 0");
        run("MULTI");
        assertThat(run("EXEC")).isEqualTo(Reply.Null.ARRAY);
    }

    @Test
    void own_changes_count_before_multi() {
        run("WATCH k");
        run("SET k v");
        run("MULTI");
        assertThat(run("EXEC")).isEqualTo(Reply.Null.ARRAY);
    }

    @Test
    void unwatch_discard_and_exec_forget_the_keys() {
        for (String end : List.of("UNWATCH", "DISCARD", "EXEC", "RESET")) {
            run("WATCH k k l");
            if (!end.equals("UNWATCH")) {
                run("MULTI");
            }
            elsewhere("SET k v");
            run(end);
            assertThat(node.node().watches().watching()).as(end).isZero();
            run("MULTI");
            assertThat(run("EXEC")).as(end).isEqualTo(NOTHING);
        }
        assertThat(node.engine().bufferBytes()).isZero();
    }

    @Test
    void a_spoiled_transaction_is_told_so_whatever_was_watched() {
        run("WATCH k");
        elsewhere("SET k v");
        run("MULTI");
        run("NOSUCH");
        assertThat(run("EXEC")).isEqualTo(error(CommandError.EXEC_ABORTED));
    }

    @Test
    void many_watch_one_key_and_one_watches_many() {
        run("WATCH a b c d e");
        elsewhere("WATCH e f");
        TestNode.Client third = node.connect();
        third.run("SET", "e", "v");
        for (TestNode.Client each : List.of(client, other)) {
            each.run("MULTI");
            assertThat(each.run("EXEC")).isEqualTo(Reply.Null.ARRAY);
        }
    }
}
