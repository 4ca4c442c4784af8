package dev.jackdaw.benchmarks.connections;

import dev.jackdaw.benchmarks.load.RespClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Owned by one thread: clients that connect, ask once and leave, at a steady rate. */
final class PassingCrowd implements Crowd {
    private final InetSocketAddress endpoint;
    private final int perSecond;
    private final long startNanos = System.nanoTime();
    private long come;

    PassingCrowd(InetSocketAddress endpoint, int perSecond) {
        this.endpoint = endpoint;
        this.perSecond = perSecond;
    }

    @Override
    public void work() throws IOException {
        long due = (System.nanoTime() - startNanos) * perSecond / TimeUnit.SECONDS.toNanos(1);
        for (; come < due; come++) {
            try (RespClient client = new RespClient(endpoint)) {
                client.call("PING");
            }
        }
    }

    @Override
    public void close() {
        // Nobody stays.
    }
}
