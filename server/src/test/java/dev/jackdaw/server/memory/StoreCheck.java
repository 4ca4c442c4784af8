package dev.jackdaw.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.raw.Raw;

/** Shared and stateless: checks that a store is sound, and lists its blocks. */
public final class StoreCheck {
    private StoreCheck() {}

    /** The visitor is shown each entry. */
    public static void check(EntryStore store, Inventory inventory, EntryStore.Visitor visitor) {
        long[] expiring = {0};
        boolean isWalked = store.isAhead(-1);
        checkIndex(store, inventory, entry -> {
            expiring[0] += Entry.expires(entry) ? 1 : 0;
            assertThat(Entry.isNoted(entry) && !isWalked)
                    .as("a note outside a walk")
                    .isFalse();
            inventory.add(store.slabs, entry, Entry.bytes(entry), Entry.expireAtMillis(entry));
            visitor.visit(entry);
        });
        assertThat(store.expiring()).isEqualTo(expiring[0]);
    }

    private static void checkIndex(EntryStore store, Inventory inventory, EntryStore.Visitor visitor) {
        Index index = store.index;
        index.isPinned = true;
        long entries = 0;
        long bytes = inventory.add(
                store.indexSlabs, index.directory, Math.toIntExact(Index.directoryBytes(index.depth)), Slabs.NEVER);
        for (long i = 0; i < 1L << index.depth; ) {
            long word = Raw.getLong(index.directory + i * Long.BYTES);
            long copies = 1L << (index.depth - Index.depthOf(word));
            assertThat(i % copies).as("a segment out of line").isZero();
            for (long copy = 1; copy < copies; copy++) {
                long other = Raw.getLong(index.directory + (i + copy) * Long.BYTES);
                assertThat((word ^ other) << (Long.SIZE - Index.COUNT_SHIFT)).isZero();
            }
            long segment = index.segment(word);
            bytes += inventory.add(store.indexSlabs, segment, Index.buckets(word) * Index.BUCKET, Slabs.NEVER);
            checkSegment(store, word, i >>> (index.depth - Index.depthOf(word)), visitor);
            entries += Index.count(word);
            i += copies;
        }
        index.isPinned = false;
        assertThat(store.size()).isEqualTo(entries);
        assertThat(store.indexBytes()).isEqualTo(bytes);
    }

    private static void checkSegment(EntryStore store, long word, long prefix, EntryStore.Visitor visitor) {
        Index index = store.index;
        long segment = index.segment(word);
        int buckets = Index.buckets(word);
        int depth = Index.depthOf(word);
        long count = 0;
        int[] taken = new int[buckets];
        boolean[] overflow = new boolean[buckets];
        for (int bucket = 0; bucket < buckets; bucket++) {
            for (int i = 0; i < Index.SLOTS; i++) {
                long slot = segment + (long) bucket * Index.BUCKET + (long) i * Long.BYTES;
                if (!Index.isTaken(slot)) {
                    continue;
                }
                count++;
                taken[bucket]++;
                long entry = index.entry(slot);
                long hash = store.hash(Entry.keyAddress(entry), Entry.keyLength(entry));
                assertThat(depth == 0 ? 0 : hash >>> (Long.SIZE - depth)).isEqualTo(prefix);
                assertThat((Raw.getLong(slot) & Index.POSITION) >>> Index.POSITION_SHIFT)
                        .isEqualTo(Index.position(hash, depth));
                assertThat(index.find(hash, Entry.keyAddress(entry), Entry.keyLength(entry)))
                        .as("where a key is found")
                        .isEqualTo(slot);
                for (int b = Segment.home(Index.position(hash, depth), buckets); b != bucket; b = (b + 1) % buckets) {
                    overflow[b] = true;
                }
                visitor.visit(entry);
            }
        }
        assertThat(Index.count(word)).isEqualTo(count);
        for (int bucket = 0; bucket < buckets; bucket++) {
            boolean bit = Raw.getLong(segment + (long) bucket * Index.BUCKET) < 0;
            assertThat(bit || !overflow[bucket])
                    .as("a bucket says that keys were carried past it")
                    .isTrue();
            assertThat(!bit || taken[bucket] == Index.SLOTS)
                    .as("only a full bucket says so")
                    .isTrue();
        }
    }
}
