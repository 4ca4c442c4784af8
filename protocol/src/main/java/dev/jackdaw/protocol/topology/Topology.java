package dev.jackdaw.protocol.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Immutable: the slot table of one epoch. A shard is looked up by slot in one array access; its index is its place in
 * {@link #shards()}, which is sorted by name.
 */
public final class Topology {
    public static final int SLOTS = 16384;

    private final long epoch;
    private final List<Shard> shards;
    private final short[] owners;

    /** {@code owners[slot]} is an index into {@code shards}. */
    Topology(long epoch, List<Shard> shards, short[] owners) {
        if (owners.length != SLOTS) {
            throw new IllegalArgumentException("a slot table has " + SLOTS + " entries");
        }
        for (short owner : owners) {
            if (owner < 0 || owner >= shards.size()) {
                throw new IllegalArgumentException("a slot without an owner");
            }
        }
        this.epoch = epoch;
        this.shards = List.copyOf(shards);
        this.owners = owners.clone();
    }

    /** Grows by one with every change; of two tables the higher epoch holds. */
    public long epoch() {
        return epoch;
    }

    public List<Shard> shards() {
        return shards;
    }

    public int shardIndex(int slot) {
        return owners[slot];
    }

    public Shard shard(int slot) {
        return shards.get(owners[slot]);
    }

    /** How many slots a shard owns. */
    public int slots(int shardIndex) {
        int slots = 0;
        for (short owner : owners) {
            if (owner == shardIndex) {
                slots++;
            }
        }
        return slots;
    }

    /** The whole table as runs, in the order of slots. */
    public List<SlotRange> ranges() {
        List<SlotRange> ranges = new ArrayList<>();
        int first = 0;
        for (int slot = 1; slot <= SLOTS; slot++) {
            if (slot == SLOTS || owners[slot] != owners[first]) {
                ranges.add(new SlotRange(first, slot - 1, shard(first)));
                first = slot;
            }
        }
        return ranges;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Topology that
                && epoch == that.epoch
                && shards.equals(that.shards)
                && Arrays.equals(owners, that.owners);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(epoch) * 31 + shards.hashCode();
    }

    @Override
    public String toString() {
        return "epoch " + epoch + ", " + shards.size() + " shards, " + ranges().size() + " ranges";
    }
}
