package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;

/**
 * Immutable: what RESTORE is told beside the value.
 *
 * @param replaces whether the key may be there already
 * @param isAbsolute whether the time to live is a time of expiry
 * @param idleSeconds since when it was not used, or {@link #NOT_GIVEN}
 * @param frequency how often it was used, or {@link #NOT_GIVEN}
 */
record RestoreOptions(boolean replaces, boolean isAbsolute, long idleSeconds, int frequency) {
    static final int NOT_GIVEN = -1;

    private static final int MAX_FREQUENCY = 255;

    /** Those from argument 4 on. */
    static RestoreOptions of(Call call) {
        boolean replaces = false;
        boolean absolute = false;
        long idleSeconds = NOT_GIVEN;
        int frequency = NOT_GIVEN;
        for (int i = 4; i < call.count(); i++) {
            boolean more = i + 1 < call.count();
            if (call.is(i, "REPLACE")) {
                replaces = true;
            } else if (call.is(i, "ABSTTL")) {
                absolute = true;
            } else if (call.is(i, "IDLETIME") && more && frequency == NOT_GIVEN) {
                idleSeconds = call.integer(++i);
                if (idleSeconds < 0) {
                    throw new Refusal(CommandError.INVALID_IDLETIME);
                }
            } else if (call.is(i, "FREQ") && more && idleSeconds == NOT_GIVEN) {
                long given = call.integer(++i);
                if (given < 0 || given > MAX_FREQUENCY) {
                    throw new Refusal(CommandError.INVALID_FREQ);
                }
                frequency = (int) given;
            } else {
                throw Refusal.SYNTAX;
            }
        }
        return new RestoreOptions(replaces, absolute, idleSeconds, frequency);
    }
}
