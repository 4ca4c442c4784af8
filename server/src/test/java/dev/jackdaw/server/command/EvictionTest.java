package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EvictionTest {
    private static final int ROOM = 2_000;
    private static final String VALUE = "v".repeat(32);

    private final TestNode node = new TestNode();

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void without_eviction_writes_are_refused_and_reads_and_deletes_are_not() {
        limit("noeviction");
        fill("key", 2 * ROOM);
        assertThat(node.run("SET", "more", VALUE)).isEqualTo(new Reply.Error(CommandError.OUT_OF_MEMORY));
        assertThat(node.run("GET", "key0")).isEqualTo(new Reply.Bulk(VALUE));
        for (int i = 0; i < 200; i++) {
            assertThat(node.run("DEL", "key" + i)).isEqualTo(new Reply.Int(1));
        }
        assertThat(node.run("SET", "more", VALUE)).isEqualTo(new Reply.Simple("OK"));
    }

    @Test
    void memory_stays_within_the_limit_and_what_is_used_stays() {
        limit("allkeys-lru");
        fill("hot", 100);
        for (int i = 0; i < 10 * ROOM; i++) {
            node.run("SET", "cold" + i, VALUE);
            node.run("GET", "hot" + i % 100);
            assertThat(node.engine().usedMemory()).isLessThan(node.engine().maxMemory() + 20_000);
        }
        assertThat(present("hot", 100)).isGreaterThanOrEqualTo(97);
        assertThat(node.engine().stats().evicted).isGreaterThan(7 * ROOM);
    }

    @Test
    void random_eviction_spares_nobody() {
        limit("allkeys-random");
        fill("key", 20 * ROOM);
        assertThat(present("key", ROOM)).isLessThan(ROOM / 4);
        assertThat(node.engine().keyspace(0).size()).isGreaterThan(ROOM / 2);
    }

    @Test
    void volatile_policies_remove_only_what_expires() {
        for (String policy : new String[] {"volatile-lru", "volatile-random", "volatile-ttl"}) {
            node.run("FLUSHALL");
            node.advance(1);
            limit(policy);
            fill("lasting", 200);
            for (int i = 0; i < 3 * ROOM; i++) {
                assertThat(node.run("SET", "key" + i, VALUE, "EX", "1000")).isEqualTo(new Reply.Simple("OK"));
            }
            assertThat(present("lasting", 200)).as(policy).isEqualTo(200);
        }
    }

    @Test
    void volatile_ttl_removes_what_would_expire_soon() {
        limit("volatile-ttl");
        for (int i = 0; i < 100; i++) {
            node.run("SET", "late" + i, VALUE, "EX", "100000");
        }
        for (int i = 0; i < 3 * ROOM; i++) {
            node.run("SET", "soon" + i, VALUE, "EX", "10");
        }
        assertThat(present("late", 100)).isGreaterThanOrEqualTo(97);
    }

    @Test
    void a_volatile_policy_without_anything_that_expires_refuses() {
        limit("volatile-lru");
        fill("key", 2 * ROOM);
        assertThat(node.run("SET", "more", VALUE)).isEqualTo(new Reply.Error(CommandError.OUT_OF_MEMORY));
    }

    private void limit(String policy) {
        assertThat(node.engine().evictionPolicy(policy)).isTrue();
        node.engine().maxMemory(node.engine().usedMemory() + ROOM * 70);
    }

    private void fill(String prefix, int count) {
        for (int i = 0; i < count; i++) {
            node.run("SET", prefix + i, VALUE);
        }
    }

    private int present(String prefix, int count) {
        int present = 0;
        for (int i = 0; i < count; i++) {
            present +=
                    node.engine().keyspace(0).size() > 0 && node.run("GET", prefix + i) instanceof Reply.Bulk ? 1 : 0;
        }
        return present;
    }
}
