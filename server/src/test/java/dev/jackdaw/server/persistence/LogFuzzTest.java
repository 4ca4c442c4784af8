package dev.jackdaw.server.persistence;

import dev.jackdaw.server.command.TestNode;
import dev.jackdaw.server.engine.EngineCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damaged logs, ours and such as Redis writes: they are loaded, cut or refused, and what they bring can be read. */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class LogFuzzTest {
    private static final int COMMANDS = 300;

    private final Fuzz fuzz = new Fuzz();

    @TempDir
    private Path folder;

    private Path increment() {
        return folder.resolve("appendonlydir").resolve("appendonly.aof.1.incr.aof");
    }

    private TestNode node(boolean cuts, boolean skips) {
        return TestNode.with(
                "--dir",
                folder.toString(),
                "--appendonly",
                "yes",
                "--appendfsync",
                "no",
                "--aof-load-truncated",
                cuts ? "yes" : "no",
                "--aof-load-damaged",
                skips ? "yes" : "no");
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void damaged_logs_harm_nobody() throws IOException {
        List<byte[]> whole = List.of(ours(), theirs());
        while (fuzz.goesOn()) {
            byte[] damaged = fuzz.damaged(whole.get(fuzz.random().nextInt(whole.size())));
            Files.write(increment(), damaged);
            try (TestNode node = node(fuzz.random().nextBoolean(), fuzz.random().nextBoolean())) {
                load(node, damaged.length);
            } catch (RuntimeException | Error failed) {
                throw new AssertionError(fuzz.toString(), failed);
            }
        }
    }

    private void load(TestNode node, long bytes) throws IOException {
        long before = node.engine().usedMemory();
        try {
            node.load();
            Contents.values(node::run);
        } catch (CorruptLogException refused) {
            node.node().loading().stop();
        }
        fuzz.assertBounded(node, before, bytes);
        EngineCheck.check(node.engine());
    }

    private byte[] ours() throws IOException {
        try (TestNode node = node(true, false)) {
            node.load();
            for (int i = 0; i < COMMANDS; i++) {
                node.run(command());
            }
        }
        return Files.readAllBytes(increment());
    }

    private byte[] theirs() {
        StringBuilder log = new StringBuilder();
        write(log, "SELECT", "0");
        for (int i = 0; i < COMMANDS; i++) {
            boolean isTransaction = fuzz.random().nextInt(20) == 0;
            if (isTransaction) {
                log.append("#TS:1628217470\r\n");
                write(log, "MULTI");
            }
            write(log, command());
            if (isTransaction) {
                write(log, "EXEC");
            }
        }
        return log.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void write(StringBuilder log, String... words) {
        log.append('*').append(words.length).append("\r\n");
        for (String word : words) {
            log.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
    }

    /** One whose numbers cannot be made to ask for much memory. */
    private String[] command() {
        String n = Integer.toString(fuzz.random().nextInt(20));
        return switch (fuzz.random().nextInt(8)) {
            case 0 -> new String[] {"SET", "string" + n, "value" + n};
            case 1 -> new String[] {"RPUSH", "list" + n, "a", "b" + n};
            case 2 -> new String[] {"SADD", "set" + n, n, "member"};
            case 3 -> new String[] {"HSET", "hash" + n, "field", n};
            case 4 -> new String[] {"ZADD", "zset" + n, n, "member"};
            case 5 -> new String[] {"XADD", "stream" + n, (fuzz.random().nextLong() >>> 20) + "-1", "field", n};
            case 6 -> new String[] {"PEXPIREAT", "list" + n, "1900000000000"};
            default -> new String[] {"DEL", "set" + n};
        };
    }
}
