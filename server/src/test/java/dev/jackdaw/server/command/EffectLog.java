package dev.jackdaw.server.command;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.resp.RequestDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** Owned by one test: keeps the effects of a node until they are taken. */
final class EffectLog implements EffectSink, AutoCloseable {
    private final ByteBuf bytes = Unpooled.directBuffer();
    private int wholeBytes;
    private int timesWhole;

    EffectLog(TestNode node) {
        node.node().effects().to(this);
    }

    @Override
    public void append(long address, int length) {
        bytes.ensureWritable(length);
        Raw.copy(address, bytes.memoryAddress() + bytes.writerIndex(), length);
        bytes.writerIndex(bytes.writerIndex() + length);
    }

    @Override
    public void whole() {
        wholeBytes = bytes.writerIndex();
        timesWhole++;
    }

    int timesWhole() {
        return timesWhole;
    }

    /** The effects since the last time, all of which must be whole; the caller applies or releases them. */
    ByteBuf take() {
        if (wholeBytes != bytes.writerIndex()) {
            throw new AssertionError("something was appended and not said to be whole");
        }
        ByteBuf taken = bytes.copy();
        bytes.clear();
        wholeBytes = 0;
        return taken;
    }

    /** The same as words with blanks between. */
    List<String> commands() {
        ByteBuf taken = take();
        try {
            return commands(taken);
        } finally {
            taken.release();
        }
    }

    static List<String> commands(ByteBuf stream) {
        List<String> commands = new ArrayList<>();
        Request request = new Request();
        RequestDecoder decoder = new RequestDecoder();
        while (decoder.decode(stream, request)) {
            StringJoiner words = new StringJoiner(" ");
            for (int i = 0; i < request.count(); i++) {
                words.add(request.text(i));
            }
            commands.add(words.toString());
        }
        if (stream.isReadable()) {
            throw new AssertionError("an incomplete effect");
        }
        return commands;
    }

    @Override
    public void close() {
        bytes.release();
    }
}
