package dev.jackdaw.server.command;

import dev.jackdaw.protocol.LoginFailures;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.server.acl.Acl;
import dev.jackdaw.server.bus.Bus;
import dev.jackdaw.server.bus.BusListener;
import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.config.Directive;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.migration.Targets;
import dev.jackdaw.server.observe.Rates;
import dev.jackdaw.server.persistence.AppendLog;
import dev.jackdaw.server.persistence.Disk;
import dev.jackdaw.server.persistence.Loader;
import dev.jackdaw.server.persistence.Loading;
import dev.jackdaw.server.persistence.Snapshots;
import dev.jackdaw.server.pubsub.Channels;
import dev.jackdaw.server.pubsub.KeyEvents;
import dev.jackdaw.server.tracking.Tracker;
import dev.jackdaw.server.tracking.Tracking;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owned by the event loop: what the commands of one node share: its data, its settings, its clients. */
public final class Node {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final long ATTACK_LOG_MILLIS = 60_000;
    private static final int RUN_ID_BYTES = 20;

    private final Engine engine;
    private final Config config;
    private final CommandTable commands;
    private final Snapshots snapshots;
    private final AppendLog log;
    private final Loading loading;
    private final Effects effects;

    private final Acl acl;
    private final Logins logins;
    private final LoginFailures failures = new LoginFailures();

    private final Map<Long, Session> sessions = new LinkedHashMap<>();
    private final Channels channels;
    private final KeyEvents keyEvents;
    private final Tracking tracking;
    private final Watches watches;
    private final WaitingClients waiting;
    private final Pause pause;
    private final Targets targets = new Targets();
    /** Null where there are no other nodes. */
    private Bus bus;

    private final Observer observer;
    private final Rates rates = new Rates();
    private final String runId = randomId();
    private final long startedAtMillis;
    private final long emptyLiveBytes;
    private final long emptyWasteBytes;

    private Runnable atShutdown = () -> {};
    private Runnable atAlarm = () -> {};
    private Consumer<Session> resume = session -> {};
    private long busBytes;
    private long peakMemory;
    private long nextSessionId = 1;
    private long lastAttackLogMillis = Long.MIN_VALUE / 2;

    public Node(Engine engine, Config config) {
        this(engine, config, Disk.REAL);
    }

    /** @param disk where snapshots and logs lie */
    public Node(Engine engine, Config config, Disk disk) {
        this.engine = engine;
        this.config = config;
        this.acl = new Acl(config);
        this.commands = CommandNames.table(config);
        this.logins = new Logins(this);
        this.channels = new Channels(engine);
        this.keyEvents = new KeyEvents(engine, channels);
        this.tracking = new Tracking(engine, this::tracker);
        this.watches = new Watches(engine, this::session);
        this.waiting = new WaitingClients(engine, this::session, () -> atAlarm.run());
        this.snapshots = new Snapshots(engine, config, disk);
        this.log = new AppendLog(engine, config, disk, snapshots);
        this.loading = new Loading(engine, config);
        this.effects = new Effects(engine, commands != CommandTable.all());
        this.pause = new Pause(engine, log, () -> atAlarm.run(), this::resume);
        this.observer = new Observer(engine.clock(), config);
        this.startedAtMillis = engine.nowMillis();
        this.emptyLiveBytes = engine.liveBytes();
        this.emptyWasteBytes = engine.heldBytes() - engine.liveBytes();
        log.feed(new LogFeed(effects, log));
        config.follow(Directive.MAXMEMORY, engine::maxMemory);
        config.follow(Directive.MAXMEMORY_SAMPLES, samples -> engine.evictionSamples((int) samples));
        config.follow(Directive.LFU_LOG_FACTOR, engine::lfuLogFactor);
        config.follow(Directive.LFU_DECAY_TIME, engine::lfuDecayMinutes);
        config.follow(
                Directive.MAXMEMORY_POLICY, unused -> engine.evictionPolicy(config.text(Directive.MAXMEMORY_POLICY)));
        config.follow(
                Directive.NOTIFY_KEYSPACE_EVENTS,
                unused -> keyEvents.want(config.text(Directive.NOTIFY_KEYSPACE_EVENTS)));
        config.follow(Directive.TRACKING_TABLE_MAX_KEYS, tracking::maxKeys);
        config.follow(Directive.REQUIREPASS, unused -> logins.letIn());
    }

