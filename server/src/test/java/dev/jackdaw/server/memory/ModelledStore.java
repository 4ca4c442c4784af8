package dev.jackdaw.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.raw.Raw;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

/** Owned by one test: a store of entries, and a map that is changed in the same way. */
abstract class ModelledStore {
    static final long START = 1_800_000_000_000L;
    static final int STEP = 100;

    final Memory memory = new Memory(1L << 32);
    final EntryStore store;
    final long scratch = memory.heap().reserve(1 << 20);
    final Map<String, Value> model = new HashMap<>();
    long now = START;

    record Value(byte[] bytes, int kind, long expireAtMillis) {}

    ModelledStore(long groupedBytes) {
        store = new EntryStore(memory, 42, START, groupedBytes);
    }

    @AfterEach
    void close() {
        memory.close();
    }

    void put(String key, byte[] value, int kind, long expireAt) {
        long address = text(key);
        long entry = store.put(address, key.length(), kind, value.length, expireAt, now);
        Raw.copy(value, 0, Entry.valueAddress(entry), value.length);
        model.put(key, new Value(value, kind, expireAt));
    }

    void resize(String key, Random random) {
        Value old = model.get(key);
        long entry = store.find(text(key), key.length());
        assertThat(entry != 0).isEqualTo(old != null);
        if (old != null) {
            byte[] value = value(random);
            entry = store.resize(entry, value.length, now);
            int kept = Math.min(value.length, old.bytes.length);
            System.arraycopy(old.bytes, 0, value, 0, kept);
            Raw.copy(value, kept, Entry.valueAddress(entry) + kept, value.length - kept);
            model.put(key, new Value(value, old.kind, old.expireAtMillis));
            check(key, model.get(key));
        }
    }

    void expireAt(String key, long at) {
        Value old = model.get(key);
        long entry = store.find(text(key), key.length());
        if (old != null) {
            store.expireAt(entry, at, now);
            model.put(key, new Value(old.bytes, old.kind, at));
            check(key, model.get(key));
        }
    }

    void remove(String key) {
        long entry = store.find(text(key), key.length());
        assertThat(entry != 0).isEqualTo(model.remove(key) != null);
        if (entry != 0) {
            store.remove(entry, key.hashCode() & 7);
        }
    }

    void find(String key) {
        Value value = model.get(key);
        if (value == null) {
            assertThat(store.find(text(key), key.length())).isZero();
        } else {
            check(key, value);
        }
    }

    void setBack(long millis) {
        now -= TimingWheel.SLACK_MILLIS + 1 + millis;
        advance(0);
    }

    void advance(long millis) {
        now += millis;
        List<String> expired = new ArrayList<>();
        while (store.expire(now, STEP, entry -> {
            expired.add(keyOf(entry));
            store.remove(entry);
        })) {
            assertThat(expired).hasSizeLessThanOrEqualTo(model.size());
        }
        Set<String> due = new HashSet<>();
        model.forEach((key, value) -> {
            if (value.expireAtMillis != Entry.NEVER && value.expireAtMillis <= now) {
                due.add(key);
            }
        });
        assertThat(expired).containsExactlyInAnyOrderElementsOf(due);
        model.keySet().removeAll(due);
    }

    void checkAll() {
        assertThat(store.size()).isEqualTo(model.size());
        model.forEach(this::check);
        assertThat(store.expiring())
                .isEqualTo(model.values().stream()
                        .filter(value -> value.expireAtMillis != Entry.NEVER)
                        .count());
        Set<String> seen = new HashSet<>();
        long cursor = 0;
        do {
            cursor = store.scan(
                    cursor, entry -> assertThat(seen.add(keyOf(entry))).isTrue());
        } while (cursor != 0);
        assertThat(seen).isEqualTo(model.keySet());
        checkStructure();
    }

    void checkStructure() {
        Inventory inventory = new Inventory(memory);
        StoreCheck.check(store, inventory, entry -> {});
        inventory.check();
    }

    void check(String key, Value value) {
        long entry = store.find(text(key), key.length());
        assertThat(entry).isNotZero();
        assertThat(Entry.kind(entry)).isEqualTo(value.kind);
        assertThat(Entry.expireAtMillis(entry)).isEqualTo(value.expireAtMillis);
        byte[] bytes = Raw.bytes(Entry.valueAddress(entry), Entry.valueLength(entry));
        assertThat(Arrays.equals(bytes, value.bytes)).isTrue();
    }

    void drain() {
        for (String key : new ArrayList<>(model.keySet())) {
            remove(key);
        }
        assertThat(store.size()).isZero();
        checkStructure();
    }

    static String key(int i) {
        return "key:" + "x".repeat(i % 31) + i;
    }

    static byte[] value(Random random) {
        return value(random, random.nextInt(100) == 0 ? 200_000 : 300);
    }

    static byte[] value(Random random, int limit) {
        int length = random.nextInt(limit);
        byte[] value = new byte[length];
        random.nextBytes(value);
        return value;
    }

    long expiry(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> now + 1 + random.nextInt(10_000);
            case 1 -> now + 1 + random.nextInt(100_000_000);
            default -> Entry.NEVER;
        };
    }

    long text(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.ISO_8859_1);
        Raw.copy(bytes, 0, scratch, bytes.length);
        return scratch;
    }

    static String keyOf(long entry) {
        return Raw.latin1(Entry.keyAddress(entry), Entry.keyLength(entry));
    }
}
