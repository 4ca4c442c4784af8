package dev.jackdaw.server.tracking;

import java.util.Locale;

/** Immutable: what CLIENT TRACKING can be asked for beyond being on, in the order in which CLIENT TRACKINGINFO lists it. */
public enum TrackingOption {
    /** Tell of all keys with a prefix, whether the client has read them or not. */
    BCAST,
    /** Remember the keys of a command only after CLIENT CACHING YES. */
    OPTIN,
    /** Remember them but after CLIENT CACHING NO. */
    OPTOUT,
    /** Do not tell the client of its own changes. */
    NOLOOP;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    public String wireName() {
        return wireName;
    }
}
