package dev.jackdaw.server.net;

import dev.jackdaw.server.command.Session;
import dev.jackdaw.server.config.OutputLimit;
import dev.jackdaw.server.engine.Stats;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owned by its connection: how much a client may send ahead and leave unread, and how long it may be silent. One that goes beyond that is closed. */
final class ClientLimits {
    private static final Logger LOG = LoggerFactory.getLogger(ClientLimits.class);
    private static final int UNAUTHENTICATED_QUERY_BYTES = 1 << 20;
    /** What an unauthenticated client may leave unread. */
    private static final int UNAUTHENTICATED_REPLY_BYTES = 16 << 10;
    /** How long a client may take to authenticate itself; together with a round of the sweep at most ten seconds. */
    private static final int AUTHENTICATION_MILLIS = 9_000;

    private final Clients clients;
    private final ClientHandler client;
    /** Since when it leaves more unread than its soft limit; 0 if it does not. */
    private long overSoftLimitMillis;

    ClientLimits(Clients clients, ClientHandler client) {
        this.clients = clients;
        this.client = client;
    }

    private Session session() {
        return client.session();
    }

    private long now() {
        return clients.node().engine().nowMillis();
    }

    private Stats stats() {
        return clients.node().engine().stats();
    }

    /** Closes a client that has sent so many bytes ahead, if they are too many. */
    void checkQuery(int bytes) {
        long limit = session().isAuthenticated()
                ? clients.node().config().queryBufferLimitBytes()
                : UNAUTHENTICATED_QUERY_BYTES;
        if (bytes > limit) {
            stats().queryBufferDisconnections++;
            LOG.warn("Closing client {} that reached max query buffer length", client.remoteAddress());
            client.abort();
        }
    }

    /** Closes a client that is not authenticated and leaves replies unread. */
    void checkStranger() {
        if (!session().isAuthenticated() && client.outputBufferBytes() > UNAUTHENTICATED_REPLY_BYTES) {
            client.abort();
        }
    }

    /** Closes a client that leaves more replies unread than its class may, or has done so for too long. */
    void checkOutput() {
        OutputLimit limit = clients.node().config().outputLimit(session().clientClass());
        long held = client.outputBufferBytes();
        if (isTooMuch(held, limit)) {
            stats().outputBufferDisconnections++;
            LOG.warn(
                    "Client {} scheduled to be closed ASAP for overcoming of output buffer limits ({} bytes)",
                    client.remoteAddress(),
                    held);
            client.abort();
        }
    }

    private boolean isTooMuch(long held, OutputLimit limit) {
        boolean overHard = limit.hardBytes() > 0 && held > limit.hardBytes();
        boolean overSoft = limit.softBytes() > 0 && held > limit.softBytes();
        if (!overSoft) {
            overSoftLimitMillis = 0;
        } else if (overSoftLimitMillis == 0) {
            overSoftLimitMillis = now();
        }
        return overHard || overSoft && now() - overSoftLimitMillis > limit.softSeconds() * 1000L;
    }

    /** What kind of client it is that has had its time, if it has; null if not. */
    String overdue(long lastReadMillis) {
        if (!session().isAuthenticated() && now() - session().connectedAtMillis() > AUTHENTICATION_MILLIS) {
            return "unauthenticated";
        }
        long timeoutMillis = clients.node().config().timeoutMillis();
        boolean isIdle = timeoutMillis > 0
                && now() - lastReadMillis > timeoutMillis
                && !session().isSubscriber()
                && session().takesRequests();
        return isIdle ? "idle" : null;
    }
}
