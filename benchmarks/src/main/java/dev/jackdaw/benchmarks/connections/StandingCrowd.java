package dev.jackdaw.benchmarks.connections;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Owned by one thread: clients that connect at once and stay. */
final class StandingCrowd implements Crowd {
    static final int LARGE_VALUE_BYTES = 64 << 10;
    static final String LARGE_KEY = "large";

    private static final String PING = "*1\r\n$4\r\nPING\r\n";
    private static final int PONG_BYTES = 7;
    /** More than sockets hold: four megabytes of replies. */
    private static final String LARGE_READS = "*2\r\n$3\r\nGET\r\n$5\r\nlarge\r\n".repeat(64);
    /** Lasts for longer than any measurement, one byte a second. */
    private static final String ENDLESS = "*2\r\n$3\r\nGET\r\n$100000\r\n" + "x".repeat(10_000);

    private static final int SMALL_BUFFER_BYTES = 4 << 10;
    private static final int SIP_BYTES = 4 << 10;
    private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final List<SocketChannel> channels = new ArrayList<>();
    private final Habit habit;
    private final ByteBuffer sip = ByteBuffer.allocateDirect(SIP_BYTES);
    private final long startNanos = System.nanoTime();
    private long turns;

    /** What a client does once a second. */
    private enum Habit {
        NOTHING,
        SIP,
        SEND_A_BYTE
    }

    private StandingCrowd(InetSocketAddress endpoint, int size, String atOnce, Habit habit) throws IOException {
        this.habit = habit;
        ByteBuffer bytes = ByteBuffer.wrap(atOnce.getBytes(StandardCharsets.US_ASCII));
        try {
            for (int i = 0; i < size; i++) {
                SocketChannel channel = SocketChannel.open();
                channels.add(channel);
                channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER_BYTES);
                channel.connect(endpoint);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.write(bytes.rewind());
                // A server that does not answer must not keep the measurement from its end.
                channel.configureBlocking(false);
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Clients that have asked once and now say nothing. */
    static StandingCrowd idle(InetSocketAddress endpoint, int size) throws IOException {
        StandingCrowd crowd = new StandingCrowd(endpoint, size, PING, Habit.NOTHING);
        long deadline = System.nanoTime() + ANSWER_NANOS;
        ByteBuffer pong = ByteBuffer.allocate(PONG_BYTES);
        for (SocketChannel channel : crowd.channels) {
            pong.clear();
            while (pong.hasRemaining() && channel.read(pong) >= 0 && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
        }
        return crowd;
    }

    /** Clients that ask for much and read little of it. */
    static StandingCrowd slowReaders(InetSocketAddress endpoint, int size) throws IOException {
        return new StandingCrowd(endpoint, size, LARGE_READS, Habit.SIP);
    }

    /** Clients that send a request byte by byte, one a second. */
    static StandingCrowd slowWriters(InetSocketAddress endpoint, int size) throws IOException {
        return new StandingCrowd(endpoint, size, "", Habit.SEND_A_BYTE);
    }

    /** Clients take turns, evenly spread over the second. */
    @Override
    public void work() throws IOException {
        if (habit == Habit.NOTHING) {
            return;
        }
        long due = (System.nanoTime() - startNanos) * channels.size() / ROUND_NANOS;
        for (; turns < due; turns++) {
            SocketChannel channel = channels.get((int) (turns % channels.size()));
            if (habit == Habit.SIP) {
                channel.read(sip.clear());
            } else {
                byte next = (byte) ENDLESS.charAt((int) (turns / channels.size()));
                channel.write(ByteBuffer.wrap(new byte[] {next}));
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : channels) {
            channel.close();
        }
    }
}
