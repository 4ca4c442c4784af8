package dev.jackdaw.server.persistence;

import dev.jackdaw.server.engine.Clock;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shared by the event loop, which hands over what is to be written, and a thread of its own, which writes it and brings it to
 * the disk. What is handed over while the disk is busy goes with the next sync, all at once.
 *
 * <pre>
 *   loop  -- buffers, orders --&gt;  thread  -- empty buffers, how much is written and synced --&gt;  loop
 * </pre>
 */
final class LogWriter {
    /** When what was written is brought to the disk. */
    enum Policy {
        ALWAYS(0),
        EVERYSEC(1_000),
        /** When the system likes; but a tear can only be told from damage near what was synced last. */
        NO(30_000);

        private final long periodMillis;

        Policy(long periodMillis) {
            this.periodMillis = periodMillis;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);
    private static final long RETRY_MILLIS = 1_000;
    /** After so long without anything to write it is said in the file that all before is on the disk. */
    private static final long MARK_MILLIS = 1_000;

    private static final long FOR_EVER = Long.MAX_VALUE;

    private final LogFiles files;
    private final Clock clock;
    private final Runnable progress;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    /** Under the lock. */
    private final ArrayDeque<LogTask> handed = new ArrayDeque<>();

    private final ArrayDeque<LogBuffer> emptied = new ArrayDeque<>();
    private boolean resting;
    private boolean nudged;

    /** Of the thread. */
    private final ArrayDeque<LogTask> tasks = new ArrayDeque<>();

    private long syncedMillis;
    private long writtenMillis;
    private long retryMillis = Long.MIN_VALUE;

    /** Of the loop, for the thread. */
    private volatile Policy policy = Policy.EVERYSEC;

    private volatile boolean awaited;
    private volatile boolean overflowed;
    private volatile boolean ended;
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** Of the thread, for the loop. */
    private volatile long written;

    private volatile long synced;
    private volatile long safeMillis;
    private volatile long fileBytes;
    private volatile long baseBytes;
    private volatile boolean lost;
    private volatile String failure;

    /** @param progress told by the thread when more is on the disk and somebody waits for that */
    LogWriter(LogFiles files, Clock clock, Runnable progress) {
        this.files = files;
        this.clock = clock;
        this.progress = progress;
        this.syncedMillis = nowMillis();
        this.fileBytes = files.size();
        this.baseBytes = files.baseBytes();
        this.lost = !files.isOpen();
    }

    private long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(clock.nanos());
    }

    // --- On the loop ---

