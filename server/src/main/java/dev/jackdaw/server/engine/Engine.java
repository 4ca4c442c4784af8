package dev.jackdaw.server.engine;

import dev.jackdaw.server.memory.EntryStore;
import dev.jackdaw.server.memory.Heap;
import dev.jackdaw.server.memory.Memory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Owned by one event loop: that thread's share of the data, and what is done to it between commands: expiry, eviction,
 * giving memory back. It has no static state, so one process may host several.
 */
public final class Engine implements AutoCloseable {
    /** Entries that a step of background work looks at: some tens of microseconds. */
    private static final int BACKGROUND_STEP = 256;

    /** And for each command of the turn before, so that expiry keeps pace with those who write, and takes no more time than they. */
    private static final int FOR_A_COMMAND = 2;

    private static final int MOST_OF_A_TURN = 1 << 13;

    /** While expiry is late, one step in so many is made of compaction. */
    private static final int STEPS_WHILE_LATE = 4;

    /** Elements of large values, or entries of buried databases, that are freed at once. */
    static final int DIGGING_STEP = 512;

    /** Elements that a command frees at once of what it discards: smaller values are gone when it answers. */
    private static final int PROMPT_DIGGING_STEP = 1024;

    private static final long PURGE_BYTES = 256L << 20;

    private static final ChangeListener[] NOBODY = {};

    /** Learns of every change of a key while its bytes are still in place. It must not touch the data. */
    public interface ChangeListener {
        void changed(Keyspace keyspace, long key, int length);

        /** The value is the same to those who watch it, but those who wait for the key have to look at it. */
        default void awaited(Keyspace keyspace, long key, int length) {}

        void cleared(Keyspace keyspace);
    }

    /** Learns what happens to keys, of the kinds that it wants. It must not touch the data. */
    public interface EventListener {
        void happened(KeyEvent event, int database, long key, int length);
    }

    /** Learns of what is about to leave by itself: it has expired, or is evicted. It must not touch the data. */
    public interface LossListener {
        void lost(Keyspace keyspace, long key, int length);

        /** A field of a hash that stays. */
        void lostField(Keyspace keyspace, long key, int length, long field, int fieldLength);
    }

    private final Clock clock;
    final Memory memory = new Memory();
    private final LargeStructures large;
    private final SplittableRandom random;
    private final Uses uses;
    final Eviction eviction = new Eviction(this);
    private final Stats stats = new Stats();
    private final Keyspace[] keyspaces;
    final List<EntryStore> sideStores = new ArrayList<>();
    final Graveyards graveyards;
    private final Compaction compaction;
    private final long seed;
    private ChangeListener[] listeners = NOBODY;
    private Keyspace aside;
    private Witness witness;
    private EventListener eventListener;
    private LossListener lossListener;
    /** One bit for each {@link EventClass}. */
    private int wantedEvents;

    private long nowMillis;
    private Eviction.Policy evictionPolicy = Eviction.Policy.NOEVICTION;
    private final MemoryLimit limit = new MemoryLimit(this);
    private long bufferBytes;
    private long largeValues;
    private boolean touching = true;
    private boolean expiringActively = true;
    private boolean held;
    private boolean following;
    private long commandsBefore;
    /** Keys that expired, or will. */
    private long expiringBefore;
    /** How many commands ran in the last turn, or how many keys got a time to expire, if no step has kept pace with that yet. */
    private int lastTurn;

    private int lateSteps;

    public Engine(Clock clock, int databases, long seed) {
        this.clock = clock;
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.large = new LargeStructures(memory.heap(), seed);
        this.graveyards = new Graveyards(this);
        this.compaction = new Compaction(this);
        this.nowMillis = clock.millis();
        this.uses = new Uses(this);
        this.keyspaces = new Keyspace[databases];
        for (int i = 0; i < databases; i++) {
            keyspaces[i] = new Keyspace(this, i, newStore());
        }
    }

    public int databases() {
        return keyspaces.length;
    }

    public Keyspace keyspace(int number) {
        return keyspaces[number];
    }

    public Clock clock() {
        return clock;
    }

