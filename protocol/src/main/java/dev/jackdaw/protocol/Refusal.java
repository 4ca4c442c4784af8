package dev.jackdaw.protocol;

/**
 * Immutable: a command refused for a mistake of the client's; carries the error text of the reply. Has no stack trace, so that the
 * prebuilt ones can be thrown again and again and the others cost little.
 */
public final class Refusal extends RuntimeException {
    public static final Refusal WRONG_TYPE = new Refusal(CommandError.WRONG_TYPE);
    public static final Refusal SYNTAX = new Refusal(CommandError.SYNTAX);
    public static final Refusal NO_SUCH_KEY = new Refusal(CommandError.NO_SUCH_KEY);
    public static final Refusal SAME_OBJECT = new Refusal(CommandError.SAME_OBJECT);
    public static final Refusal NOT_AN_INTEGER = new Refusal(CommandError.NOT_AN_INTEGER);
    public static final Refusal NOT_A_FLOAT = new Refusal(CommandError.NOT_A_FLOAT);
    public static final Refusal NOT_POSITIVE = new Refusal(CommandError.NOT_POSITIVE);
    public static final Refusal OVERFLOW = new Refusal(CommandError.OVERFLOW);
    public static final Refusal DECREMENT_OVERFLOW = new Refusal(CommandError.DECREMENT_OVERFLOW);
    public static final Refusal NAN_OR_INFINITY = new Refusal(CommandError.NAN_OR_INFINITY);
    public static final Refusal OFFSET_OUT_OF_RANGE = new Refusal(CommandError.OFFSET_OUT_OF_RANGE);
    public static final Refusal INDEX_OUT_OF_RANGE = new Refusal(CommandError.INDEX_OUT_OF_RANGE);
    public static final Refusal STRING_TOO_LONG = new Refusal(CommandError.STRING_TOO_LONG);
    public static final Refusal DB_OUT_OF_RANGE = new Refusal(CommandError.DB_OUT_OF_RANGE);
    public static final Refusal INVALID_CURSOR = new Refusal(CommandError.INVALID_CURSOR);
    public static final Refusal HASH_VALUE_NOT_AN_INTEGER = new Refusal(CommandError.HASH_VALUE_NOT_AN_INTEGER);
    public static final Refusal HASH_VALUE_NOT_A_FLOAT = new Refusal(CommandError.HASH_VALUE_NOT_A_FLOAT);
    public static final Refusal SCORE_NOT_A_NUMBER = new Refusal(CommandError.SCORE_NOT_A_NUMBER);
    public static final Refusal CORRUPTED_HYPERLOGLOG = new Refusal(CommandError.CORRUPTED_HYPERLOGLOG);
    public static final Refusal OUT_OF_MEMORY = new Refusal(CommandError.OUT_OF_MEMORY);

    private final String text;

    /** A refusal that replies {@code text}, which begins with the error's code. */
    public Refusal(String text) {
        super(text, null, false, false);
        this.text = text;
    }

    /** The error text, its code first. */
    public String text() {
        return text;
    }
}
