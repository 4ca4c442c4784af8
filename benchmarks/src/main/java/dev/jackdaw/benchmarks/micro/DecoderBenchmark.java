package dev.jackdaw.benchmarks.micro;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.resp.RequestDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** Owned by its thread: sixteen pipelined requests, decoded, and looked up in the command table. */
@State(Scope.Thread)
public class DecoderBenchmark {
    private static final int PIPELINE = 16;

    @Param({"GET", "SET", "MGET"})
    public String command;

    private final RequestDecoder decoder = new RequestDecoder();
    private final Request request = new Request();
    private final CommandTable commands = CommandTable.all();
    private ByteBuf in;

    @Setup
    public void encode() {
        String arguments = switch (command) {
            case "GET" -> " key:000000000001";
            case "SET" -> " key:000000000001 " + "x".repeat(32);
            default -> " key:000000000001".repeat(10);
        };
        String[] words = (command + arguments).split(" ");
        StringBuilder encoded = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            encoded.append('$')
                    .append(word.length())
                    .append("\r\n")
                    .append(word)
                    .append("\r\n");
        }
        byte[] batch = encoded.toString().repeat(PIPELINE).getBytes(StandardCharsets.US_ASCII);
        in = Unpooled.directBuffer(batch.length).writeBytes(batch);
    }

    @TearDown
    public void release() {
        in.release();
    }

    @Benchmark
    @OperationsPerInvocation(PIPELINE)
    public int decode() {
        in.readerIndex(0);
        int arguments = 0;
        while (decoder.decode(in, request)) {
            arguments += request.count();
        }
        return arguments;
    }

    @Benchmark
    @OperationsPerInvocation(PIPELINE)
    public void decodeAndFind(Blackhole found) {
        in.readerIndex(0);
        while (decoder.decode(in, request)) {
            Command row = commands.find(request);
            found.consume(row);
        }
    }
}
