package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients: who they are, what they may, what the node knows of them. */
class ConnectionCommandTest {
    private static final Reply OK = new Reply.Simple("OK");

    private final TestNode node = new TestNode();

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void hello_3_changes_the_protocol_with_its_own_reply() {
        Reply.Map greeting = (Reply.Map) node.run("HELLO", "3", "SETNAME", "me");
        assertThat(greeting.pairs()).hasSize(7).contains(new Reply.Pair(new Reply.Bulk("proto"), new Reply.Int(3)));
        assertThat(node.run("CLIENT", "GETNAME")).isEqualTo(new Reply.Bulk("me"));
        assertThat(node.run("GET", "missing")).isEqualTo(Reply.Null.ANY);
        assertThat(((Reply.Array) node.run("HELLO", "2")).elements()).hasSize(14);
    }

    @Test
    void a_refused_hello_changes_nothing() {
        assertThat(node.run("HELLO", "3", "SETNAME", "a b"))
                .isEqualTo(new Reply.Error(CommandError.INVALID_CLIENT_NAME));
        assertThat(node.run("HELLO", "3", "AUTH", "nobody", "x"))
                .isEqualTo(new Reply.Error(CommandError.WRONG_PASSWORD));
        assertThat(node.client().session().protocol()).isEqualTo(2);
    }

    @Test
    void reset_makes_a_client_what_it_was() {
        node.run("HELLO", "3", "SETNAME", "me");
        node.run("SELECT", "3");
        node.run("SUBSCRIBE", "news");
        node.run("CLIENT", "NO-TOUCH", "ON");
        assertThat(node.run("RESET")).isEqualTo(new Reply.Simple("RESET"));
        assertThat(line(node.client())).contains(" name= ", " db=0 ", " sub=0 ", " resp=2 ", " flags=N ");
    }

    @Test
    void quit_answers_before_the_connection_ends() {
        assertThat(node.run("QUIT")).isEqualTo(OK);
        assertThat(node.client().isClosed()).isTrue();
    }

    @Test
    void a_password_guards_everything_but_the_way_in() {
        try (TestNode guarded = TestNode.with("--requirepass", "\u00e9t\u00e9")) {
            Reply noAuth = new Reply.Error(CommandError.NO_AUTH);
            assertThat(guarded.run("PING")).isEqualTo(noAuth);
            assertThat(guarded.run("SET", "k", "v")).isEqualTo(noAuth);
            assertThat(guarded.run("AUTH", "")).isEqualTo(new Reply.Error(CommandError.WRONG_PASSWORD));
            assertThat(guarded.run("AUTH", "\u00c3\u00a9t\u00c3\u00a9")).isEqualTo(OK);
            assertThat(guarded.run("PING")).isEqualTo(new Reply.Simple("PONG"));
        }
    }

    @Test
    void a_password_without_limits_of_bytes_and_letters() {
        String password = "\0\r\n\u00ff" + "x".repeat(20_000);
        assertThat(node.run("CONFIG", "SET", "requirepass", password)).isEqualTo(OK);
        assertThat(node.run("PING")).isEqualTo(new Reply.Simple("PONG"));
        TestNode.Client other = node.connect();
        assertThat(other.run("PING")).isEqualTo(new Reply.Error(CommandError.NO_AUTH));
        assertThat(other.run("AUTH", password)).isEqualTo(OK);
        TestNode.Client stranger = node.connect();
        node.run("CONFIG", "SET", "requirepass", "");
        assertThat(stranger.run("PING")).isEqualTo(new Reply.Simple("PONG"));
    }

