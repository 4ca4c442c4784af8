package dev.jackdaw.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.command.Node;
import dev.jackdaw.server.config.ConfigLoader;
import dev.jackdaw.server.engine.Clock;
import dev.jackdaw.server.engine.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Conversations of three clients with a real redis-server and with our node: every reply and every message the same, in the
 * same order on each connection.
 */
@Tag("oracle")
class PushOracleTest {
    private static final int CLIENTS = 3;

    private RedisServer redis;
    private Server server;
    private final List<RespConnection> theirs = new ArrayList<>();
    private final List<RespConnection> ours = new ArrayList<>();
    private int marks;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(RedisServer.isInstalled());
        redis = RedisServer.start();
        Node node = new Node(
                new Engine(Clock.SYSTEM, 16, 42),
                ConfigLoader.load(new String[] {"--port", "0", "--bind", "127.0.0.1"}));
        server = new Server(node);
        int port = server.start();
        for (int i = 0; i < CLIENTS; i++) {
            theirs.add(redis.connect());
        }
        Reply firstId = theirs.getFirst().ask("CLIENT", "ID");
        Supplier<RespConnection> connect = () -> RespConnection.to(port);
        ours.add(connect.get());
        while (!ours.getFirst().ask("CLIENT", "ID").equals(firstId)) {
            ours.removeFirst().close();
            ours.add(connect.get());
        }
        ours.add(connect.get());
        ours.add(connect.get());
    }

    @AfterEach
    void close() {
        theirs.forEach(RespConnection::close);
        ours.forEach(RespConnection::close);
        if (server != null) {
            server.close();
        }
        if (redis != null) {
            redis.close();
        }
    }

    @Test
    void channels_and_patterns() {
        say(0, "SUBSCRIBE a b a");
        say(0, "PING", "PING hi", "GET k", "GET", "FOO", "CLIENT LIST", "HELLO 3", "PUBLISH a x");
        say(1, "PUBLISH a 1", "PUBLISH c 2", "PUBSUB CHANNELS a*", "PUBSUB NUMSUB a b c", "PUBSUB NUMPAT");
        say(0, "PSUBSCRIBE a?", "UNSUBSCRIBE b", "UNSUBSCRIBE nope", "UNSUBSCRIBE", "UNSUBSCRIBE");
        say(1, "PUBLISH a 1", "PUBLISH ab 2", "PUBSUB NUMPAT", "PUBSUB CHANNELS", "PUBSUB CHANNELS a b", "PUBSUB FOO");
        say(0, "PUNSUBSCRIBE", "PUNSUBSCRIBE", "GET k", "SUBSCRIBE", "PUBSUB NUMSUB", "UNSUBSCRIBE x");
        say(0, "SUBSCRIBE a", "RESET", "GET k");
        say(1, "PUBLISH a 1");
    }

    @Test
    void channels_over_resp3() {
        resp3(0);
        say(0, "SUBSCRIBE a", "PUBLISH a self", "PSUBSCRIBE a*", "PUBLISH a self", "GET k", "PING", "PING hi");
        say(0, "UNSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE", "PUNSUBSCRIBE", "SUBSCRIBE b");
        say(1, "SUBSCRIBE b", "PING");
        say(2, "PUBLISH b x", "PUBLISH b ", "PUBSUB NUMSUB b");
    }

    @Test
    void messages_are_not_muted() {
        resp3(0);
        say(0, "SUBSCRIBE a");
        say(
                0,
                "CLIENT REPLY SKIP\nPUBLISH a 1",
                "CLIENT REPLY OFF\nPUBLISH a 1\nSUBSCRIBE b\nUNSUBSCRIBE b\nGET k\nCLIENT REPLY ON");
        say(1, "CLIENT REPLY OFF\nSUBSCRIBE c\nCLIENT REPLY OFF\nUNSUBSCRIBE\nCLIENT REPLY ON");
    }

    @Test
    void tracking_of_keys_that_were_read() {
        resp3(0);
        say(0, "CLIENT TRACKING ON", "GET k", "MGET k j", "EXISTS x", "CLIENT TRACKINGINFO", "CLIENT GETREDIR");
        say(1, "SET k 1", "SET k 2", "SET other 1", "DEL j", "SET x 1");
        say(0, "GET k", "SET k 3", "GET k\nSET k 4\nGET k\nSET k 5", "MGET k j", "MSET k 1 j 2", "GET k", "DEL k");
        say(0, "LPUSH l 1", "LRANGE l 0 -1", "GET l", "LPUSH l 2");
        say(0, "GET k", "FLUSHALL");
        say(1, "SET k 1", "FLUSHDB", "SELECT 3", "SET k 1");
        say(0, "SELECT 3", "GET k", "SELECT 0");
        say(1, "SET k 2");
        say(0, "GET k", "CLIENT REPLY OFF\nSET k 3\nCLIENT REPLY ON");
        say(0, "CLIENT TRACKING OFF", "GET k", "SET k 1", "CLIENT TRACKINGINFO", "CLIENT GETREDIR");
        say(0, "CLIENT TRACKING ON NOLOOP", "GET k", "SET k 2", "GET k");
        say(1, "SET k 3");
    }

    @Test
    void tracking_of_prefixes() {
        resp3(0);
        resp3(1);
        say(0, "CLIENT TRACKING ON BCAST PREFIX b: PREFIX a:", "CLIENT TRACKINGINFO");
        say(1, "CLIENT TRACKING ON BCAST NOLOOP");
        say(2, "SET a:1 x", "SET c:1 x", "MSET a:1 1 a:2 2 b:1 3 c:1 4", "DEL a:1", "FLUSHALL", "SETEX b:2 100 x");
        say(1, "SET a:1 x", "SET c:1 x");
        sayAlone(0, "SET a:1 x");
        say(0, "CLIENT TRACKING ON BCAST PREFIX a:", "CLIENT TRACKING ON BCAST PREFIX d PREFIX d1");
        say(0, "CLIENT TRACKING ON BCAST NOLOOP PREFIX d", "CLIENT TRACKINGINFO");
        sayAlone(0, "SET a:1 y");
        say(0, "CLIENT TRACKING ON");
        say(0, "CLIENT TRACKING OFF", "CLIENT TRACKINGINFO", "RESET");
        say(1, "SET k x", "CLIENT TRACKING ON BCAST", "CLIENT TRACKINGINFO", "RESET", "CLIENT TRACKINGINFO");
    }

    @Test
    void tracking_by_choice() {
        resp3(0);
        say(0, "CLIENT TRACKING ON OPTIN", "GET a", "CLIENT CACHING YES", "CLIENT TRACKINGINFO", "GET b", "GET c");
        say(1, "MSET a 1 b 2 c 3");
        say(0, "CLIENT CACHING NO", "CLIENT TRACKING ON OPTOUT", "CLIENT TRACKING OFF", "CLIENT CACHING YES");
        say(
                0,
                "CLIENT TRACKING ON OPTOUT",
                "GET a",
                "CLIENT CACHING NO\nCLIENT ID\nGET b",
                "GET c",
                "CLIENT CACHING YES");
        say(1, "SET a 1", "SET b 1", "SET c 1");
        say(0, "CLIENT CACHING NO", "CLIENT TRACKINGINFO", "CLIENT CACHING X", "CLIENT TRACKING ON BCAST");
        say(0, "CLIENT TRACKING OFF", "CLIENT TRACKING ON PREFIX a", "CLIENT TRACKING ON BCAST OPTIN");
        say(0, "CLIENT TRACKING ON OPTIN OPTOUT", "CLIENT TRACKING X", "CLIENT TRACKING ON X", "CLIENT TRACKING");
        say(0, "CLIENT TRACKING ON REDIRECT", "CLIENT TRACKING ON REDIRECT 0", "CLIENT TRACKING ON REDIRECT x");
        say(0, "CLIENT TRACKING ON REDIRECT 999999", "CLIENT TRACKING ON PREFIX", "CLIENT TRACKING OFF PREFIX a");
    }

    @Test
    void tracking_redirected() {
        String id = idOf(1);
        say(0, "CLIENT TRACKING ON REDIRECT " + id, "GET k", "CLIENT TRACKINGINFO", "CLIENT GETREDIR");
        say(2, "SET k 1");
        say(1, "SUBSCRIBE __redis__:invalidate");
        say(0, "GET k", "SET k 2", "GET k");
        say(2, "SET k 3", "FLUSHALL");
        say(1, "UNSUBSCRIBE");
        say(0, "GET k", "SET k 2", "GET k");
        resp3(1);
        say(2, "SET k 3");
        say(0, "CLIENT TRACKING ON REDIRECT " + id + " REDIRECT " + id, "CLIENT TRACKING ON REDIRECT " + id, "GET k");
        say(1, "QUIT");
        theirs.remove(1).close();
        ours.remove(1).close();
        say(1, "SET k 4");
        say(0, "CLIENT TRACKINGINFO", "GET k");
        resp3(0);
        say(1, "SET k 5");
        say(0, "GET k", "SET k 6");
    }

    private String idOf(int client) {
        Reply theirId = theirs.get(client).ask("CLIENT", "ID");
        assertThat(ours.get(client).ask("CLIENT", "ID")).isEqualTo(theirId);
        return "" + ((Reply.Int) theirId).value();
    }

    /** The reply has facts about the server, so it is not compared. */
    private void resp3(int client) {
        theirs.get(client).ask("HELLO", "3");
        ours.get(client).ask("HELLO", "3");
    }

    /** Has a client send lines, all commands of a line at once, and compares what every client gets after each. */
    private void say(int client, String... lines) {
        for (String line : lines) {
            marks++;
            for (String command : line.split("\n")) {
                String[] words = command.split(" ", -1);
                theirs.get(client).send(words);
                ours.get(client).send(words);
            }
            boolean quits = line.equals("QUIT");
            assertThat(heard(ours, client, quits)).as(line).isEqualTo(heard(theirs, client, quits));
        }
    }

    /**
     * The same for a command after which its own client is told, too. A Redis broadcasts when it has run all that it has read, so it must not
     * read the mark together with the command.
     */
    private void sayAlone(int client, String command) {
        marks++;
        String[] words = command.split(" ");
        assertThat(ours.get(client).ask(words))
                .as(command)
                .isEqualTo(theirs.get(client).ask(words));
        assertThat(heard(ours, client, false)).as(command).isEqualTo(heard(theirs, client, false));
    }

    /** What each client gets until the answer to a mark; the one that acted is asked first. */
    private List<List<Reply>> heard(List<RespConnection> clients, int actor, boolean quits) {
        List<List<Reply>> heard = new ArrayList<>();
        heard.add(quits ? List.of(clients.get(actor).read()) : untilMark(clients.get(actor)));
        for (int i = 0; i < clients.size(); i++) {
            if (i != actor) {
                heard.add(untilMark(clients.get(i)));
            }
        }
        return heard;
    }

    private List<Reply> untilMark(RespConnection client) {
        Reply.Bulk mark = new Reply.Bulk("mark" + marks);
        List<Reply> replies = new ArrayList<>();
        client.send("PING", mark.text());
        for (Reply reply = client.read(); ; reply = client.read()) {
            if (reply.equals(mark) || reply.equals(new Reply.Array(List.of(new Reply.Bulk("pong"), mark)))) {
                return replies;
            }
            replies.add(reply);
        }
    }
}
