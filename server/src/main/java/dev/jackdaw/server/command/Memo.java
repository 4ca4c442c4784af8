package dev.jackdaw.server.command;

/** Owned by the event loop: what a command's body wants to find again when it runs again, after its client has waited. */
interface Memo {
    /** Whether all that the client waits for are its keys; otherwise the body says for which of them, and CLIENT UNBLOCK cannot end the wait. */
    default boolean isForKeys() {
        return true;
    }

    /** The client waits no more. */
    default void release() {}
}
