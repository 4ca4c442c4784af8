package dev.jackdaw.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadBufferTest {
    private static final int LITTLE = 64 << 10;
    private static final int MUCH = 256 << 10;

    private final ReadBuffer buffer = new ReadBuffer();
    private final EmbeddedChannel channel = new EmbeddedChannel();

    @SuppressWarnings("deprecation") // Netty has no other type for it yet.
    private RecvByteBufAllocator.Handle handle;

    @AfterEach
    void close() {
        buffer.close();
        channel.close();
    }

    @BeforeEach
    void serve() {
        buffer.serve(channel);
        handle = channel.config().getRecvByteBufAllocator().newHandle();
    }

    private int roomOfRead() {
        ByteBuf read = handle.allocate(UnpooledByteBufAllocator.DEFAULT);
        assertThat(read.isReadable()).isFalse();
        assertThat(handle.guess()).isEqualTo(read.writableBytes());
        read.release();
        return read.writableBytes();
    }

    @Test
    void who_sends_large_requests_has_more_room_until_a_full_read_ends_in_none() {
        assertThat(roomOfRead()).isEqualTo(LITTLE);
        ReadBuffer.fit(channel, true, 1_000);
        assertThat(roomOfRead()).isEqualTo(LITTLE);
        ReadBuffer.fit(channel, true, 40_000);
        assertThat(roomOfRead()).isEqualTo(MUCH);
        ReadBuffer.fit(channel, false, 0);
        assertThat(roomOfRead()).isEqualTo(MUCH);
        ReadBuffer.fit(channel, true, 1_000);
        assertThat(roomOfRead()).isEqualTo(LITTLE);
    }

    @Test
    void who_still_holds_it_has_it_alone() {
        ByteBuf first = handle.allocate(UnpooledByteBufAllocator.DEFAULT).writeByte('a');
        ByteBuf second = handle.allocate(UnpooledByteBufAllocator.DEFAULT).writeByte('b');
        assertThat(first.readByte()).isEqualTo((byte) 'a');
        assertThat(first.refCnt()).isEqualTo(1);
        first.release();
        second.release();
        ByteBuf third = handle.allocate(UnpooledByteBufAllocator.DEFAULT);
        assertThat(third).isSameAs(second);
        third.release();
    }
}
