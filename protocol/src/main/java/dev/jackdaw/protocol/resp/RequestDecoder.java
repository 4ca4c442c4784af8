package dev.jackdaw.protocol.resp;

import dev.jackdaw.protocol.raw.Raw;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * Owned by one connection: reads requests, arrays of bulk strings or inline lines, from direct buffers, wherever the bytes
 * are split.
 *
 * <p>A request stays in its buffer, in one piece, until all of it is there; what has been understood of it is remembered as
 * offsets from its start, so the buffer may move in between and no byte is looked at twice. Only of a long request no more than
 * how far it goes is remembered until all of it is there: many clients may be in the middle of one. Nothing is allocated
 * for what a header announces, only for arguments received. After a {@link ProtocolException} the connection can only be closed.
 */
public final class RequestDecoder {
    private static final int MOST_UNAUTHENTICATED_ARGUMENTS = 10;
    private static final int MOST_UNAUTHENTICATED_BULK_BYTES = 16384;
    private static final int LEAST_ARGUMENT_BYTES = "$0\r\n\r\n".length();
    /** More arguments of a request that is not complete are not remembered. */
    private static final int MOST_REMEMBERED = 64;

    private static final String EMPTY_ARGUMENT = "$0\r\n";
    private static final int TLS_HANDSHAKE = 0x16;
    private static final int TLS_MAJOR_VERSION = 3;
    private static final long MORE = -1;

    private int maxBulkBytes = 512 << 20;
    private int maxInlineBytes = 64 << 10;
    private int maxArguments = 1 << 20;
    private boolean authenticated = true;

    /** How many arguments the request still lacks; zero between requests. */
    private int missing;
    /** How many it must lack at least: with fewer it is longer than any that is accepted. */
    private int leastMissing;
    /** Whether its arguments so far were not kept. */
    private boolean forgotten;
    /** Whether the client's bytes of one of its arguments were left out. */
    private boolean incomplete;
    /** Where the next argument's header begins, from the start of the request. */
    private int at;
    /** Up to where the request has been searched for the end of an unfinished line. */
    private int searched;

    private long bytesWanted;

    /** The longest argument accepted, at most (and by default less than) two gigabytes. */
    public void maxBulkBytes(long bytes) {
        maxBulkBytes = (int) Math.min(bytes, Integer.MAX_VALUE);
    }

    /** The longest line accepted, be it an inline command or the header of an array or bulk string. */
    public void maxInlineBytes(int bytes) {
        maxInlineBytes = bytes;
    }

    /** The most arguments of a request that are accepted; more may be announced. */
    public void maxArguments(int arguments) {
        maxArguments = arguments;
    }

    /** Whether the peer has authenticated itself, or need not; if not, it gets narrow limits. */
    public void authenticated(boolean is) {
        authenticated = is;
    }

    /** Forgets the request that was begun, because the reader index was set back to before it. */
    public void restart() {
        missing = 0;
        forgotten = false;
        incomplete = false;
        searched = 0;
        bytesWanted = 0;
    }

    /**
     * Puts into {@code begun} the arguments of the unfinished request that {@code in} holds all of, in so far as they are remembered. To be called right after {@link
     * #decode} found that there is more to come.
     */
    public void begun(ByteBuf in, Request begun) {
        if (missing > 0) {
            begun.place(in.memoryAddress() + in.readerIndex(), at);
        }
    }

    /**
     * Leaves out the argument that the unfinished request lacks the rest of, if that is {@code least} bytes or more: it is taken out of {@code in}, and an empty one is
     * there for it. The request is marked as incomplete once it is decoded, and must not run.
     *
     * @return how many bytes the caller has to leave out of what is received next
     */
    public int leaveOut(ByteBuf in, int least) {
        long header = missing > 0
                ? Header.read(in.memoryAddress() + in.readerIndex(), at, in.readableBytes(), '$')
                : Header.UNUSUAL;
        int received = in.readableBytes() - Header.next(header);
        if (forgotten || header == Header.UNUSUAL || Header.number(header) - received < least) {
            return 0;
        }
        in.writerIndex(in.readerIndex() + at);
        ByteBufUtil.writeAscii(in, EMPTY_ARGUMENT);
        incomplete = true;
        lacking(bytesWanted - (Header.number(header) - received));
        return Header.number(header) - received;
    }

    /** How many bytes the unfinished request lacks at least; zero between requests. A guess for reading, not for reserving. */
    public long bytesWanted() {
        return bytesWanted;
    }

    /**
     * Moves past the next request, if all of it is in {@code in}, and puts it into {@code into}. If it is not, the reader index
     * stays at the start of the request, and the next call needs the same {@code into} and the same bytes, with more after them.
     *
     * @throws ProtocolException if no request can be read from this connection any more
     */
    public boolean decode(ByteBuf in, Request into) {
        if (missing > 0) {
            return arguments(in, into);
        }
        into.clear();
        while (in.isReadable()) {
            long base = in.memoryAddress() + in.readerIndex();
            int limit = in.readableBytes();
            int first = Raw.getByte(base);
            if (first == '*') {
                long header = arrayHeader(base, limit);
                if (header == MORE) {
                    return lacking(1);
                }
                if (Header.number(header) > 0) {
                    missing = Header.number(header);
                    leastMissing = Math.max(0, missing - maxArguments);
                    at = Header.next(header);
                    return arguments(in, into);
                }
                skip(in, Header.next(header));
            } else {
                int end = endOfInline(base, limit, first);
                if (end < 0) {
                    return lacking(1);
                }
                skip(in, end + 1);
                if (!InlineCommand.split(base, end, into)) {
                    into.clear();
                    throw new ProtocolException("Protocol error: unbalanced quotes in request");
                }
                if (into.count() > 0) {
                    return !lacking(0);
                }
            }
        }
        return lacking(0);
    }

