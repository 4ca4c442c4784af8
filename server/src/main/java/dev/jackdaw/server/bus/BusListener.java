package dev.jackdaw.server.bus;

/** Owned by the event loop: is told what other nodes say, and what they want to be told. Addresses are good during the call. */
public interface BusListener {
    /** A message was published at another node. */
    void published(long channel, int channelLength, long message, int messageLength);

    /** A key has changed at another node. */
    void changed(long key, int length);

    /** Any key may have changed at other nodes, and it was not or will not be told which. */
    void missedChanges();

    /** Whether any other node wants to be told of changes here, from now on. */
    void tellChanges(boolean wanted);

    /** Nothing more is told for now: what was collected can be passed on. */
    void heardAll();
}
