package dev.jackdaw.server.persistence;

import dev.jackdaw.server.rdb.Crc64;
import dev.jackdaw.server.rdb.RdbFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** Owned by one test: a DUMP payload that is made by hand, or of another one; one character is a byte. */
final class Payload {
    private final StringBuilder bytes = new StringBuilder();

    /** A payload of some type. */
    static Payload of(int type) {
        return new Payload().bytes(type);
    }

    Payload bytes(int... values) {
        for (int value : values) {
            bytes.append((char) (value & 0xff));
        }
        return this;
    }

    /** A string with its length. */
    Payload string(String text) {
        assert text.length() < RdbFormat.LENGTH_14;
        return bytes(text.length()).text(text);
    }

    Payload text(String text) {
        bytes.append(text);
        return this;
    }

    Payload int16(int value) {
        return bytes(value, value >> 8);
    }

    Payload int32(int value) {
        return int16(value).int16(value >> 16);
    }

    Payload int64(long value) {
        return int32((int) value).int32((int) (value >> 32));
    }

    /** What was written so far, as a string. */
    String raw() {
        return bytes.toString();
    }

    /** With version and checksum. */
    String whole(int version) {
        int16(version);
        byte[] raw = raw().getBytes(StandardCharsets.ISO_8859_1);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocateFrom(ValueLayout.JAVA_BYTE, raw);
            return int64(Crc64.update(0, copy.address(), raw.length)).raw();
        }
    }
}
