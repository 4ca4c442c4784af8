package dev.jackdaw.benchmarks.flood;

import dev.jackdaw.benchmarks.load.RespClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Shared by the threads of its clients: each write is of a new key, and what readers ask for is the key that was stored last. */
final class Flood {
    private static final String KEY = "flood:%012d";
    private static final int REPLY_BYTES = 4 << 10;

    private final InetSocketAddress endpoint;
    private final byte[] value;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong stored = new AtomicLong();
    private volatile long storedLast;
    private volatile boolean isOver;

    /** Immutable: how many values the server took, and how many it did not. */
    record Outcome(long stored, long refused) {}

    Flood(InetSocketAddress endpoint, int valueBytes) {
        this.endpoint = endpoint;
        this.value = "v".repeat(valueBytes).getBytes(StandardCharsets.US_ASCII);
    }

    /** Floods the server for so long; throws what a client met that the server should not have done. */
    Outcome run(int writers, int slowReaders, double seconds) throws IOException {
        long deadline = System.nanoTime() + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
        List<Future<Void>> clients = new ArrayList<>();
        try (ExecutorService threads = Executors.newCachedThreadPool();
                SlowReaders readers = new SlowReaders(endpoint, slowReaders)) {
            for (int i = 0; i < writers; i++) {
                clients.add(threads.submit((Callable<Void>) this::write));
            }
            while (System.nanoTime() < deadline && clients.stream().noneMatch(Future::isDone)) {
                if (stored.get() > 0) {
                    readers.work(KEY.formatted(storedLast));
                }
                TimeUnit.MILLISECONDS.sleep(1);
            }
            isOver = true;
            for (Future<Void> client : clients) {
                client.get();
            }
            return new Outcome(stored.get(), refused.get());
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException cause ? cause : new IOException(failed.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            isOver = true;
        }
    }

    private Void write() throws IOException {
        byte[] reply = new byte[REPLY_BYTES];
        try (RespClient client = new RespClient(endpoint)) {
            while (!isOver) {
                long number = next.incrementAndGet();
                byte[] head = ("*3\r\n$3\r\nSET\r\n$18\r\n" + KEY.formatted(number) + "\r\n$" + value.length + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
                client.send(head, head.length);
                client.send(value, value.length);
                client.send(new byte[] {'\r', '\n'}, 2);
                if (isOk(client, reply)) {
                    storedLast = number;
                    stored.incrementAndGet();
                } else {
                    refused.incrementAndGet();
                }
            }
        }
        return null;
    }

    /** Reads a reply, which must be OK or that the memory does not suffice. */
    private static boolean isOk(RespClient client, byte[] into) throws IOException {
        StringBuilder reply = new StringBuilder();
        while (reply.indexOf("\n") < 0) {
            reply.append(new String(into, 0, client.receive(into), StandardCharsets.US_ASCII));
        }
        boolean isOk = reply.charAt(0) == '+';
        if (!isOk && !reply.toString().startsWith("-OOM ")) {
            throw new IOException("SET was answered: " + reply.toString().trim());
        }
        return isOk;
    }
}
