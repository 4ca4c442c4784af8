package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.server.persistence.Handout;
import dev.jackdaw.server.persistence.Snapshots;

/** Owned by the event loop: a client that has sent SYNC. It waits for a snapshot, is sent it, and is closed. */
final class SyncClient implements Snapshots.Taker {
    private final Connection connection;

    SyncClient(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void take(Handout snapshot) {
        connection.send(snapshot);
    }

    @Override
    public void refuse() {
        connection.push().error(CommandError.SNAPSHOT_FAILED);
        connection.pushed();
        connection.closeAfterReplies();
    }
}