    private static String randomId() {
        byte[] bytes = new byte[RUN_ID_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    // --- The data and what keeps them ---

    public Engine engine() {
        return engine;
    }

    public Config config() {
        return config;
    }

    /** How long a string may become. Where commands follow others, these have been allowed by what was configured then. */
    long maxStringBytes() {
        return engine.isFollowing() ? Entry.MAX_LENGTH : Math.min(config.maxBulkBytes(), Entry.MAX_LENGTH);
    }

    /** The commands by the names that clients call them by. */
    public CommandTable commands() {
        return commands;
    }

    /** The snapshots of the databases. */
    public Snapshots snapshots() {
        return snapshots;
    }

    /** The log of what becomes of the data. */
    public AppendLog log() {
        return log;
    }

    /** What becomes of the data. */
    public Effects effects() {
        return effects;
    }

    /** Whether the data is being loaded, which {@link #backgroundStep} goes on with. */
    public Loading loading() {
        return loading;
    }

    /** Begins to load what was kept on disk. */
    public void load() throws IOException {
        Loader fromLog = log.loader(new LogReplay(this));
        loading.begin(fromLog == null ? snapshots.loader() : fromLog);
        config.tryBefore(Set.of(Directive.APPENDONLY), values -> {
            log.require(values.apply(Directive.APPENDONLY));
            return () -> {};
        });
        config.follow(Directive.APPENDONLY, on -> log.turn(on != 0 && !loading.isActive()));
    }

    // --- Users ---

    /** The users. */
    public Acl acl() {
        return acl;
    }

    Logins logins() {
        return logins;
    }

    public LoginFailures failures() {
        return failures;
    }

    /** Whether a directive that is no, yes or local (for clients on this machine) lets the client do something. */
    boolean allows(Directive directive, Session session) {
        return switch (config.text(directive)) {
            case "yes" -> true;
            case "local" -> session.connection().isLocal();
            default -> false;
        };
    }

    // --- Clients ---

    /** Makes a connection a client of this node. */
    public Session connect(Connection connection) {
        Session session =
                new Session(nextSessionId++, connection, engine.keyspace(0), acl.defaultUser(), engine.nowMillis());
        sessions.put(session.id(), session);
        engine.stats().connections++;
        return session;
    }

    public void disconnect(Session session) {
        if (session.isWaiting()) {
            waiting.remove(session.waiter());
        }
        if (session.sync() != null) {
            snapshots.forget(session.sync());
        }
        pause.forget(session);
        forget(session);
        sessions.remove(session.id());
    }

    /** Ends what the client listens to, tracks and has begun with MULTI, without a word; part of RESET. */
    void forget(Session session) {
        observer.forget(session);
        channels.forget(session.subscriber());
        tracking.off(session.tracker());
        endTransaction(session);
    }

    /** Back to before MULTI and WATCH. */
    void endTransaction(Session session) {
        watches.unwatch(session);
        session.transaction().end();
    }

    /** The clients, the oldest first. */
    public Collection<Session> sessions() {
        return Collections.unmodifiableCollection(sessions.values());
    }

    public Session session(long id) {
        return sessions.get(id);
    }

    /** Whether a client is connected from there. */
    boolean isClient(String address) {
        return sessions.values().stream()
                .anyMatch(session -> session.connection().remoteAddress().equals(address));
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

    // --- What clients listen to, track and wait for ---

    public Channels channels() {
        return channels;
    }

    KeyEvents keyEvents() {
        return keyEvents;
    }

    public Tracking tracking() {
        return tracking;
    }

    private Tracker tracker(long id) {
        Session session = sessions.get(id);
        return session == null ? null : session.tracker();
    }

    /** Which clients watch which keys. */
    Watches watches() {
        return watches;
    }

    /** Which clients wait for which keys. */
    WaitingClients waiting() {
        return waiting;
    }

    Pause pause() {
        return pause;
    }

    /** The servers that keys move to. */
    public Targets targets() {
        return targets;
    }

    /** Says who runs the command of a client again that waits, when no other runs. */
    public void atResume(Consumer<Session> action) {
        resume = action;
    }

    /** Has the command of a client that waits run again. */
    void resume(Session session) {
        resume.accept(session);
    }

    // --- Other nodes ---

    /** Makes the node part of a cluster. */
    public void join(Bus newBus) {
        bus = newBus;
        tracking.join(newBus);
    }

    /** The bus to the other nodes, or null. */
    public Bus bus() {
        return bus;
    }

    /** What is to be told what other nodes say. */
    public BusListener gossip() {
        return new Gossip(channels, tracking);
    }

    // --- Between commands ---

    /** When the next {@link #backgroundStep} is due at the latest. */
    public long alarmMillis() {
        long background = Math.min(engine.alarmMillis(), Math.min(snapshots.alarmMillis(), log.alarmMillis()));
        return Math.min(background, Math.min(waiting.nextDeadlineMillis(), pause.endMillis()));
    }

    /** Says who is told that {@link #alarmMillis} has changed. */
    public void atAlarm(Runnable action) {
        atAlarm = action;
    }

    /** A step of what is due between commands; returns whether there is more to do at once. */
    public boolean backgroundStep() {
        if (loading.isActive()) {
            boolean more = loading.step();
            log.turn(config.is(Directive.APPENDONLY) && !loading.isActive());
            return more;
        }
        pause.endIfOver();
        waiting.timeOut();
        long began = observer.latencies().isOn() ? engine.clock().nanos() : 0;
        boolean more = engine.backgroundStep();
        effects.endLoose();
        more |= snapshots.step() | log.step();
        if (began != 0) {
            observer.latencies().add("expire-cycle", engine.clock().nanos() - began, engine.nowMillis());
        }
        more |= tracking.forgetSome();
        keyEvents.tell();
        tracking.tell(null);
        return more;
    }

    // --- What is observed ---

    Observer observer() {
        return observer;
    }

    Rates rates() {
        return rates;
    }

    /** To be called every now and then: counts what waits for other nodes, and notes what INFO reports over time. */
    public void observe() {
        long waiting = bus == null ? 0 : bus.waitingBytes();
        engine.buffersGrew(waiting - busBytes);
        busBytes = waiting;
        peakMemory = Math.max(peakMemory, engine.usedMemory());
        rates.sample(engine.stats(), engine.nowMillis());
    }

    /** Bytes that wait to be sent to other nodes. */
    long busBytes() {
        return busBytes;
    }

    /** The most memory that was found in use. */
    long peakMemory() {
        return peakMemory;
    }

    /** What the store took when it was empty. */
    long emptyLiveBytes() {
        return emptyLiveBytes;
    }

    /** The rest of the pages that it had then. */
    long emptyWasteBytes() {
        return emptyWasteBytes;
    }

    /** Forty random hexadecimal digits, new for every start. */
    String runId() {
        return runId;
    }

    long startedAtMillis() {
        return startedAtMillis;
    }

    // --- The end ---

    /** Says what SHUTDOWN does; it must not wait for the event loop. */
    public void atShutdown(Runnable action) {
        atShutdown = action;
    }

    /**
     * Ends the node, after a snapshot if that is wanted and all is loaded; false, and it goes on, if the snapshot failed or the
     * log lacks something: the next start would load the log, whether there is a snapshot or not.
     */
    boolean shutDown(boolean save, boolean force) {
        boolean isWhole = !loading.isActive();
        if (isWhole && !force && !log.mayEnd()) {
            LOG.error("The log does not have all the data yet");
            return false;
        }
        snapshots.giveUp();
        log.rewrite().postpone();
        if (save && isWhole && !snapshots.save() && !force) {
            return false;
        }
        loading.stop();
        end();
        atShutdown.run();
        return true;
    }

    /** Ends the log when all is on the disk. No command runs any more: a reply would promise what is in no log or snapshot. */
    public void end() {
        pause.begin(Waiter.NEVER, true);
        log.close();
    }

    /** The same, as the directive for a signal says. */
    public boolean shutDown(Directive signal) {
        List<String> options = config.words(signal);
        boolean save = options.contains("save") || !options.contains("nosave") && snapshots.hasSavePoints();
        return shutDown(save, options.contains("force"));
    }
}
