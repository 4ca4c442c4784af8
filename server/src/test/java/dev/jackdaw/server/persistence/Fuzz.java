package dev.jackdaw.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.server.command.TestNode;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Owned by one test: damage of all kinds, and for how long: {@code -Dfuzz.seconds}. {@code -Dfuzz.seed} repeats a run as far as
 * time lets it.
 */
final class Fuzz {
    private static final long SECONDS = Long.getLong("fuzz.seconds", 2);
    private static final int MAX_RATIO = 100;
    private static final long SPARE_BYTES = 256 << 10;

    private final long seed = Long.getLong("fuzz.seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    private int inputs;

    Fuzz() {
        System.out.println("fuzz: -Dfuzz.seed=" + seed);
    }

    Random random() {
        return random;
    }

    /** Whether there is time for another input. */
    boolean goesOn() {
        inputs++;
        return System.nanoTime() < endNanos;
    }

    /** Names the input in question. */
    @Override
    public String toString() {
        return "seed " + seed + ", input " + inputs;
    }

    /** Reading may take a hundred times what was read, and no more. */
    void assertBounded(TestNode node, long usedBefore, long inputBytes) {
        long taken = node.engine().usedMemory() - usedBefore;
        assertThat(taken).as(toString()).isLessThan(MAX_RATIO * inputBytes + SPARE_BYTES);
    }

    /** A copy in which some bytes are others, more or fewer. */
    byte[] damaged(byte[] whole) {
        byte[] bytes = whole.clone();
        for (int i = 1 + random.nextInt(3); i > 0 && bytes.length > 0; i--) {
            bytes = damagedOnce(bytes, random.nextInt(bytes.length));
        }
        return bytes;
    }

    private byte[] damagedOnce(byte[] bytes, int at) {
        switch (random.nextInt(12)) {
            case 0 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 1, 2 -> {
                byte[] more = new byte[bytes.length + 1 + random.nextInt(4)];
                System.arraycopy(bytes, 0, more, 0, at);
                System.arraycopy(bytes, at, more, at + more.length - bytes.length, bytes.length - at);
                return more;
            }
            case 3, 4 -> {
                int fewer = Math.min(bytes.length - at, 1 + random.nextInt(4));
                byte[] rest = Arrays.copyOf(bytes, bytes.length - fewer);
                System.arraycopy(bytes, at + fewer, rest, at, rest.length - at);
                return rest;
            }
            case 5, 6, 7 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 8 -> bytes[at] = (byte) (random.nextBoolean() ? 0xff : 0x7f);
            default -> bytes[at] = (byte) random.nextInt(256);
        }
        return bytes;
    }
}
