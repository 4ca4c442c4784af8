package dev.jackdaw.protocol.resp;

import dev.jackdaw.protocol.raw.Raw;
import io.netty.buffer.ByteBuf;

/**
 * Owned by one event loop: appends replies to a direct buffer, in RESP2 or RESP3.
 *
 * <p>Between {@link #attach} and {@link #detach} the buffer belongs to the writer, which may move its memory and sets its
 * writer index only at the end. Strings are written one byte a character (ISO 8859-1), as {@link Request#text} reads them.
 */
public final class ReplyWriter {
    /** Room for a type, any integer, two line ends, and a store of eight bytes past them. */
    private static final int HEADER_BYTES = 1 + Integers.MAX_BYTES + 2 * 2 + Long.BYTES;

    private static final int CRLF = '\r' | '\n' << 8;
    private static final long OK = '+' | 'O' << 8 | 'K' << 16 | (long) CRLF << 24;
    private static final long NULL_BULK = '$' | '-' << 8 | '1' << 16 | (long) CRLF << 24;
    private static final long NULL_ARRAY = '*' | '-' << 8 | '1' << 16 | (long) CRLF << 24;
    private static final long TRUE = '#' | 't' << 8 | CRLF << 16;
    private static final long FALSE = '#' | 'f' << 8 | CRLF << 16;
    private static final long NULL = '_' | CRLF << 8;

    private ByteBuf out;
    private boolean resp3;

    /** The addresses of the buffer's first byte, of the first byte written here, of the next one, and of the buffer's end. */
    private long base;

    private long start;
    private long at;
    private long limit;

    /** Takes a direct buffer, to append to it. */
    public void attach(ByteBuf buffer) {
        assert out == null;
        out = buffer;
        locate(buffer.writerIndex());
        start = at;
    }

    /** Gives the buffer back, with everything written. */
    public ByteBuf detach() {
        ByteBuf buffer = out;
        buffer.writerIndex((int) (at - base));
        out = null;
        limit = at;
        return buffer;
    }

    public boolean isAttached() {
        return out != null;
    }

    /** Chooses RESP2 or RESP3 for the replies that follow. */
    public void protocol(int version) {
        assert version == 2 || version == 3;
        resp3 = version == 3;
    }

    public int protocol() {
        return resp3 ? 3 : 2;
    }

    /** The bytes written since the buffer was attached. */
    public int bytesWritten() {
        return (int) (at - start);
    }

    public void ok() {
        word(OK, 5);
    }

    /** A simple string; it must not contain line ends. */
    public void simple(String text) {
        line('+', text);
    }

    /** An error, its code included, as in {@code ERR syntax error}; line ends become blanks. */
    public void error(String text) {
        line('-', text);
    }

    public void integer(long value) {
        header(':', value);
    }

    /** Returns where the copy of the bytes lies until the next reply. */
    public long bulk(long address, int length) {
        ensure((long) length + HEADER_BYTES);
        putHeader('$', length);
        long copy = at;
        Raw.copy(address, copy, length);
        at += length;
        putLineEnd();
        return copy;
    }

    public void bulk(byte[] bytes) {
        ensure((long) bytes.length + HEADER_BYTES);
        putHeader('$', bytes.length);
        Raw.copy(bytes, 0, at, bytes.length);
        at += bytes.length;
        putLineEnd();
    }

    public void bulkText(String text) {
        ensure((long) text.length() + HEADER_BYTES);
        putHeader('$', text.length());
        putText(text);
        putLineEnd();
    }

    /** The digits of {@code value} as a bulk string. */
    public void bulkInteger(long value) {
        ensure(HEADER_BYTES + Integers.MAX_BYTES);
        putHeader('$', Integers.length(value));
        at = Integers.write(value, at);
        putLineEnd();
    }

    /** Two unsigned numbers with a dash between, as a bulk string: the ID of an entry of a stream. */
    public void bulkId(long upper, long lower) {
        ensure(HEADER_BYTES + 2 * Integers.MAX_BYTES);
        // Written behind the header that two digits of length need, then moved to where it belongs.
        long text = at + 5;
        long dash = Integers.writeUnsigned(upper, text);
        Raw.putByte(dash, '-');
        int length = (int) (Integers.writeUnsigned(lower, dash + 1) - text);
        putHeader('$', length);
        Raw.copy(text, at, length);
        at += length;
        putLineEnd();
    }

