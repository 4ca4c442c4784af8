package dev.jackdaw.server.persistence;

import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.config.Directive;
import dev.jackdaw.server.engine.Engine;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayDeque;

/** Owned by the event loop: loads a log, one file of its manifest after the other, and then begins to write it. */
final class LogLoader implements Loader {
    /** What is done when all is loaded. */
    interface Continuation {
        /** @param lastEnd where the last file can be written on, or -1 */
        void begin(long lastEnd) throws IOException;
    }

    private final Disk disk;
    private final Replay replay;
    private final Continuation continuation;
    private final LogReader.Leniency leniency;
    private final RdbFile snapshots;
    private final boolean checksum;
    private final ArrayDeque<Path> paths = new ArrayDeque<>();
    private long totalBytes;
    private long loadedBytes;
    private Path path;
    private Loader part;
    private long lastEnd = -1;
    private boolean replaying = true;

    LogLoader(Engine engine, Config config, Disk disk, LogFiles files, Replay replay, Continuation continuation)
            throws IOException {
        this.disk = disk;
        this.replay = replay;
        this.continuation = continuation;
        this.leniency =
                new LogReader.Leniency(config.is(Directive.AOF_LOAD_TRUNCATED), config.is(Directive.AOF_LOAD_DAMAGED));
        this.snapshots = new RdbFile(engine, config, disk);
        this.checksum = config.is(Directive.RDBCHECKSUM);
        for (Manifest.Item item : files.manifest().inOrder()) {
            paths.add(files.path(item));
            totalBytes += disk.size(files.path(item));
        }
        replay.begin();
    }

    @Override
    public boolean load(int bytes) throws IOException {
        if (part == null && paths.isEmpty()) {
            endReplay();
            continuation.begin(lastEnd);
            return false;
        }
        if (part == null) {
            path = paths.poll();
            part = open();
        }
        if (!part.load(bytes)) {
            next();
        }
        return true;
    }

    private Loader open() throws IOException {
        if (isSnapshot()) {
            snapshots.open(path, checksum);
            return snapshots;
        }
        return commands(0);
    }

    private boolean isSnapshot() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return RdbFile.isOne(disk.map(path, arena));
        }
    }

    private Loader commands(long from) throws IOException {
        return new LogReader(disk, path, from, paths.isEmpty(), replay, leniency);
    }

    /** The file is done, but for commands that may stand behind a snapshot. */
    private void next() throws IOException {
        Loader done = part;
        lastEnd = done instanceof LogReader log ? log.writableFrom() : -1;
        boolean goesOn = done == snapshots && done.loadedBytes() < done.totalBytes();
        part = goesOn ? commands(done.loadedBytes()) : null;
        loadedBytes += goesOn ? 0 : done.totalBytes();
        done.close();
    }

    @Override
    public long totalBytes() {
        return totalBytes;
    }

    @Override
    public long loadedBytes() {
        return loadedBytes + (part == null ? 0 : part.loadedBytes());
    }

    @Override
    public void close() {
        if (part != null) {
            part.close();
            part = null;
        }
        endReplay();
    }

    private void endReplay() {
        if (replaying) {
            replaying = false;
            replay.end();
        }
    }
}
