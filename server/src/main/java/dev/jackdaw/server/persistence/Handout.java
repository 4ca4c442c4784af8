package dev.jackdaw.server.persistence;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Immutable, until whoever was given it has closed it: a snapshot that one client is to have, in a file whose name may be gone. Closing it lets go of
 * the file.
 */
public final class Handout implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment bytes;

    Handout(Disk disk, Path path) throws IOException {
        try {
            bytes = disk.map(path, arena);
        } catch (IOException failed) {
            arena.close();
            throw failed;
        }
    }

    public long size() {
        return bytes.byteSize();
    }

    /** Some of the bytes; to read them may have to wait for the disk. */
    public MemorySegment slice(long from, long length) {
        return bytes.asSlice(from, length);
    }

    @Override
    public void close() {
        arena.close();
    }
}
