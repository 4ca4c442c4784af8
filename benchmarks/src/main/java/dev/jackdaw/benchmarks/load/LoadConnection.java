package dev.jackdaw.benchmarks.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** Owned by one load generator: a connection with its encoded batch, of which one at a time is on its way. */
final class LoadConnection implements AutoCloseable {
    private static final int READ_BYTES = 64 * 1024;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final Template.Batch batch;
    private final int pipeline;
    private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
    private final ReplyScanner scanner = new ReplyScanner();
    private ByteBuffer out = ByteBuffer.allocate(0);
    private int repliesLeft;
    private long sendTimeNanos;

    LoadConnection(InetSocketAddress endpoint, Selector selector, Template.Batch batch, int pipeline)
            throws IOException {
        this.batch = batch;
        this.pipeline = pipeline;
        channel = SocketChannel.open();
        try {
            channel.connect(endpoint);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            key = channel.register(selector, SelectionKey.OP_READ, this);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Sends a batch whose latency counts from {@code sendTimeNanos}. */
    void send(Numbers numbers, long sendTimeNanos) throws IOException {
        assert repliesLeft == 0;
        this.sendTimeNanos = sendTimeNanos;
        repliesLeft = pipeline;
        out = batch.fill(numbers);
        write();
    }

    /** Goes on with what the selector found possible: whether the batch on its way has been answered in full. */
    boolean ready() throws IOException {
        if (out.hasRemaining()) {
            write();
        }
        in.clear();
        if (channel.read(in) < 0) {
            throw new IOException("the server closed a connection");
        }
        in.flip();
        boolean answered = false;
        while (scanner.next(in)) {
            if (scanner.isError()) {
                throw new IOException("the server answered: " + scanner.error());
            }
            answered = --repliesLeft == 0;
        }
        if (repliesLeft < 0) {
            throw new IOException("the server sent more replies than there were commands");
        }
        return answered;
    }

    long sendTimeNanos() {
        return sendTimeNanos;
    }

    private void write() throws IOException {
        boolean wasWaiting = (key.interestOps() & SelectionKey.OP_WRITE) != 0;
        channel.write(out);
        if (out.hasRemaining() != wasWaiting) {
            key.interestOps(wasWaiting ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
