package dev.jackdaw.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.server.command.TestNode;
import dev.jackdaw.server.engine.EngineCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files, whose checksum is not looked at: they are loaded or refused, and what they bring can be read. */
class RdbFileFuzzTest {
    private static final int FILES = Integer.getInteger("fuzz.files", 300);

    private final long seed = Long.getLong("fuzz.seed", new Random().nextLong());
    private final Random random = new Random(seed);

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void damaged_files_harm_nobody() throws IOException {
        System.out.println("fuzz: -Dfuzz.seed=" + seed);
        Path file = folder.resolve("dump.rdb");
        try (TestNode node = TestNode.with("--dir", folder.toString())) {
            Shapes.commands(seed).stream()
                    .filter(command -> !command[1].contains("large"))
                    .forEach(node::run);
            node.run("SAVE");
        }
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < FILES; i++) {
            Files.write(file, damaged(whole));
            try (TestNode node = TestNode.with("--dir", folder.toString(), "--rdbchecksum", "no")) {
                load(node);
                Contents.values(node::run);
                EngineCheck.check(node.engine());
            } catch (RuntimeException | Error failed) {
                throw new AssertionError("seed " + seed + ", file " + i, failed);
            }
        }
    }

    private static void load(TestNode node) throws IOException {
        try {
            node.load();
        } catch (CorruptRdbException corrupt) {
            assertThat(corrupt.offset()).isNotNegative();
            node.node().loading().stop();
        }
    }

    private byte[] damaged(byte[] whole) {
        byte[] damaged = random.nextInt(10) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
        for (int i = 1 + random.nextInt(4); i > 0 && damaged.length > 0; i--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        return damaged;
    }
}
