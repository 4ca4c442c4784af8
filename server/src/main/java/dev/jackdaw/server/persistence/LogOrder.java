package dev.jackdaw.server.persistence;

import java.io.IOException;

/** Shared by the event loop, which waits for its end, and the thread that writes the log: what is to be done with its files. */
final class LogOrder implements LogTask {
    /** What is done between two groups. */
    @FunctionalInterface
    interface Action {
        void perform() throws IOException;
    }

    private final Action action;
    private IOException failure;
    private volatile boolean done;

    LogOrder(Action action) {
        this.action = action;
    }

    void perform() {
        try {
            action.perform();
        } catch (IOException failed) {
            failure = failed;
        }
    }

    /** Lets the loop know that it was performed. */
    void done() {
        done = true;
    }

    boolean isDone() {
        return done;
    }

    /** Of an order that is done: what went wrong, or null. */
    IOException failure() {
        return failure;
    }
}
