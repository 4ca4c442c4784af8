package dev.jackdaw.server.persistence;

import io.netty.buffer.ByteBuf;

/** Owned by the event loop: does what a log says. */
public interface Replay {
    /** Before the first commands. */
    void begin();

    /**
     * Does the commands in a direct buffer, and takes them out of it; those of a transaction when its end is there.
     *
     * @throws CorruptLogException if there is one that cannot be done
     */
    void apply(ByteBuf commands);

    /** How many bytes at the end of what was applied belong to a transaction that has not ended. */
    long openBytes();

    /** There are no more commands. */
    void end();
}
