package dev.jackdaw.server.net;

import dev.jackdaw.protocol.tls.TlsContext;
import dev.jackdaw.protocol.tls.TlsException;
import dev.jackdaw.protocol.tls.TlsSettings;
import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.config.ConfigException;
import dev.jackdaw.server.config.Directive;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owned by the event loop: the encryption of connections. The settings can change while the node runs; new connections use the
 * new ones, if these can be used at all. The costly part of a handshake has a thread of its own.
 */
final class Tls implements Consumer<Channel> {
    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);
    private static final int HANDSHAKE_MILLIS = 9_000;
    /** How long a connection that is cut off may take to say so. */
    private static final int FAREWELL_MILLIS = 1_000;

    private static final int IDLE_SECONDS = 10;

    private static final Set<Directive> DIRECTIVES = EnumSet.of(
            Directive.TLS_CERT_FILE,
            Directive.TLS_KEY_FILE,
            Directive.TLS_KEY_FILE_PASS,
            Directive.TLS_CA_CERT_FILE,
            Directive.TLS_CA_CERT_DIR,
            Directive.TLS_AUTH_CLIENTS,
            Directive.TLS_PROTOCOLS,
            Directive.TLS_CIPHERS,
            Directive.TLS_CIPHERSUITES,
            Directive.TLS_PREFER_SERVER_CIPHERS);

    private final Executor handshakes = handshakes();
    private TlsContext context;

    /** A {@link ConfigException} tells what is wrong with the settings. */
    Tls(Config config) {
        try {
            context = context(config, config::text);
        } catch (TlsException wrong) {
            throw new ConfigException("TLS: " + wrong.getMessage());
        }
        config.tryBefore(DIRECTIVES, values -> change(config, values));
    }

    private Runnable change(Config config, Function<Directive, String> values) {
        try {
            TlsContext next = context(config, values);
            return () -> context = next;
        } catch (TlsException wrong) {
            LOG.warn("TLS stays as it was: {}", wrong.getMessage());
            throw new ConfigException("Unable to update TLS configuration. Check server logs.");
        }
    }

    /** One thread, which ends when there is nothing to do. */
    private static Executor handshakes() {
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "tls");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static TlsContext context(Config config, Function<Directive, String> values) {
        return TlsContext.forServer(new TlsSettings(
                file(config, values.apply(Directive.TLS_CERT_FILE)),
                file(config, values.apply(Directive.TLS_KEY_FILE)),
                values.apply(Directive.TLS_KEY_FILE_PASS),
                file(config, values.apply(Directive.TLS_CA_CERT_FILE)),
                file(config, values.apply(Directive.TLS_CA_CERT_DIR)),
                TlsSettings.ClientCertificates.valueOf(
                        values.apply(Directive.TLS_AUTH_CLIENTS).toUpperCase(Locale.ROOT)),
                words(values.apply(Directive.TLS_PROTOCOLS), " "),
                words(values.apply(Directive.TLS_CIPHERS), ":"),
                words(values.apply(Directive.TLS_CIPHERSUITES), ":"),
                values.apply(Directive.TLS_PREFER_SERVER_CIPHERS).equals("yes")));
    }

    private static String file(Config config, String name) {
        return name.isEmpty()
                ? ""
                : config.path(Directive.DIR).resolve(Config.path(name)).toString();
    }

    private static List<String> words(String text, String separator) {
        return text.isBlank() ? List.of() : List.of(text.strip().split(separator + "+", -1));
    }

    /** Encrypts a new connection. */
    @Override
    public void accept(Channel channel) {
        SslHandler handler = new SslHandler(context.serverEngine(), handshakes);
        handler.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
        handler.setCloseNotifyFlushTimeoutMillis(FAREWELL_MILLIS);
        channel.pipeline().addLast(handler);
    }
}
