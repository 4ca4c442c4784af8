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

    /** Places that are looked at in vain, because what lies there never expires, before the search is given up. */
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
        return switch (policy) {
            case NO_EVICTION -> 0;
            case ALL_KEYS_LRU, VOLATILE_LRU -> leastRecentlyUsed(keyspace.store());
            case ALL_KEYS_RANDOM, VOLATILE_RANDOM -> any(keyspace.store());
            case VOLATILE_TTL -> nextToExpire(keyspace.store());
        };
    }

    /** The times of use lie side by side in the index, so a whole bucket costs no more than one key. */
    private long leastRecentlyUsed(EntryStore store) {
        long victim = 0;
        int oldest = -1;
        int misses = 0;
        for (int found = 0; found < samples && misses < MAX_MISSES; ) {
            long entry = store.coldest(engine.random(), engine.accessTime(), policy.onlyExpiring);
            if (entry == 0) {
                misses++;
                continue;
            }
            found++;
            int age = engine.age(store.recency());
            if (age > oldest) {
                oldest = age;
                victim = entry;
            }
        }
        return victim;
    }

    private long nextToExpire(EntryStore store) {
        long victim = 0;
        for (int i = 0; i < samples; i++) {
            long entry = any(store);
            if (entry != 0 && (victim == 0 || Entry.expireAtMillis(entry) < Entry.expireAtMillis(victim))) {
                victim = entry;
            }
        }
        return victim;
    }

    private long any(EntryStore store) {
        for (int i = 0; i < MAX_MISSES; i++) {
            long entry = store.near(engine.random());
            if (entry != 0 && (!policy.onlyExpiring || Entry.expires(entry))) {
                return entry;
            }
        }
        return 0;
    }
}