    void handOver(LogTask task) {
        lock.lock();
        try {
            handed.add(task);
            wake();
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        nudged = true;
        if (resting) {
            work.signal();
        }
    }

    /** What was handed over last, if it is a buffer and was not begun: it can be filled further. */
    LogBuffer takeBack() {
        lock.lock();
        try {
            return handed.peekLast() instanceof LogBuffer && handed.pollLast() instanceof LogBuffer buffer
                    ? buffer
                    : null;
        } finally {
            lock.unlock();
        }
    }

    /** A buffer that was written, or null. */
    LogBuffer emptied() {
        lock.lock();
        try {
            return emptied.poll();
        } finally {
            lock.unlock();
        }
    }

    Policy policy() {
        return policy;
    }

    void policy(Policy newPolicy) {
        if (policy != newPolicy) {
            lock.lock();
            try {
                policy = newPolicy;
                wake();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Has {@code progress} told when more is on the disk. */
    void await() {
        awaited = true;
    }

    /** Drops what cannot be written: a new base will have it. */
    void overflow() {
        overflowed = true;
    }

    /** Ends the thread when all that was handed over is done, or cannot be: nothing is handed over any more. */
    void end() {
        lock.lock();
        try {
            ended = true;
            wake();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it has ended, for some time at most. */
    boolean awaitEnd(long millis) {
        try {
            return stopped.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Up to where all that was appended is written, or known to be lost. */
    long written() {
        return written;
    }

    /** Up to where it will be found again, whatever happens. */
    long synced() {
        return synced;
    }

    /** What was handed over before that time is synced. */
    long safeMillis() {
        return safeMillis;
    }

    /** The bytes of all files that count. */
    long fileBytes() {
        return fileBytes;
    }

    /** The bytes of the base. */
    long baseBytes() {
        return baseBytes;
    }

    /** Whether something was lost on the way to the disk, so that a new base is needed. */
    boolean isLost() {
        return lost;
    }

    /** What keeps the log from being written, in the system's words, or null. */
    String failure() {
        return failure;
    }

    // --- On the thread ---

    void run() {
        while (!ended) {
            rest(turn());
        }
        // Where there was no room there may be some by now.
        retryMillis = Long.MIN_VALUE;
        turn();
        stopped.countDown();
    }

    private void rest(long millis) {
        lock.lock();
        try {
            resting = true;
            boolean mayRest = !nudged && !ended;
            if (mayRest && millis == FOR_EVER) {
                work.await();
            } else if (mayRest) {
                work.await(millis, TimeUnit.MILLISECONDS);
            }
            nudged = false;
        } catch (InterruptedException unexpected) {
            ended = true;
        } finally {
            resting = false;
            lock.unlock();
        }
    }

    /** Does what there is to do; returns for how many milliseconds there is nothing more unless something is handed over. */
    long turn() {
        long now = nowMillis();
        take();
        if (overflowed) {
            files.lose();
            overflowed = false;
        } else if (now < retryMillis) {
            return retryMillis - now;
        }
        try {
            writtenMillis = tasks.isEmpty() ? writtenMillis : now;
            while (!tasks.isEmpty()) {
                perform(tasks.peek());
                tasks.remove();
            }
            if (!files.isSynced() && now - syncedMillis >= policy.periodMillis) {
                syncedMillis = now;
                files.sync();
                safeMillis = now;
            }
            if (!files.isMarked() && files.isSynced() && now - writtenMillis >= MARK_MILLIS) {
                files.mark();
            }
            if (files.isComplete()) {
                failure = null;
            }
        } catch (IOException failed) {
            failed(failed);
            retryMillis = now + RETRY_MILLIS;
        }
        publish();
        return restMillis(now);
    }

    private long restMillis(long now) {
        if (!tasks.isEmpty()) {
            return RETRY_MILLIS;
        }
        if (!files.isSynced()) {
            return Math.max(1, syncedMillis + policy.periodMillis - now);
        }
        return files.isMarked() ? FOR_EVER : Math.max(1, writtenMillis + MARK_MILLIS - now);
    }

    private void take() {
        // The loop may wait for this very processor: what it hands over now goes with the same sync.
        Thread.yield();
        lock.lock();
        try {
            nudged = false;
            tasks.addAll(handed);
            handed.clear();
        } finally {
            lock.unlock();
        }
    }

    private void perform(LogTask task) throws IOException {
        switch (task) {
            case LogBuffer buffer -> {
                if (files.isOpen()) {
                    files.write(buffer, policy == Policy.ALWAYS);
                }
                written = buffer.end();
                buffer.clear();
                giveBack(buffer);
            }
            case LogOrder order -> {
                order.perform();
                if (order.failure() != null && !files.isOpen() && failure == null) {
                    failed(order.failure());
                }
                publish();
                order.done();
            }
        }
    }

    private void giveBack(LogBuffer buffer) {
        lock.lock();
        try {
            emptied.add(buffer);
        } finally {
            lock.unlock();
        }
    }

    private void failed(IOException failed) {
        String reason = failed instanceof FileSystemException known && known.getReason() != null
                ? known.getReason()
                : String.valueOf(failed.getMessage());
        if (!reason.equals(failure)) {
            LOG.error("Cannot write the log: {}", reason);
        }
        failure = reason;
    }

    private void publish() {
        fileBytes = files.size();
        baseBytes = files.baseBytes();
        lost = !files.isOpen();
        if (files.isComplete() && files.isSynced() && synced < written) {
            synced = written;
            if (awaited) {
                awaited = false;
                progress.run();
            }
        }
    }
}
