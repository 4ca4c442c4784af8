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
    void more_than_that_counts_up_to_half_of_the_limit() {
        maxMemory(LIMIT);
        limit.uncounted(30 * MEGABYTE);
        assertThat(limit.processBytes()).isEqualTo(30 * MEGABYTE - SHARE);
        limit.uncounted(LIMIT);
        assertThat(limit.processBytes()).isEqualTo(LIMIT / 2);
    }

    @Test
    void what_it_has_given_back_is_forgotten_by_and_by() {
        maxMemory(LIMIT);
        limit.uncounted(36 * MEGABYTE);
        limit.uncounted(20 * MEGABYTE);
        assertThat(limit.processBytes()).isEqualTo(36 * MEGABYTE - SHARE);
        for (int i = 0; i < 100; i++) {
            limit.forget();
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
    void in_a_flood_what_it_may_grow_by_until_the_next_look_counts_too() {
        maxMemory(LIMIT);
        node.run("SETRANGE", "large", Long.toString(LIMIT - 26 * MEGABYTE), "x");
        limit.uncounted(0);
        node.engine().buffersGrew(3 * MEGABYTE);
        limit.uncounted(0);
        assertThat(limit.isFlooded()).isFalse();
        assertThat(limit.processBytes()).isEqualTo(WARM_UP - SHARE);
        node.engine().buffersGrew(3 * MEGABYTE);
        assertThat(limit.isFlooded()).isTrue();
        assertThat(limit.isPressed()).isFalse();
        limit.uncounted(0);
        assertThat(limit.processBytes()).isEqualTo(WARM_UP - SHARE + 6 * MEGABYTE);
        node.engine().buffersGrew(6 * MEGABYTE);
        assertThat(limit.isPressed()).isTrue();
    }

    @Test
    void idle_pages_are_part_of_what_buffers_may_take_beyond_the_limit() {
        maxMemory(LIMIT);
        node.engine().buffersGrew(20 * MEGABYTE);
        node.run("SETRANGE", "large", Long.toString(LIMIT - 12 * MEGABYTE), "x");
        long before = limit.excessBufferBytes();
        node.run("SETRANGE", "small", Long.toString(MEGABYTE), "x");
        node.run("DEL", "small");
        assertThat(node.engine().idleBytes()).isPositive();
        assertThat(limit.excessBufferBytes() - before).isPositive();
    }

    @Test
    void evicted_values_do_not_stay_resident() {
        maxMemory(LIMIT);
        node.run("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
        for (int i = 0; i < 120; i++) {
            node.run("SETRANGE", "key" + i, Long.toString(MEGABYTE), "x");
        }
        node.engine().buffersGrew(60 * MEGABYTE);
        limit.makeRoom();
        assertThat(node.engine().liveBytes()).isLessThan(LIMIT - 60 * MEGABYTE);
        assertThat(node.engine().idleBytes()).isLessThan(6 * MEGABYTE);
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
