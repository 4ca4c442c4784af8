package dev.jackdaw.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackdaw.protocol.oracle.RawClient;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.persistence.SlowDisk;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With {@code appendfsync always} nothing leaves the node before what was done before is on the disk. */
class HeldRepliesTest {
    private static final Reply OK = new Reply.Simple("OK");

    private static final int SILENT_MILLIS = 200;

    @TempDir
    private Path folder;

    private final SlowDisk disk = new SlowDisk();

    private RunningNode node(String policy) {
        return RunningNode.on(disk, "--dir", folder.toString(), "--appendonly", "yes", "--appendfsync", policy);
    }

    /** A node that is slow passes as well. */
    private static void assertSilent(RawClient client) throws IOException {
        int before = client.socket().getSoTimeout();
        client.socket().setSoTimeout(SILENT_MILLIS);
        assertThatThrownBy(() -> client.socket().getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        client.socket().setSoTimeout(before);
    }

    private static void expect(RawClient client, String bytes) {
        assertThat(client.receive(bytes.length())).isEqualTo(bytes);
    }

    @Test
    void replies_and_messages_wait_for_the_disk_and_the_loop_does_not() throws IOException {
        try (RunningNode node = node("always");
                RawClient writer = node.raw();
                RawClient reader = node.raw();
                RawClient listener = node.raw();
                disk) {
            listener.send("SUBSCRIBE news\r\n");
            expect(listener, "*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n");
            writer.send("SET k first\r\n");
            expect(writer, "+OK\r\n");
            disk.hold();
            writer.send("SET k second\r\nPUBLISH news k\r\n");
            disk.awaitSync();
            reader.send("GET k\r\n");
            assertSilent(writer);
            assertSilent(reader);
            assertSilent(listener);
            // What comes while the disk is busy goes with its next turn.
            writer.send("ECHO x\r\n");
            reader.send("SET k third\r\nGET k\r\n");
            disk.letGo();
            expect(writer, "+OK\r\n:1\r\n$1\r\nx\r\n");
            expect(listener, "*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$1\r\nk\r\n");
            expect(reader, "$6\r\nsecond\r\n+OK\r\n$5\r\nthird\r\n");
        }
    }

    @Test
    void a_client_that_goes_away_meanwhile_is_forgotten() throws IOException {
        try (RunningNode node = node("always");
                RawClient other = node.raw();
                disk) {
            disk.hold();
            try (RawClient writer = node.raw()) {
                writer.send("SET k v\r\n");
                disk.awaitSync();
            }
            other.send("SET k w\r\n");
            disk.letGo();
            expect(other, "+OK\r\n");
        }
    }

    @Test
    void what_fits_is_written_where_there_is_no_room_ahead() {
        disk.takes(1_000);
        try (RunningNode node = node("always");
                RespConnection client = node.connect()) {
            assertThat(client.ask("SET", "k", "v")).isEqualTo(OK);
            assertThat(client.ask("SET", "k", "w")).isEqualTo(OK);
        }
        try (RunningNode node = node("always");
                RespConnection client = node.connect()) {
            Awaitility.await()
                    .atMost(20, TimeUnit.SECONDS)
                    .until(() -> client.ask("GET", "k").equals(new Reply.Bulk("w")));
        }
    }

    @Test
    void a_full_disk_refuses_writes_until_there_is_room() {
        try (RunningNode node = node("everysec");
                RespConnection client = node.connect()) {
            assertThat(client.ask("SET", "k", "v")).isEqualTo(OK);
            disk.full(true);
            Awaitility.await()
                    .atMost(20, TimeUnit.SECONDS)
                    .until(() -> client.ask("SET", "k", "w")
                            .equals(new Reply.Error(
                                    "MISCONF Errors writing to the AOF file: No space left on device")));
            assertThat(client.ask("GET", "k")).isInstanceOf(Reply.Bulk.class);
            assertThat(client.ask("PING")).isInstanceOf(Reply.Error.class);
            assertThat(((Reply.Bulk) client.ask("INFO", "persistence")).text()).contains("aof_last_write_status:err");
            disk.full(false);
            Awaitility.await()
                    .atMost(20, TimeUnit.SECONDS)
                    .until(() -> client.ask("SET", "k", "x").equals(OK));
        }
        try (RunningNode node = node("always");
                RespConnection client = node.connect()) {
            Awaitility.await()
                    .atMost(20, TimeUnit.SECONDS)
                    .until(() -> client.ask("GET", "k").equals(new Reply.Bulk("x")));
        }
    }

    @Test
    void a_full_disk_holds_what_it_has_not_taken_and_nothing_else() throws IOException {
        String refused = "-MISCONF Errors writing to the AOF file: No space left on device\r\n";
        try (RunningNode node = node("always");
                RawClient writer = node.raw();
                RawClient reader = node.raw();
                RawClient listener = node.raw();
                RawClient another = node.raw()) {
            another.send("SUBSCRIBE x\r\n");
            expect(another, "*3\r\n$9\r\nsubscribe\r\n$1\r\nx\r\n:1\r\n");
            listener.send("SUBSCRIBE news\r\n");
            expect(listener, "*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n");
            reader.send("SET k old\r\n");
            expect(reader, "+OK\r\n");
            disk.full(true);
            writer.send("SET k new\r\nPUBLISH news k\r\n");
            awaitRefusal(node);
            writer.send("SET k newer\r\nECHO x\r\n");
            assertSilent(writer);
            assertSilent(listener);
            reader.send("SET k other\r\nPING\r\nMULTI\r\nECHO y\r\nEXEC\r\nGET k\r\n");
            expect(reader, refused + refused + "+OK\r\n+QUEUED\r\n*1\r\n$1\r\ny\r\n$3\r\nnew\r\n");
            reader.send("PUBLISH x y\r\n");
            expect(reader, ":1\r\n");
            assertSilent(another);
            disk.full(false);
            expect(another, "*3\r\n$7\r\nmessage\r\n$1\r\nx\r\n$1\r\ny\r\n");
            expect(writer, "+OK\r\n:1\r\n" + refused + "$1\r\nx\r\n");
            expect(listener, "*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$1\r\nk\r\n");
        }
        try (RunningNode node = node("always");
                RespConnection client = node.connect()) {
            assertThat(client.ask("GET", "k")).isEqualTo(new Reply.Bulk("new"));
        }
    }

    /** A client whose reply is held is left alone: there is another one for each attempt. */
    private static void awaitRefusal(RunningNode node) {
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> {
            try (RawClient client = node.raw()) {
                client.socket().setSoTimeout(SILENT_MILLIS);
                client.send("PING\r\n");
                return client.socket().getInputStream().read() == '-';
            } catch (SocketTimeoutException held) {
                return false;
            }
        });
    }

    @Test
    void a_sync_that_fails_is_never_acknowledged_but_made_good_by_another_file() throws IOException {
        try (RunningNode node = node("always");
                RawClient client = node.raw()) {
            disk.failSyncs(1);
            client.send("SET k v\r\n");
            expect(client, "+OK\r\n");
            assertThat(folder.resolve("appendonlydir/appendonly.aof.2.base.rdb"))
                    .exists();
            assertThat(folder.resolve("appendonlydir/appendonly.aof.2.incr.aof"))
                    .exists();
        }
        try (RunningNode node = node("always");
                RespConnection client = node.connect()) {
            Awaitility.await()
                    .atMost(20, TimeUnit.SECONDS)
                    .until(() -> client.ask("GET", "k").equals(new Reply.Bulk("v")));
        }
    }
}
