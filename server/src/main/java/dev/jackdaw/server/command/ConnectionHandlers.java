package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.ConnectionCommand;

/** Owned by the event loop: the bodies of the commands on connections. */
final class ConnectionHandlers {
    private final Node node;

    ConnectionHandlers(Node node) {
        this.node = node;
    }

    void run(ConnectionCommand command, Call call) {
        throw new UnsupportedOperationException(command + " " + node + call);
    }
}
