package dev.jackdaw.server.memory;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Shared by the owner of some pages and a thread that makes regions of them resident, shortly before the owner uses
 * them, and gives others back to the system. The first touch of a huge page has the system find and clear two megabytes, and a
 * virtual machine may have to get them from its host first: that took up to 9 ms, during which the owner's loop would
 * stand still.
 *
 * <p>Nobody waits for it. An owner that is faster uses something else, in small pages.
 */
final class PageStock implements AutoCloseable {
    /** Immutable: a region, named by its first page, that is back. */
    record Region(int page, boolean isResident) {}

    private final Queue<Region> back = new ConcurrentLinkedQueue<>();
    private ExecutorService thread;

    /** Has a region become resident, as a huge page if the system has one. Only the owner may call this, as all that follow. */
    void populate(int page, long address, long bytes) {
        execute(() -> {
            NativeMemory.preferHugePages(address, bytes);
            NativeMemory.populate(address, bytes);
            // The page stays a huge one, but once parts of it have gone back the system is not to make it whole again.
            NativeMemory.refuseHugePages(address, bytes);
            back.add(new Region(page, true));
        });
    }

    /** Gives a region's memory back to the system; whoever touches it next gets small pages. */
    void discard(int page, long address, long bytes) {
        execute(() -> {
            NativeMemory.discard(address, bytes);
            back.add(new Region(page, false));
        });
    }

    private void execute(Runnable task) {
        if (thread == null) {
            thread = Executors.newSingleThreadExecutor(
                    body -> Thread.ofPlatform().name("page-stock").daemon().unstarted(body));
        }
        thread.execute(task);
    }

    /** A region that is back, or null. */
    Region poll() {
        return back.poll();
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
