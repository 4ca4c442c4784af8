package dev.jackdaw.server.command;

import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.pubsub.Channels;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owned by the event loop: what the commands of one node share: its data, its settings, its clients. */
public final class Node {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final long ATTACK_LOG_MILLIS = 60_000;

    private final Engine engine;
    private final Config config;
    private final Channels channels;
    private final Map<Long, Session> sessions = new LinkedHashMap<>();
    private long nextSessionId = 1;
    private long lastAttackLogMillis = Long.MIN_VALUE / 2;

    public Node(Engine engine, Config config) {
        this.engine = engine;
        this.config = config;
        this.channels = new Channels(engine);
    }

    public Engine engine() {
        return engine;
    }

    public Config config() {
        return config;
    }

    public Channels channels() {
        return channels;
    }

    /** Makes a connection a client of this node. */
    public Session connect(Connection connection) {
        boolean authenticated = config.requirePass().isEmpty();
        Session session =
                new Session(nextSessionId++, connection, engine.keyspace(0), authenticated, engine.nowMillis());
        sessions.put(session.id(), session);
        engine.stats().connections++;
        return session;
    }

    public void disconnect(Session session) {
        sessions.remove(session.id());
        forget(session);
    }

    /** Ends what the client listens to, without a word; part of RESET. */
    void forget(Session session) {
        channels.forget(session.subscriber());
    }

    /** The clients, the oldest first. */
    public Collection<Session> sessions() {
        return Collections.unmodifiableCollection(sessions.values());
    }

    public Session session(long id) {
        return sessions.get(id);
    }

    /** A browser was made to send us commands (cross-protocol scripting): nothing of it is answered. */
    void suspectedAttack(Session session) {
        if (engine.nowMillis() - lastAttackLogMillis >= ATTACK_LOG_MILLIS) {
            lastAttackLogMillis = engine.nowMillis();
            LOG.warn(
                    "Possible SECURITY ATTACK detected: {} sends HTTP. Connection aborted.",
                    session.connection().remoteAddress());
        }
        session.connection().abort();
    }
}
