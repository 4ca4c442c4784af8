package dev.jackdaw.benchmarks.load;

import java.nio.ByteBuffer;

/**
 * Owned by one connection: finds where RESP2 replies end in a stream of bytes, resumable at any of them.
 *
 * <p>It keeps one count, the elements still to come of the current reply: an array adds its length, every element that ends
 * takes one off, and at zero the reply is whole.
 */
public final class ReplyScanner {
    private static final int MAX_ERROR_TEXT = 200;

    private final StringBuilder error = new StringBuilder();
    private State state = State.TYPE;
    private long elementsLeft;
    private byte replyType;
    private byte type;
    private long number;
    private boolean negative;
    private boolean opensReply;
    private boolean isNull;
    private long bodyLeft;

    private enum State {
        TYPE,
        LINE,
        BODY
    }

    /** Consumes {@code in} up to the end of one reply: whether there was one, else all bytes are consumed. */
    public boolean next(ByteBuffer in) {
        int limit = in.limit();
        int at = in.position();
        while (at < limit) {
            boolean elementEnds = false;
            switch (state) {
                case TYPE -> begin(in.get(at++));
                case LINE -> {
                    at = line(in, at, limit);
                    elementEnds = state == State.TYPE;
                }
                case BODY -> {
                    int step = (int) Math.min(bodyLeft, limit - at);
                    at += step;
                    bodyLeft -= step;
                    elementEnds = bodyLeft == 0;
                }
            }
            if (elementEnds) {
                state = State.TYPE;
                if (--elementsLeft == 0) {
                    in.position(at);
                    return true;
                }
            }
        }
        in.position(limit);
        return false;
    }

    /** Whether the reply that ended last was a null bulk string or a null array. */
    public boolean isNull() {
        return isNull;
    }

    /** Whether the reply that ended last was an error. */
    public boolean isError() {
        return replyType == '-';
    }

    /** The text of the error that came last. */
    public String error() {
        return error.toString();
    }

    private void begin(byte symbol) {
        type = symbol;
        number = 0;
        negative = false;
        opensReply = elementsLeft == 0;
        if (opensReply) {
            elementsLeft = 1;
            replyType = symbol;
            isNull = false;
        }
        if (symbol == '-') {
            error.setLength(0);
        }
        state = State.LINE;
    }

    private int line(ByteBuffer in, int from, int limit) {
        int at = from;
        while (at < limit) {
            byte next = in.get(at++);
            if (next == '\n') {
                endLine();
                return at;
            } else if (next >= '0' && next <= '9') {
                number = number * 10 + next - '0';
            } else if (next == '-') {
                negative = true;
            }
            if (type == '-' && next != '\r' && error.length() < MAX_ERROR_TEXT) {
                error.append((char) next);
            }
        }
        return at;
    }

    /** Leaves the state at TYPE where the line was the whole element or its header alone. */
    private void endLine() {
        state = State.TYPE;
        switch (type) {
            case '+', '-', ':' -> {}
            case '$' -> {
                if (negative) {
                    isNull |= opensReply;
                } else {
                    bodyLeft = number + 2;
                    state = State.BODY;
                }
            }
            case '*' -> {
                if (negative) {
                    isNull |= opensReply;
                } else {
                    elementsLeft += number;
                }
            }
            default -> throw new IllegalStateException("not a RESP2 reply: it begins with byte " + type);
        }
    }
}