    private boolean arguments(ByteBuf in, Request into) {
        long base = in.memoryAddress() + in.readerIndex();
        int limit = in.readableBytes();
        int at = this.at;
        int missing = this.missing;
        int mostBulkBytes = mostBulkBytes();
        for (; missing > leastMissing; missing--) {
            long header = Header.read(base, at, limit, '$');
            if (header == Header.UNUSUAL || Header.number(header) > mostBulkBytes) {
                header = unusualBulkHeader(base, at, limit);
                if (header == MORE) {
                    return pause(into, at, missing, 1 + 2);
                }
            }
            int from = Header.next(header);
            int length = Header.number(header);
            long end = (long) from + length + 2;
            if (end > limit) {
                return pause(into, at, missing, end - limit);
            }
            if (!forgotten) {
                into.add(from, length);
            }
            at = (int) end;
        }
        if (missing > 0) {
            throw invalidArray();
        }
        if (forgotten) {
            boolean leftOut = incomplete;
            restart();
            incomplete = leftOut;
            return decode(in, into);
        }
        into.place(base, at);
        if (incomplete) {
            into.incomplete();
            incomplete = false;
        }
        skip(in, at);
        this.missing = 0;
        bytesWanted = 0;
        return true;
    }

    private void skip(ByteBuf in, int request) {
        in.skipBytes(request);
        searched = 0;
    }

    private boolean pause(Request into, int at, int missing, long lackingNow) {
        if (into.count() > MOST_REMEMBERED) {
            into.clear();
            forgotten = true;
        }
        this.at = at;
        this.missing = missing;
        return lacking(lackingNow + (missing - 1L) * LEAST_ARGUMENT_BYTES);
    }

    private boolean lacking(long bytes) {
        bytesWanted = bytes;
        return false;
    }

    private int mostBulkBytes() {
        return authenticated ? maxBulkBytes : Math.min(maxBulkBytes, MOST_UNAUTHENTICATED_BULK_BYTES);
    }

    /** The header of the array; every number of arguments below one counts as zero. */
    private long arrayHeader(long base, int limit) {
        long header = Header.read(base, 0, limit, '*');
        if (header == Header.UNUSUAL) {
            int end = endOfHeader(base, 0, limit, "Protocol error: too big mbulk count string");
            if (end < 0) {
                return MORE;
            }
            if (!Integers.isInteger(base + 1, end - 1)) {
                throw invalidArray();
            }
            long number = Math.max(0, Integers.parse(base + 1, end - 1));
            if (number > Integer.MAX_VALUE) {
                throw invalidArray();
            }
            header = Header.pack(end + 2, (int) number);
        }
        if (!authenticated && Header.number(header) > MOST_UNAUTHENTICATED_ARGUMENTS) {
            throw new ProtocolException("Protocol error: unauthenticated multibulk length");
        }
        return header;
    }

    private static ProtocolException invalidArray() {
        return new ProtocolException("Protocol error: invalid multibulk length");
    }

    /** A bulk string's header that is incomplete, wrong, or merely rare. */
    private long unusualBulkHeader(long base, int from, int limit) {
        int end = endOfHeader(base, from, limit, "Protocol error: too big bulk count string");
        if (end < 0) {
            return MORE;
        }
        int type = Raw.getUnsignedByte(base + from);
        if (type != '$') {
            char shown = type == '\r' || type == '\n' ? ' ' : (char) type;
            throw new ProtocolException("Protocol error: expected '$', got '" + shown + "'");
        }
        long digits = base + from + 1;
        int length = end - from - 1;
        long number = Integers.isInteger(digits, length) ? Integers.parse(digits, length) : -1;
        if (number < 0 || number > maxBulkBytes) {
            throw new ProtocolException("Protocol error: invalid bulk length");
        }
        if (number > mostBulkBytes()) {
            throw new ProtocolException("Protocol error: unauthenticated bulk length");
        }
        return Header.pack(end + 2, (int) number);
    }

    /** The offset of the CR that ends the line at {@code from}, or a negative number until it and one more byte are there. */
    private int endOfHeader(long base, int from, int limit, String tooLong) {
        int bound = (int) Math.min(limit, (long) from + maxInlineBytes + 1);
        int end = Math.max(from, searched);
        while (end < bound && Raw.getByte(base + end) != '\r') {
            end++;
        }
        if (end - from > maxInlineBytes) {
            throw new ProtocolException(tooLong);
        }
        searched = end;
        return end + 1 < limit ? end : -1;
    }

    /** The offset of the LF that ends the inline command, or a negative number until it is there. */
    private int endOfInline(long base, int limit, int first) {
        if (first == TLS_HANDSHAKE) {
            if (limit == 1) {
                return -1;
            }
            if (Raw.getByte(base + 1) == TLS_MAJOR_VERSION) {
                throw new ProtocolException("Protocol error: TLS handshake on a port without TLS");
            }
        }
        int bound = (int) Math.min(limit, maxInlineBytes + 1L);
        for (int end = searched; end < bound; end++) {
            int letter = Raw.getByte(base + end);
            if (letter == '\n') {
                return end;
            }
            if (letter == 0) {
                throw new ProtocolException("Protocol error: NUL byte in inline request");
            }
        }
        if (bound > maxInlineBytes) {
            throw new ProtocolException("Protocol error: too big inline request");
        }
        searched = bound;
        return -1;
    }
}