    /** What stands for a missing value. */
    public void nullBulk() {
        if (resp3) {
            word(NULL, 3);
        } else {
            word(NULL_BULK, 5);
        }
    }

    /** What stands for a missing list of values. */
    public void nullArray() {
        if (resp3) {
            word(NULL, 3);
        } else {
            word(NULL_ARRAY, 5);
        }
    }

    /** Begins an array; its {@code size} elements must follow. */
    public void array(int size) {
        header('*', size);
    }

    /** Begins a map; a key and a value must follow {@code pairs} times. In RESP2 it is an array of both. */
    public void map(int pairs) {
        if (resp3) {
            header('%', pairs);
        } else {
            header('*', 2L * pairs);
        }
    }

    /** Begins a set of {@code size} elements, in RESP2 an array. */
    public void set(int size) {
        header(resp3 ? '~' : '*', size);
    }

    /** Begins a message that answers no command, in RESP2 an array. */
    public void push(int size) {
        header(resp3 ? '>' : '*', size);
    }

    /** Begins {@code pairs} of facts about the reply that follows them; RESP2 has no such thing. */
    public void attribute(int pairs) {
        assert resp3;
        header('|', pairs);
    }

    /** A floating-point number, in RESP2 as a bulk string. */
    public void number(double value) {
        ensure(HEADER_BYTES + Doubles.MAX_BYTES);
        if (resp3) {
            Raw.putByte(at, ',');
            at = Doubles.write(value, at + 1);
        } else {
            // Written behind the longest header that a length below a hundred has, then moved to where it belongs.
            long digits = at + 5;
            int length = (int) (Doubles.write(value, digits) - digits);
            putHeader('$', length);
            Raw.copy(digits, at, length);
            at += length;
        }
        putLineEnd();
    }

    /** The same without an exponent, however large or small it is, and with up to 17 decimals. */
    public void plainNumber(double value) {
        if (resp3) {
            ensure(HEADER_BYTES + Doubles.MAX_FIXED_BYTES);
            Raw.putByte(at, ',');
            at = Doubles.writeFixed(value, Doubles.MAX_DECIMALS, false, at + 1);
            putLineEnd();
        } else {
            bulkFixed(value, Doubles.MAX_DECIMALS, false);
        }
    }

    /** A number below 2^53 with so many decimals as a bulk string. */
    public void bulkFixed(double value, int decimals) {
        bulkFixed(value, decimals, true);
    }

    private void bulkFixed(double value, int decimals, boolean zeros) {
        ensure(HEADER_BYTES + Doubles.MAX_FIXED_BYTES);
        long digits = at + 5;
        int length = (int) (Doubles.writeFixed(value, decimals, zeros, digits) - digits);
        putHeader('$', length);
        Raw.copy(digits, at, length);
        at += length;
        putLineEnd();
    }

    /** A truth value, in RESP2 the integer 1 or 0. */
    public void bool(boolean value) {
        if (resp3) {
            word(value ? TRUE : FALSE, 4);
        } else {
            header(':', value ? 1 : 0);
        }
    }

    /** A text and its format in three letters, such as {@code txt}; in RESP2 a bulk string without the format. */
    public void verbatim(String format, String text) {
        assert format.length() == 3;
        if (!resp3) {
            bulkText(text);
            return;
        }
        ensure(text.length() + 4L + HEADER_BYTES);
        putHeader('=', text.length() + 4L);
        putText(format);
        Raw.putByte(at++, ':');
        putText(text);
        putLineEnd();
    }

    /** Bytes that are replies already. */
    public void raw(long address, int length) {
        ensure(length);
        Raw.copy(address, at, length);
        at += length;
    }

    /** The place of the next reply, for {@link #arrayAt}, {@link #setAt} and {@link #truncate}, until the buffer is detached. */
    public long mark() {
        return at - base;
    }

