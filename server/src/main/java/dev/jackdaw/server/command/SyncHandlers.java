package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;

/** Owned by the event loop: the bodies of the commands by which {@code redis-cli --rdb} gets a snapshot. */
final class SyncHandlers {
    private final Node node;

    SyncHandlers(Node node) {
        this.node = node;
    }

    void replconf(Call call) {
        if (call.count() % 2 == 0) {
            throw Refusal.SYNTAX;
        }
        for (int i = 1; i < call.count(); i += 2) {
            if (call.is(i, "RDB-ONLY")) {
                call.session().rdbOnly(call.integer(i + 1, 0, 1) == 1);
            } else if (!call.is(i, "CAPA")) {
                // Otherwise it would get by SYNC what it has not asked for.
                call.session().rdbOnly(false);
                throw new Refusal(CommandError.notInReplconf(call.text(i)));
            }
        }

        call.reply().ok();
    }

    /** The reply is the snapshot, when it has been taken. */
    void sync(Call call) {
        Session session = call.session();
        if (!session.isRdbOnly()) {
            throw new Refusal(CommandError.NO_REPLICAS);
        }
        SyncClient client = new SyncClient(session.connection());
        if (!node.snapshots().ask(client)) {
            throw new Refusal(CommandError.TOO_MANY_SNAPSHOTS);
        }

        session.syncs(client);
        node.forget(session);
        node.snapshots().step();
    }
}
