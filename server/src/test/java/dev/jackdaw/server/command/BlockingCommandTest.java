package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BlockingCommandTest {
    private final TestNode node = new TestNode();
    private final TestNode.Client pusher = node.client();
    private final TestNode.Client first = node.connect();
    private final TestNode.Client second = node.connect();

    @AfterEach
    void close() {
        node.close();
    }

    private static void send(TestNode.Client client, String command) {
        client.send(command.split(" "));
    }

    private Reply push(String command) {
        return pusher.run(command.split(" "));
    }

    private static String received(TestNode.Client client) {
        return String.join(
                " ", client.received().stream().map(BlockingCommandTest::text).toList());
    }

    private static String text(Reply reply) {
        return switch (reply) {
            case Reply.Array array ->
                array.elements().stream()
                        .map(BlockingCommandTest::text)
                        .toList()
                        .toString();
            case Reply.Bulk bulk -> bulk.text();
            case Reply.Simple simple -> simple.text();
            case Reply.Error error -> error.text();
            case Reply.Null unused -> "null";
            case Reply.Int integer -> Long.toString(integer.value());
            default -> String.valueOf(reply);
        };
    }

    // --- Who is served with what ---

    @Test
    void blpop_waits_for_a_push() {
        send(first, "BLPOP a l 0");
        assertThat(received(first)).isEmpty();

        assertThat(push("RPUSH l x y")).isEqualTo(new Reply.Int(2));
        assertThat(received(first)).isEqualTo("[l, x]");
        assertThat(text(push("LRANGE l 0 -1"))).isEqualTo("[y]");
        assertThat(node.node().waiting().count()).isZero();
    }

    @Test
    void every_blocking_command_is_served() {
        for (String[] each : new String[][] {
            {"BRPOP l 0", "RPUSH l a b", "[l, b]"},
            {"BLMPOP 0 2 k l RIGHT COUNT 2", "RPUSH l a b c", "[l, [c, b]]"},
            {"BLMOVE l m LEFT RIGHT 0", "RPUSH l a b", "a"},
            {"BRPOPLPUSH l m 0", "RPUSH l a b", "b"},
            {"BZPOPMIN k z 0", "ZADD z 1 a 2 b", "[z, a, 1]"},
            {"BZPOPMAX z 0", "ZADD z 1 a 2 b", "[z, b, 2]"},
            {"BZMPOP 0 1 z MAX COUNT 5", "ZADD z 1 a 2 b", "[z, [[b, 2], [a, 1]]]"},
        }) {
            send(first, each[0]);
            assertThat(received(first)).as(each[0]).isEmpty();
            push(each[1]);
            assertThat(received(first)).as(each[0]).isEqualTo(each[2]);
            push("FLUSHALL");
        }
    }

    @Test
    void the_first_to_come_is_the_first_to_be_served() {
        send(first, "BLPOP l 0");
        send(second, "BLPOP l 0");
        push("RPUSH l x");
        assertThat(received(first)).isEqualTo("[l, x]");
        assertThat(received(second)).isEmpty();
        push("RPUSH l y z");
        assertThat(received(second)).isEqualTo("[l, y]");
        assertThat(text(push("LRANGE l 0 -1"))).isEqualTo("[z]");
    }

    @Test
    void one_push_serves_as_many_as_it_can() {
        send(first, "BLMPOP 0 1 l LEFT COUNT 2");
        send(second, "BRPOP l 0");
        push("RPUSH l a b c");
        assertThat(received(first)).isEqualTo("[l, [a, b]]");
        assertThat(received(second)).isEqualTo("[l, c]");
        assertThat(push("EXISTS l")).isEqualTo(new Reply.Int(0));
    }

    @Test
    void exec_serves_when_it_has_ended_and_in_the_order_of_the_keys() {
        send(first, "BLPOP a b 0");
        push("MULTI");
        push("RPUSH b 1");
        push("RPUSH a 2");
        push("RPUSH b 3");
        assertThat(text(push("EXEC"))).doesNotContain("ERR");
        assertThat(received(first)).isEqualTo("[b, 1]");
    }

    @Test
    void what_exec_takes_away_again_was_never_there() {
        send(first, "BLPOP l 0");
        push("MULTI");
        push("RPUSH l x");
        push("DEL l");
        push("EXEC");
        assertThat(received(first)).isEmpty();
        push("RPUSH l y");
        assertThat(received(first)).isEqualTo("[l, y]");
    }

    @Test
    void one_wait_serves_another() {
        send(first, "BLPOP c 0");
        send(second, "BLMOVE b c LEFT LEFT 0");
        TestNode.Client third = node.connect();
        send(third, "BRPOPLPUSH a b 0");
        push("LPUSH a x");
        assertThat(received(third)).isEqualTo("x");
        assertThat(received(second)).isEqualTo("x");
        assertThat(received(first)).isEqualTo("[c, x]");
        assertThat(push("DBSIZE")).isEqualTo(new Reply.Int(0));
    }

    @Test
    void a_list_that_turns_in_a_circle_ends() {
        send(first, "BLMOVE l l LEFT RIGHT 0");
        push("RPUSH l a b");
        assertThat(received(first)).isEqualTo("a");
        assertThat(text(push("LRANGE l 0 -1"))).isEqualTo("[b, a]");
    }

    @Test
    void keys_of_another_type_are_passed_over() {
        send(first, "BLPOP l 0");
        push("ZADD l 1 a");
        push("DEL l");
        push("SET l text");
        assertThat(received(first)).isEmpty();
        push("DEL l");
        push("RPUSH l x");
        assertThat(received(first)).isEqualTo("[l, x]");
    }

    @Test
    void a_destination_of_another_type_is_an_error_that_takes_nothing() {
        push("SET d text");
        send(first, "BLMOVE l d LEFT LEFT 0");
        push("RPUSH l x");
        assertThat(received(first)).isEqualTo(CommandError.WRONG_TYPE);
        assertThat(text(push("LRANGE l 0 -1"))).isEqualTo("[x]");
    }

    @Test
    void keys_come_by_rename_swapdb_copy_and_store() {
        for (String way : List.of("RENAME src dst", "COPY src dst", "SORT src STORE dst")) {
            push("RPUSH src 2 1");
            send(first, "BLPOP dst 0");
            push(way);
            assertThat(received(first)).as(way).startsWith("[dst, ");
            push("FLUSHALL");
        }
        push("RPUSH src 2 1");
        send(second, "SELECT 1");
        send(second, "BLPOP src 0");
        assertThat(received(second)).isEqualTo("OK");
        push("SWAPDB 0 1");
        assertThat(received(second)).isEqualTo("[src, 2]");
    }

    // --- Time ---

    @Test
    void a_wait_ends_at_its_millisecond() {
        send(first, "BLPOP l 0.1");
        send(second, "BLMOVE l m LEFT LEFT 0.0995");
        node.advance(99);
        assertThat(received(first) + received(second)).isEmpty();
        node.advance(1);
        assertThat(received(first)).isEqualTo("null");
        assertThat(received(second)).isEqualTo("null");
        push("RPUSH l x");
        assertThat(received(first)).isEmpty();
    }

    @Test
    void timeouts_that_are_none_are_refused() {
        assertThat(text(first.run("BLPOP", "l", "-1"))).isEqualTo(CommandError.TIMEOUT_NEGATIVE);
        assertThat(text(first.run("BLPOP", "l", "x"))).isEqualTo(CommandError.TIMEOUT_NOT_A_FLOAT);
        assertThat(text(first.run("BZPOPMIN", "l", "inf"))).isEqualTo(CommandError.TIMEOUT_NEGATIVE);
        assertThat(text(first.run("BLMPOP", "nan", "1", "l", "LEFT"))).isEqualTo(CommandError.TIMEOUT_NOT_A_FLOAT);
    }

    @Test
    void zero_waits_for_ever() {
        send(first, "BLPOP l 0");
        node.advance(1_000_000_000_000L);
        assertThat(received(first)).isEmpty();
        assertThat(node.node().waiting().countWithDeadline()).isZero();
    }

    // --- The client that waits ---

    @Test
    void requests_behind_the_wait_are_answered_behind_it() {
        send(first, "BLPOP l 0");
        send(first, "PING");
        send(first, "BLPOP l 0");
        send(first, "ECHO x");
        push("RPUSH l a");
        assertThat(received(first)).isEqualTo("[l, a] PONG");
        push("RPUSH l b");
        assertThat(received(first)).isEqualTo("[l, b] x");
    }

    @Test
    void a_client_that_leaves_waits_no_more() {
        send(first, "BLPOP l l m 0");
        send(second, "BLPOP l 0");
        first.disconnect();
        push("RPUSH l x");
        assertThat(received(second)).isEqualTo("[l, x]");
        assertThat(node.node().waiting().count()).isZero();
    }

    @Test
    void a_client_that_was_killed_is_given_nothing() {
        send(first, "BLPOP l 0");
        push("CLIENT KILL ID " + first.session().id());
        push("RPUSH l x");
        assertThat(push("LLEN l")).isEqualTo(new Reply.Int(1));
    }

    @Test
    void client_unblock_ends_a_wait() {
        String id = Long.toString(first.session().id());
        assertThat(push("CLIENT UNBLOCK " + id)).isEqualTo(new Reply.Int(0));
        send(first, "BLPOP l 0");
        assertThat(push("CLIENT UNBLOCK " + id)).isEqualTo(new Reply.Int(1));
        assertThat(received(first)).isEqualTo("null");
        send(first, "BLPOP l 5");
        send(first, "PING");
        assertThat(push("CLIENT UNBLOCK " + id + " ERROR")).isEqualTo(new Reply.Int(1));
        assertThat(received(first)).isEqualTo(CommandError.UNBLOCKED + " PONG");
        assertThat(text(push("INFO errorstats"))).contains("errorstat_UNBLOCKED:count=1");
        assertThat(text(push("INFO commandstats"))).containsPattern("cmdstat_blpop:calls=2,.*,failed_calls=1");
    }

    @Test
    void client_list_and_info_tell_who_waits() {
        send(first, "BLPOP l 5");
        assertThat(text(push("INFO clients"))).contains("blocked_clients:1", "clients_in_timeout_table:1");
        assertThat(text(push("CLIENT LIST ID " + first.session().id()))).contains("flags=b ", "cmd=blpop");
    }

    @Test
    void client_reply_off_mutes_what_is_served() {
        send(first, "CLIENT REPLY OFF");
        send(first, "BLPOP l 0");
        push("RPUSH l x y");
        assertThat(received(first)).isEmpty();
        assertThat(text(push("LRANGE l 0 -1"))).isEqualTo("[y]");
        send(second, "CLIENT REPLY SKIP");
        send(second, "BLPOP m 0");
        send(second, "PING");
        push("RPUSH m x");
        assertThat(received(second)).isEqualTo("PONG");
    }

    @Test
    void a_call_that_waited_is_counted_once() {
        send(first, "BLPOP l 0");
        push("RPUSH l x");
        assertThat(text(push("INFO commandstats"))).contains("cmdstat_blpop:calls=1,");
    }

    @Test
    void nobody_waits_within_exec() {
        push("MULTI");
        List.of(
                        "BLPOP l 0",
                        "BLMOVE l m LEFT LEFT 0",
                        "BLMPOP 0 1 l LEFT",
                        "BZPOPMIN z 0",
                        "BZMPOP 0 1 z MIN",
                        "WAIT 3 0")
                .forEach(this::push);
        assertThat(text(push("EXEC"))).isEqualTo("[null, null, null, null, null, 0]");
    }

    @Test
    void memory_comes_back_when_all_are_served() {
        String[] words = new String[1002];
        Arrays.setAll(words, i -> i == 0 ? "BLPOP" : i == 1001 ? "0" : "key" + i);
        first.send(words);
        second.send(words);
        assertThat(node.engine().bufferBytes()).isGreaterThan(10_000);
        push("RPUSH key500 x y");
        assertThat(received(second)).isEqualTo("[key500, y]");
        assertThat(node.engine().bufferBytes()).isZero();
    }

    // --- CLIENT PAUSE ---

    @Test
    void client_pause_write_holds_back_what_writes() {
        push("CLIENT PAUSE 1000 WRITE");
        send(first, "GET k");
        send(first, "SET k v");
        send(first, "GET k");
        assertThat(received(first)).isEqualTo("null");
        assertThat(text(push("CLIENT LIST ID " + first.session().id()))).contains("flags=b ");
        node.advance(999);
        assertThat(received(first)).isEmpty();
        node.advance(1);
        assertThat(received(first)).isEqualTo("OK v");
    }

    @Test
    void client_pause_write_holds_back_what_others_would_notice() {
        push("CLIENT PAUSE 1000 WRITE");
        send(first, "PUBLISH channel message");
        send(second, "PFCOUNT p");
        assertThat(received(first) + received(second)).isEmpty();
        node.advance(1000);
        assertThat(received(first)).isEqualTo("0");
        assertThat(received(second)).isEqualTo("0");
    }

    @Test
    void client_pause_holds_back_everything_but_refusals() {
        push("CLIENT PAUSE 1000");
        send(first, "NOSUCH");
        send(first, "PING");
        assertThat(received(first)).startsWith("ERR unknown command");
        node.advance(1000);
        assertThat(received(first)).isEqualTo("PONG");
    }

    @Test
    void client_unpause_lets_go_in_the_order_of_coming() {
        push("CLIENT PAUSE 100000 WRITE");
        send(second, "RPUSH l 1");
        send(first, "RPUSH l 2");
        push("CLIENT UNPAUSE");
        assertThat(text(push("LRANGE l 0 -1"))).isEqualTo("[1, 2]");
    }

    @Test
    void a_pause_only_gets_longer_and_stricter() {
        push("CLIENT PAUSE 1000 WRITE");
        push("CLIENT PAUSE 10 ALL");
        send(first, "GET k");
        node.advance(500);
        assertThat(received(first)).isEmpty();
        node.advance(500);
        assertThat(received(first)).isEqualTo("null");
    }

    @Test
    void exec_with_writes_is_held_back_by_a_pause_of_writes() {
        send(first, "MULTI");
        send(first, "SET k v");
        push("CLIENT PAUSE 1000 WRITE");
        send(first, "PING");
        send(first, "EXEC");
        assertThat(received(first)).isEqualTo("OK QUEUED QUEUED");
        node.advance(1000);
        assertThat(received(first)).isEqualTo("[OK, PONG]");
    }

    @Test
    void nothing_expires_during_a_pause_though_nobody_sees_it() {
        push("SET k v PX 100");
        push("CLIENT PAUSE 1000 WRITE");
        node.advance(500);
        assertThat(push("DBSIZE")).isEqualTo(new Reply.Int(1));
        assertThat(text(push("GET k"))).isEqualTo("null");
        assertThat(push("DBSIZE")).isEqualTo(new Reply.Int(1));
        node.advance(500);
        assertThat(push("DBSIZE")).isEqualTo(new Reply.Int(0));
    }

    @Test
    void a_client_that_is_held_back_may_leave() {
        push("CLIENT PAUSE 1000");
        send(first, "SET k v");
        first.disconnect();
        node.advance(1000);
        assertThat(push("EXISTS k")).isEqualTo(new Reply.Int(0));
    }
}
