package dev.jackdaw.proxy.route;

import dev.jackdaw.protocol.route.Merge;
import dev.jackdaw.protocol.route.Splitter;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;

/** Owned by one event loop: the mergers that are free, so that a split command allocates nothing. */
public final class Mergers {
    private static final int MOST_KEPT = 1024;
    private static final int FIRST_BYTES = 1024;

    private final ArrayDeque<Merger> free = new ArrayDeque<>();
    private final ByteBufAllocator allocator;

    public Mergers(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** Who will make one reply of {@code parts}, and give it to {@code to}. */
    public Merger everyNode(Merge merge, int parts, ReplySink to, int tag) {
        return take().begin(merge, parts, to, tag);
    }

    /** Who will make one reply of the groups that {@code splitter} has found. */
    public Merger split(Merge merge, Splitter splitter, ReplySink to, int tag) {
        Merger merger = take().begin(merge, splitter.groups(), to, tag);
        merger.keys(splitter);
        return merger;
    }

    void giveBack(Merger merger) {
        if (free.size() < MOST_KEPT) {
            free.push(merger);
        } else {
            merger.release();
        }
    }

    /** Frees the memory of those that wait to be used. */
    public void close() {
        free.forEach(Merger::release);
        free.clear();
    }

    private Merger take() {
        Merger merger = free.poll();
        return merger != null
                ? merger
                : new Merger(this, allocator.directBuffer(FIRST_BYTES), allocator.directBuffer(FIRST_BYTES));
    }
}
