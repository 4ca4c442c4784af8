package dev.jackdaw.server.command;

import dev.jackdaw.server.persistence.Handout;
import dev.jackdaw.server.pubsub.Outlet;
import io.netty.buffer.ByteBuf;

/** Owned by the event loop: what a command body may do to the connection of a client. */
public interface Connection extends Outlet {
    /** Closes after the replies written so far have been sent. */
    void closeAfterReplies();

    /** Closes at once; what was not sent is dropped. */
    void abort();

    /** Lets no further request of the client run for some time. */
    void pause(long millis);

    /** Takes requests again, a little later: what made its session take none is over. */
    void goOn();

    /** Sends the snapshot behind what was written so far, as the client takes it, and closes then; the snapshot is the connection's to close. */
    void send(Handout snapshot);

    /** An empty direct buffer with that much room, from where the connection has its own; the caller releases it. */
    ByteBuf buffer(int bytes);

    /** The peer as {@code address:port}. */
    String remoteAddress();

    /** Whether the peer is on this machine. */
    boolean isLocal();

    /** This end as {@code address:port}. */
    String localAddress();

    /** Bytes received that are not a whole request yet. */
    long queryBufferBytes();

    /** Bytes of replies that the client has not taken yet. */
    long outputBufferBytes();
}
