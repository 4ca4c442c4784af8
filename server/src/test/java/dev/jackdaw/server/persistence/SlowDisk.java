package dev.jackdaw.server.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * Shared by the threads of one test: a real disk whose syncs the test can hold up or fail, and which it can call full. It has to
 * be closed before a node on it, which waits for its log.
 */
public final class SlowDisk extends ForwardingDisk implements AutoCloseable {
    private static final int SECONDS = 20;

    private boolean held;
    private boolean syncing;
    private int mostBytes = Integer.MAX_VALUE;
    private int syncsToFail;

    public SlowDisk() {
        super(REAL);
    }

    /** Has syncs of increments wait until {@link #letGo}. */
    public synchronized void hold() {
        held = true;
        syncing = false;
    }

    public synchronized void letGo() {
        held = false;
        notifyAll();
    }

    @Override
    public void close() {
        letGo();
    }

    /** Waits until somebody waits for a sync. */
    public void awaitSync() {
        Awaitility.await().atMost(SECONDS, TimeUnit.SECONDS).until(this::isSyncing);
    }

    private synchronized boolean isSyncing() {
        return syncing;
    }

    public synchronized void full(boolean is) {
        takes(is ? 0 : Integer.MAX_VALUE);
    }

    /** Has it room for pieces of so many bytes at most. */
    public synchronized void takes(int bytes) {
        mostBytes = bytes;
    }

    public synchronized void failSyncs(int next) {
        syncsToFail = next;
    }

    private void await() {
        try {
            wait();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private synchronized void beforeSync() throws IOException {
        syncing = true;
        notifyAll();
        while (held) {
            await();
        }
        if (syncsToFail > 0) {
            syncsToFail--;
            throw new IOException("Input/output error");
        }
    }

    private synchronized void beforeWrite(ByteBuffer bytes) throws IOException {
        if (bytes.remaining() > mostBytes) {
            throw new IOException("No space left on device");
        }
    }

    @Override
    File opened(Path path, File file) {
        return path.toString().endsWith(".incr.aof") ? new Increment(file) : file;
    }

    /** Shared as the file is that it stands before. */
    private final class Increment extends ForwardingFile {
        Increment(File file) {
            super(file);
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            beforeWrite(bytes);
            super.write(bytes);
        }

        @Override
        public void writeAt(long offset, ByteBuffer bytes) throws IOException {
            beforeWrite(bytes);
            super.writeAt(offset, bytes);
        }

        @Override
        public void sync() throws IOException {
            beforeSync();
            super.sync();
        }
    }
}
