package dev.jackdaw.proxy.near;

/**
 * Owned by one node connection: which keys have writes that are on their way. Replies come in the order of requests, so a key
 * needs only the number of its last write: it is answered when that many replies have come. Keys share a few thousand places; a
 * key that seems to be written is merely asked of its node.
 */
public final class WriteMarks {
    static final int PLACES = 4096;

    private long[] lastWrite;
    private long lastOfAll;
    private long sent;
    private long answered;

    static int place(long hash) {
        return (int) (hash >>> 52);
    }

    public void sent() {
        sent++;
    }

    public void answered() {
        answered++;
    }

    /** The request sent last writes that key. */
    void mark(long hash) {
        if (lastWrite == null) {
            lastWrite = new long[PLACES];
        }
        lastWrite[place(hash)] = sent;
    }

    /** The request sent last may write any key. */
    void markAll() {
        lastOfAll = sent;
    }

    boolean isOnItsWay(long hash) {
        return lastOfAll > answered || (lastWrite != null && lastWrite[place(hash)] > answered);
    }
}
