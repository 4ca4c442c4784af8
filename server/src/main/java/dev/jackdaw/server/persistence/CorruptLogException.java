package dev.jackdaw.server.persistence;

import java.nio.file.Path;

/** Immutable: a file of the log that cannot be read, and where. */
public final class CorruptLogException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CorruptLogException(Path file, long offset, String reason) {
        super(file + " at byte " + offset + ": " + reason, null, false, false);
    }

    /** Why commands cannot be applied. */
    public CorruptLogException(String reason) {
        super(reason, null, false, false);
    }
}
