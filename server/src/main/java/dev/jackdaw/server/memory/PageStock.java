package dev.jackdaw.server.memory;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Shared: makes memory resident on a thread of its own, shortly before its owner uses it. The first touch of a huge page has
 * the system find and clear two megabytes, and a virtual machine may have to get them from its host first: that took
 * up to 9 ms, during which the owner's loop would stand still.
 *
 * <p>Nobody waits for it. An owner that is faster touches the page itself.
 */
final class PageStock implements AutoCloseable {
    private ExecutorService thread;

    /** To be called by one thread only, as {@link #close}. */
    void populate(long address, long bytes) {
        if (thread == null) {
            thread = Executors.newSingleThreadExecutor(
                    task -> Thread.ofPlatform().name("page-stock").daemon().unstarted(task));
        }
        thread.execute(() -> NativeMemory.populate(address, bytes));
    }

    /** Returns when nothing is touched any more. */
    @Override
    public void close() {
        if (thread == null) {
            return;
        }
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("a page takes a minute");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
