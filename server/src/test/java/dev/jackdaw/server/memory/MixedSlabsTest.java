package dev.jackdaw.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.raw.Raw;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is allocated where slots of any size lie side by side keeps its bytes, and all that is freed comes back. */
class MixedSlabsTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final long LATER = NOW + 1_000_000;

    private final Memory memory = new Memory(1L << 30);
    private final Slabs slabs = new Slabs(memory.pages(), NOW);
    private final List<Slot> live = new ArrayList<>();

    private record Slot(long address, int bytes, long expireAtMillis, int content) {}

    @AfterEach
    void close() {
        memory.close();
    }

    @ParameterizedTest
    @CsvSource({"1, 60, 4", "2, 300, 64", "3, 300, 1024", "4, 5000, 512", "5, 32768, 4096"})
    void slots_keep_their_bytes_whatever_is_freed_around_them(long seed, int longest, int alignment) {
        Random random = new Random(seed);
        for (int i = 0; i < 60_000; i++) {
            boolean grows = random.nextInt(1_000) < (i / 10_000 % 2 == 0 ? 520 : 480);
            if (grows && slabs.slabBytes() < Slabs.SMALL_BYTES / 4) {
                allocate(random, 1 + random.nextInt(longest), alignment);
            } else if (!live.isEmpty()) {
                free(random.nextInt(live.size()));
            }
            if (i % 5_000 == 0) {
                check();
            }
        }
        check();
        while (!live.isEmpty()) {
            free(random.nextInt(live.size()));
        }
        check();
        assertThat(slabs.slabBytes()).isZero();
    }

    @Test
    void slabs_with_holes_are_found_among_very_many() {
        int bytes = 11_000;
        int count = 3_200;
        for (int i = 0; i < count; i++) {
            live.add(new Slot(slabs.allocateOwned(bytes, owner(i)), bytes, Slabs.NEVER, i & 127));
            Raw.fill(live.get(i).address, bytes, i & 127);
        }
        assertThat(slabs.slabBytes()).isGreaterThan(Slabs.SMALL_BYTES);
        assertThat(live).allMatch(slot -> slabs.isHeaded(slot.address));
        for (int i = count / 8; i >= 0; i--) {
            free(2 * i);
            MixedSlabs.changeOwner(live.get(2 * i).address, bytes, owner(2 * i));
        }
        long before = slabs.wasteBytes();

        while (slabs.headed.empty(4 * bytes, this::move)) {}

        assertThat(slabs.wasteBytes()).isLessThan(before / 4);
        check();
    }

    @Test
    void holes_are_urgent_sooner_when_other_slabs_have_much_room() {
        for (int i = 0; i < 1_000; i++) {
            allocate(1_000, Slabs.ALIGNMENT, Slabs.NEVER, 0);
        }
        for (int i = 950; i >= 0; i -= 20) {
            free(i);
        }
        assertThat(slabs.mixed.isUrgent()).isFalse();

        Slabs other = new Slabs(memory.pages(), NOW);
        for (int bytes = 8; bytes <= 256; bytes += 4) {
            other.allocate(bytes, Slabs.NEVER, NOW);
        }

        assertThat(slabs.mixed.isUrgent()).isTrue();
    }

    private static long owner(int index) {
        return (long) index << MixedSlabs.NEXT_SHIFT;
    }

    private void move(long slot) {
        int index = (int) MixedSlabs.owner(slot);
        Slot old = live.get(index);
        assertThat(old.address).isEqualTo(slot + MixedSlabs.HEAD);
        long moved = slabs.allocateOwned(old.bytes, owner(index));
        Raw.copy(old.address, moved, old.bytes);
        slabs.free(old.address, old.bytes);
        live.set(index, new Slot(moved, old.bytes, old.expireAtMillis, old.content));
    }

    private void allocate(Random random, int bytes, int alignment) {
        boolean expires = random.nextInt(3) == 0;
        boolean aligned = !expires && bytes % 4 == 0;
        allocate(bytes, aligned ? alignment : Slabs.ALIGNMENT, expires ? LATER : Slabs.NEVER, random.nextInt(128));
    }

    private void allocate(int bytes, int alignment, long expireAtMillis, int content) {
        long address = slabs.allocateMovable(bytes, alignment, expireAtMillis, NOW);
        assertThat(address & alignment - 1).isZero();
        Raw.fill(address, bytes, content);
        live.add(new Slot(address, bytes, expireAtMillis, content));
    }

    private void free(int index) {
        Slot slot = live.get(index);
        live.set(index, live.getLast());
        live.removeLast();
        for (int i = 0; i < slot.bytes; i++) {
            assertThat(Raw.getUnsignedByte(slot.address + i)).isEqualTo(slot.content);
        }
        slabs.free(slot.address, slot.bytes);
    }

    private void check() {
        Inventory inventory = new Inventory(memory);
        live.forEach(slot -> inventory.add(slabs, slot.address, slot.bytes, slot.expireAtMillis));
        inventory.check();
    }
}
