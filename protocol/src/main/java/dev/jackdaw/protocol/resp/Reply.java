package dev.jackdaw.protocol.resp;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Immutable: one reply as a tree, for clients and tests that would rather look than be fast. All strings hold one character a
 * byte (ISO 8859-1), so that no byte is lost.
 */
public sealed interface Reply {
    /** Immutable: {@code +OK}. */
    record Simple(String text) implements Reply {}

    /** Immutable: {@code -ERR ...} or its RESP3 form with a length; the text begins with the code. */
    record Error(String text) implements Reply {}

    /** Immutable: {@code :7}. */
    record Int(long value) implements Reply {}

    /** Immutable: a string with a length. */
    record Bulk(String text) implements Reply {
        public byte[] bytes() {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** Immutable: what stands for something missing: RESP2 has one for strings and one for arrays, RESP3 one for all. */
    enum Null implements Reply {
        BULK,
        ARRAY,
        ANY
    }

    /** Immutable: {@code ,1.5}, as it was written. */
    record Decimal(String text) implements Reply {
        public double value() {
            return switch (text) {
                case "inf" -> Double.POSITIVE_INFINITY;
                case "-inf" -> Double.NEGATIVE_INFINITY;
                case "nan" -> Double.NaN;
                default -> Double.parseDouble(text);
            };
        }
    }

    /** Immutable: {@code #t} or {@code #f}. */
    record Bool(boolean value) implements Reply {}

    /** Immutable: {@code (} and an integer of any size, as it was written. */
    record BigInt(String text) implements Reply {}

    /** Immutable: a text, and its format in three letters. */
    record Verbatim(String format, String text) implements Reply {}

    /** Immutable: {@code *} and its elements. */
    record Array(List<Reply> elements) implements Reply {}

    /** Immutable: {@code ~} and its elements, in the order they came. */
    record Set(List<Reply> elements) implements Reply {}

    /** Immutable: a message that answers no command. */
    record Push(List<Reply> elements) implements Reply {}

    /** Immutable: {@code %} and its pairs, in the order they came. */
    record Map(List<Pair> pairs) implements Reply {}

    /** Immutable: a reply with facts about it before it. */
    record Attributed(List<Pair> attributes, Reply reply) implements Reply {}

    /** Immutable: one entry of a map. */
    record Pair(Reply key, Reply value) {}

    /**
     * Moves past the next reply of a direct buffer and returns it; if not all of it is there, returns null and moves nothing.
     *
     * @throws ProtocolException if the bytes are no reply
     */
    static Reply read(ByteBuf in) {
        ReplyReader reader = new ReplyReader();
        return reader.scan(in) ? new ReplyParser(reader.start(), reader.bytes()).parse() : null;
    }
}
