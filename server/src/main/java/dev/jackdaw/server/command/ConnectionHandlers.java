package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.ConnectionCommand;

/** Owned by the event loop: the bodies of the commands on connections. */
final class ConnectionHandlers {
    private final Node node;
    private final TrackingHandlers tracking;

    ConnectionHandlers(Node node) {
        this.node = node;
        this.tracking = new TrackingHandlers(node);
    }

    void run(ConnectionCommand command, Call call) {
        switch (command) {
            case CLIENT_TRACKING -> tracking.tracking(call);
            case CLIENT_CACHING -> tracking.caching(call);
            case CLIENT_GETREDIR -> tracking.getredir(call);
            case CLIENT_TRACKINGINFO -> tracking.trackinginfo(call);
            default -> throw new UnsupportedOperationException(command + " " + node + call);
        }
    }
}
