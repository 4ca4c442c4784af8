package dev.jackdaw.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.oracle.Ports;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where clients come in, and that it can change. */
class EntrancesTest {
    private static final Reply OK = new Reply.Simple("OK");
    private static final Reply PONG = new Reply.Simple("PONG");

    @TempDir
    Path folder;

    @Test
    void the_port_changes_and_clients_stay() throws IOException {
        try (RunningNode node = RunningNode.with();
                RespConnection client = node.connect()) {
            int newPort = Ports.free();
            assertThat(client.ask("CONFIG", "SET", "port", Integer.toString(newPort)))
                    .isEqualTo(OK);
            assertThat(client.ask("PING")).isEqualTo(PONG);
            try (RespConnection other = RespConnection.to(newPort)) {
                assertThat(other.ask("PING")).isEqualTo(PONG);
            }
            assertThatThrownBy(node::connect).isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void what_cannot_be_had_changes_nothing() throws IOException {
        try (RunningNode node = RunningNode.with();
                RespConnection client = node.connect();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(client.ask("CONFIG", "SET", "hz", "20", "port", Integer.toString(taken.getLocalPort())))
                    .isEqualTo(new Reply.Error(
                            CommandError.configFailed("port", "Unable to listen on this port. Check server logs.")));
            assertThat(client.ask("CONFIG", "SET", "bind", "999.999.999.999"))
                    .isEqualTo(new Reply.Error(
                            CommandError.configFailed("bind", "Failed to bind to specified addresses.")));
            assertThat(client.ask("CONFIG", "GET", "hz").toString()).contains("10");
            try (RespConnection other = node.connect()) {
                assertThat(other.ask("PING")).isEqualTo(PONG);
            }
        }
    }

    @Test
    void addresses_are_left_and_taken_again() {
        try (RunningNode node = RunningNode.with();
                RespConnection client = node.connect()) {
            assertThat(client.ask("CONFIG", "SET", "bind", "")).isEqualTo(OK);
            assertThatThrownBy(node::connect).isInstanceOf(UncheckedIOException.class);
            assertThat(client.ask("CONFIG", "SET", "bind", "127.0.0.1 -198.51.100.1"))
                    .isEqualTo(OK);
            try (RespConnection other = node.connect()) {
                assertThat(other.ask("PING")).isEqualTo(PONG);
            }
        }
    }

    @Test
    void a_unix_socket_serves_clients_of_the_machine() throws IOException {
        assumeTrue(Epoll.isAvailable());
        Path path = folder.resolve("node.sock");
        try (RunningNode node = RunningNode.with("--unixsocket", path.toString(), "--unixsocketperm", "700")) {
            assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
            try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                client.connect(UnixDomainSocketAddress.of(path));
                assertThat(answer(client, "PING\r\n")).isEqualTo("+PONG\r\n");
                assertThat(answer(client, "CLIENT INFO\r\n"))
                        .contains(" addr=" + path + ":0 ")
                        .contains(" laddr=" + path + ":0 ");
            }
            assertThat(node.port()).isPositive();
        }
        assertThat(path).doesNotExist();
    }

    private static String answer(SocketChannel client, String request) throws IOException {
        client.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        ByteBuffer received = ByteBuffer.allocate(4096);
        while (client.read(received) >= 0 && received.get(received.position() - 1) != '\n') {
            assertThat(received.hasRemaining()).isTrue();
        }
        return StandardCharsets.US_ASCII.decode(received.flip()).toString();
    }
}
