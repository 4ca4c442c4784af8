package dev.jackdaw.server.pubsub;

import dev.jackdaw.protocol.resp.ReplyWriter;

/** Owned by the event loop: where messages to a client go that answer no command. */
public interface Outlet {
    /** Where to write a message, in the protocol that the client speaks; {@link #pushed} must follow. */
    ReplyWriter push();

    /** Ends what {@link #push} began; the bytes leave with the next flush. A client that is dropped for it is not forgotten before that. */
    void pushed();
}
