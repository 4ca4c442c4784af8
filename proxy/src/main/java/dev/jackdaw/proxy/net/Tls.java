package dev.jackdaw.proxy.net;

import dev.jackdaw.protocol.tls.TlsContext;
import dev.jackdaw.protocol.topology.Node;
import dev.jackdaw.proxy.config.ProxyOptions.Encryption;
import io.netty.handler.ssl.SslHandler;

/** Immutable, and used by all event loops: the encryption of connections, if the options want any. */
public final class Tls {
    private static final int CLIENT_HANDSHAKE_MILLIS = 9_000;
    private static final int NODE_HANDSHAKE_MILLIS = 3_000;

    private final TlsContext front;
    private final TlsContext back;

    /** Fails with a {@link dev.jackdaw.protocol.tls.TlsException} if the certificates cannot be used. */
    public Tls(Encryption options) {
        front = options.port() == 0 ? null : TlsContext.forServer(options.settings());
        back = options.toNodes() ? TlsContext.forClient(options.settings()) : null;
    }

    /** For a connection that a client has opened to the port for TLS. */
    SslHandler accepted() {
        SslHandler handler = new SslHandler(front.serverEngine());
        handler.setHandshakeTimeoutMillis(CLIENT_HANDSHAKE_MILLIS);
        return handler;
    }

    /** For a connection to a node; null if it is not to be encrypted. */
    SslHandler opened(Node node) {
        if (back == null) {
            return null;
        }
        SslHandler handler = new SslHandler(back.clientEngine(node.host(), node.port()));
        handler.setHandshakeTimeoutMillis(NODE_HANDSHAKE_MILLIS);
        return handler;
    }
}
