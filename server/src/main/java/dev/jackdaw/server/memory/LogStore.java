package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;
import java.util.ArrayDeque;

/**
 * Owned by one event loop: the other candidate for where entries lie: a log of segments of one megabyte, those of a segment with
 * like times to live. Expired segments leave whole; eviction takes the oldest segment and keeps what was used since;
 * cleaning copies what is live out of the segment that has least of it.
 */
public final class LogStore {
    private static final int SEGMENT_PAGES = Integer.getInteger("segment.pages", 256);
    private static final int SEGMENT = SEGMENT_PAGES * Pages.PAGE;
    private static final int STEPS_PER_OCTAVE = 8;
    private static final int CLASSES = 48 * STEPS_PER_OCTAVE;

    private final Pages pages;
    private final Index index;
    private final Slabs indexSlabs;
    private final long seed;
    private final double mostDead;
    /** By number of segment: what of it is dead, and where its next entry would lie. */
    private final int[] dead = new int[1 << 20];

    private final int[] used = new int[1 << 20];
    private final int[] ttlClass = new int[1 << 20];
    private final long[] lastExpiry = new long[1 << 20];
    private final boolean[] known = new boolean[1 << 20];
    private final int[] open = new int[CLASSES];
    private final ArrayDeque<Integer>[] sealed;
    private final int[] sealedSegments = new int[1 << 20];
    private int sealedCount;
    private final int firstSegment;
    private long segments;
    private long deadBytes;
    private int cleaning = -1;
    private int cleaningAt;
    private int dropping = -1;
    private int droppingAt;
    private boolean evicting;
    private long copied;
    private long written;

    @SuppressWarnings("unchecked")
    public LogStore(Memory memory, long seed, double mostDead) {
        this.pages = memory.pages();
        this.seed = seed;
        this.mostDead = mostDead;
        this.indexSlabs = new Slabs(pages, 0);
        this.index = new Index(pages, indexSlabs, (key, length) -> Hash.of(key, length, seed));
        this.sealed = new ArrayDeque[CLASSES];
        java.util.Arrays.fill(open, -1);
        firstSegment = 0;
    }

    public long heldBytes() {
        return segments * SEGMENT + indexSlabs.slabBytes();
    }

    public long size() {
        return index.size();
    }

    public double copiesPerByte() {
        return (double) copied / written;
    }

    private int segment(long address) {
        return (pages.page(address) - firstSegment) / SEGMENT_PAGES;
    }

    private long base(int segment) {
        return pages.address(firstSegment + segment * SEGMENT_PAGES);
    }

    private static int classOf(long expireAtMillis, long nowMillis) {
        if (expireAtMillis == Entry.NEVER) {
            return 0;
        }
        long left = Math.max(STEPS_PER_OCTAVE, expireAtMillis - nowMillis);
        int octave = 63 - Long.numberOfLeadingZeros(left);
        return octave * STEPS_PER_OCTAVE + (int) (left >>> octave - 3 & 7);
    }

    private long append(int of, int bytes, long expireAtMillis) {
        int segment = open[of];
        if (segment < 0 || used[segment] + bytes > SEGMENT) {
            if (segment >= 0) {
                seal(segment);
            }
            segment = segment(pages.address(pages.allocate(SEGMENT_PAGES)));
            segments++;
            used[segment] = 0;
            dead[segment] = 0;
            lastExpiry[segment] = 0;
            ttlClass[segment] = of;
            known[segment] = true;
            open[of] = segment;
        }
        long at = base(segment) + used[segment];
        used[segment] += bytes;
        lastExpiry[segment] = Math.max(lastExpiry[segment], expireAtMillis);
        return at;
    }

    private void seal(int segment) {
        int of = ttlClass[segment];
        if (sealed[of] == null) {
            sealed[of] = new ArrayDeque<>();
        }
        sealed[of].add(segment);
        sealedSegments[sealedCount++] = segment;
    }

    private void release(int segment) {
        deadBytes -= dead[segment];
        pages.free(firstSegment + segment * SEGMENT_PAGES, SEGMENT_PAGES);
        segments--;
        known[segment] = false;
    }

    private void unseal(int segment) {
        sealed[ttlClass[segment]].remove(segment);
        for (int i = 0; i < sealedCount; i++) {
            if (sealedSegments[i] == segment) {
                sealedSegments[i] = sealedSegments[--sealedCount];
                return;
            }
        }
    }

    private static int rounded(int bytes) {
        return bytes + 3 & ~3;
    }

    public long find(long key, int length, int recency) {
        long slot = index.find(Hash.of(key, length, seed), key, length);
        if (slot == 0) {
            return 0;
        }
        if (recency >= 0) {
            index.recency(slot, recency);
        }
        return index.entry(slot);
    }

