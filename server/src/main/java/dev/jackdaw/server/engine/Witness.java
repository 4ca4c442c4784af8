package dev.jackdaw.server.engine;

import dev.jackdaw.server.memory.EntryStore;

/** Owned by the event loop: learns of entries while they are still as they were. It must not change the databases. */
public interface Witness {
    /** The key is about to change, to go or to come to be in the store. */
    void beforeChange(EntryStore store, long key, int length);

    /**
     * Whether it needs some time, in steps, before the key may change without keeping all others waiting. It has begun with that, or will when it
     * is asked again.
     */
    boolean delaysChange(EntryStore store, long key, int length);

    /** Whether it needs time for such a key now. */
    boolean isDelaying();

    /** Whether it keeps a store that was cleared, and will {@link Engine#bury} it. */
    boolean keeps(EntryStore store);
}
