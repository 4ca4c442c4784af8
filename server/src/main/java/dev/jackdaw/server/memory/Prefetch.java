package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/**
 * Owned by one event loop: begins to load memory into the processor's cache. Loads that are begun one behind the other
 * are waited for together.
 */
final class Prefetch {
    static final int LINE = 64;

    /** What was loaded, so that the loads are not optimised away. */
    @SuppressWarnings("UnusedVariable")
    private long loaded;

    /** Begins to load the line in which a word lies. */
    void line(long address) {
        loaded ^= Raw.getLong(address);
    }

    /** The same for so many bytes, all of which must be mapped. */
    void lines(long address, int bytes) {
        for (int line = 0; line < bytes; line += LINE) {
            line(address + line);
        }
    }
}
