package dev.jackdaw.server.persistence;

import dev.jackdaw.server.memory.Heap;
import dev.jackdaw.server.rdb.Crc64;
import dev.jackdaw.server.rdb.RdbOutput;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Shared by the event loop, which fills buffers, and a thread of its own, which writes them to a temporary file. The file
 * takes the place of the one before when all of it, and then its name, have reached the disk.
 *
 * <pre>
 *   loop  -- full buffers --&gt;  thread  -- empty buffers --&gt;  loop
 * </pre>
 */
final class SnapshotFile implements RdbOutput.Drain {
    static final int BUFFER_BYTES = 64 << 10;

    /** So many full buffers mean that whoever can had better wait for the disk. */
    private static final int MANY_BUFFERS = 64;

    private static final long WAIT_MILLIS = 10;

    /** What one fsync takes to the disk while the file grows, so that the last one is short. */
    private static final long SYNC_BYTES = 16L << 20;

    /** So many bytes in a buffer; the last ones of the file, or of one that is given up, if {@code end} says so. */
    private record Full(long buffer, int bytes, End end) {}

    private enum End {
        NOT_YET,
        COMPLETE,
        GIVEN_UP
    }

    private final Disk disk;
    private final Heap heap;
    private final Path path;
    private final Path temporary;
    private final boolean checksum;
    /** The most buffers at a time, 0 if the loop may wait for the disk. */
    private final long mostBuffers;

    private final List<Long> buffers = new ArrayList<>();
    private final BlockingQueue<Full> full = new LinkedBlockingQueue<>();
    private final BlockingQueue<Long> empty = new LinkedBlockingQueue<>();
    private final Thread thread;
    private long crc;
    private long unsynced;
    private boolean ended;
    private volatile boolean done;
    private volatile IOException failure;
    private volatile String reason;

    /**
     * @param mostBytes what may wait for the disk; with more the file is given up. 0 if the loop may wait
     */
    SnapshotFile(Disk disk, Heap heap, Path path, boolean checksum, long mostBytes) {
        this.disk = disk;
        this.heap = heap;
        this.path = path;
        this.temporary = path.resolveSibling("temp-" + ProcessHandle.current().pid() + ".rdb");
        // Where somebody does not wait for the end of it.
        temporary.toFile().deleteOnExit();
        this.checksum = checksum;
        this.mostBuffers = mostBytes / BUFFER_BYTES;
        this.thread = Thread.ofPlatform().daemon().name("snapshot").unstarted(this::write);
    }

    /** Begins; returns the first buffer. */
    long open() {
        thread.start();
        return newBuffer();
    }

    private long newBuffer() {
        long buffer = heap.reserve(BUFFER_BYTES);
        buffers.add(buffer);
        return buffer;
    }

    @Override
    public long full(long buffer, int bytes) {
        hand(buffer, bytes);
        return empty(buffer);
    }

    /** Hands a buffer to the thread. */
    void hand(long buffer, int bytes) {
        if (!hasFailed()) {
            full.add(new Full(buffer, bytes, End.NOT_YET));
        }
    }

    /** An empty buffer. If there can be none the file is given up, and what is written into the one that is given goes nowhere. */
    long empty(long ifNone) {
        if (hasFailed()) {
            return ifNone;
        }
        Long next = empty.poll();
        if (next != null) {
            return next;
        }
        if (mostBuffers == 0 && isBehind()) {
            return await(ifNone);
        }
        if (mostBuffers != 0 && buffers.size() >= mostBuffers) {
            giveUp("the disk is too slow for what changes meanwhile");
            return ifNone;
        }
        return newBuffer();
    }

    private long await(long ifFailed) {
        boolean interrupted = false;
        Long next = null;
        while (next == null && !hasFailed()) {
            try {
                next = empty.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return next == null ? ifFailed : next;
    }

    boolean isBehind() {
        return full.size() > MANY_BUFFERS;
    }

    /** Whether what is handed over goes nowhere any more. */
    boolean hasFailed() {
        return failure != null || reason != null;
    }

    /** Hands over the last bytes, which end the file but for its checksum. */
    void complete(long buffer, int bytes) {
        full.add(new Full(buffer, bytes, End.COMPLETE));
    }

    /** Gives the file up. */
    void giveUp(String why) {
        reason = why;
        full.add(new Full(0, 0, End.GIVEN_UP));
    }

    /** Whether the thread has ended; then {@link #close} tells how. */
    boolean isDone() {
        return done;
    }

    /** Waits for the end, and gives the buffers back. */
    void close() throws IOException {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        buffers.forEach(buffer -> heap.unreserve(buffer, BUFFER_BYTES));
        buffers.clear();
        if (failure != null) {
            throw failure;
        }
    }

    // --- On the thread ---

    private void write() {
        try {
            writeFile();
        } catch (IOException failed) {
            failure = failed;
        } catch (InterruptedException ended) {
            failure = new IOException("interrupted", ended);
        } finally {
            done = true;
        }
    }

    private void writeFile() throws IOException, InterruptedException {
        try (Disk.File file = disk.create(temporary)) {
            while (!ended) {
                Full next = take();
                if (reason != null) {
                    throw new IOException(reason);
                }
                write(file, next);
            }
            ByteBuffer sum = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            file.writeAll(sum.putLong(0, checksum ? crc : 0));
            file.sync();
        } catch (IOException failed) {
            disk.delete(temporary);
            throw failed;
        }
        disk.rename(temporary, path);
        disk.syncDirectory(path.getParent());
    }

    private Full take() throws InterruptedException {
        Full next = full.take();
        ended = next.end != End.NOT_YET;
        return next;
    }

    private void write(Disk.File file, Full next) throws IOException {
        if (next.bytes > 0) {
            if (checksum) {
                crc = Crc64.update(crc, next.buffer, next.bytes);
            }
            file.writeAll(
                    MemorySegment.ofAddress(next.buffer).reinterpret(next.bytes).asByteBuffer());
            unsynced += next.bytes;
            // The loop may wait for this very processor.
            Thread.yield();
        }
        if (next.end == End.NOT_YET) {
            empty.add(next.buffer);
        }
        if (unsynced >= SYNC_BYTES) {
            file.sync();
            unsynced = 0;
        }
    }
}
