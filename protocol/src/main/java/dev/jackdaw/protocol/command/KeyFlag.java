package dev.jackdaw.protocol.command;

import java.util.Locale;

/** Immutable: what a command does with the keys of one key spec; Redis's names, in the order in which COMMAND INFO lists them. */
public enum KeyFlag {
    /** Reads the value. */
    RO("RO"),
    /** Changes the value. */
    RW("RW"),
    /** Replaces the value. */
    OW("OW"),
    /** Removes the key. */
    RM("RM"),
    /** Gives the client something of the value. */
    ACCESS,
    UPDATE,
    INSERT,
    DELETE,
    /** Only hashed as a key is. */
    NOT_KEY,
    /** The spec does not find all keys. */
    INCOMPLETE,
    /** The arguments decide what happens to the key. */
    VARIABLE_FLAGS;

    private final String wireName;

    KeyFlag() {
        this.wireName = name().toLowerCase(Locale.ROOT);
    }

    KeyFlag(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }
}
