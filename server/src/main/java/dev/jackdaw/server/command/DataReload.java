package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.persistence.CorruptLogException;
import dev.jackdaw.server.persistence.Loader;
import dev.jackdaw.server.rdb.CorruptRdbException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owned by the event loop: has the data go and come back from the files, while everybody waits: what {@code DEBUG RELOAD}
 * and {@code DEBUG LOADAOF} do. Whoever watches a key finds it changed; nobody is told of keys that come back.
 */
final class DataReload {
    private static final Logger LOG = LoggerFactory.getLogger(DataReload.class);
    private static final int SLICE_BYTES = 1 << 20;

    private final Node node;
    private final Engine engine;

    DataReload(Node node) {
        this.node = node;
        this.engine = node.engine();
    }

    void fromSnapshot(boolean save) {
        node.snapshots().giveUp();
        node.log().rewrite().postpone();
        if (save && !node.snapshots().save()) {
            throw new Refusal(CommandError.SAVE_FAILED);
        }
        reload(node.snapshots()::loader, CommandError.SNAPSHOT_NOT_LOADED);
    }

    void fromLog() {
        if (!node.log().flush()) {
            throw new Refusal(CommandError.NO_WHOLE_LOG);
        }
        node.snapshots().giveUp();
        node.log().rewrite().postpone();
        reload(() -> node.log().reader(new LogReplay(node)), CommandError.LOG_NOT_LOADED);
    }

    /** Where the data come from when they have gone. */
    private interface Source {
        /** Returns null if there is nothing. */
        Loader open() throws IOException;
    }

    private void reload(Source source, String otherwise) {
        try (Loader loader = source.open()) {
            if (loader == null) {
                throw new IOException("there is nothing to load");
            }
            for (int i = 0; i < engine.databases(); i++) {
                engine.keyspace(i).clear();
            }
            engine.quietly(() -> load(loader));
        } catch (IOException | UncheckedIOException | CorruptRdbException | CorruptLogException failed) {
            LOG.error("The data could not be loaded again: {}", failed.toString());
            throw new Refusal(otherwise);
        }
    }

    private static void load(Loader loader) {
        try {
            boolean more = true;
            while (more) {
                more = loader.load(SLICE_BYTES);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
