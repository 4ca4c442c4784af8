package dev.jackdaw.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.server.command.TestNode;
import dev.jackdaw.server.engine.Engine;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Data make room for clients' buffers when these grow. */
class ClientEvictionTest {
    private static final int MEGABYTE = 1 << 20;
    private static final int LIMIT = 64 * MEGABYTE;

    @Test
    void data_go_for_buffers_as_soon_as_these_take_memory_beyond_the_limit() {
        try (TestNode node = new TestNode()) {
            Engine engine = node.engine();
            ClientEviction eviction = new ClientEviction(node.node(), List.of());
            node.run("CONFIG", "SET", "maxmemory", Integer.toString(LIMIT));
            node.run("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
            for (int i = 0; i < 56; i++) {
                node.run("SETRANGE", "key" + i, Integer.toString(MEGABYTE), "x");
            }
            long before = engine.liveBytes();
            engine.buffersGrew(LIMIT - before - MEGABYTE);
            eviction.makeRoom();
            assertThat(engine.liveBytes()).isEqualTo(before);
            for (long idle = Long.MAX_VALUE; engine.idleBytes() < idle; engine.trim()) {
                idle = engine.idleBytes();
            }
            engine.buffersGrew(MEGABYTE + MEGABYTE / 4);
            eviction.makeRoom();
            assertThat(engine.liveBytes()).isBetween(before - 2 * MEGABYTE, before - MEGABYTE / 4);
        }
    }
}
