package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.PubSubCommand;

/** Owned by the event loop: the bodies of the commands on channels. */
final class PubSubHandlers {
    private final Node node;

    PubSubHandlers(Node node) {
        this.node = node;
    }

    void run(PubSubCommand command, Call call) {
        throw new UnsupportedOperationException(command + " " + node + call);
    }
}
