package dev.jackdaw.protocol.command;

import java.util.Locale;

/** Immutable: what a command does and where it is allowed; Redis's names, in the order in which COMMAND INFO lists them. */
public enum Flag {
    /** May change data. */
    WRITE,
    /** Reads data and changes none. */
    READONLY,
    /** Refused over maxmemory. */
    DENYOOM,
    ADMIN,
    PUBSUB,
    NOSCRIPT,
    /** May keep the client waiting. */
    BLOCKING,
    /** Allowed while the data is being loaded. */
    LOADING,
    /** Allowed on a replica with stale data. */
    STALE,
    SKIP_MONITOR,
    SKIP_SLOWLOG,
    /** Carries ASKING within itself. */
    ASKING,
    /** Takes constant or logarithmic time. */
    FAST,
    /** Allowed before authentication. */
    NO_AUTH,
    /** Has an effect on others though it may change no data: CLIENT PAUSE WRITE holds it back. Shown by nothing, as in Redis. */
    MAY_REPLICATE,
    /** Has key arguments, but may be given none. */
    NO_MANDATORY_KEYS,
    NO_ASYNC_LOADING,
    /** Refused inside MULTI. */
    NO_MULTI,
    /** First, last and step do not tell where all the keys are. Follows from the key specs. */
    MOVABLEKEYS,
    /** Allowed while a script has kept the server busy for too long. */
    ALLOW_BUSY;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    public String wireName() {
        return wireName;
    }
}
