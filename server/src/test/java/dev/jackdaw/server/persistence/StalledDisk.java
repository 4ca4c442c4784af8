package dev.jackdaw.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.server.command.TestNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Shared by the threads of one test: a real disk whose files take nothing before {@link #letGo}. It has to be closed before
 * a node on it, which waits for its writers.
 */
public final class StalledDisk extends ForwardingDisk implements AutoCloseable {
    private final CountDownLatch open = new CountDownLatch(1);
    private final CountDownLatch reached = new CountDownLatch(1);

    public StalledDisk() {
        super(REAL);
    }

    public void letGo() {
        open.countDown();
    }

    @Override
    public void close() {
        letGo();
    }

    /** Goes on with a snapshot until it waits for this disk, and no thread will take anything more before {@link #letGo}. */
    public void overwhelm(TestNode node) throws InterruptedException {
        walk(node);
        // Until it gets here the writer may take what the walk waits for.
        assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
        walk(node);
        assertThat(node.node().snapshots().isRunning()).isTrue();
        assertThat(node.engine().isWitnessed()).isTrue();
    }

    private static void walk(TestNode node) {
        while (node.node().backgroundStep()) {
            node.advanceWithoutBackground(1);
        }
    }

    @Override
    File opened(Path path, File file) {
        return new Stalled(file);
    }

    /** Shared as the file is that it stands before. */
    private final class Stalled extends ForwardingFile {
        Stalled(File file) {
            super(file);
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            reached.countDown();
            try {
                open.await();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
            super.write(bytes);
        }
    }
}
