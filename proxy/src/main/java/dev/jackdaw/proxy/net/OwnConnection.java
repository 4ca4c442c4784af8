package dev.jackdaw.proxy.net;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Owned by one client: its own connection to a node, for commands whose replies may take long. It is opened when first needed,
 * kept for the next such command to the same node, and has no deadline for replies of commands that wait: the client chose one.
 */
final class OwnConnection {
    private static final int TICK_MILLIS = 50;

    private final Worker worker;
    private final Supplier<BackendPool> backends;
    private final Runnable lost;
    private Backend backend;
    private int node;
    private boolean expectsReply;
    private boolean ticking;

    /**
     * @param backends those of the client's user
     * @param lost told when the connection has ended, by whatever
     */
    OwnConnection(Worker worker, Supplier<BackendPool> backends, Runnable lost) {
        this.worker = worker;
        this.backends = backends;
        this.lost = lost;
    }

    /** The connection to the node, opened if need be. */
    Backend to(int toNode, int protocol, int database) {
        if (backend == null || node != toNode) {
            close();
            node = toNode;
            backend = backends.get().open(toNode, protocol, database, new End());
        }
        return backend;
    }

    /** Ends the connection if what has been sent is not answered as soon as by a connection of all clients. */
    void expectReply(boolean expects) {
        expectsReply = expects;
        if (expects && !ticking) {
            ticking = true;
            worker.loop().schedule(this::tick, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** The client has hung up: the node is to answer what it can at once, and to wait for nothing. */
    void endOutput() {
        if (backend != null) {
            backend.endOutput();
            expectReply(true);
        }
    }

    private void tick() {
        ticking = false;
        if (expectsReply && backend != null) {
            worker.clock().refresh();
            backend.tick(worker.clock().nanos());
            expectReply(expectsReply);
        }
    }

    void close() {
        if (backend != null) {
            Backend closed = backend;
            backend = null;
            closed.close();
            lost.run();
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
