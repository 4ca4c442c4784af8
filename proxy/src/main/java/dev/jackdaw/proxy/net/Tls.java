package dev.jackdaw.proxy.net;

import dev.jackdaw.protocol.tls.TlsContext;
import dev.jackdaw.protocol.tls.TlsException;
import dev.jackdaw.protocol.tls.TlsSettings;
import dev.jackdaw.protocol.topology.Node;
import dev.jackdaw.proxy.config.ProxyOptions.Encryption;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shared by all event loops, which see new certificates as soon as these have been read: the encryption of connections, if the
 * options want any.
 */
public final class Tls {
    private static final int CLIENT_HANDSHAKE_MILLIS = 9_000;
    private static final int NODE_HANDSHAKE_MILLIS = 3_000;
    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

    private final Encryption options;
    private List<String> seen;
    private volatile Contexts contexts;

    /** Immutable: what clients and nodes are shown; null for those who want no encryption. */
    private record Contexts(TlsContext front, TlsContext back) {}

    /** Fails with a {@link TlsException} if the certificates cannot be used. */
    public Tls(Encryption options) {
        this.options = options;
        seen = isWanted() ? stamps() : List.of();
        contexts = read();
    }

    public boolean isWanted() {
        return options.port() != 0 || options.toNodes();
    }

    private Contexts read() {
        return new Contexts(
                options.port() == 0 ? null : TlsContext.forServer(options.settings()),
                options.toNodes() ? TlsContext.forClient(options.settings()) : null);
    }

    /** Reads the files again if they have changed; if they cannot be used, everything stays as it was. Not for event loops. */
    public void refresh() {
        List<String> now = stamps();
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        try {
            contexts = read();
            LOG.info("new connections use the TLS files as they are now");
        } catch (TlsException unusable) {
            LOG.warn("TLS stays as it was: {}", unusable.getMessage());
        }
    }

    private List<String> stamps() {
        TlsSettings files = options.settings();
        List<String> stamps = new ArrayList<>();
        for (String file : List.of(files.certFile(), files.keyFile(), files.caCertFile())) {
            try {
                Path path = Path.of(file);
                stamps.add(file.isEmpty() ? "" : Files.getLastModifiedTime(path) + " " + Files.size(path));
            } catch (IOException gone) {
                stamps.add("");
            }
        }
        return stamps;
    }

    /** For a connection that a client has opened to the port for TLS. */
    SslHandler accepted() {
        SslHandler handler = new SslHandler(contexts.front().serverEngine());
        handler.setHandshakeTimeoutMillis(CLIENT_HANDSHAKE_MILLIS);
        return handler;
    }

    /** For a connection to a node; null if it is not to be encrypted. */
    SslHandler opened(Node node) {
        TlsContext back = contexts.back();
        if (back == null) {
            return null;
        }
        SslHandler handler = new SslHandler(back.clientEngine(node.host(), node.port()));
        handler.setHandshakeTimeoutMillis(NODE_HANDSHAKE_MILLIS);
        return handler;
    }
}
