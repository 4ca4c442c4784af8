package dev.jackdaw.benchmarks.pauses;

import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.resp.RequestDecoder;
import dev.jackdaw.server.command.CommandExecutor;
import dev.jackdaw.server.command.Connection;
import dev.jackdaw.server.command.Node;
import dev.jackdaw.server.command.Session;
import dev.jackdaw.server.config.ConfigLoader;
import dev.jackdaw.server.engine.Clock;
import dev.jackdaw.server.engine.Engine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Owned by one thread: a node without a network, run as its event loop runs it: a batch of commands, then a step of
 * background work where that is due. Each of these is a turn, and is timed by the clock and by the CPU time that it took,
 * which leaves out what other processes do to this one. Of that no more counts than the time for which its core did not stand still.
 */
final class Loop implements AutoCloseable {
    private static final int BATCH = 16;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** The sentinel is asked about what is longer. */
    private static final long SUSPICIOUS_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Sentinel sentinel;
    private final Engine engine = new Engine(Clock.SYSTEM, 16, 42);
    private final Node node;
    private final CommandExecutor executor;
    private final Session session;
    private final RequestDecoder decoder = new RequestDecoder();
    private final Request request = new Request();
    private final ReplyWriter writer = new ReplyWriter();
    private final ByteBuf in = Unpooled.directBuffer(1 << 20);
    private final ByteBuf out = Unpooled.directBuffer(1 << 20);
    private final StringBuilder commands = new StringBuilder();
    private final Histogram wall = new Histogram(LONGEST_NANOS, 3);
    private final Histogram cpu = new Histogram(LONGEST_NANOS, 3);
    private int waiting;
    private long lastTick;
    private boolean hasMore;

    /** @param directory where snapshots go */
    Loop(Sentinel sentinel, Path directory) {
        this.sentinel = sentinel;
        this.node = new Node(engine, ConfigLoader.load(new String[] {"--dir", directory.toString()}));
        this.executor = new CommandExecutor(node);
        this.session = node.connect(connection());
    }

    /** Nobody is at the other end. */
    private static Connection connection() {
        return (Connection) Proxy.newProxyInstance(
                Loop.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (self, method, arguments) -> switch (method.getReturnType().getName()) {
                    case "boolean" -> true;
                    case "long" -> 0L;
                    default -> null;
                });
    }

    Engine engine() {
        return engine;
    }

    boolean isSaving() {
        return node.snapshots().isRunning();
    }

    /** Forgets all turns so far. */
    void begin() {
        wall.reset();
        cpu.reset();
    }

    Histogram wall() {
        return wall;
    }

    Histogram cpu() {
        return cpu;
    }

    /** Sends a command with the next batch. */
    void send(String... words) {
        commands.append('*').append(words.length).append("\r\n");
        for (String word : words) {
            commands.append('$')
                    .append(word.length())
                    .append("\r\n")
                    .append(word)
                    .append("\r\n");
        }
        if (++waiting == BATCH) {
            flush();
        }
    }

    /** Runs what was sent, and what is due in the background. */
    void flush() {
        in.clear();
        in.writeCharSequence(commands, StandardCharsets.ISO_8859_1);
        commands.setLength(0);
        waiting = 0;
        turn(this::batch);
        if (hasMore || System.nanoTime() - lastTick >= TICK_NANOS) {
            lastTick = System.nanoTime();
            turn(this::step);
        }
    }

    /** Runs background work until there is no more. */
    void settle() {
        flush();
        while (hasMore || engine.buried() > 0) {
            turn(this::step);
        }
    }

    private void turn(Runnable work) {
        long cpuBefore = threads.getCurrentThreadCpuTime();
        long before = System.nanoTime();
        work.run();
        long after = System.nanoTime();
        long took = threads.getCurrentThreadCpuTime() - cpuBefore;
        if (took > SUSPICIOUS_NANOS) {
            took = Math.min(took, after - before - sentinel.stoppedNanos(before, after));
        }
        wall.recordValue(Math.min(LONGEST_NANOS, after - before));
        cpu.recordValue(Math.min(LONGEST_NANOS, took));
    }

    private void batch() {
        engine.refreshTime();
        out.clear();
        writer.attach(out);
        while (decoder.decode(in, request)) {
            executor.execute(session, request, writer);
        }
        writer.detach();
        if (out.readableBytes() > 0 && out.getByte(0) == '-') {
            throw new IllegalStateException(out.toString(StandardCharsets.ISO_8859_1));
        }
        engine.endTurn();
    }

    private void step() {
        engine.refreshTime();
        hasMore = node.backgroundStep();
    }

    @Override
    public void close() {
        engine.close();
        in.release();
        out.release();
    }
}
