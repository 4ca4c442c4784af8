package dev.jackdaw.server.net;

import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.config.ConfigException;
import dev.jackdaw.server.config.Directive;
import dev.jackdaw.server.config.Words;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owned by the event loop: where clients come in: a port, one for TLS, a Unix socket. The port and the addresses can change while the node
 * runs; clients that are connected stay.
 */
final class Entrances implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Entrances.class);

    private final Config config;
    private final Function<Consumer<Channel>, ServerBootstrap> bootstraps;
    private final ReadBuffer readBuffer;
    private final Listener plain = new Listener();
    private final Listener encrypted = new Listener();
    private final Listener local = new Listener();
    private ServerBootstrap plainly;
    private ServerBootstrap encrypting;
    /** What listens without encryption, also when {@code port} says 0 and the system chose. */
    private int port;

    /**
     * @param bootstraps gives what serves clients, of whom somebody else learns first
     * @param readBuffer what is received is read into where nobody keeps it
     */
    Entrances(Config config, Function<Consumer<Channel>, ServerBootstrap> bootstraps, ReadBuffer readBuffer) {
        this.config = config;
        this.bootstraps = bootstraps;
        this.readBuffer = readBuffer;
    }

    /**
     * Opens what the settings say; a port of 0 is chosen by the system, if there is none for TLS.
     *
     * @throws IOException if an address cannot be had that is not marked as dispensable with a dash
     */
    void open() throws IOException {
        plainly = network(unencrypted());
        port = (int) config.number(Directive.PORT);
        int tlsPort = (int) config.number(Directive.TLS_PORT);
        if (port != 0 || tlsPort == 0) {
            plain.listen(plainly, addresses(), port);
            port = plain.isOpen() ? plain.port() : port;
        }
        if (tlsPort != 0) {
            encrypting = network(bootstraps.apply(new Tls(config)));
            encrypted.listen(encrypting, addresses(), tlsPort);
        }
        if (!config.text(Directive.UNIXSOCKET).isEmpty()) {
            openUnixSocket(config.path(Directive.UNIXSOCKET));
        }
        config.tryBefore(Set.of(Directive.PORT, Directive.BIND), this::change);
    }

    private ServerBootstrap unencrypted() {
        return bootstraps.apply(readBuffer::serve);
    }

    private static ServerBootstrap network(ServerBootstrap bootstrap) {
        return bootstrap.channel(Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class);
    }

    private List<String> addresses() {
        return config.words(Directive.BIND);
    }

    /** The port without encryption, or, where there is none, the other. */
    int port() {
        return plain.isOpen() ? plain.port() : encrypted.port();
    }

    // --- The Unix socket ---

    /** What is left of a node that was killed is replaced. */
    private void openUnixSocket(Path path) throws IOException {
        if (!Epoll.isAvailable()) {
            throw new IOException("unixsocket: there are none on this system");
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            Files.delete(path);
        }
        local.listen(
                unencrypted().channel(EpollServerDomainSocketChannel.class), new DomainSocketAddress(path.toString()));
        long permissions = config.number(Directive.UNIXSOCKETPERM);
        if (permissions != 0) {
            Files.setPosixFilePermissions(path, permissions(permissions));
        }
    }

    /** Of nine bits, the highest of which says whether the owner may read. */
    private static Set<PosixFilePermission> permissions(long bits) {
        PosixFilePermission[] all = PosixFilePermission.values();
        Set<PosixFilePermission> granted = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < all.length; i++) {
            if ((bits >> all.length - 1 - i & 1) != 0) {
                granted.add(all[i]);
            }
        }
        return granted;
    }

    // --- Changes ---

    private Runnable change(Function<Directive, String> values) {
        int newPort = Integer.parseInt(values.apply(Directive.PORT));
        boolean moves = newPort != config.number(Directive.PORT);
        boolean otherAddresses = !values.apply(Directive.BIND).equals(config.text(Directive.BIND));
        List<String> addresses = Words.split(values.apply(Directive.BIND));
        if (otherAddresses && !Listener.canListen(addresses, 0)) {
            throw new ConfigException("Failed to bind to specified addresses.");
        }
        if (moves && newPort != 0 && !Listener.canListen(addresses, newPort)) {
            throw new ConfigException("Unable to listen on this port. Check server logs.");
        }
        return moves || otherAddresses ? () -> reopen(moves ? newPort : port, otherAddresses) : () -> {};
    }

    private void reopen(int newPort, boolean otherAddresses) {
        try {
            plain.close();
            port = newPort;
            if (port != 0) {
                plain.listen(plainly, addresses(), port);
            }
            if (otherAddresses && encrypting != null) {
                encrypted.close();
                encrypted.listen(encrypting, addresses(), (int) config.number(Directive.TLS_PORT));
            }
            LOG.info("Listening on port {} of {}", port(), addresses());
        } catch (IOException failed) {
            LOG.error("What could be listened on a moment ago was taken", failed);
        }
    }

    @Override
    public void close() {
        plain.close();
        encrypted.close();
        if (local.isOpen()) {
            local.close();
            deleteUnixSocket();
        }
    }

    private void deleteUnixSocket() {
        try {
            Files.deleteIfExists(config.path(Directive.UNIXSOCKET));
        } catch (IOException failed) {
            LOG.warn("The Unix socket cannot be deleted", failed);
        }
    }
}
