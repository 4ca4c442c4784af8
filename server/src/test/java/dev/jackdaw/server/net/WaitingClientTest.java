package dev.jackdaw.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jackdaw.protocol.oracle.RawClient;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Transactions, waits and pauses over sockets: what they mean for what a client sends meanwhile. */
class WaitingClientTest {
    private final RunningNode node = RunningNode.with("--client-query-buffer-limit", "4mb");
    private final RespConnection other = node.connect();

    @AfterEach
    void close() {
        other.close();
        node.close();
    }

    private String info(String line) {
        String text = ((Reply.Bulk) other.ask("INFO")).text();
        int at = text.indexOf(line + ":") + line.length() + 1;
        return text.substring(at, text.indexOf('\r', at));
    }

    private void awaitWaiting(int clients) {
        await().until(() -> info("blocked_clients").equals(Integer.toString(clients)));
    }

    private void expect(RawClient client, String replies) {
        assertThat(client.receive(replies.length())).isEqualTo(replies);
    }

    @Test
    void a_transaction_may_come_in_any_pieces() {
        String commands = "MULTI\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\nGET k\r\nEXEC\r\nPING\r\n";
        String replies = "+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n+OK\r\n$1\r\nv\r\n+PONG\r\n";
        for (int split = 0; split <= commands.length(); split++) {
            try (RawClient client = node.raw()) {
                client.send(commands.substring(0, split));
                client.send(commands.substring(split));
                expect(client, replies);
            }
        }
    }

    /** To the byte as Redis does it, which counts in what is dropped. */
    @Test
    void replies_are_dropped_from_within_a_transaction() {
        String queued = "+QUEUED\r\n".repeat(4);
        try (RawClient client = node.raw()) {
            client.send("MULTI\r\nECHO a\r\nCLIENT REPLY SKIP\r\nSPUBLISH c m\r\nECHO z\r\nEXEC\r\nPING\r\nECHO b\r\n");
            expect(client, "+OK\r\n" + queued + "*4\r\n$1\r\na\r\n:0\r\n$1\r\nz\r\n$1\r\nb\r\n");
            client.send("MULTI\r\nECHO a\r\nCLIENT REPLY OFF\r\nSPUBLISH c m\r\nECHO z\r\nEXEC\r\nCLIENT REPLY ON\r\n");
            expect(client, "+OK\r\n" + queued + "*4\r\n$1\r\na\r\n+OK\r\n");
            client.send(
                    "CLIENT REPLY OFF\r\nMULTI\r\nECHO a\r\nSPUBLISH c m\r\nCLIENT REPLY ON\r\nECHO z\r\nEXEC\r\nPING\r\n");
            expect(client, "+OK\r\n$1\r\nz\r\n+PONG\r\n");
        }
    }

    @Test
    void requests_behind_a_wait_are_kept_whole() {
        try (RawClient client = node.raw()) {
            StringBuilder commands = new StringBuilder("PING\r\nBLPOP l 0\r\n");
            for (int i = 0; i < 100; i++) {
                commands.append("*2\r\n$4\r\nECHO\r\n$3\r\n").append(100 + i).append("\r\n");
            }
            client.send(commands + "*2\r\n$4\r\nEC");
            expect(client, "+PONG\r\n");
            awaitWaiting(1);
            client.send("HO\r\n$3\r\nend\r\n");
            other.ask("RPUSH", "l", "x");
            expect(client, "*2\r\n$1\r\nl\r\n$1\r\nx\r\n");
            for (int i = 0; i < 100; i++) {
                expect(client, "$3\r\n" + (100 + i) + "\r\n");
            }
            expect(client, "$3\r\nend\r\n");
        }
    }

    @Test
    void waits_one_after_the_other_in_one_write() {
        try (RawClient client = node.raw()) {
            client.send("BLPOP l 0\r\nBLPOP l 0\r\nBLPOP l 0\r\nPING\r\n");
            for (int i = 0; i < 3; i++) {
                awaitWaiting(1);
                other.ask("RPUSH", "l", "x");
                expect(client, "*2\r\n$1\r\nl\r\n$1\r\nx\r\n");
            }
            expect(client, "+PONG\r\n");
        }
    }

    @Test
    void a_wait_ends_by_itself() {
        try (RawClient client = node.raw()) {
            client.send("BLPOP l 0.02\r\nBLMOVE l m LEFT LEFT 0.03\r\nPING\r\n");
            expect(client, "*-1\r\n*-1\r\n+PONG\r\n");
        }
    }

    @Test
    void a_client_that_goes_away_waits_no_more() {
        RawClient gone = node.raw();
        RawClient half = node.raw();
        gone.send("BLPOP l 0\r\n");
        half.send("BLPOP l 0\r\nPING\r\n");
        awaitWaiting(2);
        gone.close();
        awaitWaiting(1);
        half.endOutput();
        awaitWaiting(0);
        half.close();
        assertThat(other.ask("RPUSH", "l", "x")).isEqualTo(new Reply.Int(1));
        assertThat(other.ask("LLEN", "l")).isEqualTo(new Reply.Int(1));
    }

    @Test
    void what_a_waiting_client_sends_is_bounded() {
        try (RawClient client = node.raw()) {
            client.send("BLPOP l 0\r\n");
            awaitWaiting(1);
            String before = info("total_net_input_bytes");
            Thread.ofVirtual().start(() -> client.send("PING\r\n".repeat(1_000_000)));
            await().until(() -> Long.parseLong(info("total_net_input_bytes")) > Long.parseLong(before) + 64_000);
            assertThat(Long.parseLong(info("mem_clients_normal"))).isLessThan(4 << 20);
            other.ask("RPUSH", "l", "x");
            expect(client, "*2\r\n$1\r\nl\r\n$1\r\nx\r\n");
            expect(client, "+PONG\r\n".repeat(1_000_000));
        }
    }

    @Test
    void a_pause_keeps_requests_and_their_order() {
        try (RawClient client = node.raw()) {
            other.ask("CLIENT", "PAUSE", "1000000", "WRITE");
            client.send("GET k\r\nSET k v\r\nGET k\r\nSET k w\r\nGET k\r\n");
            expect(client, "$-1\r\n");
            awaitWaiting(1);
            other.ask("CLIENT", "UNPAUSE");
            expect(client, "+OK\r\n$1\r\nv\r\n+OK\r\n$1\r\nw\r\n");
        }
    }

    @Test
    void a_pause_ends_by_itself() {
        try (RawClient client = node.raw()) {
            other.ask("CLIENT", "PAUSE", "20");
            client.send("SET k v\r\nGET k\r\n");
            client.endOutput();
            assertThat(client.receiveToEnd()).isEqualTo("+OK\r\n$1\r\nv\r\n");
        }
    }

    @Test
    void a_killed_client_waits_no_more() {
        try (RawClient client = node.raw()) {
            client.send("CLIENT ID\r\nBLPOP l 0\r\n");
            String id = client.receive(4).substring(1, 2);
            awaitWaiting(1);
            assertThat(other.ask("CLIENT", "KILL", "ID", id)).isEqualTo(new Reply.Int(1));
            awaitWaiting(0);
            assertThat(client.receiveToEnd()).isEmpty();
        }
    }
}
