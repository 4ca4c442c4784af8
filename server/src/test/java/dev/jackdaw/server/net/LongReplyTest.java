package dev.jackdaw.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.server.command.Node;
import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.config.ConfigLoader;
import dev.jackdaw.server.engine.Clock;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.persistence.Disk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When replies leave: at the end of the turn of the event loop, together with everybody's, unless they are long. */
class LongReplyTest {
    private static final int LONG = 4 << 10;

    @TempDir
    private Path folder;

    private Engine engine;
    private EmbeddedChannel first;
    private EmbeddedChannel second;

    @BeforeEach
    void connect() throws IOException {
        Config config = ConfigLoader.load("--dir", folder.toString(), "--protected-mode", "no", "--save", "");
        engine = new Engine(Clock.SYSTEM, config.databases(), 42);
        Node node = new Node(engine, config, Disk.REAL);
        Clients clients = new Clients(node);
        first = channel(clients);
        second = channel(clients);
    }

    /** Asking for more to read would be the end of a turn to this kind of channel. */
    private static EmbeddedChannel channel(Clients clients) {
        EmbeddedChannel channel = new EmbeddedChannel(new ClientHandler(clients));
        channel.config().setAutoRead(false);
        return channel;
    }

    @AfterEach
    void close() {
        first.finishAndReleaseAll();
        second.finishAndReleaseAll();
        engine.close();
    }

    private static void read(EmbeddedChannel client, String requests) {
        byte[] bytes = requests.getBytes(StandardCharsets.US_ASCII);
        client.pipeline().fireChannelRead(Unpooled.directBuffer().writeBytes(bytes));
        client.pipeline().fireChannelReadComplete();
    }

    /** What is done in one turn of the event loop; what that has put off follows. */
    private void turn(Runnable reads) {
        first.eventLoop().execute(reads);
        first.runPendingTasks();
    }

    private static int sentBytes(EmbeddedChannel client) {
        int bytes = 0;
        for (ByteBuf sent = client.readOutbound(); sent != null; sent = client.readOutbound()) {
            bytes += sent.readableBytes();
            sent.release();
        }
        return bytes;
    }

    private static String echo(int bytes) {
        return "*2\r\n$4\r\nECHO\r\n$" + bytes + "\r\n" + "x".repeat(bytes) + "\r\n";
    }

    @Test
    void short_replies_of_a_turn_leave_together() {
        turn(() -> {
            read(first, "PING\r\n");
            read(second, echo(LONG / 2));
            assertThat(sentBytes(first)).isZero();
            assertThat(sentBytes(second)).isZero();
        });
        assertThat(sentBytes(first)).isEqualTo("+PONG\r\n".length());
        assertThat(sentBytes(second)).isGreaterThan(LONG / 2);
    }

    @Test
    void a_long_reply_leaves_at_once() {
        turn(() -> {
            read(first, "PING\r\n");
            read(second, echo(LONG));
            assertThat(sentBytes(first)).isZero();
            assertThat(sentBytes(second)).isGreaterThan(LONG);
        });
        assertThat(sentBytes(first)).isEqualTo("+PONG\r\n".length());
        assertThat(sentBytes(second)).isZero();
    }

    @Test
    void many_short_replies_are_as_long_as_one() {
        turn(() -> {
            read(first, "PING\r\n".repeat(LONG / "+PONG\r\n".length() + 1));
            assertThat(sentBytes(first)).isGreaterThanOrEqualTo(LONG);
        });
    }
}
