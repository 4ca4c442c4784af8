package dev.jackdaw.protocol.resp;

import dev.jackdaw.protocol.raw.Raw;
import io.netty.buffer.ByteBuf;

/**
 * Owned by one connection: finds where each reply of a RESP2 or RESP3 stream ends, wherever the bytes are split.
 *
 * <p>It needs no stack: a list of n elements, at whatever depth, is n more elements to come. An unfinished reply stays in its
 * buffer, in one piece, and its finished elements are not looked at again.
 */
public final class ReplyReader {
    private static final long MORE = -1;

    /** How many elements the reply still lacks; zero between replies. */
    private long missing;
    /** Where the next element begins, from the start of the reply. */
    private int at;
    /** Up to where the reply has been searched for the end of an unfinished line. */
    private int searched;

    private char type;
    private long start;
    private int bytes;

    /**
     * Moves past the next reply, with the attributes before it, if all of it is in {@code in}. If it is not, the reader index
     * stays at the start of the reply, and the next call needs the same bytes, with more after them.
     *
     * @throws ProtocolException if the bytes are no reply
     */
    public boolean scan(ByteBuf in) {
        if (missing == 0) {
            missing = 1;
            at = 0;
            searched = 0;
            type = 0;
        }
        long base = in.memoryAddress() + in.readerIndex();
        int limit = in.readableBytes();
        while (missing > 0) {
            if (at >= limit) {
                return false;
            }
            char element = (char) Raw.getUnsignedByte(base + at);
            boolean complete = switch (element) {
                case '+', '-', ':', ',', '#', '(', '_' -> line(base, limit, element);
                case '$', '!', '=' -> string(base, limit, element);
                case '*', '~', '>' -> list(base, limit, element, 1);
                case '%', '|' -> list(base, limit, element, 2);
                default -> throw new ProtocolException("Protocol error: unknown type of reply, " + (int) element);
            };
            if (!complete) {
                return false;
            }
        }
        start = base;
        bytes = at;
        in.skipBytes(at);
        return true;
    }

    /** The first byte of the reply found last; an attribute before it does not count. */
    public char type() {
        return type;
    }

    /** Whether what was found last is a message that answers no command. */
    public boolean isPush() {
        return type == '>';
    }

    /** The address of the reply found last, its attributes included. */
    public long start() {
        return start;
    }

    /** The size of the reply found last, its attributes included. */
    public int bytes() {
        return bytes;
    }

    private boolean line(long base, int limit, char element) {
        int end = endOfLine(base, limit);
        if (end < 0) {
            return false;
        }
        element(element);
        at = end + 2;
        return true;
    }

    private boolean string(long base, int limit, char element) {
        long header = header(base, limit, element);
        if (header == MORE) {
            return false;
        }
        int length = Header.number(header);
        long end = length < 0 ? Header.next(header) : Header.next(header) + (long) length + 2;
        if (end > limit) {
            return false;
        }
        element(element);
        at = (int) end;
        return true;
    }

    private boolean list(long base, int limit, char element, int width) {
        long header = header(base, limit, element);
        if (header == MORE) {
            return false;
        }
        // An attribute stands before an element and is none itself.
        if (element != '|') {
            element(element);
        }
        missing += (long) width * Math.max(0, Header.number(header));
        at = Header.next(header);
        return true;
    }

    private void element(char element) {
        if (missing == 1 && type == 0) {
            type = element;
        }
        missing--;
    }

    /** A header whose number may be -1, for what is missing. */
    private long header(long base, int limit, char element) {
        long header = Header.read(base, at, limit, element);
        if (header != Header.UNUSUAL) {
            return header;
        }
        int end = endOfLine(base, limit);
        if (end < 0) {
            return MORE;
        }
        long digits = base + at + 1;
        int length = end - at - 1;
        long number = Integers.isInteger(digits, length) ? Integers.parse(digits, length) : Long.MIN_VALUE;
        if (number < -1 || number > Integer.MAX_VALUE) {
            throw new ProtocolException("Protocol error: invalid length in a reply");
        }
        return Header.pack(end + 2, (int) number);
    }

    /** The offset of the CR that ends the line of the element, or a negative number until it and one more byte are there. */
    private int endOfLine(long base, int limit) {
        int end = Math.max(at, searched);
        while (end < limit && Raw.getByte(base + end) != '\r') {
            end++;
        }
        searched = end;
        return end + 1 < limit ? end : -1;
    }
}
