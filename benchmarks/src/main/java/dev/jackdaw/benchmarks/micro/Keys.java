package dev.jackdaw.benchmarks.micro;

import dev.jackdaw.protocol.raw.Raw;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Owned by one benchmark: 16-byte keys side by side in native memory, and a random order of going through them. */
final class Keys implements AutoCloseable {
    static final int BYTES = 16;

    private static final int ORDER = 1 << 20;

    private final Arena arena = Arena.ofConfined();
    private final long address;
    private final int[] order = new int[ORDER];
    private int next;

    Keys(int count) {
        address = arena.allocate((long) count * BYTES).address();
        for (int i = 0; i < count; i++) {
            Raw.copy("key:%012d".formatted(i).getBytes(StandardCharsets.US_ASCII), 0, address(i), BYTES);
        }
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < ORDER; i++) {
            order[i] = random.nextInt(count);
        }
    }

    long address(int key) {
        return address + (long) key * BYTES;
    }

    /** The address of a random key. */
    long next() {
        next = next + 1 & ORDER - 1;
        return address(order[next]);
    }

    @Override
    public void close() {
        arena.close();
    }
}
