package dev.jackdaw.benchmarks.connections;

import java.io.IOException;

/** Owned by one thread: many connections to one server, none of which is of use to anybody. */
interface Crowd extends AutoCloseable {
    /** Does what has become due since the last call, which was about a millisecond ago. */
    void work() throws IOException;

    @Override
    void close() throws IOException;
}
