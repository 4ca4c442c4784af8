package dev.jackdaw.server.command;

/** Immutable: a stream of effects cannot be read, or cannot be applied to the data; says what is wrong and at which byte. */
public final class EffectException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final long offset;

    EffectException(String what, long offset) {
        super(what, null, false, false);
        this.offset = offset;
    }

    /** Where the command begins that is wrong, in bytes from the beginning of the stream. */
    public long offset() {
        return offset;
    }
}
