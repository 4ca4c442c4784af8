package dev.jackdaw.server.persistence;

import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.config.Directive;
import dev.jackdaw.server.engine.Engine;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owned by the event loop: whether the databases are being filled at the start, and how far that is. A slice takes less
 * than a millisecond, once the code is compiled; between slices clients learn that they have to wait.
 */
public final class Loading {
    private static final Logger LOG = LoggerFactory.getLogger(Loading.class);
    private static final int SLICE_BYTES = 32 << 10;
    private static final long REPORT_MILLIS = 5_000;

    private final Engine engine;
    private final Config config;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private Loader loader;
    private long begunMillis;
    private long reportedMillis;
    private long owedMicros;

    public Loading(Engine engine, Config config) {
        this.engine = engine;
        this.config = config;
    }

    /** Begins to load, or, with null, finds that there is nothing to load. */
    public void begin(Loader from) {
        loader = from;
        begunMillis = engine.nowMillis();
        reportedMillis = begunMillis;
        if (loader == null) {
            end.complete(null);
        }
    }

    public boolean isActive() {
        return loader != null;
    }

    /** What comes to its end when all is loaded, and fails if it cannot be; any thread may wait for it. */
    public CompletableFuture<Void> end() {
        return end;
    }

    /** Loads a slice; returns whether there is more to do. Who cannot load goes on to say that it does. */
    public boolean step() {
        if (end.isDone()) {
            return false;
        }
        try {
            if (load(config.number(Directive.KEY_LOAD_DELAY))) {
                report();
                return true;
            }
            LOG.info(
                    "Loaded {} bytes, {} keys, in {} ms",
                    loader.totalBytes(),
                    engine.size(),
                    engine.clock().millis() - begunMillis);
            stop();
        } catch (IOException | RuntimeException | Error failed) {
            end.completeExceptionally(failed);
        }
        return false;
    }

    /** @param delayMicros what each key takes for tests that want to meet a node that loads */
    private boolean load(long delayMicros) throws IOException {
        if (delayMicros <= 0) {
            return loader.load(SLICE_BYTES);
        }
        long before = engine.size();
        boolean more = loader.load(1);
        owedMicros += delayMicros * (engine.size() - before);
        engine.clock().sleep(owedMicros / 1000);
        owedMicros %= 1000;
        return more;
    }

    /** Ends it, however far it is. */
    public void stop() {
        if (loader != null) {
            loader.close();
            loader = null;
        }
        end.complete(null);
    }

    private void report() {
        if (engine.nowMillis() - reportedMillis >= REPORT_MILLIS) {
            reportedMillis = engine.nowMillis();
            LOG.info("Loading: {} % after {} s, about {} s to go", Math.round(percent()), seconds(), etaSeconds());
        }
    }

    private long seconds() {
        return (engine.nowMillis() - begunMillis) / 1000;
    }

    // --- What is known of it while it is active ---

    /** When it began, in seconds since 1970. */
    public long startSeconds() {
        return begunMillis / 1000;
    }

    public long totalBytes() {
        return loader.totalBytes();
    }

    public long loadedBytes() {
        return loader.loadedBytes();
    }

    public double percent() {
        return totalBytes() == 0 ? 100 : 100.0 * loadedBytes() / totalBytes();
    }

    /** The seconds that the rest takes if it goes on like this. */
    public long etaSeconds() {
        long loaded = Math.max(1, loadedBytes());
        return (engine.nowMillis() - begunMillis) * (totalBytes() - loadedBytes()) / loaded / 1000;
    }
}
