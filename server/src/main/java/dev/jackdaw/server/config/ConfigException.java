package dev.jackdaw.server.config;

/** Immutable: settings that cannot be used; the message is one line that names what is wrong, and where. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ConfigException(String message) {
        super(message, null, false, false);
    }
}
