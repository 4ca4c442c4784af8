package dev.jackdaw.server.engine;

import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.EntryStore;

/**
 * Owned by its engine's event loop: chooses what leaves when memory is full. It samples some entries of every database
 * and takes the best victim of them, as Redis does; the time of last use lies in the index, so a sample is cheap.
 */
final class Eviction {
    /** What maxmemory-policy may be. */
    enum Policy {
        NO_EVICTION(false),
        ALL_KEYS_LRU(false),
        ALL_KEYS_RANDOM(false),
        VOLATILE_LRU(true),
        VOLATILE_RANDOM(true),
        VOLATILE_TTL(true);

        private final boolean onlyExpiring;

        Policy(boolean onlyExpiring) {
            this.onlyExpiring = onlyExpiring;
        }
    }

    /** Places that are looked at for a victim that has a time of expiry before the search is given up for a turn. */
    private static final int MAX_MISSES = 1_000;

    private final Engine engine;
    private Policy policy = Policy.NO_EVICTION;
    private int samples = 5;

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
        if (policy == Policy.NO_EVICTION) {
            return false;
        }
        Keyspace keyspace = database();
        if (keyspace == null) {
            return false;
        }
        long victim = victim(keyspace);
        if (victim == 0) {
            return false;
        }
        keyspace.evict(victim);
        return true;
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
        return policy.onlyExpiring ? keyspace.expiring() : keyspace.size();
    }

    private long victim(Keyspace keyspace) {
        EntryStore store = keyspace.store();
        boolean random = policy == Policy.ALL_KEYS_RANDOM || policy == Policy.VOLATILE_RANDOM;
        int wanted = random ? 1 : samples;
        long best = 0;
        long bestScore = -1;
        int misses = 0;
        for (int found = 0; found < wanted && misses < MAX_MISSES; ) {
            long entry = store.near(engine.random());
            if (entry == 0 || policy.onlyExpiring && !Entry.expires(entry)) {
                misses++;
                continue;
            }
            found++;
            long score = policy == Policy.VOLATILE_TTL
                    ? Long.MAX_VALUE - Entry.expireAtMillis(entry)
                    : engine.age(store.recency());
            if (score > bestScore) {
                best = entry;
                bestScore = score;
            }
        }
        return best;
    }
}
