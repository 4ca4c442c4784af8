package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;

/**
 * Immutable: what MIGRATE is told beside where to; words by the number of their argument, 0 where there is none.
 *
 * @param keys the first key; from there to the last argument all are keys if there are {@code several}
 */
record MigrateOptions(boolean copies, boolean replaces, int username, int password, int keys, boolean several) {
    private static final int KEY = 3;
    private static final int FIRST_OPTION = 6;
    private static final long DEFAULT_TIMEOUT_MILLIS = 1_000;

    static MigrateOptions of(Call call) {
        boolean copies = false;
        boolean replaces = false;
        int username = 0;
        int password = 0;
        for (int i = FIRST_OPTION; i < call.count(); i++) {
            int more = call.count() - 1 - i;
            if (call.is(i, "COPY")) {
                copies = true;
            } else if (call.is(i, "REPLACE")) {
                replaces = true;
            } else if (call.is(i, "AUTH") && more >= 1) {
                password = ++i;
            } else if (call.is(i, "AUTH2") && more >= 2) {
                username = ++i;
                password = ++i;
            } else if (call.is(i, "KEYS")) {
                if (call.length(KEY) != 0) {
                    throw new Refusal(CommandError.MIGRATE_KEY_NOT_EMPTY);
                }
                return new MigrateOptions(copies, replaces, username, password, i + 1, true);
            } else {
                throw Refusal.SYNTAX;
            }
        }
        return new MigrateOptions(copies, replaces, username, password, KEY, false);
    }

    int lastKey(Call call) {
        return several ? call.count() - 1 : KEY;
    }

    static long timeoutMillis(Call call) {
        long millis = call.integer(5);
        return millis <= 0 ? DEFAULT_TIMEOUT_MILLIS : millis;
    }
}
