package dev.jackdaw.protocol.raw;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class RawTest {
    private static final int LONGEST = 40;

    @Test
    void equality_looks_at_every_byte_and_at_none_beyond() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment both = arena.allocate(2 * (LONGEST + 1));
            long a = both.address();
            long b = a + LONGEST + 1;
            for (int length = 0; length <= LONGEST; length++) {
                both.fill((byte) 7);
                Raw.putByte(b + length, 8);
                assertThat(Raw.equal(a, b, length)).as("%d bytes", length).isTrue();
                for (int different = 0; different < length; different++) {
                    Raw.putByte(b + different, 9);
                    assertThat(Raw.equal(a, b, length))
                            .as("byte %d of %d", different, length)
                            .isFalse();
                    Raw.putByte(b + different, 7);
                }
            }
        }
    }

    @Test
    void a_copy_may_overlap_what_it_copies() {
        try (Arena arena = Arena.ofConfined()) {
            int longest = 3 * LONGEST;
            int room = 2 * longest;
            MemorySegment memory = arena.allocate(room);
            for (int length = 0; length <= longest; length++) {
                for (int to = 0; to <= room - length; to++) {
                    int from = (room - length) / 2;
                    byte[] expected = new byte[room];
                    for (int i = 0; i < room; i++) {
                        expected[i] = (byte) (i * 7);
                    }
                    memory.copyFrom(MemorySegment.ofArray(expected));
                    System.arraycopy(expected, from, expected, to, length);

                    Raw.copy(memory.address() + from, memory.address() + to, length);

                    assertThat(Raw.bytes(memory.address(), room))
                            .as("%d bytes from %d to %d", length, from, to)
                            .isEqualTo(expected);
                }
            }
        }
    }
}
