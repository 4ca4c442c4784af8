package dev.jackdaw.server.engine;

/**
 * Owned by its engine's event loop: how much memory may be used, and the room that is made for commands: what nobody uses
 * any more is freed, and then entries are evicted.
 */
public final class MemoryLimit {
    /** Entries that a command evicts, and elements that it frees, to make room, before the rest is left to those after it. */
    private static final int STEP = 256;

    /** Of these, those that have expired and go at once. */
    private static final int EXPIRED = 16;

    /** How far beyond its limit memory may get then, as a share of the limit, as a shift. */
    private static final int EXCESS_SHIFT = 5;

    /** What is evicted and freed for a value that grows by very much at once: some tens of milliseconds. */
    private static final int GREAT_STEP = 1 << 16;

    private static final long TRIM_STEP = 1L << 20;

    /** Memory that waits to be given back to the system is bounded by this share of the limit, as a shift, or more if that is little. */
    private static final int IDLE_SHIFT = 6;

    private static final long MIN_IDLE = 2L << 20;

    /** How far buffers may take memory beyond its limit when there is nothing to evict, as a share of the limit, as a shift. */
    private static final int CROWD_SHIFT = 5;

    /** And at least: as much as a few clients need to say something. */
    private static final long MIN_CROWD = 4L << 20;

    /** With less than this share of the limit free and more than a few clients' buffers, there is a flood; as a shift. */
    private static final int FLOOD_SHIFT = 4;

    /** What buffers took of late is kept free for them where nothing can be evicted, up to this share of the limit, as a shift. */
    private static final int MOST_CROWD_SHIFT = 2;

    /** The process may grow by this share of the limit beside what is counted, as a shift, before that counts, too. */
    private static final int UNCOUNTED_SHIFT = 6;

    /** It counts up to this share, as a shift. */
    private static final int MOST_PROCESS_SHIFT = 1;

    /** How fast that is forgotten, as a shift, at each look. */
    private static final int FORGET_SHIFT = 5;

    /** What a process grows by at least when it gets to work: compiled code, and the compiler's own memory. */
    private static final long WARM_UP = 16L << 20;

    /** In a flood no room is left for what it grows by until the next look, so that counts, too: some milliseconds of a compiler. */
    private static final long GROWTH_BETWEEN_LOOKS = 6L << 20;

    /** With a limit below this, that would be too great a share of it. */
    private static final long MIN_WATCHED = 64L << 20;

    private final Engine engine;
    private long bytes;
    private long processBytes;
    private long crowdBytes;
    private long toleratedExcess;
    private long passingBytes;

    MemoryLimit(Engine engine) {
        this.engine = engine;
    }

    void bytes(long newBytes) {
        bytes = newBytes;
        processBytes = 0;
        toleratedExcess = Math.max(excess(), bytes >> EXCESS_SHIFT);
    }

    /**
     * So many bytes more, or less, of used memory last no longer than the command that runs. They do not count: what takes
     * them may be that something was evicted, and then one eviction would be the cause of the next.
     */
    public void passing(long moreBytes) {
        passingBytes += moreBytes;
    }

    /**
     * Takes note of what the process has resident beside what is counted and idle pages, and beside what it had without data: compiled code,
     * the compiler's memory, what the C library has not given back. The process is to stay within its limit and a tenth, of
     * which a small share is left for this; what is more counts as used.
     */
    public void uncounted(long uncountedBytes) {
        long soon = isFlooded() ? GROWTH_BETWEEN_LOOKS : 0;
        long over = bytes < MIN_WATCHED ? 0 : Math.max(uncountedBytes, WARM_UP) + soon - (bytes >> UNCOUNTED_SHIFT);
        processBytes = Math.clamp(over, processBytes, Math.max(processBytes, bytes >> MOST_PROCESS_SHIFT));
    }

    /** What counts of that, or of more that it was of late. */
    public long processBytes() {
        return processBytes;
    }

    private long excess() {
        return engine.usedMemory() - passingBytes - bytes;
    }

    /** 0 for none. */
    public long bytes() {
        return bytes;
    }

    boolean isExceeded() {
        return bytes > 0 && excess() > 0;
    }

    private boolean isSuspended() {
        return bytes == 0 || engine.isHeld() || engine.isFollowing();
    }

