package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.SetCommand;

/** Owned by the event loop: the bodies of the commands on sets. */
final class SetHandlers {
    private final Node node;

    SetHandlers(Node node) {
        this.node = node;
    }

    void run(SetCommand command, Call call) {
        throw new UnsupportedOperationException(command + " " + node + call);
    }
}
