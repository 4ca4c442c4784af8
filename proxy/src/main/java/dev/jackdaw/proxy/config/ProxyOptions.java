package dev.jackdaw.proxy.config;

import dev.jackdaw.protocol.tls.TlsSettings;
import dev.jackdaw.protocol.topology.Node;
import java.util.List;

/**
 * Immutable: how a proxy is to run.
 *
 * @param port zero for any free one
 * @param nearCacheBytes zero for no near cache
 * @param password what clients must give, empty for none
 * @param nodePassword what the nodes want, empty for none
 * @param nodeTimeoutMillis how long a node that has requests to answer may be silent before its connection is closed
 * @param timeoutSeconds how long a client may send nothing, unless it listens to channels; zero for as long as it likes
 */
public record ProxyOptions(
        String bind,
        int port,
        List<Node> nodes,
        long nearCacheBytes,
        String password,
        String nodePassword,
        int ioThreads,
        int databases,
        int maxClients,
        int nodeTimeoutMillis,
        int timeoutSeconds,
        Encryption encryption) {
    /**
     * Immutable: where TLS is spoken.
     *
     * @param port where clients connect with TLS, zero for nowhere
     * @param toNodes whether the nodes are spoken to with TLS
     * @param settings certificates and keys
     */
    public record Encryption(int port, boolean toNodes, TlsSettings settings) {
        public static final Encryption NONE =
                new Encryption(0, false, TlsSettings.of("", "", "", "", TlsSettings.ClientCertificates.NO));
    }

    public static final String DEFAULT_BIND = "127.0.0.1";
    public static final int DEFAULT_DATABASES = 16;
    public static final int DEFAULT_MAX_CLIENTS = 10_000;
    public static final int DEFAULT_NODE_TIMEOUT_MILLIS = 3_000;

    public ProxyOptions {
        nodes = List.copyOf(nodes);
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("a proxy needs at least one node");
        }
        if (nodes.stream().distinct().count() != nodes.size()) {
            throw new IllegalArgumentException("a node is named twice");
        }
        if (ioThreads < 1
                || databases < 1
                || maxClients < 1
                || nodeTimeoutMillis < 1
                || nearCacheBytes < 0
                || timeoutSeconds < 0) {
            throw new IllegalArgumentException("a number is out of range");
        }
    }

    public boolean hasPassword() {
        return !password.isEmpty();
    }
}
