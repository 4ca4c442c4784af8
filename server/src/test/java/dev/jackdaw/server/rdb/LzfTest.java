package dev.jackdaw.server.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LzfTest {
    private static final int TEXTS = 3_000;

    private final Lzf lzf = new Lzf();

    @Test
    void what_was_compressed_comes_back() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < TEXTS; i++) {
            byte[] text = text(random);
            ByteBuf from = Unpooled.directBuffer().writeBytes(text);
            ByteBuf packed = Unpooled.directBuffer(2 * text.length + 10);
            ByteBuf back = Unpooled.directBuffer(text.length + 1).writeZero(text.length);
            // One that is given up must leave no traces.
            lzf.compress(from.memoryAddress(), text.length, packed.memoryAddress(), random.nextInt(text.length + 1));
            int bytes = lzf.compress(from.memoryAddress(), text.length, packed.memoryAddress(), 2 * text.length + 10);
            assertThat(Lzf.decompress(packed.memoryAddress(), bytes, back.memoryAddress(), text.length))
                    .as("seed %d, text %d", seed, i)
                    .isTrue();
            assertThat(back).as("seed %d, text %d", seed, i).isEqualTo(from);
            from.release();
            packed.release();
            back.release();
        }
    }

    /** Of few different bytes and with repetitions, now and then far apart. */
    private static byte[] text(Random random) {
        StringBuilder text = new StringBuilder();
        int letters = 1 + random.nextInt(random.nextBoolean() ? 3 : 200);
        int length = 1 + random.nextInt(random.nextInt(20) == 0 ? 30_000 : 600);
        while (text.length() < length) {
            if (text.length() > 0 && random.nextInt(4) == 0) {
                int at = random.nextInt(text.length());
                text.append(text, at, Math.min(text.length(), at + random.nextInt(600)));
            } else {
                text.append((char) random.nextInt(letters));
            }
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void what_does_not_get_shorter_is_left_alone() {
        byte[] text = new byte[1000];
        new Random(1).nextBytes(text);
        ByteBuf from = Unpooled.directBuffer().writeBytes(text);
        ByteBuf packed = Unpooled.directBuffer(text.length);
        assertThat(lzf.compress(from.memoryAddress(), text.length, packed.memoryAddress(), text.length - 4))
                .isZero();
        from.release();
        packed.release();
    }

    @Test
    void checksums_are_those_of_redis() {
        ByteBuf digits = Unpooled.directBuffer();
        digits.writeCharSequence("123456789", StandardCharsets.US_ASCII);
        assertThat(Crc64.update(0, digits.memoryAddress(), 9)).isEqualTo(0xe9c6d914c4b8d9caL);
        long first = Crc64.update(0, digits.memoryAddress(), 3);
        assertThat(Crc64.update(first, digits.memoryAddress() + 3, 6)).isEqualTo(0xe9c6d914c4b8d9caL);
        digits.release();
    }
}
