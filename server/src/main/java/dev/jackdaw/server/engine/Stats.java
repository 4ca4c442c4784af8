package dev.jackdaw.server.engine;

/** Owned by its engine's event loop: what INFO counts. */
public final class Stats {
    public long hits;
    public long misses;
    public long expired;
    public long evicted;
    public long changes;
    public long commands;
    public long connections;
    public long rejectedConnections;
    public long bytesIn;
    public long bytesOut;
    public long reads;
    public long writes;
    public long errors;
    public long queryBufferDisconnections;
    public long outputBufferDisconnections;
    public long evictedClients;

    /** CONFIG RESETSTAT. */
    public void reset() {
        hits = 0;
        misses = 0;
        expired = 0;
        evicted = 0;
        commands = 0;
        connections = 0;
        rejectedConnections = 0;
        bytesIn = 0;
        bytesOut = 0;
        reads = 0;
        writes = 0;
        errors = 0;
        queryBufferDisconnections = 0;
        outputBufferDisconnections = 0;
        evictedClients = 0;
    }
}