    /** Milliseconds since 1970, as of the last {@link #refreshTime}: the same for a whole batch of commands. */
    public long nowMillis() {
        return nowMillis;
    }

    public void refreshTime() {
        nowMillis = clock.millis();
    }

    public Stats stats() {
        return stats;
    }

    /** For large collections. */
    public Heap heap() {
        return memory.heap();
    }

    /** 64 random bits; for sampling, not for secrets. */
    public long random() {
        return random.nextLong();
    }

    /** Exchanges what two databases hold. */
    public void swap(int a, int b) {
        if (a != b) {
            keyspaces[a].exchange(keyspaces[b]);
        }
    }

    public void listen(ChangeListener listener) {
        listeners = Arrays.copyOf(listeners, listeners.length + 1);
        listeners[listeners.length - 1] = listener;
    }

    public void unlisten(ChangeListener listener) {
        listeners = Arrays.stream(listeners).filter(each -> each != listener).toArray(ChangeListener[]::new);
    }

    /** Does something that nobody is told of, as values are made {@link #aside} or loaded. */
    public void quietly(Runnable work) {
        ChangeListener[] listening = listeners;
        int wanted = wantedEvents;
        LossListener listeningToLosses = lossListener;
        long changes = stats.changes;
        listeners = NOBODY;
        wantedEvents = 0;
        lossListener = null;
        try {
            work.run();
        } finally {
            listeners = listening;
            wantedEvents = wanted;
            lossListener = listeningToLosses;
            stats.changes = changes;
        }
    }

    /** A place of no database: for values that are not to be seen before they are whole ({@link Keyspace#take}). */
    public Keyspace aside() {
        if (aside == null) {
            aside = new Keyspace(this, -1, openStore());
        }
        return aside;
    }

    /** Says who is to learn of changes before they are made, or null. */
    public void witness(Witness newWitness) {
        witness = newWitness;
    }

    public boolean isWitnessed() {
        return witness != null;
    }

    boolean delaysChange(EntryStore store, long key, int length) {
        return witness != null && witness.delaysChange(store, key, length);
    }

    /** Whether commands are kept waiting for which {@link Keyspace#delaysChange} said so. */
    public boolean isDelayingChanges() {
        return witness != null && witness.isDelaying();
    }

    void beforeChange(EntryStore store, long key, int length) {
        if (witness != null) {
            witness.beforeChange(store, key, length);
        }
    }

    /** Says who is to learn of what leaves by itself, or null. */
    public void lossListener(LossListener listener) {
        lossListener = listener;
    }

    void lost(Keyspace keyspace, long key, int length) {
        if (lossListener != null) {
            lossListener.lost(keyspace, key, length);
        }
    }

    void lostField(Keyspace keyspace, long key, int length, long field, int fieldLength) {
        if (lossListener != null) {
            lossListener.lostField(keyspace, key, length, field, fieldLength);
        }
    }

    /** A command has changed the key. */
    void changed(Keyspace keyspace, long key, int length) {
        stats.changes++;
        tellChanged(keyspace, key, length);
    }

    /** The same without being counted, as with Redis: the key has changed by itself. */
    void tellChanged(Keyspace keyspace, long key, int length) {
        for (ChangeListener listener : listeners) {
            listener.changed(keyspace, key, length);
        }
    }

    void awaited(Keyspace keyspace, long key, int length) {
        for (ChangeListener listener : listeners) {
            listener.awaited(keyspace, key, length);
        }
    }

    void cleared(Keyspace keyspace) {
        stats.changes++;
        for (ChangeListener listener : listeners) {
            listener.cleared(keyspace);
        }
    }

    public void listen(EventListener listener) {
        eventListener = listener;
    }

    /** Says which events the listener wants: one bit for each {@link EventClass}, by its number. */
    public void wantEvents(int classes) {
        wantedEvents = classes;
    }

    boolean wantsEvents() {
        return wantedEvents != 0;
    }

    void event(KeyEvent event, Keyspace keyspace, long key, int length) {
        if (wantedEvents != 0 && (wantedEvents >>> event.eventClass().ordinal() & 1) != 0) {
            eventListener.happened(event, keyspace.number(), key, length);
        }
    }

    // --- Memory ---

