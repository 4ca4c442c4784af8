package dev.jackdaw.protocol.command;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Immutable: the families of commands, one enum of rows each. */
public enum Family {
    STRING("string", Category.STRING, StringCommand::values),
    BITMAP("bitmap", Category.BITMAP, BitmapCommand::values),
    HYPERLOGLOG("hyperloglog", Category.HYPERLOGLOG, HyperLogLogCommand::values),
    KEY("generic", Category.KEYSPACE, KeyCommand::values),
    LIST("list", Category.LIST, ListCommand::values),
    SET("set", Category.SET, SetCommand::values),
    HASH("hash", Category.HASH, HashCommand::values),
    SORTED_SET("sorted-set", Category.SORTEDSET, SortedSetCommand::values),
    GEO("geo", Category.GEO, GeoCommand::values),
    STREAM("stream", Category.STREAM, StreamCommand::values),
    CONNECTION("connection", Category.CONNECTION, ConnectionCommand::values),
    TRANSACTION("transactions", Category.TRANSACTION, TransactionCommand::values),
    PUBSUB("pubsub", PubSubCommand::values),
    SERVER("server", ServerCommand::values),
    ACL("server", AclCommand::values),
    SCRIPTING("scripting", Category.SCRIPTING, ScriptingCommand::values);

    private static final int MOST_PLAIN_WORDS = 10_000;

    private final String group;
    private final Set<Category> categories;
    private final Supplier<Command[]> rows;

    Family(String group, Supplier<Command[]> rows) {
        this.group = group;
        this.categories = Set.of();
        this.rows = rows;
    }

    Family(String group, Category category, Supplier<Command[]> rows) {
        this.group = group;
        this.categories = Collections.unmodifiableSet(EnumSet.of(category));
        this.rows = rows;
    }

    /** The group's name in COMMAND DOCS. */
    public String group() {
        return group;
    }

    /** What every command of the family belongs to; the server and publish/subscribe commands have nothing in common. */
    public Set<Category> categories() {
        return categories;
    }

    /** How many words a command may have: where it is not about data, bodies make objects of them, and the heap is small. */
    int mostWords() {
        return this == CONNECTION || this == SERVER || this == ACL || this == SCRIPTING
                ? MOST_PLAIN_WORDS
                : Integer.MAX_VALUE;
    }

    /** Every row of the family; each family starts its rows only when they are asked for. */
    public List<Command> commands() {
        return List.of(rows.get());
    }
}
