package dev.jackdaw.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.server.command.Node;
import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.config.ConfigLoader;
import dev.jackdaw.server.engine.Clock;
import dev.jackdaw.server.engine.Engine;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A node without a password serves its own machine only, unless it was told otherwise. */
class ProtectedModeTest {
    private static final String REFUSAL = "-" + CommandError.PROTECTED_MODE + "\r\n";
    private static final String PONG = "+PONG\r\n";

    @Test
    void others_are_refused_while_there_is_no_password() {
        assertThat(ping("10.1.2.3")).isEqualTo(REFUSAL);
        assertThat(ping("2001:db8::1")).isEqualTo(REFUSAL);
    }

    @Test
    void this_machine_is_served() {
        assertThat(ping("127.0.0.1")).isEqualTo(PONG);
        assertThat(ping("127.9.9.9")).isEqualTo(PONG);
        assertThat(ping("::1")).isEqualTo(PONG);
    }

    @Test
    void others_are_served_without_protection_or_with_a_password() {
        assertThat(ping("10.1.2.3", "--protected-mode", "no")).isEqualTo(PONG);
        assertThat(ping("10.1.2.3", "--requirepass", "x")).isEqualTo("-" + CommandError.NO_AUTH + "\r\n");
    }

    private static String ping(String address, String... options) {
        Config config = ConfigLoader.load(options);
        try (Engine engine = new Engine(Clock.SYSTEM, config.databases(), 42)) {
            EmbeddedChannel channel = new EmbeddedChannel(new ClientHandler(new Clients(new Node(engine, config)))) {
                @Override
                protected SocketAddress remoteAddress0() {
                    return isOpen() ? new InetSocketAddress(address, 50_000) : null;
                }
            };
            if (channel.isOpen()) {
                channel.writeInbound(
                        channel.alloc().directBuffer().writeBytes("PING\r\n".getBytes(StandardCharsets.US_ASCII)));
            }
            StringBuilder received = new StringBuilder();
            for (ByteBuf piece = channel.readOutbound(); piece != null; piece = channel.readOutbound()) {
                received.append(piece.toString(StandardCharsets.ISO_8859_1));
                piece.release();
            }
            channel.finishAndReleaseAll();
            return received.toString();
        }
    }
}
