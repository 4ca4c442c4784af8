package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.ServerCommand;

/** Owned by the event loop: the bodies of the commands on the server. */
final class ServerHandlers {
    private final Node node;

    ServerHandlers(Node node) {
        this.node = node;
    }

    void run(ServerCommand command, Call call) {
        throw new UnsupportedOperationException(command + " " + node + call);
    }
}
