package dev.jackdaw.server.persistence;

import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.config.Directive;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.rdb.CorruptRdbException;
import dev.jackdaw.server.rdb.ValueWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owned by the event loop: when snapshots of the databases are taken, how they went, and what is loaded at the start. */
public final class Snapshots {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);
    /** How long it takes until a save point that has failed is tried again. */
    private static final long RETRY_MILLIS = 5_000;

    /** How often it is asked whether the disk has caught up. */
    private static final long POLL_MILLIS = 5;

    /**
     * What may wait for the disk: the walk does, but what is about to change has to be written before. A snapshot that needs
     * more is given up: at most this share of the memory in use, as a shift, or so many bytes.
     */
    private static final int WAITING_SHIFT = 3;

    private static final long MIN_WAITING_BYTES = 64L << 20;

    /** Owned by the event loop: who wants a snapshot that is kept nowhere else. */
    public interface Taker {
        /** Takes it; from then on it is the taker's to close, and {@link Snapshots#forget} has to follow. */
        void take(Handout snapshot);

        /** There is none. */
        void refuse();
    }

    private final Engine engine;
    private final Config config;
    private final Disk disk;
    private final RdbFile reader;
    private final ValueWriter writer;
    private final Handouts handouts;
    private Snapshot running;
    private long savedMillis;
    private long savedChanges;
    private long begunMillis;
    private long begunChanges;
    private long lastTookSeconds = -1;
    private boolean lastFailed;
    private long saves;
    private boolean waitsForDisk;
    private boolean scheduled;

    public Snapshots(Engine engine, Config config, Disk disk) {
        this.engine = engine;
        this.disk = disk;
        this.config = config;
        this.reader = new RdbFile(engine, config, disk);
        this.writer = new ValueWriter(engine);
        this.handouts = new Handouts(disk);
        this.savedMillis = engine.nowMillis();
    }

    private Path path() {
        return config.path(Directive.DIR)
                .resolve(config.text(Directive.DBFILENAME))
                .toAbsolutePath();
    }

    // --- At the start ---

    /**
     * What loads the file, or null if there is none.
     *
     * @throws CorruptRdbException if it is none of a version that is known
     */
    public Loader loader() throws IOException {
        if (!disk.exists(path())) {
            return null;
        }
        reader.open(path(), config.is(Directive.RDBCHECKSUM));
        return reader;
    }

    // --- Taking them ---

    /** Takes a snapshot at once, while everybody waits; false if it failed. */
    public boolean save() {
        boolean failedBefore = lastFailed;
        begin(0);
        running.walk();
        if (end()) {
            return true;
        }
        // Whoever asked is told, and nobody else has to suffer for it.
        lastFailed = failedBefore;
        return false;
    }

    /** All the data has been deleted: where it is saved by itself, the last snapshot shall not bring it back. */
    public void flushed() {
        if (!hasSavePoints() || engine.isFollowing()) {
            return;
        }
        if (engine.isWitnessed()) {
            schedule();
        } else {
            save();
        }
    }

    /** Begins a snapshot in the background. */
    public void begin() {
        begin(mostWaitingBytes(engine));
    }

    static long mostWaitingBytes(Engine engine) {
        return Math.max(MIN_WAITING_BYTES, engine.usedMemory() >> WAITING_SHIFT);
    }

    private void begin(long mostWaitingBytes) {
        scheduled = false;
        begunChanges = engine.stats().changes;
        begin(path(), mostWaitingBytes);
    }

    private void begin(Path path, long mostWaitingBytes) {
        assert running == null;
        begunMillis = engine.nowMillis();
        SnapshotFile file =
                new SnapshotFile(disk, engine.heap(), path, config.is(Directive.RDBCHECKSUM), mostWaitingBytes);
        running = new Snapshot(engine, config, writer, file, false);
    }

    /** Takes a snapshot for somebody as soon as no other is being taken; returns false if too many want one. */
    public boolean ask(Taker taker) {
        return handouts.ask(taker);
    }

    /** Forgets one who has asked, and does not want it any more or has had it. */
    public void forget(Taker taker) {
        if (handouts.forget(taker)) {
            running.giveUp();
        }
    }

    private void beginHandout() {
        Path path =
                path().resolveSibling("temp-handout-" + ProcessHandle.current().pid() + ".rdb");
        handouts.begin(path);
        begin(path, mostWaitingBytes(engine));
    }

    /** Begins one as soon as the log is not being rewritten any more. */
    public void schedule() {
        scheduled = true;
    }

    /** Whether one is being taken in the background. */
    public boolean isRunning() {
        return running != null;
    }

    /** Goes on with what is being taken, or begins where a save point wants it; returns whether there is more to do at once. */
    public boolean step() {
        if (running == null) {
            if (isDue()) {
                begin();
            } else if (handouts.isWanted() && !engine.isWitnessed()) {
                beginHandout();
            }
            return running != null;
        }
        if (running.isDone()) {
            end();
            return false;
        }
        boolean more = running.step();
        waitsForDisk = !more;
        return more;
    }

    /** When the next {@link #step} is due at the latest. */
    public long alarmMillis() {
        return running != null && waitsForDisk ? engine.nowMillis() + POLL_MILLIS : Long.MAX_VALUE;
    }

    private boolean isDue() {
        if (engine.isWitnessed() || scheduled) {
            return !engine.isWitnessed();
        }
        String points = config.text(Directive.SAVE);
        if (points.isEmpty() || changes() == 0) {
            return false;
        }
        long now = engine.nowMillis();
        if (lastFailed && now - begunMillis < RETRY_MILLIS) {
            return false;
        }
        List<String> words = List.of(points.split(" "));
        for (int i = 0; i < words.size(); i += 2) {
            boolean isLate = now - savedMillis > 1000 * Long.parseLong(words.get(i));
            if (isLate && changes() >= Long.parseLong(words.get(i + 1))) {
                LOG.info("{} changes in {} seconds. Saving...", changes(), (now - savedMillis) / 1000);
                return true;
            }
        }
        return false;
    }

    /** Waits for the file; returns whether all went well. */
    private boolean end() {
        if (handouts.isBeingTaken()) {
            endHandout();
            return true;
        }
        long keys = running.keys();
        try {
            running.close();
            lastFailed = false;
            savedMillis = engine.clock().millis();
            savedChanges = begunChanges;
            saves++;
            LOG.info("Saved {} keys to {}", keys, path());
        } catch (IOException failed) {
            lastFailed = true;
            LOG.error("No snapshot: {}: {}", path(), failed.toString());
        }
        lastTookSeconds = (engine.clock().millis() - begunMillis) / 1000;
        running = null;
        waitsForDisk = false;
        return !lastFailed;
    }

    private void endHandout() {
        Snapshot taken = running;
        running = null;
        waitsForDisk = false;
        try {
            taken.close();
            handouts.end();
        } catch (IOException failed) {
            handouts.fail(failed);
        }
    }

    /** Gives up what is being taken. */
    public void giveUp() {
        if (running != null && handouts.isBeingTaken()) {
            running.giveUp();
            endHandout();
        } else if (running != null) {
            lastFailed = true;
            running.giveUp();
            try {
                running.close();
            } catch (IOException expected) {
                LOG.info("The snapshot was given up");
            }
            running = null;
        }
    }

    /** Whether the end of the node is to be preceded by a snapshot. */
    public boolean hasSavePoints() {
        return !config.text(Directive.SAVE).isEmpty();
    }

    // --- What is known of them ---

    /** When the last one that went well ended; at first, when the node started. */
    public long savedMillis() {
        return savedMillis;
    }

    /** Changes since the last one that went well began. */
    public long changes() {
        return engine.stats().changes - savedChanges;
    }

    /** Whether commands that write are refused, because what they write might be lost. */
    public boolean stopsWrites() {
        return lastFailed && hasSavePoints() && config.is(Directive.STOP_WRITES_ON_BGSAVE_ERROR);
    }

    public boolean lastFailed() {
        return lastFailed;
    }

    /** How long the last one took, in seconds; -1 if there was none. */
    public long lastTookSeconds() {
        return lastTookSeconds;
    }

    /** How long the one that is being taken has taken, in seconds; -1 if there is none. */
    public long runningSeconds() {
        return running == null ? -1 : (engine.nowMillis() - begunMillis) / 1000;
    }

    /** How many went well. */
    public long saves() {
        return saves;
    }

    /** Keys that the one that is being taken has written. */
    public long writtenKeys() {
        return running == null ? 0 : running.keys();
    }

    /** Keys that were loaded at the start. */
    public long loadedKeys() {
        return reader.loaded();
    }

    /** Keys that had expired when they would have been loaded. */
    public long expiredKeys() {
        return reader.expired();
    }
}
