package dev.jackdaw.server.command;

import dev.jackdaw.protocol.resp.ReplyWriter;

/** Owned by the event loop: what a command body may do to the connection of a client. */
public interface Connection {
    /** Where to write a message that answers no command; {@link #pushed} must follow. */
    ReplyWriter push();

    /** Ends what {@link #push} began; the bytes leave with the next flush. */
    void pushed();

    /** Closes after the replies written so far have been sent. */
    void closeAfterReplies();

    /** Closes at once; what was not sent is dropped. */
    void abort();

    /** The peer as {@code address:port}. */
    String remoteAddress();

    /** This end as {@code address:port}. */
    String localAddress();

    /** Bytes received that are not a whole request yet. */
    long queryBufferBytes();

    /** Bytes of replies that the client has not taken yet. */
    long outputBufferBytes();
}
