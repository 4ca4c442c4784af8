package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.config.ConfigLoader;
import dev.jackdaw.server.engine.Clock;
import dev.jackdaw.server.engine.Engine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that run often make no objects: once all is warm, the thread's count of allocated bytes stands still. */
class AllocationTest {
    private static final int WARM_UP = 40_000;
    private static final int MEASURED = 2_000;
    /** When the JVM is done with what it does but once is up to its compiler, which may be behind. */
    private static final int MOST_MEASUREMENTS = 20;

    /** What the event loop does between two hand-overs to the log. */
    private static final int TURN = 50;

    /** The whole of the measurement: less than an object for every hundred commands. */
    private static final long ALLOWED_BYTES = 16 * MEASURED / 100;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Engine engine = new Engine(Clock.SYSTEM, 1, 42);
    /** On a busy machine any command may take long, and to be remembered takes objects. */
    private final Config config = ConfigLoader.load("--slowlog-log-slower-than", "-1");

    private final Node node = new Node(engine, config);
    private final CommandExecutor executor = new CommandExecutor(node);
    private final TestNode clients = new TestNode();
    private final Session session = node.connect(clients.client());
    private final ReplyWriter reply = new ReplyWriter();
    private final ByteBuf out = Unpooled.directBuffer(1 << 20);

