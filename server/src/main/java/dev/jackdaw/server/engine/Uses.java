package dev.jackdaw.server.engine;

import dev.jackdaw.server.memory.EntryStore;

/**
 * Owned by its engine's event loop: what the index remembers of the use of each entry, in twelve bits.
 *
 * <pre>
 *   use   bits 0-8 span of the last use   bits 9-11 number of uses since the first, seven for more
 * </pre>
 *
 * Spans are numbered round and round. One ends when a sixteenth of the entries have been evicted, so ages tell entries
 * apart at any rate, and what chooses victims sees to it that no age comes round ({@link #capped}). It also ends when it has
 * lasted a 32nd of the time since the start, and so ages do not come round within years.
 */
final class Uses {
    private static final int STAMP_BITS = 9;
    private static final int SPANS = 1 << STAMP_BITS;
    private static final int STAMP = SPANS - 1;
    private static final int MAX_COUNT = (1 << (EntryStore.USE_BITS - STAMP_BITS)) - 1;

    /** A span ends when this share of the entries, as a shift, was evicted. */
    private static final int EVICTED_SHIFT = 4;

    /** It also ends when it has lasted this share of the time since the start, as a shift. */
    private static final int TIME_SHIFT = 5;

    private static final long MIN_SPAN_MILLIS = 1_000;

    /** Older than old: such entries are made younger, before their stamps come to mean something else. */
    private static final int TOO_OLD = SPANS * 3 / 4;

    private static final int OLD = SPANS / 2;

    /** Uses between two lessons: half the entries, but not less than this. */
    private static final int MIN_LESSON = 2_000;

    /** What a key that was never used again has in OBJECT FREQ. */
    private static final int FIRST_FREQUENCY = 5;

    private static final long MINUTE_MILLIS = 60_000;

    private final Engine engine;
    private final HitDensity density = new HitDensity(MAX_COUNT + 1, SPANS);
    private final long startMillis;
    private final long[] lastUseMillis = new long[SPANS];
    private int span;
    private long spanEndMillis;
    private long untilSpanEnds;
    private long untilLesson;
    private Eviction.Policy policy = Eviction.Policy.NOEVICTION;
    private boolean learning;
    private long logFactor = 10;
    private long decayMinutes = 1;

    Uses(Engine engine) {
        this.engine = engine;
        startMillis = engine.nowMillis();
        // As if there had been spans before the start too, for what is restored with an age.
        long before = startMillis;
        for (int age = 0; age < SPANS; age++) {
            lastUseMillis[-age & STAMP] = before;
            before -= Math.max(MIN_SPAN_MILLIS, (startMillis - before) >> TIME_SHIFT);
        }
    }

    /** Learning what an entry is worth pays only while memory is limited, and entries are evicted for it. */
    void policy(Eviction.Policy newPolicy, boolean limited) {
        policy = newPolicy;
        learning = limited && newPolicy.order() == Eviction.Order.WORTH;
    }

    void logFactor(long factor) {
        logFactor = factor;
    }

    void decayMinutes(long minutes) {
        decayMinutes = minutes;
    }

    boolean countsReads() {
        return policy.countsReads();
    }

    /** The use of an entry that is used once more. */
    int again(int use, boolean expires) {
        passTime();
        if (learning && (expires || !policy.onlyExpiring())) {
            density.hit(count(use), age(use));
            lesson();
        }
        return nextCount(use) << STAMP_BITS | span;
    }

    /** The use of a new entry, whose key may have left a ghost. */
    int added(int ghost) {
        passTime();
        if (learning) {
            lesson();
        }
        return ghost & ~STAMP | span;
    }

    /** Takes note that an entry is gone. */
    void gone(int use, boolean expires) {
        if (learning && (expires || !policy.onlyExpiring())) {
            density.gone(count(use), age(use));
        }
    }

    /** Takes note that an entry is about to be evicted; returns what its key leaves behind: should it come back, one use more. */
    int evicted(int use) {
        if (--untilSpanEnds <= 0) {
            nextSpan();
        }
        return Math.min(MAX_COUNT, count(use) + 1) << STAMP_BITS | use & STAMP;
    }

    /** The hits that the entry's memory is likely to bring. */
    float worth(int use) {
        return density.worth(count(use), age(use));
    }

    /** How many spans ago the last use was. */
    int age(int use) {
        return (span - use) & STAMP;
    }

    /** The use of an entry that sampling has found: of what is too old, just an old one. */
    int capped(int use) {
        return age(use) < TOO_OLD ? use : use & ~STAMP | (span - OLD) & STAMP;
    }

    long idleMillis(int use) {
        return Math.max(0, engine.nowMillis() - lastUseMillis[use & STAMP]);
    }

    /** A logarithmic count as Redis has it, up to what the bits can hold. */
    int frequency(int use) {
        return (int) Math.max(0, FIRST_FREQUENCY + count(use) - decay(use));
    }

    /** The use of an entry that was not used for so long. */
    int idle(int use, long millis) {
        passTime();
        int age = 0;
        while (age < TOO_OLD - 1 && idleMillis(span - age) < millis) {
            age++;
        }
        return use & ~STAMP | (span - age) & STAMP;
    }

    /** The use of an entry that was used so often. */
    int frequent(int use, int frequency) {
        int count = Math.clamp(frequency - FIRST_FREQUENCY, 0, MAX_COUNT);
        return use & STAMP | count << STAMP_BITS;
    }

    private static int count(int use) {
        return use >>> STAMP_BITS;
    }

    private int nextCount(int use) {
        if (!policy.countsFrequency()) {
            return Math.min(MAX_COUNT, count(use) + 1);
        }
        int count = (int) Math.max(0, count(use) - decay(use));
        boolean counts = count < MAX_COUNT && (engine.random() >>> 1) % (count * logFactor + 1) == 0;
        return counts ? count + 1 : count;
    }

    private long decay(int use) {
        return decayMinutes == 0 ? 0 : idleMillis(use) / (decayMinutes * MINUTE_MILLIS);
    }

    private void passTime() {
        long now = engine.nowMillis();
        if (now >= spanEndMillis) {
            nextSpan();
        }
        lastUseMillis[span] = now;
    }

    private void nextSpan() {
        long now = engine.nowMillis();
        span = (span + 1) & STAMP;
        lastUseMillis[span] = now;
        spanEndMillis = now + Math.max(MIN_SPAN_MILLIS, (now - startMillis) >> TIME_SHIFT);
        untilSpanEnds = engine.size() >> EVICTED_SHIFT;
    }

    private void lesson() {
        if (--untilLesson <= 0) {
            density.learn();
            untilLesson = Math.max(MIN_LESSON, engine.size() >> 1);
        }
    }
}
