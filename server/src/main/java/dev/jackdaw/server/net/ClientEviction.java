package dev.jackdaw.server.net;

import dev.jackdaw.server.command.Node;
import dev.jackdaw.server.config.Directive;
import java.util.List;

/**
 * Owned by the event loop: closes the clients that hold the most in buffers when all of them hold too much: more than {@code
 * maxmemory-clients}, or so much that memory would get beyond its limit though nothing is left to evict. What they
 * do not read of their replies counts twice.
 */
final class ClientEviction {
    private final Node node;
    private final List<ClientHandler> handlers;
    private boolean scheduled;

    ClientEviction(Node node, List<ClientHandler> handlers) {
        this.node = node;
        this.handlers = handlers;
    }

    /** Called when a client holds more or less than before. */
    void check(ClientHandler client) {
        if (!scheduled && (holdTooMuch() || node.engine().limit().isPressed())) {
            scheduled = true;
            // Not at once: the client may be in the middle of a command.
            client.loop().execute(this::makeRoom);
        }
    }

    /** Not to be called while a command runs. */
    void makeRoom() {
        scheduled = false;
        if (node.engine().limit().isPressed()) {
            node.engine().limit().makeRoom();
        }
        while (holdTooMuch() || leaveNoRoom()) {
            ClientHandler fattest = fattest();
            if (fattest == null) {
                return;
            }
            fattest.evict();
        }
    }

    private boolean holdTooMuch() {
        long limit = node.config().number(Directive.MAXMEMORY_CLIENTS);
        long bytes = limit < 0 ? node.engine().maxMemory() / 100 * -limit : limit;
        return bytes > 0 && node.engine().bufferBytes() > bytes;
    }

    private boolean leaveNoRoom() {
        return node.engine().limit().excessBufferBytes() > 0
                && !node.engine().limit().makeRoom();
    }

    /** Null if nobody holds anything. */
    private ClientHandler fattest() {
        ClientHandler fattest = null;
        for (ClientHandler handler : handlers) {
            boolean mayGo = handler.bufferBytes() > 0 && !handler.session().isNeverEvicted();
            if (mayGo && (fattest == null || weight(handler) > weight(fattest))) {
                fattest = handler;
            }
        }
        return fattest;
    }

    private static long weight(ClientHandler client) {
        return client.bufferBytes() + client.outputBufferBytes();
    }
}
