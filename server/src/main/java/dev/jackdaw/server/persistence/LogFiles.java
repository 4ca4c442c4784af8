package dev.jackdaw.server.persistence;

import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.persistence.Manifest.Item;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owned by whoever writes the log: its directory, in the layout of Redis's, and the increment that is being written.
 *
 * <pre>
 *   appendonlydir/appendonly.aof.manifest      which files count; changes by a rename
 *                 appendonly.aof.2.base.rdb    the data as they were
 *                 appendonly.aof.3.incr.aof    what was done since
 * </pre>
 */
final class LogFiles {
    private static final Logger LOG = LoggerFactory.getLogger(LogFiles.class);

    /** How the names end of files that may be left over. */
    private static final Pattern LEFT_OVER = Pattern.compile("\\.[0-9]+\\.(base\\.rdb|base\\.aof|incr\\.aof)");

    private final Disk disk;
    private final Path directory;
    private final String name;
    private final BooleanSupplier keepsHistory;
    private Manifest manifest = Manifest.EMPTY;
    private Item increment;
    /** Null while there is none that can be trusted. */
    private Disk.File file;
    /** Of the file: groups that were written wholly, and what of them is on the disk. */
    private long size;

    private long synced;
    /** Where the room ends that was made for more; not beyond the size if there is none. */
    private long roomEnd;
    /** Whether a part of a group may lie behind them. */
    private boolean torn;
    /** Whether the last group says that all before it is on the disk. */
    private boolean marked;
    /** Whether the manifest, with all that it names and the file, holds everything that was handed over. */
    private boolean complete;

    /** Whether the increment was begun with the base that is being written. */
    private boolean rotated;

    /** Bytes of all files that count but the increment, and of the base alone. */
    private long otherBytes;

    private long baseBytes;

    /** @param keepsHistory whether files that do not count any more stay */
    LogFiles(Disk disk, Path directory, String name, BooleanSupplier keepsHistory) {
        this.disk = disk;
        this.directory = directory;
        this.name = name;
        this.keepsHistory = keepsHistory;
    }

    Manifest manifest() {
        return manifest;
    }

    Path path(Item item) {
        return directory.resolve(Config.path(item.name()));
    }

    private Path manifestPath() {
        return directory.resolve(Config.path(name + ".manifest"));
    }

    /** Whether what was synced will be found again. */
    boolean isComplete() {
        return complete;
    }

    /** Whether there is a file to write to. */
    boolean isOpen() {
        return file != null;
    }

    long size() {
        return otherBytes + size;
    }

    long baseBytes() {
        return baseBytes;
    }

    // --- At the start ---

