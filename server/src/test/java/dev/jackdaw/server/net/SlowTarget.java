package dev.jackdaw.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.resp.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Owned by one test: a server for one client, that answers when and what the test wants. */
final class SlowTarget implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 20_000;

    private final ServerSocket listening;
    private final ByteBuf received = Unpooled.directBuffer();
    private Socket socket;

    SlowTarget() {
        try {
            listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            listening.setSoTimeout(TIMEOUT_MILLIS);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    String port() {
        return Integer.toString(listening.getLocalPort());
    }

    /** Waits for a request, which begins with these words; returns all of its words. */
    List<String> expect(String... words) {
        Reply request = Reply.read(received);
        while (request == null) {
            assertThat(receive()).isTrue();
            request = Reply.read(received);
        }
        List<String> all = ((Reply.Array) request)
                .elements().stream().map(word -> ((Reply.Bulk) word).text()).toList();
        assertThat(all).startsWith(words);
        return all;
    }

    /** Waits for a request, and answers it. */
    List<String> answer(String reply, String... words) {
        List<String> request = expect(words);
        send(reply);
        return request;
    }

    void send(String reply) {
        try {
            socket.getOutputStream().write((reply + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Waits for the client to go away without another word. */
    void expectEnd() {
        assertThat(receive()).isFalse();
    }

    private boolean receive() {
        try {
            if (socket == null) {
                socket = listening.accept();
                socket.setSoTimeout(TIMEOUT_MILLIS);
            }
            byte[] bytes = new byte[64 << 10];
            int count = socket.getInputStream().read(bytes);
            received.writeBytes(bytes, 0, Math.max(0, count));
            return count > 0;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        received.release();
        try {
            if (socket != null) {
                socket.close();
            }
            listening.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
