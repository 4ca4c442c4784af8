package dev.jackdaw.protocol.oracle;

import dev.jackdaw.protocol.resp.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** Owned by one test: a plain blocking connection to whatever speaks RESP on a port of the loopback interface. */
public final class RespConnection implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket;
    private final ByteBuf received = Unpooled.directBuffer();

    private RespConnection(Socket socket) {
        this.socket = socket;
    }

    public static RespConnection to(int port) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            return new RespConnection(socket);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Sends a command, one byte a character, and returns its reply. */
    public Reply ask(String... words) {
        send(words);
        return read();
    }

    public void send(String... words) {
        StringBuilder command = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            command.append('$')
                    .append(word.length())
                    .append("\r\n")
                    .append(word)
                    .append("\r\n");
        }
        send(command.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends bytes as they are. */
    public void send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The next reply. */
    public Reply read() {
        try {
            Reply reply = received.isReadable() ? Reply.read(received) : null;
            while (reply == null) {
                receive();
                reply = Reply.read(received);
            }
            received.discardReadBytes();
            return reply;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Waits for a reply; returns whether the connection has ended instead. */
    public boolean isClosedByPeer() {
        try {
            read();
            return false;
        } catch (UncheckedIOException failed) {
            return !(failed.getCause() instanceof SocketTimeoutException);
        }
    }

    private void receive() throws IOException {
        byte[] bytes = new byte[64 * 1024];
        int count = socket.getInputStream().read(bytes);
        if (count < 0) {
            throw new IOException("closed by the server");
        }
        received.writeBytes(bytes, 0, count);
    }

    @Override
    public void close() {
        received.release();
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
