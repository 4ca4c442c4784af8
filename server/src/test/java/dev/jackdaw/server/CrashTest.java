package dev.jackdaw.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.oracle.Ports;
import dev.jackdaw.protocol.oracle.Program;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A node is killed while clients write, at a moment that chance decides, and started again: what it has then is what each client
 * had written up to some moment. A process that dies takes nothing with it that was written, so with {@code always} everything
 * is there that was answered; with the others the log's thread may have been some moments behind. {@code -Dcrash.runs} says how
 * often each mode is tried.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class CrashTest {
    private static final int RUNS = Integer.getInteger("crash.runs", 1);
    private static final int CLIENTS = 5;
    private static final int SECONDS = 300;
    private static final int MOST_WRITES_BEFORE = 4000;
    private static final long EVERYSEC_LOSES_NANOS = TimeUnit.SECONDS.toNanos(2);

    @TempDir
    private Path folder;

    /** Owned by its thread until it has ended: writes one number after the other to a list of its own. */
    private static final class Writer extends Thread {
        private final int port;
        private final int number;
        private final CountDownLatch enough;
        private final List<Long> answeredNanos = new ArrayList<>();
        private long begun;

        Writer(int port, int number, long begun, CountDownLatch enough) {
            this.port = port;
            this.number = number;
            this.begun = begun;
            this.enough = enough;
        }

        @Override
        public void run() {
            try (RespConnection client = RespConnection.to(port)) {
                while (client.ask("RPUSH", "list" + number, "" + begun) instanceof Reply.Int) {
                    begun++;
                    answeredNanos.add(System.nanoTime());
                    enough.countDown();
                }
            } catch (RuntimeException killed) {
                interrupt();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"always", "everysec", "no"})
    void what_was_answered_is_there_after_a_kill(String mode) throws Exception {
        Random random = new Random();
        long[] found = new long[CLIENTS];
        for (int run = 0; run < RUNS; run++) {
            int port = Ports.free();
            Process process = start(port, mode);
            try {
                awaitReady(process);
                CountDownLatch enough = new CountDownLatch(1 + random.nextInt(MOST_WRITES_BEFORE));
                List<Writer> writers = IntStream.range(0, CLIENTS)
                        .mapToObj(i -> new Writer(port, i, found[i], enough))
                        .toList();
                writers.forEach(Thread::start);
                assertThat(enough.await(SECONDS, TimeUnit.SECONDS)).isTrue();
                long killedNanos = System.nanoTime();
                process.destroyForcibly().waitFor();
                for (Writer writer : writers) {
                    writer.join();
                }
                check(mode, writers, killedNanos, found);
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
    }

    /** Starts it once more, to see what it has. */
    private void check(String mode, List<Writer> writers, long killedNanos, long[] found) throws Exception {
        int port = Ports.free();
        Process process = start(port, mode);
        try {
            awaitReady(process);
            try (RespConnection client = RespConnection.to(port)) {
                for (Writer writer : writers) {
                    List<Reply> elements =
                            ((Reply.Array) client.ask("LRANGE", "list" + writer.number, "0", "-1")).elements();
                    assertThat(elements)
                            .isEqualTo(IntStream.range(0, elements.size())
                                    .mapToObj(i -> new Reply.Bulk("" + i))
                                    .toList());
                    long first = found[writer.number];
                    long promised = first
                            + writer.answeredNanos.stream()
                                    .filter(nanos -> isPromised(mode, killedNanos - nanos))
                                    .count();
                    assertThat((long) elements.size()).isBetween(promised, writer.begun + 1);
                    found[writer.number] = elements.size();
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static boolean isPromised(String mode, long ageNanos) {
        return mode.equals("always") || mode.equals("everysec") && ageNanos > EVERYSEC_LOSES_NANOS;
    }

    private Process start(int port, String mode) throws IOException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NodeMain.class.getName(),
                        "--port",
                        "" + port,
                        "--bind",
                        "127.0.0.1",
                        "--dir",
                        folder.toString(),
                        "--appendonly",
                        "yes",
                        "--appendfsync",
                        mode,
                        "--auto-aof-rewrite-min-size",
                        "20kb")
                .redirectErrorStream(true)
                .start();
        return Program.limit(process, SECONDS);
    }

    private static void awaitReady(Process process) throws IOException {
        StringBuilder said = new StringBuilder();
        String line = process.inputReader(StandardCharsets.UTF_8).readLine();
        while (line != null && !line.contains("Ready")) {
            said.append(line).append('\n');
            line = process.inputReader(StandardCharsets.UTF_8).readLine();
        }
        assertThat(line).as(said.toString()).isNotNull();
    }
}
