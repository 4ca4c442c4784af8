package dev.jackdaw.server.persistence;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * Shared: the files that are to survive a crash. Bytes are safe after {@link File#sync}, and names after {@link
 * #syncDirectory}; what happens to others is the system's own business. Tests have one whose power can be cut.
 */
public interface Disk {
    /** The disk of this machine. */
    Disk REAL = new RealDisk();

    /** Shared by those who take turns with it: a file that is written from its end on. */
    interface File extends AutoCloseable {
        /** Writes some of the bytes that remain, maybe not all. */
        void write(ByteBuffer bytes) throws IOException;

        /** Writes all bytes at some place; what is written next goes on where the write before this ended. */
        void writeAt(long offset, ByteBuffer bytes) throws IOException;

        /** Returns when all that was written is on the disk; if it fails, nobody knows what is. */
        void sync() throws IOException;

        /** Cuts what is beyond so many bytes. */
        void truncate(long bytes) throws IOException;

        long size() throws IOException;

        @Override
        void close() throws IOException;

        /** Writes all bytes that remain. */
        default void writeAll(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                write(bytes);
            }
        }
    }

    /** An empty file of that name, whatever was there. */
    File create(Path path) throws IOException;

    /** The file of that name, to be written on. */
    File open(Path path) throws IOException;

    /** The bytes of a file, to be read until the arena is closed. */
    MemorySegment map(Path path, Arena arena) throws IOException;

    boolean exists(Path path);

    long size(Path path) throws IOException;

    /** The names of the files in a directory. */
    List<String> list(Path directory) throws IOException;

    void createDirectory(Path path) throws IOException;

    /** Gives a file another name; a file that had it is gone. */
    void rename(Path from, Path to) throws IOException;

    /** Deletes the file if it is there. */
    void delete(Path path) throws IOException;

    /** Returns when the names in a directory are on the disk as they are now. */
    void syncDirectory(Path directory) throws IOException;

    /** Has work on the disk done beside the caller's own, in a thread of that name. */
    void start(String name, Runnable work);
}
