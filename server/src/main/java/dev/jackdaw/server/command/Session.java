package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.server.acl.User;
import dev.jackdaw.server.config.ClientClass;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.pubsub.Subscriber;
import dev.jackdaw.server.tracking.Tracker;

/** Owned by the event loop: what the node knows of one client. */
public final class Session {
    /** What CLIENT REPLY chose. */
    enum ReplyMode {
        ON,
        OFF,
        /** Off for the command after this one. */
        SKIP_NEXT,
        SKIP
    }

    private final long id;
    private final Connection connection;
    private final Subscriber subscriber;
    private final Tracker tracker;
    private final Transaction transaction;
    private final long connectedAtMillis;
    private Waiter waiter;
    private boolean heldBack;
    private boolean rdbOnly;
    private SyncClient sync;
    private Keyspace keyspace;
    private int protocol = 2;
    private User user;
    private boolean authenticated;
    private boolean neverEvicted;
    private boolean touchless;
    private int failedAuthentications;
    private String name = "";
    private String libraryName = "";
    private String libraryVersion = "";
    /** Null before the first. */
    private Command lastCommand;

    private long lastUsedAtMillis;
    private ReplyMode replyMode = ReplyMode.ON;
    private long keptMark;

    public Session(long id, Connection connection, Keyspace keyspace, User user, long nowMillis) {
        this.id = id;
        this.connection = connection;
        this.subscriber = new Subscriber(connection);
        this.tracker = new Tracker(id, subscriber);
        this.transaction = new Transaction(keyspace.engine(), connection);
        this.keyspace = keyspace;
        this.user = user;
        this.authenticated = user.isOpen();
        this.connectedAtMillis = nowMillis;
        this.lastUsedAtMillis = nowMillis;
    }

    public long id() {
        return id;
    }

    public Connection connection() {
        return connection;
    }

    /** The client as one who listens to channels. */
    public Subscriber subscriber() {
        return subscriber;
    }

    /** The client as one who keeps copies of keys. */
    Tracker tracker() {
        return tracker;
    }

    Transaction transaction() {
        return transaction;
    }

    /** What it waits for, or null. */
    Waiter waiter() {
        return waiter;
    }

    void waitsAs(Waiter newWaiter) {
        waiter = newWaiter;
    }

    /** Whether it waits for keys, with a command that is not answered yet. */
    public boolean isWaiting() {
        return waiter != null;
    }

    /** Says whether CLIENT PAUSE holds back its next command. */
    void heldBack(boolean is) {
        heldBack = is;
    }

    boolean isHeldBack() {
        return heldBack;
    }

    /** Whether it wants nothing but a snapshot from SYNC: REPLCONF rdb-only. */
    boolean isRdbOnly() {
        return rdbOnly;
    }

    void rdbOnly(boolean is) {
        rdbOnly = is;
    }

    /** What it is since SYNC, or null. */
    SyncClient sync() {
        return sync;
    }

    void syncs(SyncClient as) {
        sync = as;
    }

    /** Whether its next request can run; if not, {@link Connection#goOn} will be called when it can. */
    public boolean takesRequests() {
        return waiter == null && !heldBack && sync == null;
    }

    /** Whether only the few commands for listeners are allowed: in RESP2 a message cannot be told from a reply. */
    boolean onlyListens() {
        return protocol == 2 && subscriber.listens();
    }

    /** The database that SELECT chose. */
    public Keyspace keyspace() {
        return keyspace;
    }

    void select(Keyspace selected) {
        keyspace = selected;
    }

    /** 2 or 3. */
    public int protocol() {
        return protocol;
    }

    void protocol(int version) {
        protocol = version;
    }

    public boolean isAuthenticated() {
        return authenticated;
    }

    /** Whose rules hold for the client; the default user's until it has authenticated itself. */
    User user() {
        return user;
    }

    void logIn(User as) {
        user = as;
        authenticated = true;
    }

    /** Makes it a client that has to authenticate itself, even if the default user is open. */
    void logOut(User defaultUser) {
        user = defaultUser;
        authenticated = false;
    }

    /** Counts a wrong password; returns how many there were. */
    int authenticationFailed() {
        return ++failedAuthentications;
    }

    /** RESET: makes the client what it was when it came. */
    void reset(Keyspace first, User defaultUser) {
        keyspace = first;
        user = defaultUser;
        authenticated = defaultUser.isOpen();
        protocol = 2;
        name = "";
        neverEvicted = false;
        touchless = false;
        rdbOnly = false;
        replyMode = ReplyMode.ON;
    }

    /** Whether it is not to be closed for what all clients hold together: CLIENT NO-EVICT. */
    public boolean isNeverEvicted() {
        return neverEvicted;
    }

    void neverEvicted(boolean never) {
        neverEvicted = never;
    }

    /** Whether its commands do not count as uses of the keys that they read: CLIENT NO-TOUCH. */
    boolean isTouchless() {
        return touchless;
    }

    void touchless(boolean is) {
        touchless = is;
    }

    /** Whether it listens to channels or patterns, by which its limits differ, and in RESP2 also what it may send. */
    public boolean isSubscriber() {
        return subscriber.listens();
    }

    /** Whose limits hold for it. */
    public ClientClass clientClass() {
        if (sync != null) {
            return ClientClass.REPLICA;
        }
        return isSubscriber() ? ClientClass.PUBSUB : ClientClass.NORMAL;
    }

    String name() {
        return name;
    }

    void name(String newName) {
        name = newName;
    }

    String libraryName() {
        return libraryName;
    }

    void libraryName(String newName) {
        libraryName = newName;
    }

    String libraryVersion() {
        return libraryVersion;
    }

    void libraryVersion(String newVersion) {
        libraryVersion = newVersion;
    }

    ReplyMode replyMode() {
        return replyMode;
    }

    void replyMode(ReplyMode mode) {
        replyMode = mode;
    }

    /** Whether what a command has just written is to be dropped. */
    boolean isMuted() {
        return replyMode == ReplyMode.OFF || replyMode == ReplyMode.SKIP;
    }

    /** The same at the end of a request, which may be the last one to be skipped. */
    boolean mutes() {
        if (replyMode == ReplyMode.ON) {
            return false;
        }
        if (replyMode == ReplyMode.SKIP_NEXT) {
            replyMode = ReplyMode.SKIP;
        } else if (replyMode == ReplyMode.SKIP) {
            replyMode = ReplyMode.ON;
        }
        return true;
    }

    /** Says that what the running command has written up to {@code mark} are messages, which CLIENT REPLY does not mute. */
    void keep(long mark) {
        keptMark = replyMode == ReplyMode.ON ? 0 : mark;
    }

    /** Where the reply of the command that just ran begins, behind the messages that are kept. */
    long keptMark() {
        long mark = keptMark;
        keptMark = 0;
        return mark;
    }

    String lastCommand() {
        return lastCommand == null ? "NULL" : lastCommand.spec().name();
    }

    void used(Command command, long nowMillis) {
        lastCommand = command;
        lastUsedAtMillis = nowMillis;
    }

    public long connectedAtMillis() {
        return connectedAtMillis;
    }

    public long lastUsedAtMillis() {
        return lastUsedAtMillis;
    }
}
