package dev.jackdaw.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.server.command.TestNode;
import dev.jackdaw.server.engine.Engine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpareInputTest {
    private static final int KILOBYTE = 1 << 10;
    private static final int MEGABYTE = 1 << 20;

    private final TestNode node = new TestNode();
    private final Engine engine = node.engine();
    private final SpareInput spare = new SpareInput(engine);
    private final long countedBefore = engine.bufferBytes();

    @AfterEach
    void nothing_stays() {
        spare.close();
        assertThat(engine.bufferBytes()).isEqualTo(countedBefore);
        node.close();
    }

    @Test
    void a_buffer_that_was_given_is_taken_once_and_empty() {
        ByteBuf used = buffer(MEGABYTE).writeZero(100).skipBytes(50);
        spare.give(used);
        assertThat(engine.bufferBytes() - countedBefore).isEqualTo(MEGABYTE);

        ByteBuf taken = spare.take(MEGABYTE);
        assertThat(taken).isSameAs(used);
        assertThat(taken.writableBytes()).isEqualTo(MEGABYTE);
        assertThat(engine.bufferBytes()).isEqualTo(countedBefore);
        assertThat(spare.take(MEGABYTE)).isNull();
        taken.release();
    }

    @ParameterizedTest
    @CsvSource({"1048577, false", "1048576, true", "262144, true", "262143, false"})
    void it_is_taken_for_what_has_about_its_size(long bytes, boolean fits) {
        spare.give(buffer(MEGABYTE));
        ByteBuf taken = spare.take(bytes);
        assertThat(taken != null).isEqualTo(fits);
        if (taken != null) {
            taken.release();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {127 * KILOBYTE, 5 * MEGABYTE})
    void small_and_huge_ones_are_not_kept(int bytes) {
        ByteBuf used = buffer(bytes);
        spare.give(used);
        assertThat(used.refCnt()).isZero();
        assertThat(spare.take(bytes)).isNull();
    }

    @Test
    void one_that_somebody_holds_is_not_kept() {
        ByteBuf used = buffer(MEGABYTE).retain();
        spare.give(used);
        assertThat(used.refCnt()).isOne();
        assertThat(spare.take(MEGABYTE)).isNull();
        used.release();
    }

    @Test
    void of_two_the_larger_is_kept() {
        ByteBuf small = buffer(256 * KILOBYTE);
        ByteBuf large = buffer(MEGABYTE);
        ByteBuf asLarge = buffer(MEGABYTE);
        spare.give(small);
        spare.give(large);
        spare.give(asLarge);
        assertThat(small.refCnt()).isZero();
        assertThat(asLarge.refCnt()).isZero();

        ByteBuf taken = spare.take(MEGABYTE);
        assertThat(taken).isSameAs(large);
        taken.release();
    }

    @Test
    void what_nobody_takes_for_a_second_is_released() {
        ByteBuf used = buffer(MEGABYTE);
        spare.give(used);
        node.advance(1_000);
        spare.forget();
        assertThat(used.refCnt()).isOne();

        node.advance(1);
        spare.forget();
        assertThat(used.refCnt()).isZero();
    }

    @Test
    void slow_clients_do_not_collect_them() {
        spare.give(buffer(4 * MEGABYTE));
        UnreadInput input = new UnreadInput(spare);
        ByteBuf begun = Unpooled.copiedBuffer("*3\r\n$3\r\nSET\r\n", StandardCharsets.US_ASCII);
        input.add(begun, 2 * MEGABYTE);
        assertThat(input.capacity()).isEqualTo(4 * MEGABYTE);
        input.cut();
        assertThat(input.capacity()).isLessThan(KILOBYTE);
        assertThat(input.bytes().readableBytes()).isEqualTo(begun.readerIndex());

        ByteBuf rest = Unpooled.directBuffer().writeZero(MEGABYTE);
        input.add(rest, MEGABYTE);
        input.cut();
        assertThat(input.bytes().readableBytes()).isEqualTo(begun.readerIndex() + MEGABYTE);
        input.release();
        rest.release();
        begun.release();
    }

    private static ByteBuf buffer(int bytes) {
        return Unpooled.directBuffer(bytes);
    }
}
