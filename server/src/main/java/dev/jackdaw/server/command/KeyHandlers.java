package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.KeyCommand;

/** Owned by the event loop: the bodies of the commands on keys of any type. */
final class KeyHandlers {
    private final Node node;

    KeyHandlers(Node node) {
        this.node = node;
    }

    void run(KeyCommand command, Call call) {
        throw new UnsupportedOperationException(command + " " + node + call);
    }
}
