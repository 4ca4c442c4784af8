package dev.jackdaw.server.net;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.server.command.CommandExecutor;
import dev.jackdaw.server.command.Node;
import dev.jackdaw.server.command.RequestBatch;
import dev.jackdaw.server.command.Session;
import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.Stats;
import dev.jackdaw.server.persistence.AppendLog;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Owned by the event loop: the connections of a node, and what they share. */
final class Clients {
    /** Replies of so many bytes had better leave while the processor's cache has them. */
    private static final int MUCH_BYTES = 4 << 10;

    private final Node node;
    private final CommandExecutor executor;
    private final RequestBatch batch;
    private final ReplyWriter writer = new ReplyWriter();
    private final ReplyWriter pushWriter = new ReplyWriter();
    private final List<ClientHandler> handlers = new ArrayList<>();
    private final List<ClientHandler> paused = new ArrayList<>();
    private final ClientEviction eviction;
    private final Arrivals arrivals = new Arrivals();
    private final SpareInput spareInput;
    private final ArrayDeque<ClientHandler> toFlush = new ArrayDeque<>();
    private final Runnable endTurn = this::endTurn;
    /** Whose replies wait for the disk, in the order of what they wait for. */
    private final ArrayDeque<ClientHandler> held = new ArrayDeque<>();

    /** Whether something was pushed that was not sent yet. */
    private boolean pushed;

    /** The position of the client that was looked at last. */
    private int swept;

    Clients(Node node) {
        this.node = node;
        this.batch = new RequestBatch(node.commands());
        this.executor = new CommandExecutor(node);
        this.spareInput = new SpareInput(node.engine());
        this.eviction = new ClientEviction(node, handlers);
    }

    Node node() {
        return node;
    }

    CommandExecutor executor() {
        return executor;
    }

    /** For the requests of the connection that runs commands now. */
    RequestBatch batch() {
        return batch;
    }

    /** For the replies of the connection that runs commands now. */
    ReplyWriter writer() {
        return writer;
    }

    /** For messages to other connections meanwhile. */
    ReplyWriter pushWriter() {
        return pushWriter;
    }

    Arrivals arrivals() {
        return arrivals;
    }

    SpareInput spareInput() {
        return spareInput;
    }

    ClientEviction eviction() {
        return eviction;
    }

    /** Why a new connection is refused, or null. */
    String refusal(ClientHandler handler) {
        Config config = node.config();
        if (handlers.size() >= config.maxClients()) {
            node.engine().stats().rejectedConnections++;
            return CommandError.TOO_MANY_CLIENTS;
        }
        if (config.protectedMode() && node.acl().defaultUser().isPasswordless() && !handler.isLocal()) {
            node.engine().stats().rejectedConnections++;
            return CommandError.PROTECTED_MODE;
        }
        return null;
    }

    Session connected(ClientHandler handler) {
        handler.position(handlers.size());
        handlers.add(handler);
        return node.connect(handler);
    }

    void disconnected(ClientHandler handler) {
        ClientHandler last = handlers.removeLast();
        if (last != handler) {
            handlers.set(handler.position(), last);
            last.position(handler.position());
        }
        node.disconnect(handler.session());
    }

    /** Counts what a client has sent; it is now. */
    void received(int bytes) {
        Engine engine = node.engine();
        engine.refreshTime();
        engine.stats().bytesIn += bytes;
        engine.stats().reads++;
    }

    /** Counts what goes to a client. */
    void sent(int bytes) {
        Stats stats = node.engine().stats();
        stats.bytesOut += bytes;
        stats.writes++;
    }

    /** Whether replies, or null, do not wait for those of the other clients. */
    boolean isMuch(ByteBuf replies) {
        return replies != null && replies.readableBytes() >= MUCH_BYTES;
    }

    /** Has the handler flushed before the event loop waits again. */
    void queueFlush(ClientHandler handler) {
        if (toFlush.isEmpty()) {
            handler.loop().execute(endTurn);
        }
        toFlush.add(handler);
    }

    /** Notes that something was written to a connection other than the one being read. */
    void pushed() {
        pushed = true;
    }

    /**
     * If that has happened, sends what waits, and returns true. To be called before the replies of the one being read leave:
     * others may have to forget a key before the reply to the write is seen.
     */
    boolean flushPushed() {
        boolean did = pushed;
        if (did) {
            flushOthers();
        }
        return did;
    }

    private void endTurn() {
        flushOthers();
        node.engine().endTurn();
    }

    /** Sends what connections hold that were queued. */
    void flushOthers() {
        pushed = false;
        for (ClientHandler handler = toFlush.poll(); handler != null; handler = toFlush.poll()) {
            handler.flush();
        }
    }

    /** Has the handler told when everything that was done so far is on the disk. */
    void hold(ClientHandler handler) {
        held.add(handler);
        if (held.size() == 1) {
            node.log().awaitSync();
            if (isNextFree()) {
                handler.loop().execute(this::releaseHeld);
            }
        }
    }

    /** Lets replies go for which everything is on the disk. */
    void releaseHeld() {
        do {
            while (isNextFree()) {
                held.poll().letGo();
            }
            if (!held.isEmpty()) {
                node.log().awaitSync();
            }
            // The disk may have been ready before the log knew that somebody waits.
        } while (isNextFree());
    }

    private boolean isNextFree() {
        AppendLog log = node.log();
        return !held.isEmpty() && (!log.holdsReplies() || held.peek().heldUntil() <= log.synced());
    }

    /** Runs the command of a client again, if it still waits. */
    void resume(Session session) {
        if (session.isWaiting()) {
            executor.resume(session);
        }
    }

    void paused(ClientHandler handler) {
        paused.add(handler);
    }

    /** Looks at some of the clients, so that {@code rounds} calls look at all; and at those that wait for the end of a pause. */
    void sweep(int rounds) {
        spareInput.forget();
        List.copyOf(paused).stream().filter(ClientHandler::resume).forEach(paused::remove);
        for (int left = handlers.size() / rounds + 1; left > 0 && !handlers.isEmpty(); left--) {
            swept = swept + 1 < handlers.size() ? swept + 1 : 0;
            handlers.get(swept).sweep();
        }
    }

    /** Closes those who take what is left to say to them. */
    void closeAll() {
        arrivals.run();
        for (ClientHandler handler : List.copyOf(handlers)) {
            handler.closeAfterReplies();
        }
        flushOthers();
    }

    /** Closes those who do not. */
    void abortAll() {
        List.copyOf(handlers).forEach(ClientHandler::abort);
        spareInput.close();
    }
}
