package dev.jackdaw.protocol.topology;

/** Immutable: a run of neighbouring slots, both ends included, that one shard owns. */
public record SlotRange(int first, int last, Shard shard) {
    public int size() {
        return last - first + 1;
    }
}
