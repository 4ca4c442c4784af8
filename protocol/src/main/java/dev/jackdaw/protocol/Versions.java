package dev.jackdaw.protocol;

/** Shared and stateless: what programs say that they are. */
public final class Versions {
    /** The Redis whose replies are given, for clients that choose by it what they may send. */
    public static final String REDIS = "7.0.15";

    public static final String JACKDAW = "0.1.0";

    private Versions() {}
}
