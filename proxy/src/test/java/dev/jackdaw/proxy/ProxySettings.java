package dev.jackdaw.proxy;

import dev.jackdaw.protocol.topology.Node;
import dev.jackdaw.proxy.config.ProxyOptions;
import dev.jackdaw.proxy.config.ProxyOptions.Encryption;
import java.util.List;

/**
 * Owned by one test: the options of a proxy that listens on any free port: the defaults without a near cache and with more patience,
 * but for what is said.
 */
public final class ProxySettings {
    private static final int IMPATIENT_MILLIS = 1_500;
    private static final int PATIENT_MILLIS = 15_000;

    private long nearCacheBytes;
    private String password = "";
    private String nodePassword = "";
    private int maxClients = ProxyOptions.DEFAULT_MAX_CLIENTS;
    private int nodeTimeoutMillis = PATIENT_MILLIS;
    private int timeoutSeconds;
    private Encryption encryption = Encryption.NONE;

    ProxySettings nearCacheBytes(long bytes) {
        nearCacheBytes = bytes;
        return this;
    }

    ProxySettings password(String ofClients) {
        password = ofClients;
        return this;
    }

    ProxySettings nodePassword(String ofNodes) {
        nodePassword = ofNodes;
        return this;
    }

    ProxySettings maxClients(int clients) {
        maxClients = clients;
        return this;
    }

    ProxySettings timeoutSeconds(int seconds) {
        timeoutSeconds = seconds;
        return this;
    }

    ProxySettings encryption(Encryption newEncryption) {
        encryption = newEncryption;
        return this;
    }

    /** For tests of nodes that do not answer; too short where the machine is busy and nodes are not meant to fail. */
    ProxySettings impatient() {
        nodeTimeoutMillis = IMPATIENT_MILLIS;
        return this;
    }

    public ProxyOptions to(List<Node> nodes) {
        return new ProxyOptions(
                ProxyOptions.DEFAULT_BIND,
                0,
                nodes,
                nearCacheBytes,
                password,
                nodePassword,
                1,
                ProxyOptions.DEFAULT_DATABASES,
                maxClients,
                nodeTimeoutMillis,
                timeoutSeconds,
                encryption);
    }
}
