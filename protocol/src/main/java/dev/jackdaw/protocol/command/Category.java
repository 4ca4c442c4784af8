package dev.jackdaw.protocol.command;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

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

    private static final Map<String, Category> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Category::wireName, each -> each));

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The category of a name in any case, or null. */
    public static Category named(String name) {
        return BY_NAME.get(name.toLowerCase(Locale.ROOT));
    }

    /** The name without the {@code @}. */
    public String wireName() {
        return wireName;
    }
}
