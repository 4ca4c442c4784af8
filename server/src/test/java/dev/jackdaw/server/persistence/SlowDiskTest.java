package dev.jackdaw.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.server.command.TestNode;
import dev.jackdaw.server.engine.EngineCheck;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots on a disk that takes nothing for a while. */
class SlowDiskTest {
    private static final int VALUE_BYTES = 60_000;
    private static final int FEW = 300;
    private static final int MANY = 2_000;

    @TempDir
    private Path folder;

    private final StalledDisk disk = new StalledDisk();

    private TestNode node() {
        return TestNode.on(disk, "--dir", folder.toString(), "--rdbcompression", "no");
    }

    private static void set(TestNode node, int count, char letter) {
        for (int i = 0; i < count; i++) {
            node.run("SET", "k" + i, Character.toString(letter).repeat(VALUE_BYTES));
        }
    }

    private static void finish(TestNode node) {
        Awaitility.await().until(() -> {
            node.advance(10);
            return !node.node().snapshots().isRunning();
        });
        EngineCheck.check(node.engine());
    }

    @Test
    void commands_go_on_while_the_walk_waits() throws Exception {
        try (TestNode node = node();
                disk) {
            set(node, FEW, 'a');
            node.run("BGSAVE");
            disk.overwhelm(node);
            set(node, FEW, 'b');
            disk.letGo();
            finish(node);
            assertThat(node.node().snapshots().lastFailed()).isFalse();
        }
        try (TestNode node = node()) {
            node.load();
            assertThat(node.run("DBSIZE")).isEqualTo(new Reply.Int(FEW));
            for (int i = 0; i < FEW; i++) {
                assertThat(((Reply.Bulk) node.run("GETRANGE", "k" + i, "0", "0")).text())
                        .isEqualTo("a");
            }
        }
    }

    @Test
    void a_snapshot_for_which_too_much_would_wait_is_given_up() throws Exception {
        try (TestNode node = node();
                disk) {
            set(node, MANY, 'a');
            long before = node.engine().usedMemory();
            node.run("BGSAVE");
            disk.overwhelm(node);
            set(node, MANY, 'b');
            assertThat(node.engine().usedMemory() - before).isLessThan(80 << 20);
            disk.letGo();
            finish(node);
            assertThat(node.node().snapshots().lastFailed()).isTrue();
            assertThat(folder).isEmptyDirectory();

            assertThat(node.run("SAVE")).isEqualTo(new Reply.Simple("OK"));
            EngineCheck.check(node.engine());
        }
    }
}
