package dev.jackdaw.proxy.route;

/**
 * Owned by one event loop: whoever waits for the reply of a node. Exactly one of the two methods is called, once for each
 * command that was sent.
 */
public interface ReplySink {
    /** The reply, as the node encoded it; its memory is good during the call only. {@code tag} is what was given when sending. */
    void reply(int tag, long address, int length);

    /** There will be no reply; {@code error} says why, its code first. */
    void failed(int tag, String error);
}
