package dev.jackdaw.server.persistence;

import java.nio.file.Path;

/** Immutable: a file of the log that cannot be read, and where. */
public final class CorruptLogException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Path file;
    private final long offset;
    private final boolean isTail;

    CorruptLogException(Path file, long offset, String reason) {
        this(file, offset, reason, false);
    }

    /** @param isTail whether what is wrong is that something at the end is not all there */
    CorruptLogException(Path file, long offset, String reason, boolean isTail) {
        super(file + " at byte " + offset + ": " + reason, null, false, false);
        this.file = file;
        this.offset = offset;
        this.isTail = isTail;
    }

    /**
     * Why commands cannot be applied.
     *
     * @param offset where those begin that cannot, in bytes from the first of those that were to be applied; negative if they have
     *     begun before
     */
    public CorruptLogException(String reason, long offset) {
        super(reason, null, false, false);
        this.file = null;
        this.offset = offset;
        this.isTail = false;
    }

    public Path file() {
        return file;
    }

    public long offset() {
        return offset;
    }

    /** Whether the file is as it should be if it is cut there. */
    public boolean isTail() {
        return isTail;
    }
}
