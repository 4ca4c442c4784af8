package dev.jackdaw.server.persistence;

import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.config.Directive;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.rdb.ValueWriter;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owned by the event loop: makes a log short again. A snapshot becomes its base; what is done from the moment on at which the
 * snapshot begins goes to a new increment; when the snapshot is on the disk the two take the place of all before.
 */
public final class LogRewrite {
    private static final Logger LOG = LoggerFactory.getLogger(LogRewrite.class);
    /** How often it is asked whether the disk has caught up. */
    static final long POLL_MILLIS = 5;

    private static final long RETRY_MILLIS = 1_000;
    /** After failures in a row it is tried again after twice as long each time, up to that. */
    private static final int MOST_DOUBLINGS = 6;

    private final AppendLog log;
    private final Engine engine;
    private final Config config;
    private final Disk disk;
    private final ValueWriter values;
    private LogOrder rotation;
    private Snapshot base;
    private LogOrder exchange;
    private boolean scheduled;
    private long begunMillis;
    private long lastTookSeconds = -1;
    private boolean lastFailed;
    private int failuresInRow;
    private long rewrites;

    LogRewrite(AppendLog log, Engine engine, Config config, Disk disk) {
        this.log = log;
        this.engine = engine;
        this.config = config;
        this.disk = disk;
        this.values = new ValueWriter(engine);
    }

    /** Has it done as soon as possible, even if there is no log otherwise. */
    public void schedule() {
        if (log.beginUnlessOn()) {
            scheduled = true;
            failuresInRow = 0;
        }
    }

    public boolean isScheduled() {
        return scheduled;
    }

    public boolean isRunning() {
        return rotation != null;
    }

    /** Whether the base is not on the disk yet. */
    boolean isWriting() {
        return base != null && !base.isDone();
    }

    /** Writes the first base, while everybody waits. */
    void writeBase() throws IOException {
        Snapshot first = snapshot(0);
        first.walk();
        first.close();
    }

    private Snapshot snapshot(long mostWaitingBytes) {
        SnapshotFile file = new SnapshotFile(
                disk, engine.heap(), log.files().nextBase(), config.is(Directive.RDBCHECKSUM), mostWaitingBytes);
        return new Snapshot(engine, config, values, file, true);
    }

    /** Goes on with what is being done, or begins where it is due; returns whether there is more to do at once. */
    boolean step() {
        if (!isRunning()) {
            if (isDue() && !log.isSaving()) {
                begin();
            }
            return isRunning();
        }
        try {
            return goOn();
        } catch (IOException failed) {
            fail(failed);
            return false;
        }
    }

    private boolean isDue() {
        boolean mayTry = failuresInRow == 0
                || engine.nowMillis() - begunMillis >= RETRY_MILLIS << Math.min(failuresInRow - 1, MOST_DOUBLINGS);
        return mayTry && (scheduled || log.isLost() || hasGrown());
    }

    private boolean hasGrown() {
        long percent = config.number(Directive.AUTO_AOF_REWRITE_PERCENTAGE);
        long bytes = log.fileBytes();
        long before = Math.max(1, log.baseBytes());
        return percent > 0
                && bytes > config.number(Directive.AUTO_AOF_REWRITE_MIN_SIZE)
                && 100.0 * (bytes - before) / before >= percent;
    }

    private void begin() {
        LOG.info("Rewriting the log");
        scheduled = false;
        begunMillis = engine.nowMillis();
        rotation = log.rotate();
        base = snapshot(Snapshots.mostWaitingBytes(engine));
    }

    private boolean goOn() throws IOException {
        if (rotation.isDone() && rotation.failure() != null) {
            abandonBase();
        }
        if (exchange != null) {
            if (exchange.isDone()) {
                end();
            }
            return false;
        }
        if (base.isDone()) {
            Snapshot written = base;
            base = null;
            written.close();
            exchange = log.exchange();
            return false;
        }
        return base.step();
    }

    private void end() throws IOException {
        if (exchange.failure() != null) {
            throw exchange.failure();
        }
        LOG.info("Rewrote the log");
        forget();
        rewrites++;
        lastFailed = false;
        failuresInRow = 0;
        lastTookSeconds = (engine.nowMillis() - begunMillis) / 1000;
        log.rewritten();
    }

    private void fail(IOException cause) {
        LOG.error("The log could not be rewritten: {}", cause.toString());
        forget();
        lastFailed = true;
        failuresInRow++;
        lastTookSeconds = (engine.nowMillis() - begunMillis) / 1000;
        log.notRewritten();
    }

    /** Gives up what is being done, which takes some more steps to end, and what was to be. */
    void giveUp() {
        scheduled = false;
        abandonBase();
    }

    private void abandonBase() {
        if (base != null) {
            base.giveUp();
        }
    }

    /** Gives up what is being done and ends it, if it has not got beyond reading the databases; returns whether that was so. */
    boolean stop() {
        if (base == null) {
            return false;
        }
        base.giveUp();
        try {
            base.close();
        } catch (IOException expected) {
            LOG.info("Rewriting the log was given up");
        }
        forget();
        return true;
    }

    /** Leaves the databases to who cannot wait; what is being done begins anew afterwards. */
    public void postpone() {
        scheduled |= stop();
    }

    private void forget() {
        rotation = null;
        base = null;
        exchange = null;
    }

    // --- What is known of it ---

    public boolean lastFailed() {
        return lastFailed;
    }

    public int failuresInRow() {
        return failuresInRow;
    }

    /** How long the last one took, in seconds; -1 if there was none. */
    public long lastTookSeconds() {
        return lastTookSeconds;
    }

    /** How long the one that is being done has taken, in seconds; -1 if there is none. */
    public long runningSeconds() {
        return isRunning() ? (engine.nowMillis() - begunMillis) / 1000 : -1;
    }

    /** How many went well. */
    public long rewrites() {
        return rewrites;
    }
}
