package dev.jackdaw.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.raw.Raw;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
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
