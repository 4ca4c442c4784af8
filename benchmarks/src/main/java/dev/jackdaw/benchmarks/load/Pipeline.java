package dev.jackdaw.benchmarks.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Owned by one thread: a connection for commands of any kind, sent in batches. While the server works on one batch, the next
 * is made. Of the replies only errors matter, and these are thrown; they should be short, as nobody reads them while a batch is sent.
 */
public final class Pipeline implements AutoCloseable {
    private static final int READ_BYTES = 64 * 1024;

    private final RespClient client;
    private final StringBuilder batch = new StringBuilder();
    private final ByteBuffer read = ByteBuffer.allocate(READ_BYTES).flip();
    private final ReplyScanner scanner = new ReplyScanner();
    private int added;
    private int unanswered;

    public Pipeline(InetSocketAddress endpoint) throws IOException {
        client = new RespClient(endpoint);
    }

    /** Adds a command to the batch that is sent next. */
    public void add(String... arguments) {
        RespClient.encode(batch, arguments);
        added++;
    }

    /** Sends the batch, and returns when the one before it has been answered. */
    public void flush() throws IOException {
        byte[] bytes = batch.toString().getBytes(StandardCharsets.ISO_8859_1);
        batch.setLength(0);
        client.send(bytes, bytes.length);
        for (; unanswered > 0; unanswered--) {
            awaitReply();
        }
        unanswered = added;
        added = 0;
    }

    /** Sends what was added, and returns when all has been answered. */
    public void finish() throws IOException {
        flush();
        flush();
    }

    private void awaitReply() throws IOException {
        while (!scanner.next(read)) {
            read.position(0).limit(client.receive(read.array()));
        }
        if (scanner.isError()) {
            throw new IOException("a command was answered: " + scanner.error());
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
