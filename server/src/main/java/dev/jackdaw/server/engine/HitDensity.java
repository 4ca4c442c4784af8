package dev.jackdaw.server.engine;

/**
 * Owned by its engine's event loop: learns what an entry is worth to the cache from the number of its uses and the time
 * since the last: the hits that such entries went on to bring, divided by the time that they went on to take up memory.
 *
 * <pre>
 *   hits or goings     ages in bins: each to 7, then four to each power of two
 *   of one count       | . | . | . | . |  .  |  .  |    .    |    .    | ...
 *                                |
 *   worth at this age            '--- hits from here on / time lived from here on ---->
 * </pre>
 *
 * Whatever the requests are like, the order is theirs: where what was used last is used next, it is that of LRU; entries
 * used often are kept where that pays; what is only passed through soon leaves. The past is forgotten
 * exponentially. After LHD: Beckmann, Chen, Cidon, NSDI 2018.
 */
final class HitDensity {
    private static final int BINS_PER_OCTAVE_SHIFT = 2;
    private static final int FINE = 2 << BINS_PER_OCTAVE_SHIFT;
    /** What a lesson leaves of the events before it. */
    private static final float MEMORY = 0.97f;

    private final byte[] binOfAge;
    private final int[] width;
    private final float[][] hits;
    private final float[][] goings;
    private final float[][] worth;

    HitDensity(int counts, int ages) {
        binOfAge = new byte[ages];
        int bins = bin(ages - 1) + 1;
        width = new int[bins];
        for (int age = 0; age < ages; age++) {
            binOfAge[age] = (byte) bin(age);
            width[bin(age)]++;
        }
        hits = new float[counts][bins];
        goings = new float[counts][bins];
        worth = new float[counts][bins];
        for (int count = 0; count < counts; count++) {
            learn(count);
        }
    }

    private static int bin(int age) {
        if (age < FINE) {
            return age;
        }
        int octave = 31 - Integer.numberOfLeadingZeros(age) - BINS_PER_OCTAVE_SHIFT;
        return (octave << BINS_PER_OCTAVE_SHIFT) + (age >> octave);
    }

    void hit(int count, int age) {
        hits[count][binOfAge[age]]++;
    }

    void gone(int count, int age) {
        goings[count][binOfAge[age]]++;
    }

    float worth(int count, int age) {
        return worth[count][binOfAge[age]];
    }

    /** Takes what has happened since the last time into account. */
    void learn() {
        for (int count = 0; count < worth.length; count++) {
            learn(count);
        }
    }

    private void learn(int count) {
        float[] hit = hits[count];
        float[] gone = goings[count];
        float laterHits = 0;
        float later = 0;
        float time = 0;
        for (int bin = width.length - 1; bin >= 0; bin--) {
            float here = hit[bin] + gone[bin];
            // Those of later bins live through this one, those of this bin on average through half of it.
            time += later * width[bin] + here * (width[bin] + 1) / 2;
            later += here;
            laterHits += hit[bin];
            worth[count][bin] = (laterHits + guess(count, bin)) / (time + 1);
            hit[bin] *= MEMORY;
            gone[bin] *= MEMORY;
        }
    }

    /** What decides where nothing is known: LRU, and of equal age what was used more often. As good as one span of experience. */
    private static float guess(int count, int bin) {
        return (1 + count / 100f) / (bin + 1);
    }
}
