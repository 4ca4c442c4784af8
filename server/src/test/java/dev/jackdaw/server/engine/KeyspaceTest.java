package dev.jackdaw.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.value.HashValue;
import dev.jackdaw.server.value.ListValue;
import dev.jackdaw.server.value.SetValue;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyspaceTest {
    private static final int MANY = 3_000;

    private final Engine engine = new Engine(Clock.SYSTEM, 2, 42);
    private final Keyspace keyspace = engine.keyspace(0);
    private final HashValue hash = new HashValue(engine);
    private final SetValue set = new SetValue(engine);
    private final ListValue list = new ListValue(engine);
    private final Request words = new Request();

    @AfterEach
    void close() {
        EngineCheck.check(engine);
        engine.close();
    }

    @Test
    void a_moved_value_keeps_kind_expiry_and_mark() {
        words("from", "to", "value");
        long expireAtMillis = engine.nowMillis() + 60_000;
        long entry = keyspace.put(words.address(0), words.length(0), Kind.STRING, words.length(2), expireAtMillis);
        Raw.copy(words.address(2), Entry.valueAddress(entry), words.length(2));
        Entry.mark(entry, true);

        keyspace.move(words.address(0), words.length(0), engine.keyspace(1), words.address(1), words.length(1));

        assertThat(find(keyspace, 0)).isZero();
        long moved = find(engine.keyspace(1), 1);
        assertThat(Raw.latin1(Entry.valueAddress(moved), Entry.valueLength(moved)))
                .isEqualTo("value");
        assertThat(Entry.expireAtMillis(moved)).isEqualTo(expireAtMillis);
        assertThat(Entry.isMarked(moved)).isTrue();
        assertThat(keyspace.size() + keyspace.expiring()).isZero();
        assertThat(engine.keyspace(1).expiring()).isEqualTo(1);
    }

    @Test
    void large_values_change_hands_and_are_copied_deep() {
        words("from", "to", "copy", "x");
        for (Kind kind : new Kind[] {Kind.HASH_LARGE, Kind.SET_LARGE, Kind.LIST_LARGE}) {
            long before = blockBytes();
            createLarge(kind);
            long whole = blockBytes() - before;

            keyspace.move(words.address(0), words.length(0), keyspace, words.address(1), words.length(1));
            assertThat(find(keyspace, 0)).isZero();
            assertThat(Kind.of(Entry.kind(find(keyspace, 1)))).isEqualTo(kind);
            assertThat(blockBytes() - before).isEqualTo(whole);
            assertThat(engine.large().bytes(find(keyspace, 1))).isEqualTo(whole);

            keyspace.copy(words.address(1), words.length(1), keyspace, words.address(2), words.length(2));
            keyspace.remove(find(keyspace, 1));
            assertThat(sizeOf(kind, find(keyspace, 2))).isEqualTo(MANY);
            assertThat(engine.hasLargeValues()).isTrue();

            keyspace.remove(find(keyspace, 2));
            freeAll();
            assertThat(blockBytes()).isEqualTo(before);
            assertThat(engine.hasLargeValues()).isFalse();
        }
    }

    private long blockBytes() {
        return engine.heap().usedBytes() - engine.heap().headBytes();
    }

    private void freeAll() {
        while (engine.buried() > 0) {
            engine.backgroundStep();
        }
    }

    private void createLarge(Kind kind) {
        switch (kind) {
            case HASH_LARGE -> hash.create(keyspace, words.address(0), words.length(0));
            case SET_LARGE -> set.create(keyspace, words.address(0), words.length(0), false);
            default -> list.create(keyspace, words.address(0), words.length(0), 0, false);
        }
        Request element = new Request();
        for (int i = 0; i < MANY; i++) {
            element.set(("element " + i).getBytes(StandardCharsets.ISO_8859_1));
            switch (kind) {
                case HASH_LARGE -> hash.put(element.address(0), element.length(0), words.address(3), words.length(3));
                case SET_LARGE -> set.add(element.address(0), element.length(0));
                default -> list.pushBack(element.address(0), element.length(0));
            }
        }
        assertThat(Kind.of(Entry.kind(find(keyspace, 0)))).isEqualTo(kind);
    }

    private long sizeOf(Kind kind, long entry) {
        return switch (kind) {
            case HASH_LARGE -> hash.at(keyspace, entry) ? hash.size() : -1;
            case SET_LARGE -> set.at(keyspace, entry) ? set.size() : -1;
            default -> list.at(keyspace, entry) ? list.size() : -1;
        };
    }

    private long find(Keyspace in, int word) {
        return in.peek(words.address(word), words.length(word));
    }

    private void words(String... texts) {
        byte[][] bytes = new byte[texts.length][];
        for (int i = 0; i < texts.length; i++) {
            bytes[i] = texts[i].getBytes(StandardCharsets.ISO_8859_1);
        }
        words.set(bytes);
    }
}