    /** The limit in bytes, 0 for none. */
    public void maxMemory(long bytes) {
        limit.bytes(bytes);
        uses.policy(evictionPolicy, bytes != 0);
    }

    public long maxMemory() {
        return limit.bytes();
    }

    public MemoryLimit limit() {
        return limit;
    }

    /** By Redis's name, like {@code allkeys-lru}; false if there is no such policy. */
    public boolean evictionPolicy(String name) {
        Eviction.Policy policy = Eviction.Policy.named(name);
        if (policy == null) {
            return false;
        }
        evictionPolicy = policy;
        eviction.policy(policy);
        uses.policy(policy, maxMemory() != 0);
        return true;
    }

    public void evictionSamples(int samples) {
        eviction.samples(samples);
    }

    /** How slowly the count of uses grows under the LFU policies, as Redis has it. */
    public void lfuLogFactor(long factor) {
        uses.logFactor(factor);
    }

    /** The minutes without use after which it is one less; 0 for never. */
    public void lfuDecayMinutes(long minutes) {
        uses.decayMinutes(minutes);
    }

    /** Whether the policy goes by the frequency of uses, rather than their time. */
    public boolean countsFrequency() {
        return evictionPolicy.countsFrequency();
    }

    /** Whether the policy goes by the time of the last use. */
    public boolean countsTime() {
        return evictionPolicy.countsTime();
    }

    /** What {@link Keyspace#idleMillis} is of the entry that a store has found last. */
    public long idleMillis(EntryStore store) {
        return uses.idleMillis(store.use());
    }

    /** What {@link Keyspace#frequency} is of the entry that a store has found last. */
    public int frequency(EntryStore store) {
        return uses.frequency(store.use());
    }

    /** Counts bytes that connections hold in buffers, or no longer hold. */
    public void buffersGrew(long bytes) {
        bufferBytes += bytes;
        limit.buffersGrew();
    }

    public long bufferBytes() {
        return bufferBytes;
    }

    /** What INFO calls used_memory: entries, index, large values, buffers, and what counts of the process beside these. */
    public long usedMemory() {
        return memory.liveBytes() + bufferBytes + limit.processBytes();
    }

    /** Bytes of entries, index and large values. */
    public long liveBytes() {
        return memory.liveBytes();
    }

    /** Bytes of pages that hold nothing and have not been given back to the system yet. */
    public long idleBytes() {
        return memory.idleBytes();
    }

    /** Bytes of indexes and of what says whose blocks are, for INFO. */
    public long indexBytes() {
        long bytes = heap().headBytes();
        for (Keyspace keyspace : keyspaces) {
            bytes += keyspace.store().indexBytes();
        }
        return bytes;
    }

    /** Bytes of all pages that hold data. */
    public long heldBytes() {
        return memory.heldBytes();
    }

    /** Whether background work removes what has expired; reading does so anyway. */
    public void expiringActively(boolean actively) {
        expiringActively = actively;
    }

    /** Whether nothing is to be removed but by commands: no expiry, no eviction. What has expired is not seen anyway. */
    public void held(boolean is) {
        held = is;
    }

    boolean isHeld() {
        return held;
    }

    /**
     * Whether the data follow the commands of others who tell what leaves: nothing is removed otherwise, nor overlooked because
     * its time has come.
     */
    public void following(boolean is) {
        following = is;
    }

    public boolean isFollowing() {
        return following;
    }

    /** Whether what expires at this time has expired. */
    public boolean isPast(long expireAtMillis) {
        return expireAtMillis <= nowMillis && !following;
    }

    /** Whether reading and writing entries from now on counts as use of them. */
    public void touching(boolean counts) {
        touching = counts;
    }

    boolean isTouching() {
        return touching;
    }

    Uses uses() {
        return uses;
    }

    /** The number of entries of all databases. */
    public long size() {
        long size = 0;
        for (Keyspace keyspace : keyspaces) {
            size += keyspace.size();
        }
        return size;
    }

    // --- Values outside their entry ---

    boolean hasLargeValues() {
        return largeValues > 0;
    }

    /** The structures in which they lie. */
    public LargeStructures large() {
        return large;
    }