    @AfterEach
    void close() {
        out.release();
        clients.close();
        engine.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET k value; GET k; MGET k none k; STRLEN k; DEL k",
                "SET n 12; INCR n; INCRBY n 40; GET n; SET n 7 EX 100; EXPIRE n 50; TTL n; EXISTS n",
                "SET k v; SET k value IFEQ v; DIGEST k; SET k v IFDEQ 0123456789abcdef; MSETEX 2 k v l w EX 100; DELEX k IFNE w",
                "HSET h field value; HGET h field; HEXISTS h field; HINCRBY h count 1; HLEN h; HDEL h field",
                "SADD s member; SISMEMBER s member; SCARD s; SREM s member; SADD i 1 2 3; SREM i 2",
                "SADD i 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 2000; SREM i 7; SMEMBERS i; SREM i 9 2000",
                "LPUSH l value; LPOP l",
                "RPUSH l a b c; RPOP l; LPOP l; RPOP l",
                "LPUSH l a; LPUSH l b; LRANGE l 0 -1; LLEN l; LINDEX l 1; LPOP l 2",
                "ZADD z 1 a; ZADD z 2 b 3 c; ZSCORE z b; ZADD z 5 a; ZREM z a b; ZPOPMIN z",
                "ZADD z 1.5 a; ZINCRBY z 1 a; ZRANK z a; ZRANGE z 0 -1 WITHSCORES; ZPOPMAX z",
                "XADD x MAXLEN ~ 500 * f value g 12; XLEN x; XREVRANGE x + - COUNT 2; XREAD COUNT 1 STREAMS x 0",
                "XADD x * f value; XADD x MAXLEN = 300 * f other h value; XRANGE x - + COUNT 1; XTRIM x MAXLEN 200",
                "XADD x * f value; XADD x MAXLEN = 300 DELREF * f value; XDELEX x ACKED IDS 2 1-1 2-2; XTRIM x MAXLEN 200 ACKED",
                "ZADD z 7 a; ZRANGE z 1 9 BYSCORE REV; ZCOUNT z (1 +inf; ZCARD z; ZREMRANGEBYSCORE z 0 9",
            })
    void hot_commands_allocate_nothing(String commands) {
        assertNothingAllocated(commands);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET k value; SET n 12; INCR n; DEL k; SET n 7 EX 100; EXPIRE n 50; GETEX n EX 10; GETDEL n",
                "HSET h field value; HINCRBY h count 1; HDEL h field; SADD s m; SPOP s; SADD s a b c; SPOP s 2",
                "RPUSH l a b c; BLPOP l 0; LMPOP 1 l LEFT; LMOVE l l LEFT RIGHT; LPOP l 9",
                "ZADD z 1 a; ZADD z 2 b 3 c; BZPOPMIN z 0; ZMPOP 1 z MAX; ZREM z a b c",
                "XADD x MAXLEN ~ 500 * f value g 12; XADD x * f value; XTRIM x MAXLEN 200",
            })
    void their_effects_take_no_objects_either(String commands) {
        long[] bytes = {0};
        node.effects().to(new EffectSink() {
            @Override
            public void append(long address, int length) {
                bytes[0] += length;
            }

            @Override
            public void whole() {
                bytes[0]++;
            }
        });
        assertNothingAllocated(commands);
        assertThat(bytes[0]).isGreaterThan(MEASURED);
        node.effects().to(null);
    }

    /** A lock that two threads want at once takes an object: in all less than a byte for each command. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET k value; SET n 12; INCR n; DEL k; SET n 7 EX 100; GETEX n EX 10",
                "HSET h field value; HINCRBY h count 1; HDEL h field; LPUSH l value; LPOP l",
            })
    void nor_does_the_log(String commands, @TempDir Path folder) {
        Runnable[] handOver = {() -> {}};
        node.log().on(task -> handOver[0] = task, () -> {});
        config.change(
                List.of(new Config.Assignment("dir", folder.toString()), new Config.Assignment("appendonly", "yes")),
                true);
        while (node.log().rewrite().isScheduled() || node.log().rewrite().isRunning()) {
            node.backgroundStep();
        }
        List<Request> requests = requests(commands);
        handOverRepeatedly(requests, WARM_UP, handOver);
        long before = threads.getCurrentThreadAllocatedBytes();
        handOverRepeatedly(requests, MEASURED, handOver);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).as(commands).isLessThan((long) MEASURED * requests.size());
        node.log().close();
        assertThat(node.log().failure()).isNull();
    }

    private void handOverRepeatedly(List<Request> requests, int times, Runnable... handOver) {
        for (int i = 0; i < times; i += TURN) {
            repeat(requests, TURN);
            handOver[0].run();
            while (node.log().waitingBytes() > 0 && node.log().failure() == null) {
                Thread.onSpinWait();
            }
        }
    }

    private void assertNothingAllocated(String commands) {
        for (boolean large : new boolean[] {false, true}) {
            if (large) {
                fill();
            }
            List<Request> requests = requests(commands);
            repeat(requests, WARM_UP);
            long allocated = measure(requests);
            for (int i = 1; i < MOST_MEASUREMENTS && allocated >= ALLOWED_BYTES; i++) {
                allocated = measure(requests);
            }
            assertThat(allocated).as("%s, large: %s", commands, large).isLessThan(ALLOWED_BYTES);
        }
    }

    private long measure(List<Request> requests) {
        long before = threads.getCurrentThreadAllocatedBytes();
        repeat(requests, MEASURED);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private void fill() {
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            requests.add(request("RPUSH l " + "x".repeat(50)));
            requests.add(request("ZADD z " + (1_000_000 + i) + " member" + i));
            requests.add(request("HSET h field" + i + " value"));
            requests.add(request("SADD s member" + i));
        }
        repeat(requests, 1);
    }

    private void repeat(List<Request> requests, int times) {
        for (int i = 0; i < times; i++) {
            out.clear();
            reply.attach(out);
            for (int j = 0; j < requests.size(); j++) {
                executor.execute(session, requests.get(j), reply);
            }
            reply.detach();
        }
    }

    private static List<Request> requests(String commands) {
        return Stream.of(commands.split("; ")).map(AllocationTest::request).toList();
    }

    private static Request request(String command) {
        Request request = new Request();
        request.set(Stream.of(command.split(" "))
                .map(word -> word.getBytes(StandardCharsets.ISO_8859_1))
                .toArray(byte[][]::new));
        return request;
    }
}