    /** Reads the manifest, if there is one; an old log of one file, at this path, becomes its base, unless one became that before. */
    void find(Path oldFile) throws IOException {
        if (disk.exists(manifestPath())) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment bytes = disk.map(manifestPath(), arena);
                manifest = Manifest.parse(bytes.toArray(ValueLayout.JAVA_BYTE));
            }
        }
        boolean isOld = manifest.isEmpty()
                || manifest.increments().isEmpty()
                        && name.equals(manifest.base().name())
                        && !disk.exists(path(manifest.base()));
        if (isOld && disk.exists(oldFile)) {
            LOG.info("Moving {} into {}", oldFile, directory);
            createDirectory();
            commit(new Manifest(new Item(name, 1), manifest.increments(), manifest.history()));
            disk.rename(oldFile, path(manifest.base()));
            disk.syncDirectory(directory);
            disk.syncDirectory(directory.getParent());
        }
    }

    /**
     * Takes what was loaded for granted, and goes on in the last increment, or in a new one if it was written by others.
     *
     * @param lastEnd where the last group ends in that increment, or -1
     */
    void goOn(long lastEnd) throws IOException {
        complete = true;
        for (Item each : manifest.inOrder()) {
            otherBytes += disk.size(path(each));
        }
        baseBytes = manifest.base() == null ? 0 : disk.size(path(manifest.base()));
        if (lastEnd >= 0 && manifest.lastIncrement() != null) {
            increment = manifest.lastIncrement();
            file = disk.open(path(increment));
            otherBytes -= file.size();
            size = lastEnd;
            roomEnd = file.size();
            trim();
            // What was found may have been in the system's memory only.
            sync();
        } else {
            rotate();
        }
        clear();
    }

    void createDirectory() throws IOException {
        boolean isNew = !disk.exists(directory);
        disk.createDirectory(directory);
        if (isNew) {
            disk.syncDirectory(directory.getParent());
        }
    }

    // --- Writing ---

    /**
     * Writes a group; if that fails, none of it counts.
     *
     * @param isSynced whether that will be synced by itself, so that it pays to make room for more
     */
    void write(LogBuffer group, boolean isSynced) throws IOException {
        if (torn) {
            trim();
        }
        torn = true;
        if (isSynced && size + group.size() > roomEnd && group.size() < LogRoom.STEP_BYTES) {
            makeRoom(LogRoom.end(size + group.size() + LogRoom.STEP_BYTES));
        }
        write(group.seal(size, synced));
        marked = false;
    }

    private void makeRoom(long end) throws IOException {
        try {
            for (long at = Math.max(size, roomEnd); at < end; ) {
                ByteBuffer room = LogRoom.bytes(at, end);
                long length = room.remaining();
                file.writeAt(at, room);
                at += length;
            }
            roomEnd = end;
        } catch (IOException full) {
            LOG.debug("No room ahead in {}: {}", increment.name(), full.toString());
            // The group may fit nevertheless.
            trim();
            torn = true;
        }
    }

    private void write(ByteBuffer group) throws IOException {
        long end = size + group.remaining();
        if (end < roomEnd && LogRoom.isLineEnd(end)) {
            // To Redis a line without anything would be damage.
            file.writeAt(end, LogRoom.bytes(end + 1, end + 2));
        }
        file.writeAll(group);
        torn = false;
        size = end;
    }

    /** Cuts what lies behind the last group. */
    private void trim() throws IOException {
        if (torn || size < roomEnd) {
            file.truncate(size);
            roomEnd = size;
            torn = false;
        }
    }

    boolean isMarked() {
        return marked || file == null;
    }

    /** Says, behind all groups, that they are on the disk: what is not as it was before that is no tear. */
    void mark() throws IOException {
        if (torn) {
            trim();
        }
        torn = true;
        try (Arena arena = Arena.ofConfined()) {
            write(emptyGroup(arena, size, synced));
        }
        marked = true;
        sync();
    }

    private static ByteBuffer emptyGroup(Arena arena, long offset, long synced) {
        MemorySegment group = arena.allocate(LogGroup.HEADER_BYTES);
        LogGroup.seal(group.address(), 0, offset, synced);
        return group.asByteBuffer();
    }

    /** Brings all that was written to the disk. If that fails nobody knows what is there, and the file cannot be used any more. */
    void sync() throws IOException {
        if (synced < size) {
            force();
        }
    }

    private void force() throws IOException {
        try {
            file.sync();
            synced = size;
        } catch (IOException failed) {
            lose();
            throw failed;
        }
    }

    boolean isSynced() {
        return synced == size;
    }

    /** Gives the file up: what comes is lost, until there are a new one and a new base. */
    void lose() {
        complete = false;
        rotated = false;
        closeFile();
        size = 0;
        synced = 0;
        roomEnd = 0;
        torn = false;
        marked = true;
    }

    /** The same, unless everything is as it should be. */
    void loseUnlessComplete() {
        if (!complete) {
            lose();
        }
    }

    private void closeFile() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException late) {
                LOG.warn("Closing {}: {}", increment.name(), late.toString());
            }
            file = null;
        }
    }

    void close() throws IOException {
        if (file != null) {
            sync();
            if (!marked) {
                mark();
            }
            trim();
            closeFile();
        }
    }

    // --- Rewriting ---

    /** Goes on in a new increment, which counts at once if all before it does. */
    void rotate() throws IOException {
        rotated = false;
        createDirectory();
        if (file != null) {
            // What lies behind the last group of a file that is not the last would be damage.
            trim();
            force();
        }
        long sequence = Math.max(manifest.nextIncrement(), increment == null ? 1 : increment.sequence() + 1);
        Item next = new Item(name + '.' + sequence + ".incr.aof", sequence);
        Disk.File opened = create(path(next));
        if (complete) {
            try {
                commit(manifest.with(next));
            } catch (IOException failed) {
                opened.close();
                throw failed;
            }
        }
        closeFile();
        file = opened;
        increment = next;
        otherBytes += size;
        size = LogGroup.HEADER_BYTES;
        synced = size;
        roomEnd = size;
        torn = false;
        marked = true;
        rotated = true;
    }

    /** A file that begins with a group without commands, by which it is known as ours however it ends. */
    private Disk.File create(Path path) throws IOException {
        Disk.File created = disk.create(path);
        try (Arena arena = Arena.ofConfined()) {
            created.writeAll(emptyGroup(arena, 0, 0));
            created.sync();
            // A manifest must not be found without what it names.
            disk.syncDirectory(directory);
        } catch (IOException failed) {
            created.close();
            throw failed;
        }
        return created;
    }

    /** Where the next base belongs. */
    Path nextBase() {
        return path(nextBaseItem());
    }

    private Item nextBaseItem() {
        long sequence = manifest.nextBase();
        return new Item(name + '.' + sequence + ".base.rdb", sequence);
    }

    /** From now on the base that was written there counts, with the increment that was begun when it was. */
    void rewritten() throws IOException {
        if (!rotated) {
            throw new IOException("what was written since the base was begun is lost");
        }
        rotated = false;
        sync();
        commit(manifest.rewritten(nextBaseItem(), increment));
        complete = true;
        baseBytes = disk.size(path(manifest.base()));
        otherBytes = baseBytes;
        clear();
    }

    /** Deletes what does not count any more, or never did; what cannot be deleted now will be another time. */
    private void clear() {
        Manifest kept = keepsHistory.getAsBoolean() ? manifest : manifest.withoutHistory();
        try {
            for (Item old : manifest.history()) {
                if (!kept.history().contains(old)) {
                    disk.delete(path(old));
                }
            }
            for (String found : disk.list(directory)) {
                boolean stays = Stream.concat(kept.inOrder().stream(), kept.history().stream())
                        .anyMatch(each -> path(each).equals(directory.resolve(found)));
                if (!stays && isOurs(found)) {
                    disk.delete(directory.resolve(found));
                }
            }
            if (!manifest.equals(kept)) {
                // Either of the two names the same files.
                prepare(kept);
                exchange(kept);
            }
        } catch (IOException failed) {
            LOG.warn("Deleting old files of the log: {}", failed.toString());
        }
    }

    private boolean isOurs(String found) {
        String prefix = Config.path(name).toString();
        return found.startsWith("temp-")
                || found.startsWith(prefix)
                        && LEFT_OVER.matcher(found.substring(prefix.length())).matches();
    }

    /** Puts a manifest in place of the one before. If that fails in its midst nobody knows which of them counts. */
    private void commit(Manifest next) throws IOException {
        prepare(next);
        try {
            exchange(next);
        } catch (IOException failed) {
            lose();
            throw failed;
        }
    }

    private void prepare(Manifest next) throws IOException {
        try (Disk.File out = disk.create(temporary())) {
            out.writeAll(ByteBuffer.wrap(next.format().getBytes(StandardCharsets.ISO_8859_1)));
            out.sync();
        }
    }

    private void exchange(Manifest next) throws IOException {
        disk.rename(temporary(), manifestPath());
        disk.syncDirectory(directory);
        manifest = next;
    }

    private Path temporary() {
        return directory.resolve(Config.path("temp-" + name + ".manifest"));
    }
}
