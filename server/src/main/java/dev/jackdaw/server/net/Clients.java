package dev.jackdaw.server.net;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.server.command.CommandExecutor;
import dev.jackdaw.server.command.Node;
import dev.jackdaw.server.command.RequestBatch;
import dev.jackdaw.server.command.Session;
import dev.jackdaw.server.config.Config;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;

/** Owned by the event loop: the connections of a node, and what they share. */
final class Clients {
    private final Node node;
    private final CommandExecutor executor;
    private final RequestBatch batch = new RequestBatch();
    private final ReplyWriter writer = new ReplyWriter();
    private final ReplyWriter pushWriter = new ReplyWriter();
    private final Set<ClientHandler> handlers = new LinkedHashSet<>();
    private final ArrayDeque<ClientHandler> toFlush = new ArrayDeque<>();
    private final Runnable flushOthers = this::flushOthers;

    Clients(Node node) {
        this.node = node;
        this.executor = new CommandExecutor(node);
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

    /** Why a new connection is refused, or null. */
    String refusal(Channel channel) {
        Config config = node.config();
        if (handlers.size() >= config.maxClients()) {
            node.engine().stats().rejectedConnections++;
            return CommandError.TOO_MANY_CLIENTS;
        }
        boolean loopback = !(channel.remoteAddress() instanceof InetSocketAddress inet)
                || inet.getAddress().isLoopbackAddress();
        if (config.protectedMode() && config.requirePass().isEmpty() && !loopback) {
            node.engine().stats().rejectedConnections++;
            return CommandError.PROTECTED_MODE;
        }
        return null;
    }

    Session connected(ClientHandler handler) {
        handlers.add(handler);
        return node.connect(handler);
    }

    void disconnected(ClientHandler handler) {
        handlers.remove(handler);
        node.disconnect(handler.session());
    }

    /** Has the handler flushed before the event loop waits again. */
    void queueFlush(ClientHandler handler) {
        if (toFlush.isEmpty()) {
            handler.loop().execute(flushOthers);
        }
        toFlush.add(handler);
    }

    /** Sends what was pushed to connections other than the one being read. */
    void flushOthers() {
        for (ClientHandler handler = toFlush.poll(); handler != null; handler = toFlush.poll()) {
            handler.flush();
        }
    }

    void closeAll() {
        for (ClientHandler handler : Set.copyOf(handlers)) {
            handler.closeAfterReplies();
        }
        flushOthers();
    }
}
