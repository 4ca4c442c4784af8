package dev.jackdaw.server.acl;

import dev.jackdaw.protocol.Glob;
import dev.jackdaw.protocol.resp.Request;
import java.nio.charset.StandardCharsets;

/** Owned by the event loop: a pattern for names, and its text. */
final class Pattern {
    private final String text;
    private final Glob glob = new Glob();

    Pattern(String text) {
        this.text = text;
        try (Request pattern = new Request()) {
            pattern.set(text.getBytes(StandardCharsets.ISO_8859_1));
            glob.at(pattern.address(0), pattern.length(0), false);
        }
    }

    String text() {
        return text;
    }

    boolean matches(long name, int length) {
        return glob.matches(name, length);
    }
}
