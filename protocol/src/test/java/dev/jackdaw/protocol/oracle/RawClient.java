package dev.jackdaw.protocol.oracle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import javax.net.SocketFactory;

/** Owned by one test: a socket to a node or a proxy, for bytes that need not be commands; strings have one character a byte. */
public final class RawClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket;

    public RawClient(int port) {
        this(port, SocketFactory.getDefault());
    }

    public RawClient(int port, SocketFactory sockets) {
        try {
            socket = sockets.createSocket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The socket itself. */
    public Socket socket() {
        return socket;
    }

    /** Sends; returns whether the peer still takes it. */
    public boolean send(String bytes) {
        try {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    /** Sends no more, but still receives. */
    public void endOutput() {
        try {
            socket.shutdownOutput();
        } catch (IOException closed) {
            assert socket.isConnected();
        }
    }

    /** Exactly this many bytes. */
    public String receive(int count) {
        try {
            return new String(socket.getInputStream().readNBytes(count), StandardCharsets.ISO_8859_1);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Everything until the peer closes; fails if it does not. */
    public String receiveToEnd() {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        byte[] piece = new byte[64 << 10];
        try {
            for (int count = socket.getInputStream().read(piece);
                    count >= 0;
                    count = socket.getInputStream().read(piece)) {
                received.write(piece, 0, count);
            }
        } catch (SocketTimeoutException open) {
            throw new AssertionError("the connection is still open after " + received, open);
        } catch (IOException reset) {
            // A peer that closes with input unread resets the connection: that is an end as well.
            assert reset.getMessage() != null;
        }
        return received.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
