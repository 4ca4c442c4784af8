package dev.jackdaw.proxy.cli;

import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.protocol.resp.ReplyWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Owned by the command line: a blocking connection to a server. */
final class Connection implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MILLIS = 5000;
    private static final int READ_BYTES = 64 * 1024;

    private final Socket socket = new Socket();
    private final ByteBuf received = Unpooled.directBuffer();
    private final byte[] chunk = new byte[READ_BYTES];

    Connection(String host, int port) throws IOException {
        socket.connect(new InetSocketAddress(host, port), CONNECT_TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
    }

    Reply ask(List<byte[]> words) throws IOException {
        send(words);
        return read();
    }

    Reply ask(String... words) throws IOException {
        return ask(List.of(words).stream()
                .map(word -> word.getBytes(StandardCharsets.UTF_8))
                .toList());
    }

    private void send(List<byte[]> words) throws IOException {
        ReplyWriter writer = new ReplyWriter();
        writer.attach(Unpooled.directBuffer());
        writer.array(words.size());
        words.forEach(writer::bulk);
        ByteBuf command = writer.detach();
        try {
            byte[] bytes = new byte[command.readableBytes()];
            command.readBytes(bytes);
            socket.getOutputStream().write(bytes);
        } finally {
            command.release();
        }
    }

    /** Waits for the next reply or message. */
    Reply read() throws IOException {
        Reply reply = received.isReadable() ? Reply.read(received) : null;
        while (reply == null) {
            int count = socket.getInputStream().read(chunk);
            if (count < 0) {
                throw new IOException("Server closed the connection");
            }
            received.discardReadBytes().writeBytes(chunk, 0, count);
            reply = Reply.read(received);
        }
        return reply;
    }

    @Override
    public void close() {
        received.release();
        try {
            socket.close();
        } catch (IOException alreadyClosed) {
            // There is nothing left to be done with it.
            return;
        }
    }
}
