package dev.jackdaw.server.acl;

/** Immutable: why a rule cannot be applied, in Redis's words. */
public final class RuleException extends RuntimeException {
    private static final long serialVersionUID = 1;

    static final String SYNTAX = "Syntax error";
    static final String UNKNOWN_COMMAND = "Unknown command or category name in ACL";
    static final String AFTER_ALL_KEYS = afterAll("allkeys", "resetkeys", "patterns");
    static final String AFTER_ALL_CHANNELS = afterAll("allchannels", "resetchannels", "channels");
    static final String NO_SUCH_PASSWORD = "The password you are trying to remove from the user does not exist";
    static final String BAD_HASH =
            "The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters";
    static final String DUPLICATE_USER = "Duplicate user found. A user can only be defined once in config files";
    static final String FIRST_ARGUMENT_OF_SUBCOMMAND = "Allowing first-arg of a subcommand is not supported";

    RuleException(String reason) {
        super(reason, null, false, false);
    }

    private static String afterAll(String flag, String remedy, String what) {
        return "Adding a pattern after the * pattern (or the '" + flag
                + "' flag) is not valid and does not have any effect. Try '" + remedy
                + "' to start with an empty list of " + what;
    }
}