    void countLargeValue(int change) {
        largeValues += change;
    }

    /** Takes the blocks that the entry's value has outside the entry, to free them in steps; returns whether it has any. */
    boolean discardValue(long entry) {
        boolean isLarge = graveyards.bury(entry);
        largeValues -= isLarge ? 1 : 0;
        return isLarge;
    }

    /** The same, and begins to free them at once. */
    boolean discardValuePromptly(long entry) {
        boolean isLarge = discardValue(entry);
        if (buried() > 0) {
            graveyards.dig(PROMPT_DIGGING_STEP);
        }
        return isLarge;
    }

    // --- Background work ---

    /**
     * A short step of what is due: expiry, buried databases, idle memory.
     *
     * @return whether there is more to do at once
     */
    public boolean backgroundStep() {
        boolean more = false;
        boolean isLate = false;
        if (expires()) {
            int step = BACKGROUND_STEP + FOR_A_COMMAND * lastTurn;
            lastTurn = 0;
            for (Keyspace keyspace : keyspaces) {
                more |= keyspace.expire(step);
                more |= keyspace.expireFields(step);
                isLate |= keyspace.store().isExpiryLate(nowMillis);
            }
        }
        if (buried() > 0) {
            graveyards.dig(DIGGING_STEP);
            more = true;
        }
        more |= !held && !following && limit.isExceeded() && limit.makeRoom();
        lateSteps = isLate ? lateSteps + 1 : 0;
        more |= lateSteps % STEPS_WHILE_LATE == 0 && compaction.step();
        return limit.trim() | memory.decay(nowMillis) | more;
    }

    private boolean expires() {
        return expiringActively && !held && !following;
    }

    /**
     * Removes about so many of the entries that have expired and are still there; returns how much work that was, 0 if there is none. What is due
     * may have to be put in order first.
     */
    int expireSome(int limit) {
        long before = stats.expired;
        boolean more = false;
        for (int i = 0; i < keyspaces.length && expires() && !more && stats.expired == before; i++) {
            more = keyspaces[i].expire(limit);
        }
        int gone = (int) (stats.expired - before);
        return gone == 0 && more ? limit : gone;
    }

    /** Whether there may be entries that have expired and are still there. */
    boolean mayHaveExpired() {
        for (int i = 0; i < keyspaces.length && expires(); i++) {
            if (keyspaces[i].store().mayHaveExpired(nowMillis)) {
                return true;
            }
        }
        return false;
    }

    /** To be called when a turn of commands has run and clients have their replies: does what cannot wait for the next step. */
    public void endTurn() {
        long expiring = stats.expired;
        for (Keyspace keyspace : keyspaces) {
            expiring += keyspace.expiring();
        }
        lastTurn = Math.clamp(Math.max(stats.commands - commandsBefore, expiring - expiringBefore), 0, MOST_OF_A_TURN);
        commandsBefore = stats.commands;
        expiringBefore = expiring;
        compaction.hurry();
    }

    /** When the next step is wanted at the latest, if not at once. */
    public long alarmMillis() {
        return compaction.alarmMillis();
    }

    /** Gives pages that hold nothing back to the system, as many at once as keep nobody waiting for long. */
    public void trim() {
        memory.trim(PURGE_BYTES, 0);
    }

    EntryStore newStore() {
        return new EntryStore(memory, seed, nowMillis);
    }

    /** A store for what is kept about keys beside the databases; counted and compacted as they are. */
    public EntryStore openStore() {
        EntryStore store = newStore();
        sideStores.add(store);
        return store;
    }

    /** Ends its use; the memory comes back by and by. */
    public void closeStore(EntryStore store) {
        sideStores.remove(store);
        bury(store);
    }

    /** Takes a store of a database that was cleared. */
    void discard(EntryStore store) {
        if (witness == null || !witness.keeps(store)) {
            bury(store);
        }
    }

    /** Takes a store whose entries nobody can reach any more, to free it in steps. */
    public void bury(EntryStore store) {
        graveyards.bury(store);
    }

    /** How many large values, and databases, are being freed. */
    public long buried() {
        return graveyards.size();
    }

    @Override
    public void close() {
        memory.close();
    }
}
