package dev.jackdaw.server.acl;

import dev.jackdaw.protocol.CommandError;

/** Immutable: what the rules deny, the denial that is found last at the end. */
public enum Denial {
    COMMAND("command", CommandError.NO_LONGER_COMMAND),
    KEY("key", CommandError.NO_LONGER_KEY),
    CHANNEL("channel", CommandError.NO_LONGER_CHANNEL);

    private final String reason;
    private final String atExec;

    Denial(String reason, String atExec) {
        this.reason = reason;
        this.atExec = atExec;
    }

    /** The word for it in ACL LOG. */
    public String reason() {
        return reason;
    }

    /** The error text for a command that was allowed when it was queued, and is not when EXEC runs it. */
    public String atExec() {
        return atExec;
    }

    /** The error text. */
    public String text(String command) {
        return switch (this) {
            case COMMAND -> CommandError.noPermission(command);
            case KEY -> CommandError.NO_PERMISSION_KEY;
            case CHANNEL -> CommandError.NO_PERMISSION_CHANNEL;
        };
    }

    /** What ACL DRYRUN says: it names the key or channel. */
    public String dryRunText(String command, String argument) {
        return switch (this) {
            case COMMAND -> "This user has no permissions to run the '" + command + "' command";
            case KEY -> "This user has no permissions to access the '" + argument + "' key";
            case CHANNEL -> "This user has no permissions to access the '" + argument + "' channel";
        };
    }
}
