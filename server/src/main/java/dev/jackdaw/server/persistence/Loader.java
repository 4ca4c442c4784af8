package dev.jackdaw.server.persistence;

import dev.jackdaw.server.rdb.CorruptRdbException;
import java.io.IOException;

/** Owned by the event loop: what fills the databases from files, in slices between which clients are answered. */
public interface Loader extends AutoCloseable {
    /**
     * Loads about so many bytes more; a key is loaded in one go.
     *
     * @return whether there are more
     * @throws CorruptRdbException if they cannot be read; what came before them is there
     */
    boolean load(int bytes) throws IOException;

    /** What all of it takes in files. */
    long totalBytes();

    /** What of that has been loaded. */
    long loadedBytes();

    /** Gives back what loading has taken. */
    @Override
    void close();
}
