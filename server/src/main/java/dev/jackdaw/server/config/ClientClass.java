package dev.jackdaw.server.config;

import java.util.Locale;

/** Immutable: the classes of clients that client-output-buffer-limit tells apart. */
public enum ClientClass {
    NORMAL("normal"),
    REPLICA("slave"),
    PUBSUB("pubsub");

    private final String wireName;

    ClientClass(String wireName) {
        this.wireName = wireName;
    }

    /** The name in CONFIG GET. */
    String wireName() {
        return wireName;
    }

    /** The class of a name, in any case, or null. */
    static ClientClass named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "normal" -> NORMAL;
            case "slave", "replica" -> REPLICA;
            case "pubsub" -> PUBSUB;
            default -> null;
        };
    }
}
