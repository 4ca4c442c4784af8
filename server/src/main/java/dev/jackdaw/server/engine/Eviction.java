package dev.jackdaw.server.engine;

import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.EntryStore;
import java.util.Locale;

/**
 * Owned by its engine's event loop: chooses what leaves when memory is full. It looks at some entries of a database, whole
 * buckets of the index since what decides stands there, and removes the one that the policy can spare most easily.
 */
final class Eviction implements EntryStore.Sampler {
    /** What decides about who leaves. */
    enum Order {
        NONE,
        WORTH,
        AGE,
        CHANCE,
        EXPIRY
    }

    /** Immutable: what maxmemory-policy may be. */
    enum Policy {
        NOEVICTION(Order.NONE),
        ALLKEYS_LRU(Order.WORTH),
        ALLKEYS_LFU(Order.WORTH),
        ALLKEYS_LRM(Order.AGE),
        ALLKEYS_RANDOM(Order.CHANCE),
        VOLATILE_LRU(Order.WORTH),
        VOLATILE_LFU(Order.WORTH),
        VOLATILE_LRM(Order.AGE),
        VOLATILE_RANDOM(Order.CHANCE),
        VOLATILE_TTL(Order.EXPIRY);

        private final Order order;
        private final boolean onlyExpiring = name().startsWith("VOLATILE");

        Policy(Order order) {
            this.order = order;
        }

        /** The policy that Redis calls so, or null. */
        static Policy named(String name) {
            for (Policy policy : values()) {
                if (policy.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(name)) {
                    return policy;
                }
            }
            return null;
        }

        Order order() {
            return order;
        }

        boolean onlyExpiring() {
            return onlyExpiring;
        }

        boolean countsFrequency() {
            return this == ALLKEYS_LFU || this == VOLATILE_LFU;
        }

        boolean countsTime() {
            return order == Order.AGE || this == ALLKEYS_LRU || this == VOLATILE_LRU;
        }

        /** Least recently modified: there only writing is use. */
        boolean countsReads() {
            return order != Order.AGE;
        }
    }

    /** A bucket has about seven entries, so the default of five samples is two buckets. */
    private static final int ENTRIES_PER_SAMPLE = 2;

    private static final int MAX_SAMPLES = 64;

    /** Buckets without an entry that may leave, after which the index is searched from end to end. */
    private static final int MAX_EMPTY_BUCKETS = 200;

    /**
     * One victim in so many is the oldest of the sample, whatever it is worth: an entry that is never evicted young
     * enough, or kept old enough, teaches nothing.
     */
    private static final int EXPLORING = 128;

    private final Engine engine;
    private Policy policy = Policy.NOEVICTION;
    private int samples = 5;
    private boolean exploring;
    private int seen;
    private long victim;
    private int victimUse;
    private double victimWorth;
    private long cursor;
    private final long[] reservoir = new long[MAX_SAMPLES * ENTRIES_PER_SAMPLE];
    /** Entries that the reservoir is a choice of. */
    private int shown;

    Eviction(Engine engine) {
        this.engine = engine;
    }

    void policy(Policy newPolicy) {
        policy = newPolicy;
    }

    void samples(int newSamples) {
        samples = newSamples;
    }

    /** Removes one entry by the policy, or returns false where there is none that it may remove. */
    boolean evictOne() {
        Keyspace keyspace = policy == Policy.NOEVICTION ? null : database();
        if (keyspace == null) {
            return false;
        }
        choose(keyspace.store());
        keyspace.evict(victim, engine.uses().evicted(victimUse));
        return true;
    }

    /** Whether there is an entry that the policy may remove. */
    boolean hasCandidates() {
        if (policy != Policy.NOEVICTION) {
            for (int i = 0; i < engine.databases(); i++) {
                if (candidates(engine.keyspace(i)) > 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A database with candidates, each as likely as its share of them. */
    private Keyspace database() {
        long total = 0;
        for (int i = 0; i < engine.databases(); i++) {
            total += candidates(engine.keyspace(i));
        }
        if (total == 0) {
            return null;
        }
        long at = Long.remainderUnsigned(engine.random(), total);
        for (int i = 0; i < engine.databases(); i++) {
            at -= candidates(engine.keyspace(i));
            if (at < 0) {
                return engine.keyspace(i);
            }
        }
        throw new AssertionError("a random number beyond the total");
    }

    private long candidates(Keyspace keyspace) {
        return policy.onlyExpiring() ? keyspace.expiring() : keyspace.size();
    }

    private void choose(EntryStore store) {
        victim = 0;
        seen = 0;
        exploring = (engine.random() & (EXPLORING - 1)) == 0;
        int wanted = Math.min(samples, MAX_SAMPLES) * ENTRIES_PER_SAMPLE;
        int empty = 0;
        while (seen < wanted && empty < MAX_EMPTY_BUCKETS) {
            int before = seen;
            store.sample(engine.random(), this);
            empty += seen == before ? 1 : 0;
        }
        // Few entries of many expire, or there are few in a large index.
        while (victim == 0) {
            if (policy.onlyExpiring()) {
                sampleExpiring(store, wanted);
            } else {
                cursor = store.scan(cursor, entry -> sample(entry, 0));
            }
        }
    }

    /** Looks at some of those that expire and lie together: each as likely as any other (Vitter's reservoir sampling, 1985). */
    private void sampleExpiring(EntryStore store, int wanted) {
        shown = 0;
        store.showExpiring(engine.random(), entry -> {
            long place = shown < wanted ? shown : Long.remainderUnsigned(engine.random(), shown + 1);
            if (place < wanted) {
                reservoir[(int) place] = entry;
            }
            shown++;
        });
        for (int i = 0; i < Math.min(wanted, shown); i++) {
            store.find(Entry.keyAddress(reservoir[i]), Entry.keyLength(reservoir[i]));
            store.use(sample(reservoir[i], store.use()));
        }
    }

    @Override
    public int sample(long entry, int use) {
        if (policy.onlyExpiring() && !Entry.expires(entry)) {
            return use;
        }
        seen++;
        double worth = worth(entry, use);
        if (victim == 0 || worth < victimWorth) {
            victim = entry;
            victimUse = use;
            victimWorth = worth;
        }
        return engine.uses().capped(use);
    }

    private double worth(long entry, int use) {
        return switch (policy.order()) {
            case WORTH -> exploring ? -engine.uses().age(use) : engine.uses().worth(use);
            case AGE -> -engine.uses().age(use);
            case NONE, CHANCE -> engine.random();
            case EXPIRY -> Entry.expireAtMillis(entry);
        };
    }
}
