package dev.jackdaw.benchmarks.micro;

import dev.jackdaw.protocol.resp.ReplyWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Owned by its thread: the replies of sixteen pipelined requests, written to one buffer. */
@State(Scope.Thread)
public class ReplyWriterBenchmark {
    private static final int PIPELINE = 16;
    private static final int VALUE_BYTES = 32;

    private final ReplyWriter writer = new ReplyWriter();
    private final ByteBuf out = Unpooled.directBuffer(64 * 1024);
    private final Keys values = new Keys(1024);

    @TearDown
    public void release() {
        out.release();
        values.close();
    }

    @Benchmark
    @OperationsPerInvocation(PIPELINE)
    public int bulk() {
        writer.attach(out.clear());
        for (int i = 0; i < PIPELINE; i++) {
            writer.bulk(values.address(i), VALUE_BYTES);
        }
        return writer.detach().writerIndex();
    }

    @Benchmark
    @OperationsPerInvocation(PIPELINE)
    public int ok() {
        writer.attach(out.clear());
        for (int i = 0; i < PIPELINE; i++) {
            writer.ok();
        }
        return writer.detach().writerIndex();
    }

    @Benchmark
    @OperationsPerInvocation(PIPELINE)
    public int integer() {
        writer.attach(out.clear());
        for (int i = 0; i < PIPELINE; i++) {
            writer.integer(123_456L + i);
        }
        return writer.detach().writerIndex();
    }
}
