package dev.jackdaw.protocol.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/** Immutable, and used by any thread: certificates and rules from which the engines of connections are made. */
public final class TlsContext {
    private static final List<String> SAFE_PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");
    private static final char[] NO_PASSWORD = {};

    private final TlsSettings settings;
    private final SSLContext context;

    private TlsContext(TlsSettings settings, SSLContext context) {
        this.settings = settings;
        this.context = context;
    }

    /** For those who are connected to; they need a certificate. A {@link TlsException} says what is missing. */
    public static TlsContext forServer(TlsSettings settings) {
        if (settings.certFile().isEmpty() || settings.keyFile().isEmpty()) {
            throw new TlsException("tls-cert-file and tls-key-file are needed");
        }
        if (settings.clients() != TlsSettings.ClientCertificates.NO && !trusts(settings)) {
            throw new TlsException("tls-ca-cert-file or tls-ca-cert-dir is needed, or tls-auth-clients no");
        }
        TlsContext made = make(settings);
        // Names of protocols and cipher suites are looked at only here.
        made.serverEngine();
        return made;
    }

    /** For those who connect; without certificates to trust, those that the JDK trusts. */
    public static TlsContext forClient(TlsSettings settings) {
        TlsContext made = make(settings);
        made.clientEngine("localhost", 1);
        return made;
    }

    private static boolean trusts(TlsSettings settings) {
        return !settings.caCertFile().isEmpty() || !settings.caCertDir().isEmpty();
    }

    private static TlsContext make(TlsSettings settings) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(settings).getKeyManagers(), trust(settings).getTrustManagers(), null);
            return new TlsContext(settings, context);
        } catch (GeneralSecurityException | IOException wrong) {
            throw new TlsException("the certificates cannot be used", wrong);
        }
    }

    private static KeyManagerFactory keys(TlsSettings settings) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        if (!settings.certFile().isEmpty()) {
            X509Certificate[] chain =
                    Pem.certificates(Path.of(settings.certFile())).toArray(X509Certificate[]::new);
            PrivateKey key = Pem.privateKey(Path.of(settings.keyFile()), settings.keyFilePass());
            if (!Pem.fit(chain[0], key)) {
                throw new TlsException("the key in " + settings.keyFile() + " is not that of " + settings.certFile());
            }
            store.setKeyEntry("key", key, NO_PASSWORD, chain);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, NO_PASSWORD);
        return keys;
    }

    private static TrustManagerFactory trust(TlsSettings settings) throws GeneralSecurityException, IOException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        if (!trusts(settings)) {
            trust.init((KeyStore) null);
            return trust;
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (Path file : authorities(settings)) {
            for (X509Certificate certificate : Pem.certificates(file)) {
                store.setCertificateEntry("ca" + store.size(), certificate);
            }
        }
        trust.init(store);
        return trust;
    }

    private static List<Path> authorities(TlsSettings settings) throws IOException {
        List<Path> files = new ArrayList<>();
        if (!settings.caCertFile().isEmpty()) {
            files.add(Path.of(settings.caCertFile()));
        }
        if (!settings.caCertDir().isEmpty()) {
            try (Stream<Path> found = Files.list(Path.of(settings.caCertDir()))) {
                found.filter(Files::isRegularFile).forEach(files::add);
            }
        }
        return files;
    }

    /** For a connection that somebody opened to us. */
    public SSLEngine serverEngine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = parameters(engine);
        switch (settings.clients()) {
            case NO -> {}
            case YES -> parameters.setNeedClientAuth(true);
            case OPTIONAL -> parameters.setWantClientAuth(true);
        }
        parameters.setUseCipherSuitesOrder(settings.preferServerCiphers());
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** For a connection that we open. The other side's certificate must be for that name. */
    public SSLEngine clientEngine(String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = parameters(engine);
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    private SSLParameters parameters(SSLEngine engine) {
        SSLParameters parameters = engine.getSSLParameters();
        List<String> protocols = settings.protocols().isEmpty() ? SAFE_PROTOCOLS : settings.protocols();
        if (!SAFE_PROTOCOLS.containsAll(protocols)) {
            throw new TlsException("tls-protocols may be TLSv1.2 and TLSv1.3");
        }
        parameters.setProtocols(protocols.toArray(String[]::new));
        parameters.setCipherSuites(CipherNames.chosen(
                settings.ciphers(),
                settings.cipherSuites(),
                parameters.getCipherSuites(),
                Set.of(engine.getSupportedCipherSuites())));
        return parameters;
    }
}
