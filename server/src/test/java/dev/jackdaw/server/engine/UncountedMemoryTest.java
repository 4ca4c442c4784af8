package dev.jackdaw.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.command.TestNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the process takes beside data and buffers counts where it would exceed the tenth that it may have beyond the limit. */
class UncountedMemoryTest {
    private static final long MEGABYTE = 1 << 20;
    private static final long LIMIT = 128 * MEGABYTE;
    private static final long SHARE = LIMIT / 64;
    private static final long WARM_UP = 16 * MEGABYTE;

    private final TestNode node = new TestNode();
    private final MemoryLimit limit = node.engine().limit();

    @AfterEach
    void close() {
        node.close();
    }

    private void maxMemory(long bytes) {
        node.run("CONFIG", "SET", "maxmemory", Long.toString(bytes));
    }

    @Test
    void what_a_process_needs_to_get_to_work_counts_from_the_beginning() {
        maxMemory(LIMIT);
        long before = node.engine().usedMemory();
        limit.uncounted(0);
        assertThat(node.engine().usedMemory() - before).isEqualTo(WARM_UP - SHARE);
    }

    @Test
    void more_than_that_counts_up_to_a_quarter_of_the_limit() {
        maxMemory(LIMIT);
        limit.uncounted(30 * MEGABYTE);
        assertThat(limit.processBytes()).isEqualTo(30 * MEGABYTE - SHARE);
        limit.uncounted(LIMIT);
        assertThat(limit.processBytes()).isEqualTo(LIMIT / 4);
    }

    @Test
    void what_it_has_given_back_is_forgotten_by_and_by() {
        maxMemory(LIMIT);
        limit.uncounted(36 * MEGABYTE);
        limit.uncounted(20 * MEGABYTE);
        assertThat(limit.processBytes()).isBetween(30 * MEGABYTE, 31 * MEGABYTE);
        for (int i = 0; i < 100; i++) {
            limit.uncounted(20 * MEGABYTE);
        }
        assertThat(limit.processBytes()).isEqualTo(20 * MEGABYTE - SHARE);
    }

    @Test
    void a_limit_that_it_is_a_great_share_of_is_not_concerned() {
        maxMemory(LIMIT / 4);
        limit.uncounted(36 * MEGABYTE);
        assertThat(limit.processBytes()).isZero();
    }

    @Test
    void a_large_limit_has_room_for_it() {
        maxMemory(16 * LIMIT);
        limit.uncounted(30 * MEGABYTE);
        assertThat(limit.processBytes()).isZero();
        maxMemory(0);
        limit.uncounted(30 * MEGABYTE);
        assertThat(limit.processBytes()).isZero();
    }

    @Test
    void what_buffers_took_of_late_stays_free_for_them_where_nothing_can_be_evicted() {
        maxMemory(LIMIT);
        node.engine().buffersGrew(10 * MEGABYTE);
        node.run("SETRANGE", "large", Long.toString(LIMIT - 15 * MEGABYTE), "x");
        assertThat(node.run("SET", "small", "1")).isEqualTo(new Reply.Simple("OK"));
        node.engine().buffersGrew(-10 * MEGABYTE);
        node.run("SETRANGE", "other", Long.toString(6 * MEGABYTE), "x");
        assertThat(node.engine().usedMemory()).isLessThan(LIMIT - 8 * MEGABYTE);
        assertThat(limit.isFull()).isTrue();
        assertThat(node.run("SET", "small", "2")).isEqualTo(new Reply.Error(CommandError.OUT_OF_MEMORY));
        node.run("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
        assertThat(node.run("SET", "small", "3")).isEqualTo(new Reply.Simple("OK"));
        node.run("CONFIG", "SET", "maxmemory-policy", "noeviction");
        assertThat(node.run("SET", "small", "4")).isEqualTo(new Reply.Error(CommandError.OUT_OF_MEMORY));
        for (int i = 0; i < 30; i++) {
            limit.forget();
        }
        assertThat(node.run("SET", "small", "5")).isEqualTo(new Reply.Simple("OK"));
    }

    @Test
    void writes_are_refused_when_it_takes_what_is_left() {
        maxMemory(LIMIT);
        node.run("SETRANGE", "large", Long.toString(LIMIT - 20 * MEGABYTE), "x");
        assertThat(node.run("SET", "small", "1")).isEqualTo(new Reply.Simple("OK"));
        limit.uncounted(40 * MEGABYTE);
        assertThat(node.run("SET", "small", "2")).isEqualTo(new Reply.Error(CommandError.OUT_OF_MEMORY));
        maxMemory(2 * LIMIT);
        assertThat(node.run("SET", "small", "3")).isEqualTo(new Reply.Simple("OK"));
    }
}
