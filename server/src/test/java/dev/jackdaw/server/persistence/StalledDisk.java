package dev.jackdaw.server.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Shared by the threads of one test: a real disk whose files take nothing before {@link #letGo}. */
public final class StalledDisk extends ForwardingDisk {
    private final CountDownLatch open = new CountDownLatch(1);

    public StalledDisk() {
        super(REAL);
    }

    public void letGo() {
        open.countDown();
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
            try {
                open.await();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
            super.write(bytes);
        }
    }
}
