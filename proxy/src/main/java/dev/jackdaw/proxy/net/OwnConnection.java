package dev.jackdaw.proxy.net;

import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.proxy.route.ReplySink;

/**
 * Owned by one client: its own connection to a node, for commands whose replies may take long. It is opened when first needed,
 * kept for the next such command to the same node, and has no deadline for replies: the client chose one, or wants to wait.
 */
final class OwnConnection {
    private final Worker worker;
    private Backend backend;
    private int node;

    OwnConnection(Worker worker) {
        this.worker = worker;
    }

    /** Sends the request as the client encoded it. */
    void send(int toNode, int protocol, int database, Request request, ReplySink sink, int tag) {
        if (backend == null || node != toNode) {
            close();
            node = toNode;
            backend = worker.backends().open(toNode, protocol, database, new End());
        }
        backend.send(request, sink, tag);
    }

    void close() {
        if (backend != null) {
            Backend closed = backend;
            backend = null;
            closed.close();
        }
    }

    /** Owned by the connection: gives it up when it is lost; the next command opens another one. */
    private final class End implements Backend.Listener {
        @Override
        public void up() {
            // What was sent before has been on its way since.
        }

        @Override
        public void down() {
            OwnConnection.this.close();
        }

        @Override
        public void push(long address, int length) {
            // Nobody asked for it.
        }
    }
}
