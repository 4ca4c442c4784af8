package dev.jackdaw.proxy.near;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Request;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NearStoreTest {
    private static final long SEED = 99;
    private static final int NODES = 3;
    private static final int BYTES = 64 * 1024;

    private final NearStore store = new NearStore(BYTES, NODES, UnpooledByteBufAllocator.DEFAULT);
    private final Request words = new Request();
    private final Random random = new Random(SEED);

    @AfterEach
    void close() {
        store.close();
    }

    /** Whatever is found is what was put last; what is found nowhere has been dropped, has expired, or is old. */
    @Test
    void random_use_never_gives_a_wrong_value() {
        Map<String, String> model = new HashMap<>();
        int found = 0;
        for (int i = 0; i < 300_000; i++) {
            String key = "key" + random.nextInt(random.nextBoolean() ? 20 : 2000);
            int node = key.hashCode() % NODES & 1;
            switch (random.nextInt(20)) {
                case 0 -> {
                    drop(key);
                    model.remove(key);
                }
                case 1, 2, 3, 4, 5 -> {
                    String value = "v".repeat(random.nextInt(200)) + i;
                    put(node, key, value, NearStore.NEVER);
                    model.put(key, value);
                }
                case 6 -> {
                    if (random.nextInt(100) == 0) {
                        store.dropNode(node);
                        model.keySet().removeIf(one -> (one.hashCode() % NODES & 1) == node);
                    }
                }
                default -> {
                    String value = find(key, 0);
                    if (value != null) {
                        assertThat(value).as("seed %d, step %d", SEED, i).isEqualTo(model.get(key));
                        found++;
                    }
                }
            }
            assertThat(store.usedBytes()).isBetween(0L, (long) BYTES);
        }
        assertThat(found).isGreaterThan(10_000);
    }

    @Test
    void what_was_put_is_found_until_room_is_needed() {
        for (int i = 0; i < 100; i++) {
            put(0, "key" + i, "value" + i, NearStore.NEVER);
        }
        for (int i = 0; i < 100; i++) {
            assertThat(find("key" + i, 0)).isEqualTo("value" + i);
        }
        assertThat(store.entries()).isEqualTo(100);
        for (int i = 0; i < 10_000; i++) {
            put(0, "other" + i, "value", NearStore.NEVER);
        }
        assertThat(find("key1", 0)).isNull();
        assertThat(find("other9999", 0)).isEqualTo("value");
    }

    @Test
    void what_has_expired_is_not_found() {
        put(0, "key", "value", 1000);
        assertThat(find("key", 999)).isEqualTo("value");
        assertThat(find("key", 1000)).isNull();
        assertThat(find("key", 0)).isNull();
    }

    @Test
    void what_is_too_large_is_not_kept_and_replaces_nothing_by_itself() {
        put(0, "key", "small", NearStore.NEVER);
        put(0, "key", "x".repeat(10_000), NearStore.NEVER);
        assertThat(find("key", 0)).isNull();
    }

    private void put(int node, String key, String value, long expiry) {
        set(key, value);
        store.put(node, hash(), words.address(0), words.length(0), words.address(1), words.length(1), expiry, 0);
    }

    private void drop(String key) {
        set(key);
        store.drop(hash(), words.address(0), words.length(0));
    }

    private String find(String key, long now) {
        set(key);
        return store.find(hash(), words.address(0), words.length(0), now)
                ? Raw.latin1(store.value(), store.valueLength())
                : null;
    }

    private void set(String... texts) {
        byte[][] bytes = new byte[texts.length][];
        for (int i = 0; i < texts.length; i++) {
            bytes[i] = texts[i].getBytes(StandardCharsets.ISO_8859_1);
        }
        words.set(bytes);
    }

    private long hash() {
        return NearCache.hash(words.address(0), words.length(0));
    }
}
