package dev.jackdaw.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Users of the nodes as clients of the proxy: they may do through it what they may do at a node. */
@Tag("oracle")
class UserTest {
    private static final Reply OK = new Reply.Simple("OK");
    private static final Reply WRONG = new Reply.Error(CommandError.WRONG_PASSWORD);
    private static final Reply DENIED_KEY = new Reply.Error(CommandError.NO_PERMISSION_KEY);
    private static final Reply DENIED_CHANNEL = new Reply.Error(CommandError.NO_PERMISSION_CHANNEL);

    private Cluster cluster;
    private RespConnection admin;
    private RespConnection bob;

    @BeforeEach
    void nothing() {
        cluster = null;
    }

    private void start(Cluster started, String rules) {
        cluster = started;
        admin = cluster.connect();
        bob = cluster.connect();
        assertThat(admin.ask(("ACL SETUSER bob on >pw " + rules).split(" "))).isEqualTo(OK);
    }

    @AfterEach
    void close() {
        bob.close();
        admin.close();
        cluster.close();
    }

    private static Reply denied(String command) {
        return new Reply.Error(CommandError.noPermission(command));
    }

    private Reply bob(String command) {
        return bob.ask(command.split(" "));
    }

    @ParameterizedTest
    @EnumSource(Cluster.Nodes.class)
    void a_user_may_do_what_the_nodes_let_it(Cluster.Nodes nodes) {
        start(Cluster.start(nodes), "~b:* &news* +get +set +mget +ping +subscribe +blpop +rpush");
        assertThat(bob("AUTH bob wrong")).isEqualTo(WRONG);
        assertThat(bob("AUTH nobody pw")).isEqualTo(WRONG);
        assertThat(bob("SET a 1")).isEqualTo(OK);
        assertThat(bob("AUTH bob pw")).isEqualTo(OK);
        for (int i = 0; i < 10; i++) {
            assertThat(bob("SET b:" + i + " " + i)).isEqualTo(OK);
        }
        assertThat(bob("GET b:1")).isEqualTo(new Reply.Bulk("1"));
        assertThat(bob("MGET b:1 b:2 b:3 b:4").toString()).contains("1", "2", "3", "4");
        assertThat(bob("GET a")).isEqualTo(DENIED_KEY);
        assertThat(bob("MGET b:1 b:2 b:3 a")).isEqualTo(DENIED_KEY);
        assertThat(bob("DEL b:1")).isEqualTo(denied("del"));
        assertThat(bob("DBSIZE")).isEqualTo(denied("dbsize"));
        assertThat(bob("ACL WHOAMI")).isEqualTo(denied("acl|whoami"));
        assertThat(bob("RPUSH b:list x")).isEqualTo(new Reply.Int(1));
        assertThat(bob("BLPOP b:list 0").toString()).contains("x");
        assertThat(bob("BLPOP list 0")).isEqualTo(DENIED_KEY);
        assertThat(admin.ask("GET", "b:1")).isEqualTo(new Reply.Bulk("1"));
    }

    @ParameterizedTest
    @EnumSource(Cluster.Nodes.class)
    void what_the_proxy_answers_itself_is_denied_as_well(Cluster.Nodes nodes) {
        start(Cluster.start(nodes), "~b:* &news* +get +ping +subscribe");
        assertThat(bob("HELLO 3 AUTH bob pw")).isInstanceOf(Reply.Map.class);
        assertThat(bob("PING")).isEqualTo(new Reply.Simple("PONG"));
        assertThat(bob("ECHO x")).isEqualTo(denied("echo"));
        assertThat(bob("CLIENT LIST")).isEqualTo(denied("client|list"));
        assertThat(bob("MULTI")).isEqualTo(denied("multi"));
        assertThat(bob("INFO")).isEqualTo(denied("info"));
        assertThat(bob("SUBSCRIBE news other")).isEqualTo(DENIED_CHANNEL);
        assertThat(bob("SUBSCRIBE news")).isInstanceOf(Reply.Push.class);
        assertThat(admin.ask("CLIENT", "LIST").toString()).contains("user=bob");
        assertThat(bob("RESET")).isEqualTo(new Reply.Simple("RESET"));
        assertThat(bob("ECHO x")).isEqualTo(new Reply.Bulk("x"));
    }

