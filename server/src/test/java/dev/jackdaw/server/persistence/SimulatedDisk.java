package dev.jackdaw.server.persistence;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Shared by the threads of one test: a disk in memory whose power can be cut. What was synced stays. Of the rest, each sector
 * and each name is there or not, as chance has it. It may write less than it was given, be full, or fail to sync, after which what
 * it should have synced will never be, though it can be read, as on Linux.
 *
 * <p>Who writes the log has no thread of its own here: the test does its turns. The thread of a snapshot gets at the disk
 * only while {@link #others} lets it, so that the same seed does the same again.
 */
final class SimulatedDisk implements Disk {
    private static final int SECTOR_BYTES = 512;

    /** Owned by the disk: one file, whatever it is called. */
    private static final class Content {
        private byte[] now = new byte[0];
        private byte[] durable = new byte[0];
        private final BitSet dirty = new BitSet();

        void write(int at, ByteBuffer from, int bytes) {
            now = Arrays.copyOf(now, Math.max(now.length, at + bytes));
            from.get(now, at, bytes);
            dirty.set(at / SECTOR_BYTES, (at + bytes - 1) / SECTOR_BYTES + 1);
        }

        void truncate(int bytes) {
            now = Arrays.copyOf(now, bytes);
            dirty.set(bytes / SECTOR_BYTES);
        }

        void sync() {
            byte[] synced = Arrays.copyOf(durable, now.length);
            dirty.stream().forEach(sector -> copySector(sector, synced));
            durable = synced;
            dirty.clear();
        }

        private void copySector(int sector, byte[] to) {
            int from = sector * SECTOR_BYTES;
            int bytes = Math.min(Math.min(now.length, to.length) - from, SECTOR_BYTES);
            if (bytes > 0) {
                System.arraycopy(now, from, to, from, bytes);
            }
        }

        /** What is left of it when power fails now. */
        Content cut(Random random) {
            int least = Math.min(now.length, durable.length);
            int most = Math.max(now.length, durable.length);
            int length = switch (random.nextInt(3)) {
                case 0 -> now.length;
                case 1 -> durable.length;
                default -> least + random.nextInt(most - least + 1);
            };
            byte[] left = Arrays.copyOf(durable, length);
            dirty.stream().filter(sector -> random.nextBoolean()).forEach(sector -> copySector(sector, left));
            Content content = new Content();
            content.now = left;
            content.durable = left.clone();
            return content;
        }
    }

    /** Immutable: a name that was given or taken, and whether that is on the disk. */
    private record Naming(Path directory, Path name, Content content, Path gone) {}

    private final Random random;
    private final Map<Path, Content> names = new HashMap<>();
    private final Map<Path, Content> durableNames = new HashMap<>();
    private final List<Naming> namings = new ArrayList<>();
    private Runnable writer;
    private boolean othersMay;
    private long operations;
    private long operationsUntilCut = Long.MAX_VALUE;
    private long capacity = Long.MAX_VALUE;
    private int syncsToFail;

    SimulatedDisk(long seed) {
        random = new Random(seed);
    }

    /** Cuts the power after so many operations more. */
    void cutAfter(long more) {
        operationsUntilCut = operations + more;
    }

    synchronized boolean isCut() {
        return operations >= operationsUntilCut;
    }

    /** The bytes that there is room for. */
    synchronized void capacity(long bytes) {
        capacity = bytes;
    }

    synchronized long usedBytes() {
        return names.values().stream().mapToLong(each -> each.now.length).sum();
    }

    synchronized void failSyncs(int next) {
        syncsToFail = next;
    }

    /** The disk as it is when power is back. */
    synchronized SimulatedDisk afterCut(long seed) {
        operationsUntilCut = operations;
        SimulatedDisk next = new SimulatedDisk(seed);
        Map<Path, Content> left = new HashMap<>(durableNames);
        for (Naming naming : namings) {
            if (random.nextBoolean()) {
                perform(naming, left);
            }
        }
        Map<Content, Content> contents = new HashMap<>();
        left.forEach((name, content) -> {
            Content cut = contents.computeIfAbsent(content, each -> each.cut(random));
            next.names.put(name, cut);
            next.durableNames.put(name, cut);
        });
        return next;
    }

    /** Flips a bit of a file, on the disk. */
    synchronized void damage(Path path, int at) {
        Content content = names.get(path);
        content.now[at] ^= 1;
        content.durable[at] ^= 1;
    }

    byte[] bytes(Path path) {
        return names.get(path).now.clone();
    }

    /** Says whether the threads of snapshots may do what they have to do. */
    synchronized void others(boolean may) {
        othersMay = may;
        notifyAll();
    }

    /** Gives the log the thread that it wants, so that a node can be closed. */
    void letGo() {
        others(true);
        if (writer != null) {
            Thread.ofPlatform().daemon().start(writer);
        }
    }

    // --- Operations ---

    private void begin() throws IOException {
        if (Thread.currentThread().getName().equals("snapshot")) {
            awaitTurn();
        }
        operations++;
        if (operations > operationsUntilCut) {
            throw new IOException("the power is cut");
        }
    }

    private void awaitTurn() {
        while (!othersMay) {
            try {
                wait();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }
    }

    private Content content(Path path) throws NoSuchFileException {
        Content content = names.get(path);
        if (content == null) {
            throw new NoSuchFileException(path.toString());
        }
        return content;
    }

    private void name(Naming naming) {
        namings.add(naming);
        perform(naming, names);
    }

    private static void perform(Naming naming, Map<Path, Content> on) {
        if (naming.gone != null) {
            on.remove(naming.gone);
        }
        if (naming.name != null) {
            on.put(naming.name, naming.content);
        }
    }

    @Override
    public synchronized File create(Path path) throws IOException {
        begin();
        Content content = new Content();
        name(new Naming(path.getParent(), path, content, null));
        return new OpenFile(content);
    }

    @Override
    public synchronized File open(Path path) throws IOException {
        begin();
        return new OpenFile(content(path));
    }

    @Override
    public synchronized MemorySegment map(Path path, Arena arena) throws IOException {
        byte[] bytes = content(path).now;
        MemorySegment copy = arena.allocate(Math.max(1, bytes.length));
        MemorySegment.copy(bytes, 0, copy, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return copy.asSlice(0, bytes.length);
    }

    @Override
    public synchronized boolean exists(Path path) {
        return names.containsKey(path) || names.keySet().stream().anyMatch(each -> each.startsWith(path));
    }

    @Override
    public synchronized long size(Path path) throws IOException {
        return content(path).now.length;
    }

    @Override
    public synchronized List<String> list(Path directory) {
        return names.keySet().stream()
                .filter(each -> directory.equals(each.getParent()))
                .map(each -> each.getFileName().toString())
                .sorted()
                .toList();
    }

    @Override
    public synchronized void createDirectory(Path path) throws IOException {
        begin();
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        begin();
        name(new Naming(to.getParent(), to, content(from), from));
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        begin();
        name(new Naming(path.getParent(), null, null, path));
    }

    @Override
    public synchronized void syncDirectory(Path directory) throws IOException {
        begin();
        failIfDue();
        namings.stream().filter(each -> directory.equals(each.directory)).forEach(each -> perform(each, durableNames));
        namings.removeIf(each -> directory.equals(each.directory));
    }

    private void failIfDue() throws IOException {
        if (syncsToFail > 0) {
            syncsToFail--;
            throw new IOException("Input/output error");
        }
    }

    @Override
    public void start(String name, Runnable work) {
        writer = work;
    }

    /** Shared as its disk is. */
    private final class OpenFile implements File {
        private final Content content;
        private int position;

        OpenFile(Content content) {
            this.content = content;
            this.position = content.now.length;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            synchronized (SimulatedDisk.this) {
                begin();
                int some = random.nextInt(4) == 0 ? 1 + random.nextInt(bytes.remaining()) : bytes.remaining();
                position += write(position, bytes, some);
            }
        }

        private int write(int at, ByteBuffer bytes, int most) throws IOException {
            long room = content.now.length - at + capacity - usedBytes();
            if (room <= 0) {
                throw new IOException("No space left on device");
            }
            int some = (int) Math.min(most, room);
            content.write(at, bytes, some);
            return some;
        }

        @Override
        public void writeAt(long offset, ByteBuffer bytes) throws IOException {
            synchronized (SimulatedDisk.this) {
                begin();
                for (int at = (int) offset; bytes.hasRemaining(); ) {
                    at += write(at, bytes, bytes.remaining());
                }
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (SimulatedDisk.this) {
                begin();
                try {
                    failIfDue();
                } catch (IOException failed) {
                    content.dirty.clear();
                    throw failed;
                }
                content.sync();
            }
        }

        @Override
        public void truncate(long bytes) throws IOException {
            synchronized (SimulatedDisk.this) {
                begin();
                content.truncate((int) bytes);
                position = (int) bytes;
            }
        }

        @Override
        public long size() {
            return content.now.length;
        }

        @Override
        public void close() {
            // Nothing is kept open.
        }
    }
}
