package dev.jackdaw.server;

import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.config.Directive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owned by the thread that starts a node: the file that says which process the node is, as long as it runs. */
final class PidFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PidFile.class);

    private final Path path;

    private PidFile(Path path) {
        this.path = path;
    }

    /** Writes the file that the settings want, if any; a node can do without it, so that it cannot be written is only logged. */
    static PidFile of(Config config) {
        if (config.text(Directive.PIDFILE).isEmpty()) {
            return new PidFile(null);
        }
        Path path = config.path(Directive.PIDFILE);
        try {
            Files.writeString(path, ProcessHandle.current().pid() + "\n");
            return new PidFile(path);
        } catch (IOException failed) {
            LOG.warn("pidfile: {} cannot be written: {}", path, failed.toString());
            return new PidFile(null);
        }
    }

    @Override
    public void close() {
        if (path == null) {
            return;
        }
        try {
            Files.deleteIfExists(path);
        } catch (IOException failed) {
            LOG.warn("pidfile: {} cannot be deleted: {}", path, failed.toString());
        }
    }
}
