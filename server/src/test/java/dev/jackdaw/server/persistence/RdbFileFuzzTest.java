package dev.jackdaw.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.server.command.TestNode;
import dev.jackdaw.server.engine.EngineCheck;
import dev.jackdaw.server.rdb.CorruptRdbException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files, whose checksum is not looked at: they are loaded or refused, and what they bring can be read. */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class RdbFileFuzzTest {
    private final Fuzz fuzz = new Fuzz();

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void damaged_files_harm_nobody() throws IOException {
        Path file = folder.resolve("dump.rdb");
        try (TestNode node = TestNode.with("--dir", folder.toString())) {
            Shapes.commands(fuzz.random().nextLong()).stream()
                    .filter(command -> !command[1].contains("large"))
                    .forEach(node::run);
            node.run("SAVE");
        }
        byte[] whole = Files.readAllBytes(file);
        while (fuzz.goesOn()) {
            byte[] damaged = fuzz.damaged(whole);
            Files.write(file, damaged);
            try (TestNode node = TestNode.with("--dir", folder.toString(), "--rdbchecksum", "no")) {
                load(node, damaged.length);
                Contents.values(node::run);
                EngineCheck.check(node.engine());
            } catch (RuntimeException | Error failed) {
                throw new AssertionError(fuzz.toString(), failed);
            }
        }
    }

    private void load(TestNode node, long bytes) throws IOException {
        long before = node.engine().usedMemory();
        try {
            node.load();
        } catch (CorruptRdbException corrupt) {
            assertThat(corrupt.offset()).isNotNegative();
            node.node().loading().stop();
        }
        fuzz.assertBounded(node, before, bytes);
    }
}
