package dev.jackdaw.protocol.resp;

import static dev.jackdaw.protocol.resp.Pieces.direct;
import static dev.jackdaw.protocol.resp.Pieces.latin1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.jackdaw.protocol.raw.Raw;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestDecoderTest {
    private static final String SET = "*3\r\n$3\r\nSET\r\n$16\r\n0123456789abcdef\r\n$2\r\nhi\r\n";
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final RequestDecoder decoder = new RequestDecoder();
    private final Request request = new Request();

    @Test
    void arguments_are_slices_of_the_read_buffer() {
        ByteBuf in = direct(latin1("PING\r\n" + SET + "*1"));
        assertThat(decoder.decode(in, request)).isTrue();
        assertThat(request.start()).isZero();
        assertThat(request.bytes()).isZero();

        assertThat(decoder.decode(in, request)).isTrue();
        assertThat(request.count()).isEqualTo(3);
        assertThat(request.start()).isEqualTo(in.memoryAddress() + 6);
        assertThat(request.bytes()).isEqualTo(SET.length());
        assertThat(request.address(1)).isEqualTo(request.start() + SET.indexOf("0123"));
        assertThat(request.text(1)).isEqualTo("0123456789abcdef");
        assertThat(in.readerIndex()).isEqualTo(6 + SET.length());

        assertThat(decoder.decode(in, request)).isFalse();
        assertThat(request.count()).isZero();
        assertThat(in.readableBytes()).isEqualTo(2);
        in.release();
    }

    @Test
    void keywords_match_in_any_case() {
        request.set(latin1("gEt"), latin1("a[z{"), latin1(""));
        assertThat(request.is(0, "GET")).isTrue();
        assertThat(request.is(0, "GETS")).isFalse();
        assertThat(request.is(0, "SET")).isFalse();
        assertThat(request.is(1, "A[Z{")).isTrue();
        assertThat(request.is(1, "A{Z[")).isFalse();
        assertThat(request.is(2, "")).isTrue();
    }

    @Test
    void requests_can_be_made_by_hand() {
        request.set(latin1("SET"), latin1("k"), new byte[5000]);
        assertThat(request.text(1)).isEqualTo("k");
        assertThat(request.length(2)).isEqualTo(5000);
        assertThat(request.start()).isZero();
        request.set(new byte[0]);
        assertThat(request.text(0)).isEmpty();
        request.set();
        assertThat(request.count()).isZero();
    }

    @Test
    void wanted_bytes_are_what_is_lacking_at_least() {
        ByteBuf in = direct(latin1("*3\r\n$3\r\nSET\r\n$16\r\n0123"));
        assertThat(decoder.bytesWanted()).isZero();
        assertThat(decoder.decode(in, request)).isFalse();
        assertThat(decoder.bytesWanted()).isEqualTo(12 + 2 + 6);
        in.writeBytes(latin1("456789abcdef\r\n$0\r\n\r\n"));
        assertThat(decoder.decode(in, request)).isTrue();
        assertThat(decoder.bytesWanted()).isZero();
        in.release();
    }

    @Test
    void a_large_argument_can_be_left_out_of_a_request_that_is_marked_then() {
        ByteBuf in = direct(latin1("*4\r\n$3\r\nSET\r\n$1\r\nk\r\n$100\r\n0123456789"));
        assertThat(decoder.decode(in, request)).isFalse();
        decoder.begun(in, request);
        assertThat(request.text(0)).isEqualTo("SET");
        assertThat(request.count()).isEqualTo(2);
        assertThat(decoder.leaveOut(in, 91)).isZero();
        assertThat(decoder.leaveOut(in, 90)).isEqualTo(90);
        assertThat(decoder.decode(in, request)).isFalse();
        assertThat(decoder.leaveOut(in, 1)).isZero();

        in.writeBytes(latin1("\r\n$2\r\nNX\r\n" + SET));
        assertThat(decoder.decode(in, request)).isTrue();
        assertThat(request.isIncomplete()).isTrue();
        assertThat(request.text(1)).isEqualTo("k");
        assertThat(request.length(2)).isZero();
        assertThat(request.text(3)).isEqualTo("NX");
        assertThat(decoder.decode(in, request)).isTrue();
        assertThat(request.isIncomplete()).isFalse();
        in.release();
    }

    @Test
    void it_stays_marked_when_its_arguments_are_not_remembered() {
        String[] words = Collections.nCopies(200, "$1\r\nk\r\n").toArray(String[]::new);
        words[30] = "$100\r\n0123456789";
        ByteBuf in = direct(latin1("*200\r\n" + String.join("", List.of(words).subList(0, 31))));
        assertThat(decoder.decode(in, request)).isFalse();
        assertThat(decoder.leaveOut(in, 1)).isEqualTo(90);
        in.writeBytes(latin1("\r\n" + "$1\r\nk\r\n".repeat(100)));
        assertThat(decoder.decode(in, request)).isFalse();
        assertThat(request.count()).isZero();
        in.writeBytes(latin1("$1\r\nk\r\n".repeat(69)));
        assertThat(decoder.decode(in, request)).isTrue();
        assertThat(request.count()).isEqualTo(200);
        assertThat(request.isIncomplete()).isTrue();
        in.release();
    }

    @Test
    void a_request_of_many_arguments_is_whole_and_leaves_nothing_behind() {
        int count = 100_000;
        ByteBuf in = direct(latin1("*" + count + "\r\n" + "$1\r\nx\r\n".repeat(count) + SET));
        assertThat(decoder.decode(in, request)).isTrue();
        assertThat(request.count()).isEqualTo(count);
        assertThat(request.text(count - 1)).isEqualTo("x");
        assertThat(decoder.decode(in, request)).isTrue();
        assertThat(request.text(0)).isEqualTo("SET");
        in.release();
    }

    @Test
    void headers_alone_reserve_nothing() {
        ByteBuf array = direct(latin1("*1000000000\r\n"));
        ByteBuf bulk = direct(latin1("*1\r\n$536870912\r\n"));
        RequestDecoder other = new RequestDecoder();
        Request none = new Request();
        Request one = new Request();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        assertThat(decoder.decode(array, none) || other.decode(bulk, one)).isFalse();
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000);
        assertThat(array.capacity() + bulk.capacity()).isLessThan(100);
        array.release();
        bulk.release();
    }

    @Test
    void decoding_and_replying_allocate_nothing_in_steady_state() {
        UnpooledByteBufAllocator untracked = new UnpooledByteBufAllocator(true, true);
        ByteBuf in = untracked.directBuffer().writeBytes(latin1(SET.repeat(100)));
        ByteBuf out = untracked.directBuffer(64 << 10);
        ReplyWriter writer = new ReplyWriter();
        int rounds = 1000;
        for (int warmup = 0; warmup < 5 * rounds; warmup++) {
            answer(in, out, writer);
        }
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int round = 0; round < rounds; round++) {
            answer(in, out, writer);
        }
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(bytes / (100.0 * rounds)).isLessThan(0.1);
        in.release();
        out.release();
    }

    private void answer(ByteBuf in, ByteBuf out, ReplyWriter writer) {
        in.readerIndex(0);
        writer.attach(out.clear());
        while (decoder.decode(in, request)) {
            if (Raw.getByte(request.address(0)) == 'S') {
                writer.ok();
                writer.bulk(request.address(1), request.length(1));
                writer.integer(request.bytes());
                writer.number(0.1);
                writer.array(1000);
            }
        }
        writer.detach();
    }
}
