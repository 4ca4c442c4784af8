package dev.jackdaw.server.command;

import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.pubsub.Channels;
import dev.jackdaw.server.tracking.Tracker;
import dev.jackdaw.server.tracking.Tracking;
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
    private final Tracking tracking;
    private final Map<Long, Session> sessions = new LinkedHashMap<>();
    private long nextSessionId = 1;
    private long lastAttackLogMillis = Long.MIN_VALUE / 2;

    public Node(Engine engine, Config config) {
        this.engine = engine;
        this.config = config;
        this.channels = new Channels(engine);
        this.tracking = new Tracking(engine, this::tracker);
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

    public Tracking tracking() {
        return tracking;
    }

    private Tracker tracker(long id) {
        Session session = sessions.get(id);
        return session == null ? null : session.tracker();
    }

    /** A step of what is due between commands; returns whether there is more to do at once. */
    public boolean backgroundStep() {
        boolean more = engine.backgroundStep();
        tracking.tell(null);
        return more;
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

    /** Ends what the client listens to and tracks, without a word; part of RESET. */
    void forget(Session session) {
        channels.forget(session.subscriber());
        tracking.off(session.tracker());
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
