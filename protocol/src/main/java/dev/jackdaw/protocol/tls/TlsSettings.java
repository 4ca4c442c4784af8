package dev.jackdaw.protocol.tls;

import java.util.List;

/**
 * Immutable: what redis.conf says of TLS, each part under its name there; empty for what is not said.
 *
 * @param caCertFile the certificates that sign those of clients, or of nodes
 * @param caCertDir a directory of such files
 * @param protocols as {@code TLSv1.3}; both that are safe if there are none
 * @param ciphers the cipher suites up to TLS 1.2, by the names that OpenSSL or the JDK has for them
 * @param cipherSuites the cipher suites of TLS 1.3
 */
public record TlsSettings(
        String certFile,
        String keyFile,
        String keyFilePass,
        String caCertFile,
        String caCertDir,
        ClientCertificates clients,
        List<String> protocols,
        List<String> ciphers,
        List<String> cipherSuites,
        boolean preferServerCiphers) {
    /** Immutable: whether clients must show a certificate: tls-auth-clients. */
    public enum ClientCertificates {
        NO,
        YES,
        OPTIONAL
    }

    /** A certificate and its key, and whom to trust; everything else as it comes. */
    public static TlsSettings of(
            String certFile, String keyFile, String keyFilePass, String caCertFile, ClientCertificates clients) {
        return new TlsSettings(
                certFile, keyFile, keyFilePass, caCertFile, "", clients, List.of(), List.of(), List.of(), false);
    }
}
