package dev.jackdaw.proxy.local;

import dev.jackdaw.protocol.LoginFailures;
import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.resp.Reply;

/**
 * Owned by its client's event loop: what the proxy remembers of one client. Other loops read the fields that CLIENT LIST shows,
 * and may see them a moment late.
 */
public final class Session {
    /** Whether the client wants replies. */
    private enum Replies {
        ON,
        OFF,
        /** CLIENT REPLY SKIP is being answered: with nothing, and the command after it too. */
        SKIP_NEXT,
        SKIP
    }

    private final long id;
    private final String address;
    private final String localAddress;
    private final Runnable closer;
    private final long createdNanos;
    private final boolean passwordWanted;

    private String name = "";
    private int database;
    private int protocol = 2;
    private boolean authenticated;
    private Account account;
    private Reply describedUser;
    private int failedLogins;
    private long penaltyMillis;
    private boolean noEvict;
    private boolean closing;
    private boolean queueing;
    private Replies replies = Replies.ON;
    private int channels;
    private int patterns;
    private long lastNanos;
    private Command lastCommand;

    /** {@code closer} may be called from any thread. */
    public Session(
            long id, String address, String localAddress, boolean passwordWanted, long nowNanos, Runnable closer) {
        this.id = id;
        this.address = address;
        this.localAddress = localAddress;
        this.passwordWanted = passwordWanted;
        this.authenticated = !passwordWanted;
        this.createdNanos = nowNanos;
        this.lastNanos = nowNanos;
        this.closer = closer;
    }

    public long id() {
        return id;
    }

    public String address() {
        return address;
    }

    public String localAddress() {
        return localAddress;
    }

    public long createdNanos() {
        return createdNanos;
    }

    public String name() {
        return name;
    }

    public void name(String chosen) {
        name = chosen;
    }

    public int database() {
        return database;
    }

    public void database(int chosen) {
        database = chosen;
    }

    public int protocol() {
        return protocol;
    }

    public void protocol(int chosen) {
        protocol = chosen;
    }

    public boolean isAuthenticated() {
        return authenticated;
    }

    /** Lets the client in, as a user of the nodes or, with null, as whom the proxy is to them. */
    void authenticate(Account as) {
        authenticated = true;
        account = as;
    }

    /** Null for a client who is to the nodes what the proxy is. */
    public Account account() {
        return account;
    }

    /** The name of the client's user. */
    String user() {
        return account == null ? Account.DEFAULT : account.name();
    }

    /** Notes what a node has said of the user as whom the client wants to log in with its next command. */
    public void describedUser(Reply description) {
        describedUser = description;
    }

    Reply describedUser() {
        return describedUser;
    }

    /** Notes a wrong password, for which the client has to wait. */
    void loginFailed(long waitMillis) {
        penaltyMillis = waitMillis;
        if (++failedLogins >= LoginFailures.MOST_OF_A_CONNECTION) {
            closing = true;
        }
    }

    /** For how long the client must not be served, told once. */
    public long takePenaltyMillis() {
        long wait = penaltyMillis;
        penaltyMillis = 0;
        return wait;
    }

    public boolean isNoEvict() {
        return noEvict;
    }

    public void noEvict(boolean is) {
        noEvict = is;
    }

    /** How many channels the client listens to. */
    public int channels() {
        return channels;
    }

    /** How many patterns the client listens to. */
    public int patterns() {
        return patterns;
    }

    public void subscriptions(int toChannels, int toPatterns) {
        channels = toChannels;
        patterns = toPatterns;
    }

    /** Whether the client may send only what RESP2 allows to those who listen to channels. */
    public boolean isListening() {
        return protocol == 2 && channels + patterns > 0;
    }

    public long lastNanos() {
        return lastNanos;
    }

    /** The last command, or null. */
    public Command lastCommand() {
        return lastCommand;
    }

    public void sent(Command command, long nowNanos) {
        lastCommand = command;
        lastNanos = nowNanos;
    }

    /** Whether commands are kept for EXEC. */
    public boolean isQueueing() {
        return queueing;
    }

    public void queueing(boolean is) {
        queueing = is;
    }

    /** Whether the connection is to end once everything before is answered. */
    public boolean isClosing() {
        return closing;
    }

    public void closeAfterReply() {
        closing = true;
    }

    /** Ends the connection at once, from any thread. */
    public void kill() {
        closer.run();
    }

    /** Whether the reply to the command being handled goes nowhere. */
    public boolean isMuted() {
        return replies != Replies.ON;
    }

    public void repliesOn() {
        replies = Replies.ON;
    }

    public void repliesOff() {
        replies = Replies.OFF;
    }

    public void skipNextReply() {
        if (replies != Replies.OFF) {
            replies = Replies.SKIP_NEXT;
        }
    }

    /** A command has been handled: what was to be skipped is skipped. */
    public void commandEnds() {
        if (replies == Replies.SKIP_NEXT) {
            replies = Replies.SKIP;
        } else if (replies == Replies.SKIP) {
            replies = Replies.ON;
        }
    }

    /** Puts everything back to how it began, except the age. */
    public void reset() {
        name = "";
        database = 0;
        protocol = 2;
        authenticated = !passwordWanted;
        account = null;
        noEvict = false;
        queueing = false;
        replies = Replies.ON;
    }
}
