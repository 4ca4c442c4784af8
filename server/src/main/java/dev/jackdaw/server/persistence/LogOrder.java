package dev.jackdaw.server.persistence;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Shared by the event loop, which waits for its end, and the thread that writes the log: what is to be done with its files. */
final class LogOrder implements LogTask {
    /** What is done between two groups. */
    @FunctionalInterface
    interface Action {
        void perform() throws IOException;
    }

    private final Action action;
    private IOException failure;
    private final CountDownLatch done = new CountDownLatch(1);

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
        done.countDown();
    }

    boolean isDone() {
        return done.getCount() == 0;
    }

    /** Waits for its end, but for some time at most; returns whether it has ended. */
    boolean await(long millis) {
        try {
            return done.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return isDone();
        }
    }

    /** Of an order that is done: what went wrong, or null. */
    IOException failure() {
        return failure;
    }
}