    /**
     * Frees and evicts until used memory is within the limit. A long way there is gone in steps, between which commands run,
     * unless memory gets too far beyond the limit meanwhile.
     *
     * @return whether a command may take more memory
     */
    public boolean makeRoom() {
        if (isSuspended()) {
            return true;
        }
        trim();
        int left = STEP;
        while (isExceeded()) {
            long excess = excess();
            if (left <= 0 && excess <= toleratedExcess) {
                toleratedExcess = Math.max(excess, bytes >> EXCESS_SHIFT);
                return true;
            }
            int done = freeSome();
            if (done == 0) {
                return false;
            }
            left -= done;
        }
        while (left > 0 && isCrowded()) {
            int done = engine.expireSome(EXPIRED);
            if (done == 0) {
                return false;
            }
            left -= done;
        }
        return true;
    }

    /** Whether commands that take memory are refused. */
    public boolean isFull() {
        return !isSuspended() && (isCrowded() || isExceeded() && !canFree()) && !engine.mayHaveExpired();
    }

    /** Whether there is something to free even if nothing has expired. */
    private boolean canFree() {
        return engine.buried() > 0 || engine.eviction.hasCandidates();
    }

    /**
     * Whether data would take what clients' buffers soon need again. They come and go, and data that was let in whenever they were few could not go
     * for them: instead clients would have to be closed, or memory would get beyond its limit.
     */
    private boolean isCrowded() {
        return bytes >= MIN_WATCHED && excess() - engine.bufferBytes() + crowdBytes > 0 && !canFree();
    }

    /** Takes note of what buffers take now. */
    void buffersGrew() {
        crowdBytes = Math.clamp(engine.bufferBytes(), crowdBytes, Math.max(crowdBytes, bytes >> MOST_CROWD_SHIFT));
    }

    /** To be called ten times a second: what clients and the process took is forgotten by and by. */
    public void forget() {
        crowdBytes -= crowdBytes >> FORGET_SHIFT;
        processBytes -= processBytes >> FORGET_SHIFT;
    }

    /** Whether clients' buffers fill memory up, so that what else the process takes has to be known soon. */
    public boolean isFlooded() {
        return bytes >= MIN_WATCHED && engine.bufferBytes() > MIN_CROWD && excess() + (bytes >> FLOOD_SHIFT) > 0;
    }

    /** Whether they take memory beyond its limit, so that room has to be made for them before the next command does it. */
    public boolean isPressed() {
        return isExceeded() && engine.bufferBytes() > MIN_CROWD;
    }

    /** Gives some pages back where too many wait for that; returns whether there may be more. */
    boolean trim() {
        return bytes > 0 && engine.memory.trim(TRIM_STEP, Math.max(MIN_IDLE, bytes >> IDLE_SHIFT)) > 0;
    }

    /** Whether so many bytes can be taken at once, of which nothing was known when room was made for the command. */
    public boolean hasRoomFor(long more) {
        return isSuspended() || excess() + more <= bytes >> EXCESS_SHIFT;
    }

    /** Frees and evicts until there is room for so many bytes; returns false if that cannot be, or would take long. */
    public boolean makeRoomFor(long more) {
        int left = more > bytes ? 0 : GREAT_STEP;
        while (left > 0 && !hasRoomFor(more)) {
            int done = freeSome();
            left = done == 0 ? 0 : left - done;
        }
        return hasRoomFor(more);
    }

    /** Frees something, rather what has expired than what has not; returns how much work it was, 0 if there is nothing. */
    private int freeSome() {
        int done = engine.expireSome(EXPIRED);
        if (done > 0) {
            return done;
        }
        if (engine.buried() > 0) {
            return engine.graveyards.dig(Engine.DIGGING_STEP);
        }
        boolean evicted = engine.eviction.evictOne();
        trim();
        return evicted ? 1 : 0;
    }

    /** How many bytes of buffers are too many: memory, idle pages included, is beyond its limit for them, and further than it may be. */
    public long excessBufferBytes() {
        long tolerated = Math.max(MIN_CROWD, bytes >> CROWD_SHIFT);
        long few = Math.max(MIN_CROWD, tolerated - processBytes);
        return bytes == 0 ? 0 : Math.min(excess() + engine.idleBytes() - tolerated, engine.bufferBytes() - few);
    }
}
