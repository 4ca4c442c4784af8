package dev.jackdaw.benchmarks.flood;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Owned by one thread: clients that ask for large values and read a sip of them a second; who is turned out comes again. */
final class SlowReaders implements AutoCloseable {
    private static final int RECEIVE_BUFFER_BYTES = 4 << 10;
    private static final int SIP_BYTES = 4 << 10;
    /** Values that each has asked for and not read. */
    private static final int MOST_ASKED = 4;

    private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final InetSocketAddress endpoint;
    private final SocketChannel[] channels;
    private final int[] asked;
    private final ByteBuffer sip = ByteBuffer.allocateDirect(SIP_BYTES);
    private final long startNanos = System.nanoTime();
    private long turns;

    SlowReaders(InetSocketAddress endpoint, int size) {
        this.endpoint = endpoint;
        this.channels = new SocketChannel[size];
        this.asked = new int[size];
    }

    /** Lets those act whose turn it is: turns are evenly spread over the second. */
    void work(String key) throws IOException {
        long due = (System.nanoTime() - startNanos) * channels.length / ROUND_NANOS;
        for (; turns < due; turns++) {
            int reader = (int) (turns % channels.length);
            try {
                act(reader, key);
            } catch (IOException turnedOut) {
                channels[reader].close();
                channels[reader] = null;
            }
        }
    }

    private void act(int reader, String key) throws IOException {
        if (channels[reader] == null) {
            channels[reader] = SocketChannel.open();
            channels[reader].setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
            channels[reader].connect(endpoint);
            channels[reader].configureBlocking(false);
            asked[reader] = 0;
        }
        while (asked[reader] < MOST_ASKED) {
            String request = "*2\r\n$3\r\nGET\r\n$" + key.length() + "\r\n" + key + "\r\n";
            channels[reader].write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            asked[reader]++;
        }
        if (channels[reader].read(sip.clear()) < 0) {
            throw new IOException("turned out");
        }
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : channels) {
            if (channel != null) {
                channel.close();
            }
        }
    }
}