    /** Makes what was written since {@code mark} the elements of an array, whose size is known only now. */
    public void arrayAt(long mark, int size) {
        insert(mark, '*', size);
    }

    /** Makes what was written since {@code mark} the elements of a set, in RESP2 of an array. */
    public void setAt(long mark, int size) {
        insert(mark, resp3 ? '~' : '*', size);
    }

    /** Makes what was written since {@code mark} the keys and values of a map, in RESP2 of an array. */
    public void mapAt(long mark, int pairs) {
        insert(mark, resp3 ? '%' : '*', resp3 ? pairs : 2 * pairs);
    }

    /** Makes what was written since {@code mark} the elements of a page of a scan that goes on at {@code cursor}. */
    public void scanAt(long mark, long cursor, int size) {
        arrayAt(mark, size);
        int digits = Integers.length(cursor);
        int room = 4 + 1 + Integers.length(digits) + 2 + digits + 2;
        long end = makeRoom(mark, room);
        putHeader('*', 2);
        putHeader('$', digits);
        at = Integers.write(cursor, at);
        putLineEnd();
        at = end;
    }

    /** Takes back what was written since {@code mark}. */
    public void truncate(long mark) {
        at = base + mark;
    }

    private void insert(long mark, char type, int size) {
        long end = makeRoom(mark, 1 + Integers.length(size) + 2);
        Raw.putByte(at, type);
        at = Integers.write(size, at + 1);
        putLineEnd();
        at = end;
    }

    /** Turns back to {@code mark}, with {@code bytes} of room before what was written since; returns the new end. */
    private long makeRoom(long mark, int bytes) {
        ensure(bytes + HEADER_BYTES);
        long place = base + mark;
        long end = at + bytes;
        Raw.copy(place, place + bytes, at - place);
        at = place;
        return end;
    }

    private void line(char type, String text) {
        ensure((long) text.length() + HEADER_BYTES);
        Raw.putByte(at++, type);
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            Raw.putByte(at + i, letter == '\r' || letter == '\n' ? ' ' : letter);
        }
        at += text.length();
        putLineEnd();
    }

    private void header(char type, long number) {
        ensure(HEADER_BYTES);
        putHeader(type, number);
    }

    private void word(long bytes, int length) {
        ensure(HEADER_BYTES);
        Raw.putLong(at, bytes);
        at += length;
    }

    private void putHeader(char type, long number) {
        if (number >= 0 && number < 10) {
            Raw.putInt(at, type | (int) (number + '0') << 8 | CRLF << 16);
            at += 4;
        } else if (number >= 10 && number < 100) {
            int tens = (int) number / 10;
            int ones = (int) number - 10 * tens;
            Raw.putInt(at, type | (tens + '0') << 8 | (ones + '0') << 16 | '\r' << 24);
            Raw.putByte(at + 4, '\n');
            at += 5;
        } else {
            Raw.putByte(at, type);
            at = Integers.write(number, at + 1);
            putLineEnd();
        }
    }

    private void putText(String text) {
        for (int i = 0; i < text.length(); i++) {
            Raw.putByte(at + i, text.charAt(i));
        }
        at += text.length();
    }

    private void putLineEnd() {
        Raw.putShort(at, CRLF);
        at += 2;
    }

    private void ensure(long bytes) {
        if (limit - at < bytes) {
            grow(bytes);
        }
    }

    /** Doubles the buffer: its own way to grow takes steps of four megabytes, and copies a large reply at each. */
    private void grow(long bytes) {
        int used = (int) (at - base);
        long needed = used + bytes;
        if (needed > out.maxCapacity()) {
            throw new IllegalStateException("a reply buffer of " + needed + " bytes exceeds " + out.maxCapacity());
        }
        int written = bytesWritten();
        out.writerIndex(used);
        out.capacity((int) Math.min(out.maxCapacity(), Math.max(needed, 2L * out.capacity())));
        locate(used);
        start = at - written;
    }

    private void locate(int writerIndex) {
        base = out.memoryAddress();
        at = base + writerIndex;
        limit = base + out.capacity();
    }
}
