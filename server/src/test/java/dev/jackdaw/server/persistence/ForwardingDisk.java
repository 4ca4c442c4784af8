package dev.jackdaw.server.persistence;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** Shared as the disk is that it stands before: what is done to it is done to the other, but for what subclasses change. */
class ForwardingDisk implements Disk {
    private final Disk disk;

    ForwardingDisk(Disk disk) {
        this.disk = disk;
    }

    /** What stands before a file that was opened. */
    File opened(Path path, File file) {
        return file;
    }

    @Override
    public File create(Path path) throws IOException {
        return opened(path, disk.create(path));
    }

    @Override
    public File open(Path path) throws IOException {
        return opened(path, disk.open(path));
    }

    @Override
    public MemorySegment map(Path path, Arena arena) throws IOException {
        return disk.map(path, arena);
    }

    @Override
    public boolean exists(Path path) {
        return disk.exists(path);
    }

    @Override
    public long size(Path path) throws IOException {
        return disk.size(path);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        return disk.list(directory);
    }

    @Override
    public void createDirectory(Path path) throws IOException {
        disk.createDirectory(path);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        disk.delete(path);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        disk.syncDirectory(directory);
    }

    @Override
    public void start(String name, Runnable work) {
        disk.start(name, work);
    }

    /** Shared as the file is that it stands before. */
    static class ForwardingFile implements File {
        private final File file;

        ForwardingFile(File file) {
            this.file = file;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            file.write(bytes);
        }

        @Override
        public void writeAt(long offset, ByteBuffer bytes) throws IOException {
            file.writeAt(offset, bytes);
        }

        @Override
        public void sync() throws IOException {
            file.sync();
        }

        @Override
        public void truncate(long bytes) throws IOException {
            file.truncate(bytes);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
