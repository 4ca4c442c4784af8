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
}
