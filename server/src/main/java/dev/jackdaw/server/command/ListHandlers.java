package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.ListCommand;

/** Owned by the event loop: the bodies of the commands on lists. */
final class ListHandlers {
    private final Node node;

    ListHandlers(Node node) {
        this.node = node;
    }

    void run(ListCommand command, Call call) {
        throw new UnsupportedOperationException(command + " " + node + call);
    }
}
