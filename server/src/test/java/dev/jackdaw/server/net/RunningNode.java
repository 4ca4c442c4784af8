package dev.jackdaw.server.net;

import dev.jackdaw.protocol.oracle.Ports;
import dev.jackdaw.protocol.oracle.RawClient;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.tls.TestCertificates;
import dev.jackdaw.server.command.Node;
import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.config.ConfigLoader;
import dev.jackdaw.server.engine.Clock;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.persistence.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** Owned by one test: a node with its network, on a free port of the loopback interface, whose clock can be put forward. */
public final class RunningNode implements AutoCloseable {
    private static final int MOST_ATTEMPTS = 5;

    private final AtomicLong aheadMillis = new AtomicLong();
    private final LongSupplier time;

    private final Clock clock = new Clock() {
        @Override
        public long millis() {
            return time.getAsLong() + aheadMillis.get();
        }

        @Override
        public long nanos() {
            return Clock.SYSTEM.nanos();
        }
    };

    private final Server server;
    private final int port;
    private int tlsPort;

    private RunningNode(Config config, Disk disk, LongSupplier time) {
        this.time = time;
        server = new Server(new Node(new Engine(clock, config.databases(), 42), config, disk));
        try {
            port = server.start();
            server.awaitLoaded();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Starts a node with settings as they stand on the command line. */
    public static RunningNode with(String... options) {
        return on(Disk.REAL, options);
    }

    /** The same, whose files lie on this disk. */
    public static RunningNode on(Disk disk, String... options) {
        return new RunningNode(config(options), disk, Clock.SYSTEM::millis);
    }

    /** The same, whose clock stands still but for {@link #advance}. */
    public static RunningNode atRest(String... options) {
        long now = Clock.SYSTEM.millis();
        return new RunningNode(config(options), Disk.REAL, () -> now);
    }

    private static Config config(String... options) {
        return ConfigLoader.load(Stream.concat(Stream.of("--port", "0", "--bind", "127.0.0.1"), Arrays.stream(options))
                .toArray(String[]::new));
    }

    /** Starts a node that also listens for TLS, with a certificate and its key. */
    public static RunningNode encrypted(TestCertificates certificates, String name, String... options) {
        for (int attempt = 1; ; attempt++) {
            int tlsPort = Ports.free();
            try {
                RunningNode node = with(Stream.concat(
                                Stream.of(
                                        "--port",
                                        Integer.toString(Ports.free()),
                                        "--tls-port",
                                        Integer.toString(tlsPort),
                                        "--tls-cert-file",
                                        certificates.certificate(name).toString(),
                                        "--tls-key-file",
                                        certificates.key(name).toString(),
                                        "--tls-ca-cert-file",
                                        certificates.certificate("ca").toString()),
                                Arrays.stream(options))
                        .toArray(String[]::new));
                node.tlsPort = tlsPort;
                return node;
            } catch (UncheckedIOException taken) {
                // Somebody else may have taken a port that was free a moment ago.
                if (attempt == MOST_ATTEMPTS) {
                    throw taken;
                }
            }
        }
    }

    /** The port for TLS, of a node that has one. */
    public int tlsPort() {
        return tlsPort;
    }

    public int port() {
        return port;
    }

    /** Puts the clock forward; what is due happens a moment later. */
    public void advance(long millis) {
        aheadMillis.addAndGet(millis);
    }

    /** A client that speaks the protocol. */
    public RespConnection connect() {
        return RespConnection.to(port);
    }

    /** A client that sends and receives bytes. */
    public RawClient raw() {
        return new RawClient(port);
    }

    /** Waits until a client wants the node to end. */
    public void awaitStop() throws InterruptedException {
        server.awaitStop();
    }

    @Override
    public void close() {
        server.close();
    }
}