    @Test
    void pipelined_requests_are_answered_in_order() {
        start(Cluster.start(), "~b:* +get +set +ping");
        for (String command : new String[] {"AUTH bob pw", "SET b:1 x", "PING", "ECHO x", "GET b:1", "PING y"}) {
            bob.send(command.split(" "));
        }
        assertThat(bob.read()).isEqualTo(OK);
        assertThat(bob.read()).isEqualTo(OK);
        assertThat(bob.read()).isEqualTo(new Reply.Simple("PONG"));
        assertThat(bob.read()).isEqualTo(denied("echo"));
        assertThat(bob.read()).isEqualTo(new Reply.Bulk("x"));
        assertThat(bob.read()).isEqualTo(new Reply.Bulk("y"));
    }

    @Test
    void the_near_cache_has_nothing_for_users() {
        start(Cluster.start(Cluster.Nodes.JACKDAW, new ProxySettings().nearCacheBytes(1 << 20)), "~b:* +get");
        assertThat(bob("AUTH bob pw")).isEqualTo(OK);
        assertThat(admin.ask("SET", "secret", "x")).isEqualTo(OK);
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            admin.ask("GET", "secret");
            return !admin.ask("INFO", "stats").toString().contains("near_hits:0\r\n");
        });
        assertThat(bob("GET secret")).isEqualTo(DENIED_KEY);
    }

    @Test
    void clients_of_a_user_who_is_deleted_are_closed() {
        start(Cluster.start(), "~* +@all");
        assertThat(bob("AUTH bob pw")).isEqualTo(OK);
        assertThat(bob("SET a 1")).isEqualTo(OK);
        assertThat(admin.ask("ACL", "DELUSER", "bob")).isEqualTo(new Reply.Int(1));
        await().atMost(Duration.ofSeconds(20)).until(() -> bob.isClosedByPeer());
        assertThat(admin.ask("GET", "a")).isEqualTo(new Reply.Bulk("1"));
    }

    @ParameterizedTest
    @EnumSource(Cluster.Nodes.class)
    void listeners_who_lose_a_channel_are_closed(Cluster.Nodes nodes) {
        start(Cluster.start(nodes), "&news* &a* +subscribe +psubscribe");
        assertThat(bob("AUTH bob pw")).isEqualTo(OK);
        assertThat(bob("SUBSCRIBE news:1 abc")).isInstanceOf(Reply.class);
        assertThat(bob.read()).isInstanceOf(Reply.class);
        try (RespConnection follower = cluster.connect()) {
            assertThat(follower.ask("AUTH", "bob", "pw")).isEqualTo(OK);
            follower.ask("PSUBSCRIBE", "a*");
            assertThat(admin.ask("ACL SETUSER bob resetchannels &a* (+get &other)".split(" ")))
                    .isEqualTo(OK);
            await().atMost(Duration.ofSeconds(20)).until(() -> bob.isClosedByPeer());
            assertThat(follower.ask("PSUBSCRIBE", "a*").toString()).contains("psubscribe");
            assertThat(admin.ask("ACL", "DELUSER", "bob")).isEqualTo(new Reply.Int(1));
            await().atMost(Duration.ofSeconds(20)).until(() -> follower.isClosedByPeer());
        }
    }

    @Test
    void transactions_run_as_the_user() {
        start(Cluster.start(), "~b* +get +set +watch +multi +exec +ping");
        assertThat(bob("AUTH bob pw")).isEqualTo(OK);
        assertThat(bob("WATCH a")).isEqualTo(DENIED_KEY);
        assertThat(bob("WATCH b")).isEqualTo(OK);
        assertThat(bob("MULTI")).isEqualTo(OK);
        assertThat(bob("SET b 1")).isEqualTo(new Reply.Simple("QUEUED"));
        assertThat(bob("EXEC").toString()).contains("OK");
        assertThat(bob("MULTI")).isEqualTo(OK);
        assertThat(bob("DEL b")).isEqualTo(new Reply.Simple("QUEUED"));
        assertThat(bob("EXEC").toString()).contains("EXECABORT");
        assertThat(bob("GET b")).isEqualTo(new Reply.Bulk("1"));
    }
}
