package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.ServerCommand;

/** Owned by the event loop: the bodies of the commands on the server. */
final class ServerHandlers {
    private final KeyspaceHandlers keyspaces;

    ServerHandlers(Node node) {
        this.keyspaces = new KeyspaceHandlers(node);
    }

    void run(ServerCommand command, Call call) {
        switch (command) {
            case DBSIZE -> keyspaces.dbsize(call);
            case FLUSHDB -> keyspaces.flushdb(call);
            case FLUSHALL -> keyspaces.flushall(call);
            case SWAPDB -> keyspaces.swapdb(call);
            case MEMORY_USAGE -> keyspaces.memoryUsage(call);
            default -> throw new UnsupportedOperationException(command + " " + call);
        }
    }
}