    public void put(long key, int keyLength, int valueLength, long expireAtMillis, long nowMillis) {
        int bytes = rounded(Entry.bytes(keyLength, valueLength, expireAtMillis));
        long hash = Hash.of(key, keyLength, seed);
        long slot = index.find(hash, key, keyLength);
        long entry = append(classOf(expireAtMillis, nowMillis), bytes, expireAtMillis);
        written += bytes;
        Entry.header(entry, 0, false, keyLength, valueLength, expireAtMillis);
        Raw.copy(key, Entry.keyAddress(entry), keyLength);
        if (slot == 0) {
            index.insert(hash, entry, 0);
            return;
        }
        died(index.entry(slot));
        index.entry(slot, entry);
    }

    private void died(long entry) {
        int bytes = rounded(Entry.bytes(entry));
        dead[segment(entry)] += bytes;
        deadBytes += bytes;
    }

    /** Expiry and cleaning, a step of them; returns whether there is more to do at once. */
    public boolean background(long nowMillis, int entries) {
        if (dropping < 0) {
            dropping = expired(nowMillis);
            droppingAt = 0;
        }
        if (dropping >= 0) {
            drop(entries);
            return true;
        }
        if (cleaning < 0 && deadBytes > mostDead * segments * SEGMENT) {
            cleaning = emptiest();
            cleaningAt = 0;
            if (cleaning >= 0) {
                unseal(cleaning);
            }
        }
        if (cleaning >= 0) {
            clean(entries, nowMillis);
            return true;
        }
        return false;
    }

    private int expired(long nowMillis) {
        for (int of = 1; of < CLASSES; of++) {
            if (sealed[of] != null && !sealed[of].isEmpty() && lastExpiry[sealed[of].peek()] <= nowMillis) {
                int segment = sealed[of].peek();
                unseal(segment);
                return segment;
            }
            if (open[of] >= 0 && lastExpiry[open[of]] <= nowMillis) {
                int segment = open[of];
                open[of] = -1;
                return segment;
            }
        }
        return -1;
    }

    private int emptiest() {
        int best = -1;
        for (int i = 0; i < sealedCount; i++) {
            int segment = sealedSegments[i];
            if (best < 0 || dead[segment] > dead[best]) {
                best = segment;
            }
        }
        return best;
    }

    /** Begins to take the oldest segment; entries that were used since they were written are written again. */
    public void evict(long nowMillis, int entries) {
        if (dropping < 0) {
            dropping = oldest();
            droppingAt = 0;
            evicting = true;
        }
        drop(entries);
        if (dropping < 0) {
            evicting = false;
        }
    }

    private int oldest() {
        if (sealed[0] == null || sealed[0].isEmpty()) {
            int segment = open[0];
            open[0] = -1;
            return segment;
        }
        int segment = sealed[0].peek();
        unseal(segment);
        return segment;
    }

    private void drop(int entries) {
        for (int i = 0; i < entries && droppingAt < used[dropping]; i++) {
            long entry = base(dropping) + droppingAt;
            int bytes = rounded(Entry.bytes(entry));
            droppingAt += bytes;
            long hash = Hash.of(Entry.keyAddress(entry), Entry.keyLength(entry), seed);
            long slot = index.find(hash, Entry.keyAddress(entry), Entry.keyLength(entry));
            if (slot != 0 && index.entry(slot) == entry) {
                if (evicting && index.recency(slot) > 0) {
                    index.recency(slot, 0);
                    move(entry, bytes, slot, 0);
                } else {
                    index.remove(hash, slot);
                }
            }
        }
        if (droppingAt >= used[dropping]) {
            release(dropping);
            dropping = -1;
        }
    }

    private void move(long entry, int bytes, long slot, int of) {
        long fresh = append(of, bytes, Entry.expireAtMillis(entry));
        Raw.copy(entry, fresh, bytes);
        index.entry(slot, fresh);
        copied += bytes;
    }

    private void clean(int entries, long nowMillis) {
        for (int i = 0; i < entries && cleaningAt < used[cleaning]; i++) {
            long entry = base(cleaning) + cleaningAt;
            int bytes = rounded(Entry.bytes(entry));
            cleaningAt += bytes;
            long hash = Hash.of(Entry.keyAddress(entry), Entry.keyLength(entry), seed);
            long slot = index.find(hash, Entry.keyAddress(entry), Entry.keyLength(entry));
            if (slot != 0 && index.entry(slot) == entry) {
                move(entry, bytes, slot, classOf(Entry.expireAtMillis(entry), nowMillis));
            }
        }
        if (cleaningAt >= used[cleaning]) {
            release(cleaning);
            cleaning = -1;
        }
    }
}
