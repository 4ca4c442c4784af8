package dev.jackdaw.server.observe;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.memory.Hash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Owned by the event loop: which keys are asked for most, from a sample of the commands. It keeps few counters: a key without one takes that of
 * the rarest key and goes on counting from there (the "space-saving" way), so a key that is truly hot is never
 * missed, and none seems rarer than it is. Counts fade, so that the list is about the last minutes.
 */
public final class HotKeys {
    /** A key with a share of the sampled commands; no more of it than is kept. */
    public record HotKey(int database, String key, double share) {}

    private static final int COUNTERS = 64;
    private static final int KEPT_BYTES = 128;
    /** After so many samples all counts are halved. */
    private static final int FADE_SAMPLES = 1 << 14;
    /** A smaller share may be chance. */
    private static final double LEAST_SHARE = 0.01;

    private final long seed;
    private final long[] hashes = new long[COUNTERS];
    private final int[] counts = new int[COUNTERS];
    /** What of a count another key may have left behind. */
    private final int[] inherited = new int[COUNTERS];

    private final int[] databases = new int[COUNTERS];
    private final int[] lengths = new int[COUNTERS];
    private final byte[][] keys = new byte[COUNTERS][KEPT_BYTES];
    private int samples;
    private int total;

    public HotKeys(long seed) {
        this.seed = seed;
    }

    /** Counts a sampled command on a key. */
    public void add(int database, long key, int length) {
        long hash = Hash.of(key, length, seed + database);
        int rarest = 0;
        int place = -1;
        for (int i = 0; i < COUNTERS && place < 0; i++) {
            if (counts[i] > 0 && hashes[i] == hash) {
                place = i;
            } else if (counts[i] < counts[rarest]) {
                rarest = i;
            }
        }
        if (place < 0) {
            place = rarest;
            hashes[place] = hash;
            inherited[place] = counts[place];
            databases[place] = database;
            lengths[place] = Math.min(length, KEPT_BYTES);
            Raw.copy(key, keys[place], 0, lengths[place]);
        }
        counts[place]++;
        total++;
        if (++samples == FADE_SAMPLES) {
            fade();
        }
    }

    private void fade() {
        samples = 0;
        total /= 2;
        for (int i = 0; i < COUNTERS; i++) {
            counts[i] /= 2;
            inherited[i] /= 2;
        }
    }

    /** The keys that certainly have a share worth telling, the hottest first. */
    public List<HotKey> hottest() {
        List<HotKey> found = new ArrayList<>();
        for (int i = 0; i < COUNTERS; i++) {
            double share = (double) (counts[i] - inherited[i]) / Math.max(1, total);
            if (share >= LEAST_SHARE) {
                String key = new String(keys[i], 0, lengths[i], StandardCharsets.ISO_8859_1);
                found.add(new HotKey(databases[i], key, share));
            }
        }
        found.sort(Comparator.comparingDouble(HotKey::share).reversed());
        return found;
    }

    /** CONFIG RESETSTAT. */
    public void reset() {
        samples = 0;
        total = 0;
        Arrays.fill(counts, 0);
    }
}
