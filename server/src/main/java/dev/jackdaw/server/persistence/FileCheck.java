package dev.jackdaw.server.persistence;

import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.rdb.CorruptRdbException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Owned by one thread: reads snapshots and logs to find out whether a node could. Of a snapshot's keys some are kept at a
 * time; of a log the commands are looked at and not done.
 */
public final class FileCheck {
    private static final String MANIFEST = ".manifest";
    private static final int SLICE_BYTES = 1 << 20;
    private static final long MOST_KEPT_BYTES = 256L << 20;

    private final Disk disk = Disk.REAL;
    private final Engine engine;
    private final Replay syntax;
    private final RdbFile snapshot;
    private final Consumer<String> report;

    /**
     * @param syntax looks at the commands of logs
     * @param report told of each file that is as it should be
     */
    public FileCheck(Engine engine, Config config, Replay syntax, Consumer<String> report) {
        this.engine = engine;
        this.syntax = syntax;
        this.snapshot = new RdbFile(engine, config, disk);
        this.report = report;
    }

    /**
     * Reads a file, or all that belong to a manifest or to a directory that has one.
     *
     * @throws CorruptRdbException if it is a snapshot that cannot be read
     * @throws CorruptLogException if it is a log that cannot be read
     */
    public void read(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            readAll(manifestIn(path));
        } else if (path.toString().endsWith(MANIFEST)) {
            readAll(path);
        } else {
            readFile(path, true);
        }
    }

    private Path manifestIn(Path directory) throws IOException {
        List<String> manifests = disk.list(directory).stream()
                .filter(name -> name.endsWith(MANIFEST))
                .toList();
        if (manifests.size() != 1) {
            throw new IOException(directory + " has " + manifests.size() + " manifests");
        }
        return directory.resolve(manifests.getFirst());
    }

    private void readAll(Path path) throws IOException {
        Manifest manifest;
        try (Arena arena = Arena.ofConfined()) {
            manifest = Manifest.parse(disk.map(path, arena).toArray(ValueLayout.JAVA_BYTE));
        }
        List<Manifest.Item> items = manifest.inOrder();
        for (Manifest.Item item : items) {
            readFile(path.resolveSibling(Config.path(item.name())), item == items.getLast());
        }
    }

    private void readFile(Path path, boolean isLast) throws IOException {
        if (isSnapshot(path)) {
            long commandsFrom = readSnapshot(path);
            if (commandsFrom < disk.size(path)) {
                readCommands(path, commandsFrom, isLast);
            }
        } else {
            readCommands(path, 0, isLast);
        }
    }

    private boolean isSnapshot(Path path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return RdbFile.isOne(disk.map(path, arena));
        }
    }

    /** Returns where it ends. */
    private long readSnapshot(Path path) throws IOException {
        try (Loader loader = snapshot) {
            snapshot.open(path, true);
            while (loader.load(SLICE_BYTES)) {
                if (engine.usedMemory() > MOST_KEPT_BYTES) {
                    clear();
                }
            }
            report.accept("%s: a snapshot in version %d of RDB: %d keys, and %d that have expired"
                    .formatted(path, snapshot.version(), snapshot.loaded(), snapshot.expired()));
            return loader.loadedBytes();
        } finally {
            clear();
        }
    }

    private void clear() {
        for (int i = 0; i < engine.databases(); i++) {
            engine.keyspace(i).clear();
        }
        while (engine.buried() > 0) {
            engine.backgroundStep();
        }
    }

    private void readCommands(Path path, long from, boolean isLast) throws IOException {
        syntax.begin();
        LogReader.Leniency none = new LogReader.Leniency(false, false);
        try (Loader loader = new LogReader(disk, path, from, isLast, syntax, none)) {
            boolean more = loader.totalBytes() > from;
            while (more) {
                more = loader.load(SLICE_BYTES);
            }
            report.accept("%s: a log of %d bytes".formatted(path, loader.totalBytes() - from));
        } finally {
            syntax.end();
        }
    }

    /** Cuts off what is not all there at the end of a log. */
    public void cut(CorruptLogException tail) throws IOException {
        try (Disk.File file = disk.open(tail.file())) {
            file.truncate(tail.offset());
            file.sync();
        }
    }
}
