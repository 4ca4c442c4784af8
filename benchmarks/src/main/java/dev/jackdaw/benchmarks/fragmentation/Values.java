package dev.jackdaw.benchmarks.fragmentation;

import java.util.SplittableRandom;

/** Owned by one thread: random texts, numbers and times to live, the same in each run. */
final class Values {
    /** At least as many different texts of each size. */
    private static final int TEXTS = 1024;

    private final SplittableRandom random = new SplittableRandom(1);
    private final int maxBytes;
    private final String letters;

    Values(int maxBytes) {
        this.maxBytes = maxBytes;
        this.letters = random.ints(maxBytes + TEXTS, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Of 1 to {@code maxBytes} letters. */
    String value() {
        return text(1, maxBytes);
    }

    /** Of 1 to {@code maxBytes} letters, but not more than {@code bound}. */
    String value(int bound) {
        return text(1, Math.min(maxBytes, bound));
    }

    /** Of so many letters. */
    String text(int least, int most) {
        int bytes = between(least, most);
        int from = random.nextInt(letters.length() - bytes);
        return letters.substring(from, from + bytes);
    }

    int between(int least, int most) {
        return random.nextInt(least, most + 1);
    }

    /** As likely from 10 to 100 as from 100 to 1,000. */
    long ofAnyMagnitude(long least, long most) {
        return Math.round(Math.exp(random.nextDouble(Math.log(least), Math.log(most))));
    }
}
