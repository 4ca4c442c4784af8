package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.SortedSetCommand;

/** Owned by the event loop: the bodies of the commands on sorted sets. */
final class SortedSetHandlers {
    private final Node node;

    SortedSetHandlers(Node node) {
        this.node = node;
    }

    void run(SortedSetCommand command, Call call) {
        throw new UnsupportedOperationException(command + " " + node + call);
    }
}
