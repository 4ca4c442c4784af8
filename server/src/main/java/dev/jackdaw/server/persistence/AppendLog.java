package dev.jackdaw.server.persistence;

import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.config.ConfigException;
import dev.jackdaw.server.config.Directive;
import dev.jackdaw.server.engine.Engine;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owned by the event loop: the log of what becomes of the data. What commands have changed is gathered in a buffer, which
 * goes to the {@link LogWriter} when the loop has run what there was to run; {@link LogRewrite} keeps the log short.
 *
 * <p>Whoever sends replies asks {@link #holdsReplies} first: with {@code appendfsync always} none leaves before everything
 * that was done before it is on the disk.
 */
public final class AppendLog {
    private static final Logger LOG = LoggerFactory.getLogger(AppendLog.class);
    private static final int BUFFER_BYTES = 64 << 10;
    /** Buffers of that size that are kept for what comes. */
    private static final int MOST_KEPT = 4;
    /** What may wait for the disk; with more, commands that write wait too. */
    private static final long MOST_WAITING_BYTES = 64L << 20;
    /** With everysec, how long anything may wait for it before commands that write do. */
    private static final long MOST_WAITING_MILLIS = 2_000;

    private static final long CLOSING_MILLIS = 10_000;

    /** Owned by the event loop: who tells the log what becomes of the data. */
    public interface Feed {
        /** Everything from now on is told to the log, such that it can be read without what was before. */
        void begin();

        /** Nothing is any more. */
        void end();
    }

    private final Engine engine;
    private final Config config;
    private final Disk disk;
    private final Snapshots snapshots;
    private final LogRewrite rewrite;
    private final Runnable handOver = this::handOver;

    private Feed feed;
    private Executor loop = Runnable::run;
    private Runnable progress = () -> {};

    /** Null while there is no log. */
    private LogWriter writer;

    private LogFiles files;
    /** Whether files that do not count any more stay; read by the thread that writes as well. */
    private volatile boolean keepsHistory;

    private LogOrder closing;
    /** Whether it was closed for good. */
    private boolean ended;

    /** Whether all that was appended is to be found again: not before the first base is there. */
    private boolean promised;

    /** Whether it is told what becomes of the data. */
    private boolean fed;

    private final ArrayDeque<LogBuffer> spare = new ArrayDeque<>();
    private LogBuffer current;
    private boolean handOverQueued;
    private boolean remarksTime;
    private long remarkedSeconds;
    private long appended;
    private long unsyncedSinceMillis;
    private boolean behind;
    /** Why commands that write are refused, and how often that has begun. */
    private String failure;

    private long refusals;
    private boolean stepping;
    private long delayed;

    public AppendLog(Engine engine, Config config, Disk disk, Snapshots snapshots) {
        this.engine = engine;
        this.config = config;
        this.disk = disk;
        this.snapshots = snapshots;
        this.rewrite = new LogRewrite(this, engine, config, disk);
        config.follow(Directive.AOF_DISABLE_AUTO_GC, on -> keepsHistory = on != 0);
        config.follow(Directive.AOF_TIMESTAMP_ENABLED, on -> remarksTime = on != 0);
        // At once: the next command's reply has to wait already.
        config.follow(Directive.APPENDFSYNC, unused -> follow());
        config.follow(Directive.NO_APPENDFSYNC_ON_REWRITE, unused -> follow());
    }

    /** Says who tells the log what becomes of the data. */
    public void feed(Feed newFeed) {
        feed = newFeed;
    }

    /**
     * Says how something is done when the loop has run what there is to run, and who is told, by another thread, when more is on
     * the disk that was waited for.
     */
    public void on(Executor newLoop, Runnable newProgress) {
        loop = newLoop;
        progress = newProgress;
    }

    // --- Beginning and ending ---

    private Path directory() {
        return dir().resolve(Config.path(config.text(Directive.APPENDDIRNAME)));
    }

    private Path dir() {
        return config.path(Directive.DIR).toAbsolutePath();
    }

    private LogFiles find() throws IOException {
        String name = config.text(Directive.APPENDFILENAME);
        LogFiles found = new LogFiles(disk, directory(), name, () -> keepsHistory);
        found.find(dir().resolve(Config.path(name)));
        return found;
    }

    private LogFiles place() throws IOException {
        LogFiles found = find();
        found.createDirectory();
        return found;
    }

    /** Refuses the directive if there is no place for a log. */
    public void require(String appendonly) {
        if (appendonly.equals("yes") && writer == null) {
            try {
                place();
            } catch (IOException failed) {
                LOG.error("The log cannot be begun: {}", failed.toString());
                throw new ConfigException("Unable to turn on AOF. Check server logs.");
            }
        }
    }

    /** What loads the log and then begins to write it; null if there is to be none. */
    public Loader loader(Replay replay) throws IOException {
        if (!config.is(Directive.APPENDONLY)) {
            return null;
        }
        LogFiles found = find();
        return new LogLoader(engine, config, disk, found, replay, lastEnd -> begin(found, lastEnd));
    }

    /** What loads what the files hold while the node runs, after {@link #flush}; null if there are none. */
    public Loader reader(Replay replay) throws IOException {
        LogFiles found = find();
        return found.manifest().isEmpty() ? null : new LogLoader(engine, config, disk, found, replay, lastEnd -> {});
    }

    /** All that the files hold was loaded: goes on where they end. */
    private void begin(LogFiles found, long lastEnd) throws IOException {
        files = found;
        if (files.manifest().isEmpty()) {
            files.rotate();
            rewrite.writeBase();
            files.rewritten();
        } else {
            files.goOn(lastEnd);
        }
        promised = true;
        open();
    }

    private void open() {
        writer = new LogWriter(files, engine.clock(), () -> progress.run());
        appended = 0;
        follow();
        disk.start("log", writer::run);
        beginFeed();
    }

    /** A log that is rewritten and then ended is told nothing. */
    private void beginFeed() {
        fed = config.is(Directive.APPENDONLY);
        if (fed) {
            feed.begin();
        }
    }

    /** Does what the directive says, while the node runs. */
    public void turn(boolean on) {
        if (on && !fed) {
            // If a base is being written for a log that was to be rewritten only, what was done since is in neither.
            rewrite.schedule();
        } else if (!on) {
            rewrite.giveUp();
            if (isOn()) {
                end();
            }
        }
    }

    private void end() {
        feed.end();
        fed = false;
        if (current != null) {
            current.dropPart();
        }
        handOver();
        closing = new LogOrder(files::close);
        writer.handOver(closing);
        notice();
    }

    /** Has a log to rewrite, if there was none; false if there is no place for it. */
    boolean beginUnlessOn() {
        if (writer == null) {
            try {
                files = place();
            } catch (IOException failed) {
                LOG.error("The log cannot be begun: {}", failed.toString());
                return false;
            }
            promised = false;
            open();
        }
        return true;
    }

    /** Writes and syncs what there is, and ends for good; waits for it, but not for ever. */
    public void close() {
        ended = true;
        if (writer == null) {
            return;
        }
        rewrite.stop();
        turn(false);
        writer.end();
        if (!writer.awaitEnd(CLOSING_MILLIS) || writer.synced() < appended) {
            LOG.error("The end of the log did not get to the disk");
        }
    }

    private void closed() {
        writer.end();
        reclaim();
        spare.forEach(this::free);
        spare.clear();
        writer = null;
        closing = null;
        notice();
        if (rewrite.isScheduled() && !ended) {
            rewrite.schedule();
        }
    }

    /** Whether there is a log. */
    public boolean isOn() {
        return writer != null && closing == null;
    }

    /** Whether the files hold all the data: not before the first base is there. */
    public boolean isWhole() {
        return isOn() && promised;
    }

    /** Whether all that was answered is found again if the node ends now: the files have it, or take what they lack. */
    public boolean mayEnd() {
        return ended
                || !config.is(Directive.APPENDONLY)
                || isWhole() && (writer.failure() == null || writer.synced() == appended);
    }

    // --- What is appended ---

    /** Takes bytes that follow those before. */
    public void append(long address, int length) {
        if (remarksTime && (current == null || current.partBytes() == 0)) {
            remarkTime();
        }
        add(address, length);
    }

    private void add(long address, int length) {
        if (current == null) {
            current = writer.takeBack();
        }
        if (current == null || current.room() < length) {
            makeRoom(length);
        }
        current.append(address, length);
    }

    /** Remarks in Redis's way when the commands that follow were run, if it is another second than that remarked last. */
    private void remarkTime() {
        long seconds = engine.nowMillis() / 1000;
        if (seconds == remarkedSeconds) {
            return;
        }
        remarkedSeconds = seconds;
        byte[] remark = ("#TS:" + seconds + "\r\n").getBytes(StandardCharsets.US_ASCII);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(remark.length);
            bytes.copyFrom(MemorySegment.ofArray(remark));
            add(bytes.address(), remark.length);
        }
    }

    private void makeRoom(int length) {
        LogBuffer full = current;
        int part = full == null ? 0 : full.partBytes();
        int needed = Math.addExact(LogGroup.HEADER_BYTES + part, length);
        current = buffer(needed <= BUFFER_BYTES ? BUFFER_BYTES : (int) Math.min(2L * needed, Integer.MAX_VALUE));
        if (full == null) {
            return;
        }
        full.movePart(current);
        if (full.isEmpty()) {
            free(full);
        } else {
            writer.handOver(full);
        }
    }

    private LogBuffer buffer(int bytes) {
        reclaim();
        if (bytes == BUFFER_BYTES && !spare.isEmpty()) {
            return spare.poll();
        }
        return new LogBuffer(engine.heap().reserve(bytes), bytes);
    }

    /** Takes buffers back that were written, and keeps some. */
    private void reclaim() {
        for (LogBuffer buffer = writer.emptied(); buffer != null; buffer = writer.emptied()) {
            if (buffer.capacity() == BUFFER_BYTES && spare.size() < MOST_KEPT) {
                spare.add(buffer);
            } else {
                free(buffer);
            }
        }
    }

    private void free(LogBuffer buffer) {
        engine.heap().unreserve(buffer.address(), buffer.capacity());
    }

    /** What was appended is whole. */
    public void whole() {
        if (current == null || current.partBytes() == 0) {
            return;
        }
        if (appended == writer.synced()) {
            unsyncedSinceMillis = nowMillis();
        }
        appended += current.partBytes();
        current.end(appended);
        if (!handOverQueued) {
            handOverQueued = true;
            loop.execute(handOver);
        }
    }

    /** Waits until all that was appended is in the files; false if it cannot be, or if they are not whole without a base. */
    public boolean flush() {
        if ((config.is(Directive.APPENDONLY) || isOn()) && !isWhole()) {
            return false;
        }
        if (writer == null) {
            return true;
        }
        CountDownLatch reached = new CountDownLatch(1);
        handOver();
        writer.handOver(new LogOrder(reached::countDown));
        try {
            return reached.await(CLOSING_MILLIS, TimeUnit.MILLISECONDS) && writer.failure() == null;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void handOver() {
        handOverQueued = false;
        if (current != null && !current.isEmpty()) {
            assert current.partBytes() == 0 : "in the midst of a command";
            writer.handOver(current);
            current = null;
        }
        measure();
    }

    private long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(engine.clock().nanos());
    }

    /** Finds out whether the disk keeps up. */
    private void measure() {
        notice();
        if (writer == null) {
            return;
        }
        boolean was = behind;
        boolean isLate = writer.policy() == LogWriter.Policy.EVERYSEC
                && writer.synced() < appended
                && nowMillis() - Math.max(unsyncedSinceMillis, writer.safeMillis()) > MOST_WAITING_MILLIS;
        behind = isOn() && writer.failure() == null && promised && (isLate || waitingBytes() > MOST_WAITING_BYTES);
        delayed += behind && !was ? 1 : 0;
        if (writer.failure() != null && waitingBytes() > MOST_WAITING_BYTES) {
            writer.overflow();
        }
    }

    /** The thread may fail and succeed at any time; whether commands are refused changes between two of them. */
    private void notice() {
        String found = writer == null || isAbandoned() ? null : writer.failure();
        refusals += found != null && failure == null ? 1 : 0;
        failure = found;
    }

    /** Whether it was turned off, and the disk does not take the rest of it: nobody waits for that any more. */
    private boolean isAbandoned() {
        return closing != null && !ended && writer.failure() != null;
    }

    // --- Who has to wait ---

    /** Whether replies have to wait until {@link #synced} is what {@link #appended} is now. */
    public boolean holdsReplies() {
        return writer != null
                && promised
                && writer.synced() < appended
                && writer.policy() == LogWriter.Policy.ALWAYS
                && !isAbandoned();
    }

    /** The same of replies that were all written during this refusal: they say of no change that it was made. */
    public boolean holdsReplies(long refusal) {
        return holdsReplies() && (refusal == 0 || refusal != refusal());
    }

    /** Which refusal of all commands that write there is, the first, the second and so on; 0 if there is none. */
    public long refusal() {
        return failure == null ? 0 : refusals;
    }

    /** Has the progress told of when more is on the disk. */
    public void awaitSync() {
        writer.await();
    }

    public long appended() {
        return appended;
    }

    /** Up to where what was appended will be found again. */
    public long synced() {
        return writer == null ? appended : writer.synced();
    }

    /** Whether commands that write have to wait for the disk. */
    public boolean isBehind() {
        return behind;
    }

    /** Why commands that write are refused, in the system's words, or null. */
    public String failure() {
        return failure;
    }

    // --- Between commands ---

    /** A step of what is due; returns whether there is more to do at once. */
    public boolean step() {
        if (writer == null) {
            return false;
        }
        stepping = rewrite.isRunning() && rewrite.step();
        if (closing != null) {
            if (closing.isDone() && !rewrite.isRunning()) {
                closed();
            }
            return stepping;
        }
        follow();
        reclaim();
        measure();
        stepping |= !rewrite.isRunning() && rewrite.step();
        return stepping;
    }

    /** Has the thread sync as the directives say now. */
    private void follow() {
        if (writer == null) {
            return;
        }
        boolean suspended =
                config.is(Directive.NO_APPENDFSYNC_ON_REWRITE) && (rewrite.isRunning() || snapshots.isRunning());
        String policy = config.text(Directive.APPENDFSYNC).toUpperCase(Locale.ROOT);
        writer.policy(suspended ? LogWriter.Policy.NO : LogWriter.Policy.valueOf(policy));
    }

    /** When the next {@link #step} is due at the latest. */
    public long alarmMillis() {
        return rewrite.isRunning() && !stepping ? engine.nowMillis() + LogRewrite.POLL_MILLIS : Long.MAX_VALUE;
    }

    // --- For the rewrite ---

    LogFiles files() {
        return files;
    }

    /** Begins anew in another file. */
    LogOrder rotate() {
        handOver();
        LogOrder rotation = new LogOrder(files::rotate);
        writer.handOver(rotation);
        beginFeed();
        return rotation;
    }

    /** Has what was written since the rotation count with the new base, instead of all before. */
    LogOrder exchange() {
        LogOrder exchange = new LogOrder(files::rewritten);
        writer.handOver(exchange);
        return exchange;
    }

    /** There is a base, with which all that was appended since counts. It is all that was done since, if that was told from the rotation on. */
    void rewritten() {
        promised = fed;
        endIfUnwanted();
    }

    /** What was appended since the rotation counts only if all before it does. */
    void notRewritten() {
        writer.handOver(new LogOrder(files::loseUnlessComplete));
        endIfUnwanted();
    }

    private void endIfUnwanted() {
        if (!config.is(Directive.APPENDONLY)) {
            turn(false);
        }
    }

    boolean isLost() {
        return writer.isLost();
    }

    boolean isSaving() {
        return snapshots.isRunning();
    }

    // --- What is known of it ---

    public LogRewrite rewrite() {
        return rewrite;
    }

    /** The thread's part, for tests that do its work. */
    LogWriter writer() {
        return writer;
    }

    /** The bytes of all files that count. */
    public long fileBytes() {
        return writer == null ? 0 : writer.fileBytes();
    }

    /** The bytes of the base. */
    public long baseBytes() {
        return writer == null ? 0 : writer.baseBytes();
    }

    /** What waits to be written. */
    public long waitingBytes() {
        return writer == null ? 0 : appended - writer.written();
    }

    /** How often commands had to wait for the disk. */
    public long delayed() {
        return delayed;
    }
}