    @Test
    void guessing_passwords_gets_slower_and_ends() {
        node.run("CONFIG", "SET", "requirepass", "right");
        TestNode.Client guesser = node.connect();
        for (int i = 0; i < 3; i++) {
            guesser.run("AUTH", "wrong");
        }
        assertThat(guesser.pausedMillis()).isZero();
        guesser.run("AUTH", "wrong");
        assertThat(guesser.pausedMillis()).isEqualTo(100);
        guesser.run("HELLO", "3", "AUTH", "default", "wrong");
        assertThat(guesser.pausedMillis()).isEqualTo(200);
        for (int i = 0; i < 5; i++) {
            assertThat(guesser.isClosed()).isFalse();
            guesser.run("AUTH", "wrong");
        }
        assertThat(guesser.isClosed()).isTrue();
        assertThat(guesser.pausedMillis()).isEqualTo(3_200);
        assertThat(pauseOfNewcomers()).isEqualTo(4_000);
        node.advance(60_000);
        assertThat(pauseOfNewcomers()).isZero();
    }

    private long pauseOfNewcomers() {
        return node.node().failures().pauseMillis("127.0.0.1:1", node.engine().nowMillis());
    }

    @Test
    void client_list_knows_every_field() {
        TestNode.Client other = node.connect();
        other.run("HELLO", "3", "SETNAME", "other");
        other.run("CLIENT", "SETINFO", "lib-name", "jay");
        other.run("CLIENT", "SETINFO", "LIB-VER", "1.2");
        other.run("SELECT", "2");
        other.run("SUBSCRIBE", "a", "b");
        other.run("PSUBSCRIBE", "c*");
        node.advance(5_000);
        other.run("PING");
        node.advance(2_000);
        assertThat(line(other))
                .startsWith("id=2 addr=127.0.0.1:")
                .contains(" name=other age=7 idle=2 flags=P db=2 sub=2 psub=1 ssub=0 multi=-1 ")
                .endsWith(" cmd=ping user=default redir=-1 resp=3 lib-name=jay lib-ver=1.2");
        String all = ((Reply.Bulk) node.run("CLIENT", "LIST")).text();
        assertThat(all.split("\n")).hasSize(2);
        assertThat(((Reply.Bulk) node.run("CLIENT", "LIST", "ID", "2", "7")).text())
                .startsWith("id=2 ");
        assertThat(((Reply.Bulk) node.run("CLIENT", "LIST", "TYPE", "pubsub")).text())
                .startsWith("id=2 ");
        assertThat(((Reply.Bulk) node.run("CLIENT", "LIST", "TYPE", "normal")).text())
                .startsWith("id=1 ")
                .contains(" cmd=client|list ");
    }

    private String line(TestNode.Client client) {
        long id = client.session().id();
        return ((Reply.Bulk) node.run("CLIENT", "LIST", "ID", "" + id)).text().strip();
    }

    @Test
    void setinfo_refuses_what_it_does_not_know() {
        assertThat(node.run("CLIENT", "SETINFO", "lib-color", "red"))
                .isEqualTo(new Reply.Error("ERR Unrecognized option 'lib-color'"));
        assertThat(node.run("CLIENT", "SETINFO", "lib-name", "a b"))
                .isEqualTo(new Reply.Error("ERR lib-name cannot contain spaces, newlines or special characters."));
    }

    @Test
    void client_kill_by_age_takes_those_who_have_been_there_for_long() {
        TestNode.Client old = node.connect();
        node.advance(10_000);
        TestNode.Client young = node.connect();
        node.advance(1_000);
        assertThat(young.run("CLIENT", "KILL", "MAXAGE", "0"))
                .isEqualTo(new Reply.Error(CommandError.MAXAGE_NOT_POSITIVE));
        assertThat(young.run("CLIENT", "KILL", "MAXAGE", "11")).isEqualTo(new Reply.Int(2));
        assertThat(old.isClosed()).isTrue();
        assertThat(young.isClosed()).isFalse();
    }

