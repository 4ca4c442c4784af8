package dev.jackdaw.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.EntryStore;
import dev.jackdaw.server.memory.ExpiringHash;
import dev.jackdaw.server.memory.Inventory;
import dev.jackdaw.server.memory.LargeValueCheck;
import dev.jackdaw.server.memory.PackedHash;
import dev.jackdaw.server.memory.PackedIntegers;
import dev.jackdaw.server.memory.PackedTimes;
import dev.jackdaw.server.memory.StoreCheck;
import dev.jackdaw.server.memory.StreamCheck;
import java.util.Set;
import java.util.TreeSet;

/**
 * Shared and stateless: checks all that an engine holds, from the pages up to the members of sorted sets. Tests run it after
 * every random sequence.
 */
public final class EngineCheck {
    private EngineCheck() {}

    /** Frees first what is buried, for what is half gone cannot be walked. */
    public static void check(Engine engine) {
        while (engine.buried() > 0) {
            engine.backgroundStep();
        }
        Inventory inventory = new Inventory(engine.memory);
        long[] largeValues = {0};
        long[] keyBytes = {0};
        for (int i = 0; i < engine.databases(); i++) {
            EntryStore store = engine.keyspace(i).store();
            Set<Long> parts = new TreeSet<>();
            StoreCheck.check(store, inventory, entry -> {
                keyBytes[0] += EntryStore.takenBytes(entry)
                        - Long.BYTES
                        + engine.large().bytes(entry);
                if (checkLargeValue(engine, entry, inventory)) {
                    largeValues[0]++;
                    parts.add(store.hash(Entry.keyAddress(entry), Entry.keyLength(entry)) >>> LargeValues.PART_SHIFT);
                }
            });
            assertThat(partsWithLargeValues(engine.keyspace(i))).isEqualTo(parts);
            checkFieldExpiries(engine.keyspace(i));
            keyBytes[0] += store.indexBytes();
        }
        for (EntryStore side : engine.sideStores) {
            StoreCheck.check(side, inventory, entry -> keyBytes[0] += EntryStore.takenBytes(entry) - Long.BYTES);
            keyBytes[0] += side.indexBytes();
        }
        assertThat(engine.hasLargeValues()).isEqualTo(largeValues[0] > 0);
        inventory.check();
        assertThat(engine.usedMemory() - engine.bufferBytes())
                .as("the sum of all keys' bytes, and of what says whose blocks are")
                .isEqualTo(
                        keyBytes[0] + inventory.reservedBytes() + engine.heap().headBytes());
    }

    /** What is noted as a hash of which fields expire is one, and each is noted in time. */
    private static void checkFieldExpiries(Keyspace keyspace) {
        long cursor = 0;
        do {
            cursor = keyspace.store().scan(cursor, entry -> {
                if (FieldExpiries.isExpiringHash(entry)) {
                    assertThat(keyspace.fieldExpiries.isEmpty()).isFalse();
                    long noted = keyspace.fieldExpiries.notes.find(Entry.keyAddress(entry), Entry.keyLength(entry));
                    assertThat(noted).as("the note of a hash").isNotZero();
                    assertThat(Entry.expireAtMillis(noted))
                            .isLessThanOrEqualTo(keyspace.fieldExpiries.nextMillis(entry));
                }
            });
        } while (cursor != 0);
        do {
            cursor = keyspace.fieldExpiries.isEmpty()
                    ? 0
                    : keyspace.fieldExpiries.notes.scan(cursor, noted -> {
                        long entry = keyspace.store().find(Entry.keyAddress(noted), Entry.keyLength(noted));
                        assertThat(entry).isNotZero();
                        assertThat(FieldExpiries.isExpiringHash(entry)).isTrue();
                    });
        } while (cursor != 0);
    }

    private static Set<Long> partsWithLargeValues(Keyspace keyspace) {
        Set<Long> parts = new TreeSet<>();
        long last = -1L >>> LargeValues.PART_SHIFT;
        for (long part = 0; part <= last; part++) {
            long next = keyspace.nextLargeValue(part << LargeValues.PART_SHIFT);
            if (next == LargeValues.NONE) {
                break;
            }
            part = next >>> LargeValues.PART_SHIFT;
            parts.add(part);
        }
        return parts;
    }

    private static boolean checkLargeValue(Engine engine, long entry, Inventory inventory) {
        switch (Kind.of(Entry.kind(entry))) {
            case STRING, INTEGER, LIST_PACKED, SET_PACKED, HASH_PACKED, SORTED_SET_PACKED -> {
                return false;
            }
            case HASH_PACKED_EXPIRING -> {
                checkTimes(Entry.valueAddress(entry), Entry.valueLength(entry));
                return false;
            }
            case SET_INTEGERS -> {
                checkIntegers(engine, entry);
                return false;
            }
            case LIST_LARGE -> LargeValueCheck.checkList(LargeStructures.root(entry), engine.heap(), inventory);
            case SET_LARGE ->
                LargeValueCheck.checkHash(engine.large().sets(), LargeStructures.root(entry), engine.heap(), inventory);
            case HASH_LARGE ->
                LargeValueCheck.checkHash(
                        engine.large().hashes(), LargeStructures.root(entry), engine.heap(), inventory);
            case HASH_LARGE_EXPIRING -> {
                long root = LargeStructures.root(entry);
                LargeValueCheck.checkHash(engine.large().hashes(), ExpiringHash.table(root), engine.heap(), inventory);
                LargeValueCheck.checkSortedSet(
                        engine.large().newSortedTree(), ExpiringHash.times(root), engine.heap(), inventory);
                inventory.add(engine.heap(), root, 2 * Long.BYTES);
            }
            case SORTED_SET_LARGE ->
                LargeValueCheck.checkSortedSet(
                        engine.large().newSortedTree(), LargeStructures.root(entry), engine.heap(), inventory);
            case STREAM -> StreamCheck.check(LargeStructures.root(entry), engine.heap(), inventory);
        }
        return true;
    }

    private static void checkTimes(long run, int bytes) {
        PackedHash packed = PackedHash.WITH_TIMES;
        Set<Long> times = new TreeSet<>();
        int count = 0;
        long at = packed.first(run);
        while (at < run + bytes) {
            times.add(PackedTimes.millis(at));
            count++;
            at = packed.next(at);
        }
        assertThat(at).isEqualTo(run + bytes);
        assertThat(packed.count(run)).isEqualTo(count);
        times.remove(Entry.NEVER);
        assertThat(times).first().isEqualTo(PackedTimes.nextMillis(run));
    }

    private static void checkIntegers(Engine engine, long entry) {
        PackedIntegers integers = new PackedIntegers(engine.heap(), bytes -> {
            throw new AssertionError("a check that changes");
        });
        integers.at(Entry.valueAddress(entry), Entry.valueLength(entry));
        integers.walk();
        long last = integers.next();
        while (integers.hasNext()) {
            long integer = integers.next();
            assertThat(integer).isGreaterThan(last);
            last = integer;
        }
    }
}
