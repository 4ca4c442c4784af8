package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.HashCommand;

/** Owned by the event loop: the bodies of the commands on hashes. */
final class HashHandlers {
    private final Node node;

    HashHandlers(Node node) {
        this.node = node;
    }

    void run(HashCommand command, Call call) {
        throw new UnsupportedOperationException(command + " " + node + call);
    }
}
