package dev.jackdaw.protocol.resp;

import dev.jackdaw.protocol.raw.Raw;
import java.util.ArrayList;
import java.util.List;

/** Owned by its caller: turns a reply that {@link ReplyReader} has found whole into a tree. */
final class ReplyParser {
    private static final int MOST_LEVELS = 128;

    private final long base;
    private final int limit;
    private int at;
    private int level;

    ReplyParser(long base, int bytes) {
        this.base = base;
        limit = bytes;
    }

    Reply parse() {
        if (++level > MOST_LEVELS) {
            throw new ProtocolException("Protocol error: a reply nested too deeply");
        }
        char type = (char) Raw.getUnsignedByte(base + at);
        String line = line();
        Reply reply = switch (type) {
            case '+' -> new Reply.Simple(line);
            case '-' -> new Reply.Error(line);
            case ':' -> new Reply.Int(integer(line));
            case ',' -> new Reply.Decimal(line);
            case '(' -> new Reply.BigInt(line);
            case '_' -> Reply.Null.ANY;
            case '#' -> new Reply.Bool(line.equals("t"));
            case '$' -> line.equals("-1") ? Reply.Null.BULK : new Reply.Bulk(string(line));
            case '!' -> new Reply.Error(string(line));
            case '=' -> verbatim(string(line));
            case '*' -> line.equals("-1") ? Reply.Null.ARRAY : new Reply.Array(elements(line));
            case '~' -> new Reply.Set(elements(line));
            case '>' -> new Reply.Push(elements(line));
            case '%' -> new Reply.Map(pairs(line));
            case '|' -> new Reply.Attributed(pairs(line), parse());
            default -> throw new ProtocolException("Protocol error: unknown type of reply, " + (int) type);
        };
        level--;
        return reply;
    }

    /** The rest of the line after the type. */
    private String line() {
        int end = at + 1;
        while (end < limit && Raw.getByte(base + end) != '\r') {
            end++;
        }
        String line = Raw.latin1(base + at + 1, end - at - 1);
        at = end + 2;
        return line;
    }

    private String string(String header) {
        int length = length(header);
        String text = Raw.latin1(base + at, length);
        at += length + 2;
        return text;
    }

    private static Reply verbatim(String text) {
        if (text.length() < 4 || text.charAt(3) != ':') {
            throw new ProtocolException("Protocol error: a verbatim string without its format");
        }
        return new Reply.Verbatim(text.substring(0, 3), text.substring(4));
    }

    private List<Reply> elements(String header) {
        int size = length(header);
        List<Reply> elements = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            elements.add(parse());
        }
        return List.copyOf(elements);
    }

    private List<Reply.Pair> pairs(String header) {
        int size = length(header);
        List<Reply.Pair> pairs = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            Reply key = parse();
            pairs.add(new Reply.Pair(key, parse()));
        }
        return List.copyOf(pairs);
    }

    private static int length(String header) {
        int length = Integer.parseInt(header);
        if (length < 0) {
            throw new ProtocolException("Protocol error: invalid length in a reply");
        }
        return length;
    }

    private static long integer(String line) {
        try {
            return Long.parseLong(line);
        } catch (NumberFormatException malformed) {
            throw new ProtocolException("Protocol error: invalid integer in a reply");
        }
    }
}
