package dev.jackdaw.benchmarks.load;

/**
 * Owned by one load: the numbers that are written into its commands, either all in turn or at random below a bound.
 *
 * <p>The random sequence depends on its seed alone, so that two servers can be given the very same commands.
 */
public final class Numbers {
    private static final long MULTIPLIER = 0x2545F4914F6CDD1DL;

    private final long bound;
    private final boolean inTurn;
    private long state;
    private long next;

    private Numbers(long bound, long seed, boolean inTurn) {
        if (bound < 1 || bound > Digits.MAX) {
            throw new IllegalArgumentException("a bound must lie between 1 and " + Digits.MAX + ": " + bound);
        }
        this.bound = bound;
        this.inTurn = inTurn;
        this.state = (seed + 1) * 0x9E3779B97F4A7C15L | 1;
    }

    /** 0, 1, 2, ... and from {@code bound} on from 0 again. */
    public static Numbers inTurn(long bound) {
        return new Numbers(bound, 0, true);
    }

    /** Uniformly random numbers from 0 to {@code bound - 1}. */
    public static Numbers random(long bound, long seed) {
        return new Numbers(bound, seed, false);
    }

    int next() {
        if (!inTurn) {
            return below(bound);
        }
        long number = next;
        next = number + 1 == bound ? 0 : number + 1;
        return (int) number;
    }

    /** A random number from 0 to {@code limit - 1}, whichever kind of numbers these are. */
    int below(long limit) {
        state ^= state >>> 12;
        state ^= state << 25;
        state ^= state >>> 27;
        return (int) ((((state * MULTIPLIER) >>> 32) * limit) >>> 32);
    }
}
