package dev.jackdaw.protocol.resp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.raw.Raw;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RandomRequestsTest {
    @Property(tries = 1000)
    void requests_arrive_as_sent_however_they_are_split(
            @ForAll("pipelines") List<List<byte[]>> requests, @ForAll List<Integer> cutSeeds) {
        byte[] wire = encoded(requests);
        RequestDecoder decoder = new RequestDecoder();
        Request request = new Request();
        try (Pieces pieces = new Pieces(wire)) {
            int[] cuts = cutSeeds.stream()
                    .mapToInt(seed -> Math.floorMod(seed, wire.length))
                    .sorted()
                    .toArray();
            List<byte[][]> found = pieces.read(in -> decoder.decode(in, request) ? arguments(request) : null, cuts);
            assertThat(found.toArray(byte[][][]::new))
                    .isDeepEqualTo(requests.stream()
                            .map(arguments -> arguments.toArray(byte[][]::new))
                            .toArray(byte[][][]::new));
        }
    }

    @Property(tries = 300)
    void wanted_bytes_never_exceed_what_is_lacking(@ForAll("request") List<byte[]> arguments) {
        byte[] wire = encoded(List.of(arguments));
        RequestDecoder decoder = new RequestDecoder();
        Request request = new Request();
        ByteBuf in = Pieces.direct(wire);
        for (int received = 1; received < wire.length; received++) {
            assertThat(decoder.decode(in.writerIndex(received), request)).isFalse();
            assertThat(decoder.bytesWanted()).isBetween(1L, (long) wire.length - received);
        }
        assertThat(decoder.decode(in.writerIndex(wire.length), request)).isTrue();
        in.release();
    }

    @Property(tries = 2000)
    void arbitrary_bytes_mean_the_same_however_they_are_split(@ForAll("noise") byte[] noise) {
        try (Pieces pieces = new Pieces(noise)) {
            List<Object> whole = outcomes(pieces);
            assertThat(outcomes(pieces, pieces.everywhere())).isEqualTo(whole);
            for (int cut = 1; cut < noise.length; cut++) {
                assertThat(outcomes(pieces, cut)).isEqualTo(whole);
            }
        }
    }

    @Provide
    Arbitrary<List<byte[]>> request() {
        Arbitrary<byte[]> argument =
                Arbitraries.bytes().array(byte[].class).ofMinSize(0).ofMaxSize(120);
        return argument.list().ofMinSize(1).ofMaxSize(20);
    }

    @Provide
    Arbitrary<List<List<byte[]>>> pipelines() {
        return request().list().ofMinSize(1).ofMaxSize(5);
    }

    /** Bytes of which most mean something to the decoder. */
    @Provide
    Arbitrary<byte[]> noise() {
        return Arbitraries.of(
                        "*1\r\n", "*2\r\n", "$1\r\n", "$3\r\n", "x\r\n", "\r", "\n", "*", "$", "-", "0", "12", "\"")
                .list()
                .ofMinSize(1)
                .ofMaxSize(12)
                .map(parts -> Pieces.latin1(String.join("", parts)));
    }

    private static List<Object> outcomes(Pieces pieces, int... cuts) {
        RequestDecoder decoder = new RequestDecoder();
        Request request = new Request();
        List<Object> errors = new ArrayList<>();
        List<Object> found = new ArrayList<>(pieces.<Object>read(
                in -> {
                    try {
                        return errors.isEmpty() && decoder.decode(in, request)
                                ? Arrays.deepToString(arguments(request))
                                : null;
                    } catch (ProtocolException refusal) {
                        errors.add(refusal.getMessage());
                        return null;
                    }
                },
                cuts));
        found.addAll(errors);
        return found;
    }

    private static byte[][] arguments(Request request) {
        byte[][] arguments = new byte[request.count()][];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = Raw.bytes(request.address(i), request.length(i));
        }
        return arguments;
    }

    private static byte[] encoded(List<List<byte[]>> requests) {
        ReplyWriter writer = new ReplyWriter();
        writer.attach(Unpooled.directBuffer(4));
        for (List<byte[]> arguments : requests) {
            writer.array(arguments.size());
            arguments.forEach(writer::bulk);
        }
        ByteBuf out = writer.detach();
        byte[] bytes = Raw.bytes(out.memoryAddress(), out.writerIndex());
        out.release();
        return bytes;
    }
}
