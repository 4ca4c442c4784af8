package dev.jackdaw.server.command;

/** Owned by the event loop: where {@link Effects} go, as they come to be: a log, or those who follow. It must not fail. */
public interface EffectSink {
    /** Takes bytes that follow those before: RESP, each command an array of bulk strings. They are good only during the call. */
    void append(long address, int length);

    /**
     * Everything so far is whole, and in step with the data: no command is left in its middle, no MULTI without its EXEC. Only
     * here may the stream be cut, or go on in another place.
     */
    void whole();
}
