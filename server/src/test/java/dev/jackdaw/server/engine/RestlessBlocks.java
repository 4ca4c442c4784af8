package dev.jackdaw.server.engine;

import dev.jackdaw.server.memory.RestlessSlabs;
import java.util.SplittableRandom;

/**
 * Owned by one test: moves the blocks of large values all the time, each time it comes by, a few at a time: what
 * compaction does to few of them. No command may notice.
 */
public final class RestlessBlocks {
    private static final int MOST = 30;
    private static final int MOST_BYTES = 10_000;

    private final Engine engine;
    private final Compaction compaction;
    private final SplittableRandom random = new SplittableRandom(11);

    public RestlessBlocks(Engine engine) {
        this.engine = engine;
        this.compaction = new Compaction(engine, address -> true);
    }

    /** Goes on for a few blocks. */
    public void move() {
        compaction.walk(random.nextInt(MOST));
        if (!engine.isWitnessed()) {
            RestlessSlabs.move(engine.heap(), random.nextInt(MOST_BYTES));
        }
    }
}
