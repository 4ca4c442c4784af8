package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.server.rdb.DumpPayload;

/**
 * Owned by the event loop: the body of MIGRATE. Its client waits, and the body runs again when the other server has said something, or when a
 * key has changed that is on its way; what it remembers meanwhile is a {@link Migration}.
 */
final class MigrateHandlers {
    private final Node node;
    private final DumpPayload payload;

    MigrateHandlers(Node node, DumpPayload payload) {
        this.node = node;
        this.payload = payload;
    }

    void migrate(Call call) {
        call.noEffect();
        if (call.memo() instanceof Migration migration) {
            goOn(call, migration);
        } else {
            begin(call);
        }
    }

    private void begin(Call call) {
        MigrateOptions options = MigrateOptions.of(call);
        long timeoutMillis = MigrateOptions.timeoutMillis(call);
        long database = call.integer(4);
        int lastKey = options.lastKey(call);
        if (!hasAny(call, options.keys(), lastKey)) {
            call.reply().simple("NOKEY");
            return;
        }
        Migration migration = new Migration(node, options, lastKey, database, payload);
        if (!call.waitFor(null, options.keys(), lastKey, 0, migration)) {
            throw new Refusal(CommandError.MIGRATE_IN_TRANSACTION);
        }

        Session session = call.session();
        long port = Integers.isInteger(call.address(2), call.length(2))
                ? Integers.parse(call.address(2), call.length(2))
                : 0;
        migration.begin(node.targets().open(call.text(1), port, timeoutMillis, () -> {
            migration.hasNews();
            node.resume(session);
        }));
    }

    private static boolean hasAny(Call call, int firstKey, int lastKey) {
        boolean any = false;
        for (int i = firstKey; i <= lastKey; i++) {
            any |= call.read(i) != 0;
        }
        return any;
    }

    /** What has been moved so far stays so, whatever becomes of the rest. */
    private void goOn(Call call, Migration migration) {
        migration.noteChanges(call);
        if (migration.takeNews() && migration.proceed(call)) {
            if (migration.error() != null) {
                throw new Refusal(migration.error());
            }
            call.reply().ok();
            return;
        }
        call.waitFor(null, 0, 0, 0, migration);
    }
}