    @Test
    void client_kill_combines_filters_and_of_one_kind_takes_the_last() {
        TestNode.Client listener = node.connect();
        TestNode.Client other = node.connect();
        listener.run("SUBSCRIBE", "a");
        String first = "" + listener.session().id();
        String second = "" + other.session().id();
        assertThat(node.run("CLIENT", "KILL", "TYPE", "pubsub", "ID", second)).isEqualTo(new Reply.Int(0));
        assertThat(node.run("CLIENT", "KILL", "ID", first, "id", second)).isEqualTo(new Reply.Int(1));
        assertThat(listener.isClosed()).isFalse();
        assertThat(other.isClosed()).isTrue();
    }

    @Test
    void client_list_by_id_keeps_the_order_of_the_request() {
        long first = node.client().session().id();
        long second = node.connect().session().id();
        String lines =
                ((Reply.Bulk) node.run("CLIENT", "LIST", "ID", "" + second, "99", "" + first, "" + second)).text();
        assertThat(lines.lines().map(line -> line.split(" ")[0]).toList())
                .isEqualTo(List.of("id=" + second, "id=" + first));
    }

    @Test
    void client_kill_takes_others_at_once_and_oneself_after_the_reply() {
        TestNode.Client listener = node.connect();
        TestNode.Client other = node.connect();
        listener.run("SUBSCRIBE", "a");
        assertThat(node.run("CLIENT", "KILL", "TYPE", "pubsub")).isEqualTo(new Reply.Int(1));
        assertThat(listener.isClosed()).isTrue();
        assertThat(node.run("CLIENT", "KILL", "ID", "" + other.session().id(), "SKIPME", "no"))
                .isEqualTo(new Reply.Int(1));
        assertThat(other.isClosed()).isTrue();
        assertThat(node.run("CLIENT", "KILL", "ID", "1")).isEqualTo(new Reply.Int(0));
        assertThat(node.client().isClosed()).isFalse();
        assertThat(node.run("CLIENT", "KILL", "ID", "1", "SKIPME", "no")).isEqualTo(new Reply.Int(1));
        assertThat(node.client().isClosed()).isTrue();
    }

    @Test
    void client_reply_off_and_skip_drop_replies() {
        assertThat(node.client().runAll("CLIENT", "REPLY", "SKIP")).isEmpty();
        assertThat(node.client().runAll("SET", "k", "v")).isEmpty();
        assertThat(node.run("GET", "k")).isEqualTo(new Reply.Bulk("v"));
        assertThat(node.client().runAll("CLIENT", "REPLY", "OFF")).isEmpty();
        assertThat(node.client().runAll("SET", "k", "w")).isEmpty();
        assertThat(node.client().runAll("NOSUCH")).isEmpty();
        assertThat(node.client().runAll("CLIENT", "REPLY", "SKIP")).isEmpty();
        assertThat(node.client().runAll("CLIENT", "REPLY", "x")).isEmpty();
        assertThat(node.run("CLIENT", "REPLY", "ON")).isEqualTo(OK);
        assertThat(node.run("GET", "k")).isEqualTo(new Reply.Bulk("w"));
    }

    @Test
    void no_touch_leaves_the_time_of_last_use() {
        node.run("SET", "k", "v");
        node.advance(100_000);
        node.run("CLIENT", "NO-TOUCH", "ON");
        node.run("GET", "k");
        assertThat(idleSeconds()).isGreaterThan(50);
        node.run("TOUCH", "k");
        assertThat(idleSeconds()).isLessThan(10);
        node.advance(100_000);
        node.run("CLIENT", "NO-TOUCH", "OFF");
        node.run("GET", "k");
        assertThat(idleSeconds()).isLessThan(10);
    }

    private long idleSeconds() {
        return ((Reply.Int) node.run("OBJECT", "IDLETIME", "k")).value();
    }

    @Test
    void help_lists_the_subcommands() {
        assertThat(((Reply.Array) node.run("CLIENT", "HELP")).elements())
                .contains(new Reply.Simple("GETNAME"))
                .hasSizeGreaterThan(20);
        assertThat(List.of("CONFIG", "COMMAND", "MEMORY"))
                .allSatisfy(each -> assertThat(node.run(each, "HELP")).isInstanceOf(Reply.Array.class));
    }
}
