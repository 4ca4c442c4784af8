package dev.jackdaw.server.acl;

import dev.jackdaw.protocol.Glob;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** Immutable: a pattern for names, which lies in native memory, as the names do that it is compared with. */
final class Pattern {
    private final String text;
    private final MemorySegment bytes;

    Pattern(String text) {
        this.text = text;
        byte[] copy = text.getBytes(StandardCharsets.ISO_8859_1);
        // Freed with the pattern: rules change too rarely to ask every owner to close them.
        this.bytes = Arena.ofAuto().allocate(Math.max(1, copy.length));
        MemorySegment.copy(MemorySegment.ofArray(copy), 0, bytes, 0, copy.length);
    }

    String text() {
        return text;
    }

    boolean matches(long name, int length) {
        return Glob.matches(bytes.address(), text.length(), name, length, false);
    }
}
