package dev.jackdaw.benchmarks.trace;

import dev.jackdaw.benchmarks.load.Digits;
import dev.jackdaw.benchmarks.load.Pace;
import dev.jackdaw.benchmarks.load.ReplyScanner;
import dev.jackdaw.benchmarks.load.RespClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Owned by one thread: an application with a look-aside cache that makes the requests of a trace: GET, and SET where there was
 * nothing.
 *
 * <p>One request at a time would mostly wait, so they go in windows of {@value #WINDOW}, in two steps that keep the meaning:
 *
 * <pre>
 *   window     a b a c b
 *   step one   GET a, GET b, GET c                 the first request of each key
 *   step two   SET a (if missed), GET a, GET b     in order: what was missed, and the repeated requests
 * </pre>
 *
 * A key that is missed and asked for again within a window is thus one miss and then hits, as it would be one by one.
 */
final class Replay implements AutoCloseable {
    static final int WINDOW = 32;

    private static final int READ_BYTES = 64 * 1024;
    private static final int WRITTEN_DIGITS = 8;

    private final RespClient client;
    private final ByteBuffer out;
    private final ByteBuffer read = ByteBuffer.allocate(READ_BYTES).flip();
    private final ReplyScanner scanner = new ReplyScanner();
    private final byte[] get = "*2\r\n$3\r\nGET\r\n$16\r\nkey:000000000000\r\n".getBytes(StandardCharsets.US_ASCII);
    private final byte[] set;
    private final int setKeyEnd;

    private final boolean[] isFirst = new boolean[WINDOW];
    private final boolean[] isMissed = new boolean[WINDOW];
    private long hits;
    private long misses;
    private long refusals;

    Replay(InetSocketAddress endpoint, int valueBytes) throws IOException {
        String head = "*3\r\n$3\r\nSET\r\n$16\r\nkey:000000000000";
        String tail = "\r\n$" + valueBytes + "\r\n" + "x".repeat(valueBytes) + "\r\n";
        set = (head + tail).getBytes(StandardCharsets.US_ASCII);
        setKeyEnd = head.length();
        out = ByteBuffer.allocate(WINDOW * Math.max(get.length, set.length)).order(ByteOrder.LITTLE_ENDIAN);
        client = new RespClient(endpoint);
    }

    /** A command between replays, on the same connection: another one would take memory from the cache. */
    String call(String... arguments) throws IOException {
        return client.call(arguments);
    }

    /**
     * Makes all requests of the trace.
     *
     * @param requestsPerSecond 0 for as many as go
     */
    ReplayResult run(Trace trace, long requestsPerSecond) throws IOException {
        hits = 0;
        misses = 0;
        refusals = 0;
        long startNanos = System.nanoTime();
        for (int from = 0; from < trace.requests(); from += WINDOW) {
            if (requestsPerSecond > 0) {
                Pace.awaitUntil(startNanos + from * 1_000_000_000L / requestsPerSecond);
            }
            window(trace, from, Math.min(from + WINDOW, trace.requests()));
        }
        return new ReplayResult(hits, misses, refusals, System.nanoTime() - startNanos);
    }

    private void window(Trace trace, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            isFirst[i - from] = isFirst(trace, from, i);
            if (isFirst[i - from]) {
                putGet(trace.id(i));
            }
        }
        flush();
        for (int i = from; i < to; i++) {
            isMissed[i - from] = isFirst[i - from] && isMiss();
        }
        for (int i = from; i < to; i++) {
            if (isMissed[i - from]) {
                putSet(trace.id(i));
            } else if (!isFirst[i - from]) {
                putGet(trace.id(i));
            }
        }
        flush();
        for (int i = from; i < to; i++) {
            if (isMissed[i - from]) {
                awaitStored();
            } else if (!isFirst[i - from]) {
                isMiss();
            }
        }
    }

    private static boolean isFirst(Trace trace, int from, int request) {
        int id = trace.id(request);
        for (int i = from; i < request; i++) {
            if (trace.id(i) == id) {
                return false;
            }
        }
        return true;
    }

    private void putGet(int id) {
        out.put(get);
        Digits.putEight(out, out.position() - 2 - WRITTEN_DIGITS, id);
    }

    private void putSet(int id) {
        int start = out.position();
        out.put(set);
        Digits.putEight(out, start + setKeyEnd - WRITTEN_DIGITS, id);
    }

    private void flush() throws IOException {
        client.send(out.array(), out.position());
        out.clear();
    }

    private boolean isMiss() throws IOException {
        awaitReply();
        if (scanner.isError()) {
            throw new IOException("GET was answered: " + scanner.error());
        }
        boolean missed = scanner.isNull();
        if (missed) {
            misses++;
        } else {
            hits++;
        }
        return missed;
    }

    /** A server may refuse to store for want of memory: then the next request of that key is a miss again. */
    private void awaitStored() throws IOException {
        awaitReply();
        if (scanner.isError()) {
            if (!scanner.error().startsWith("OOM")) {
                throw new IOException("SET was answered: " + scanner.error());
            }
            refusals++;
        }
    }

    private void awaitReply() throws IOException {
        while (!scanner.next(read)) {
            read.position(0).limit(client.receive(read.array()));
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
