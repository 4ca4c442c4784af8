package dev.jackdaw.protocol.command;

import java.util.Locale;

/** Immutable: a group of commands that access rules can name, in the order in which COMMAND INFO lists them. */
public enum Category {
    KEYSPACE,
    READ,
    WRITE,
    SET,
    SORTEDSET,
    LIST,
    HASH,
    STRING,
    BITMAP,
    HYPERLOGLOG,
    GEO,
    STREAM,
    PUBSUB,
    ADMIN,
    FAST,
    SLOW,
    BLOCKING,
    DANGEROUS,
    CONNECTION,
    TRANSACTION,
    SCRIPTING;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name without the {@code @}. */
    public String wireName() {
        return wireName;
    }
}
