package dev.jackdaw.server.rdb;

/** Immutable: an RDB file or a DUMP payload cannot be read; says what is wrong and at which byte. */
public final class CorruptRdbException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final long offset;

    public CorruptRdbException(String what, long offset) {
        super(what + " at byte " + offset, null, false, false);
        this.offset = offset;
    }

    private CorruptRdbException(CorruptRdbException found, String key) {
        super(found.getMessage() + ", in the value of the key '" + key + "'", null, false, false);
        this.offset = found.offset;
    }

    /** The same, which was found in the value of a key. */
    public CorruptRdbException of(String key) {
        return new CorruptRdbException(this, key);
    }

    /** Where it was found, in bytes from the beginning. */
    public long offset() {
        return offset;
    }
}
