package dev.jackdaw.protocol.resp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Owned by one test: bytes that arrive in pieces, at another address each time, as in a buffer that grows or is compacted. */
final class Pieces implements AutoCloseable {
    /** Without leak detection, which would look at each of a million accesses. */
    private static final UnpooledByteBufAllocator MEMORY = new UnpooledByteBufAllocator(true, true);

    private final ByteBuf[] copies;
    private final int length;

    Pieces(byte[] bytes) {
        length = bytes.length;
        copies = new ByteBuf[] {direct(bytes), direct(bytes)};
    }

    static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static ByteBuf direct(byte[] bytes) {
        return MEMORY.directBuffer(Math.max(1, bytes.length)).writeBytes(bytes);
    }

    int length() {
        return length;
    }

    /** Everything that {@code next} finds, null meaning "more bytes", when a piece ends before each of {@code cuts}. */
    <T> List<T> read(Function<ByteBuf, T> next, int... cuts) {
        List<T> found = new ArrayList<>();
        int readerIndex = 0;
        for (int piece = 0; piece <= cuts.length; piece++) {
            ByteBuf in = copies[piece & 1];
            in.setIndex(readerIndex, piece < cuts.length ? cuts[piece] : length);
            for (T one = next.apply(in); one != null; one = next.apply(in)) {
                found.add(one);
            }
            readerIndex = in.readerIndex();
        }
        return found;
    }

    int[] everywhere() {
        int[] cuts = new int[Math.max(0, length - 1)];
        for (int i = 0; i < cuts.length; i++) {
            cuts[i] = i + 1;
        }
        return cuts;
    }

    @Override
    public void close() {
        copies[0].release();
        copies[1].release();
    }
}
