package dev.jackdaw.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.raw.Raw;

/** Shared and stateless: checks that large collections are sound, and lists their blocks. */
public final class LargeValueCheck {
    private LargeValueCheck() {}

    public static void checkHash(LargeHash table, long root, Heap heap, Inventory inventory) {
        long buckets = Raw.getLong(root + LargeHashBuckets.BUCKETS);
        long chunks = (buckets + LargeHashBuckets.CHUNK - 1) / LargeHashBuckets.CHUNK;
        long directoryWords = roundedUp(chunks, LargeHashBuckets.DIRECTORY_STEP);
        long directory = Raw.getLong(root + LargeHashBuckets.DIRECTORY);
        long handle = Raw.getLong(root + LargeHashBuckets.HANDLE);
        long bytes = inventory.add(heap, root, LargeHashBuckets.ROOT_BYTES)
                + inventory.addHandle(heap, handle, root)
                + inventory.addOwned(heap, directory, Math.toIntExact(directoryWords * Long.BYTES), handle);
        for (long i = 0; i < chunks; i++) {
            long words = Math.min(
                    LargeHashBuckets.CHUNK,
                    roundedUp(buckets - i * LargeHashBuckets.CHUNK, LargeHashBuckets.CHUNK_STEP));
            bytes +=
                    inventory.addOwned(heap, Raw.getLong(directory + i * Long.BYTES), (int) words * Long.BYTES, handle);
        }
        long size = 0;
        for (long bucket = 0; bucket < buckets; bucket++) {
            long block = Raw.getLong(LargeHashBuckets.word(root, bucket));
            if (block == 0) {
                continue;
            }
            int end = Raw.getInt(block);
            bytes += inventory.addOwned(heap, block, end, handle);
            long at = block + LargeHash.BLOCK_HEAD;
            for (; at < block + end; at += LargeHash.elementBytes(at)) {
                size++;
                long hash = table.hash(table.keyAddress(at), table.keyLength(at));
                assertThat(LargeHashBuckets.of(root, hash)).isEqualTo(bucket);
                assertThat(table.find(root, table.keyAddress(at), table.keyLength(at)))
                        .isEqualTo(at);
                if (LargeHash.isOutside(at)) {
                    bytes += inventory.addOwned(heap, LargeHash.outside(at), table.outsideBytes(at), handle);
                }
            }
            assertThat(at).isEqualTo(block + end);
        }
        assertThat(table.size(root)).isEqualTo(size);
        assertThat(table.bytes(root)).isEqualTo(bytes);
    }

    private static long roundedUp(long number, int step) {
        return (number + step - 1) / step * step;
    }

    public static void checkList(long root, Heap heap, Inventory inventory) {
        long handle = Raw.getLong(root + LargeList.HANDLE);
        long bytes = inventory.add(heap, root, LargeList.ROOT_BYTES) + inventory.addHandle(heap, handle, root);
        long size = 0;
        long previous = 0;
        for (long chunk = Raw.getLong(root); chunk != 0; chunk = Raw.getLong(chunk + LargeList.NEXT)) {
            int blockBytes = LargeList.blockBytes(chunk);
            long block = chunk + LargeList.BLOCK;
            bytes += inventory.addOwned(heap, chunk, LargeList.BLOCK + blockBytes, handle);
            assertThat(Raw.getLong(chunk + LargeList.PREVIOUS)).isEqualTo(previous);
            int count = 0;
            long end = PackedList.end(block, blockBytes);
            for (long at = PackedList.first(block); at < end; at = PackedList.next(at)) {
                count++;
            }
            assertThat(PackedList.count(block)).isPositive().isEqualTo(count);
            size += count;
            previous = chunk;
        }
        assertThat(Raw.getLong(root + LargeList.LAST)).isEqualTo(previous);
        assertThat(Raw.getLong(root + LargeList.SIZE)).isEqualTo(size);
        assertThat(LargeList.bytes(root)).isEqualTo(bytes);
    }

    /** Turns the view to the set. */
    public static void checkSortedSet(SortedTree tree, long root, Heap heap, Inventory inventory) {
        tree.at(root);
        long table = Raw.getLong(root + MemberTables.TABLE);
        long oldTable = Raw.getLong(root + MemberTables.OLD_TABLE);
        long[] lastLeaf = {0};
        long bytes = inventory.add(heap, root, SortedTree.ROOT_BYTES);
        long node = Raw.getLong(root + SortedTree.NODE);
        int height = Raw.getInt(root + SortedTree.HEIGHT);
        long size = height == 0
                ? checkLeaf(tree, root, node, lastLeaf)
                : checkBranch(tree, root, node, height, lastLeaf, heap, inventory);
        assertThat(Raw.getLong(root + SortedTree.LAST)).isEqualTo(lastLeaf[0]);
        assertThat(SortedLeaf.next(lastLeaf[0])).isZero();
        assertThat(tree.size()).isEqualTo(size);
        for (long leaf = Raw.getLong(root + SortedTree.FIRST); leaf != 0; leaf = SortedLeaf.next(leaf)) {
            bytes += inventory.add(heap, leaf, SortedLeaf.bytes(leaf));
        }
        bytes += branchBytes(node, height);
        assertThat(Raw.getLong(root + SortedTree.BYTES)).isEqualTo(bytes);
        long indexed = checkTable(table, heap, inventory) + (oldTable == 0 ? 0 : checkTable(oldTable, heap, inventory));
        assertThat(indexed).as("members in the index").isEqualTo(size);
        long previous = 0;
        for (boolean more = tree.seek(0); more; more = tree.next()) {
            long entry = tree.entry;
            assertThat(previous == 0 || SortedRun.compare(previous, tree.score(), tree.address(), tree.length()) < 0)
                    .as("entries in order")
                    .isTrue();
            previous = entry;
        }
    }

    private static long branchBytes(long node, int height) {
        long bytes = height == 0 ? 0 : Heap.taken(SortedBranch.BYTES);
        for (int i = 0; height > 1 && i < SortedBranch.count(node); i++) {
            bytes += branchBytes(SortedBranch.child(node, i), height - 1);
        }
        return bytes;
    }

    private static long checkBranch(
            SortedTree tree, long root, long node, int level, long[] lastLeaf, Heap heap, Inventory inventory) {
        inventory.add(heap, node, SortedBranch.BYTES);
        assertThat(SortedBranch.level(node)).isEqualTo(level);
        assertThat(SortedBranch.count(node)).isBetween(1, SortedBranch.MAX);
        long size = 0;
        for (int i = 0; i < SortedBranch.count(node); i++) {
            long child = SortedBranch.child(node, i);
            assertThat(SortedBranch.score(node, i) == SortedRun.score(SortedBranch.firstEntry(child, level - 1)))
                    .as("the first score below a branch")
                    .isTrue();
            long below = level == 1
                    ? checkLeaf(tree, root, child, lastLeaf)
                    : checkBranch(tree, root, child, level - 1, lastLeaf, heap, inventory);
            assertThat(SortedBranch.size(node, i)).isEqualTo(below);
            size += below;
        }
        return size;
    }

    private static long checkLeaf(SortedTree tree, long root, long leaf, long[] lastLeaf) {
        assertThat(SortedLeaf.previous(leaf)).isEqualTo(lastLeaf[0]);
        assertThat(lastLeaf[0] == 0 ? Raw.getLong(root + SortedTree.FIRST) : SortedLeaf.next(lastLeaf[0]))
                .isEqualTo(leaf);
        lastLeaf[0] = leaf;
        int count = 0;
        long entry = SortedLeaf.start(leaf);
        for (; entry < SortedLeaf.end(leaf); entry = SortedRun.next(entry)) {
            count++;
            assertThat(tree.find(SortedRun.member(entry), SortedRun.length(entry)))
                    .isTrue();
            assertThat(tree.entry).as("where a member is found").isEqualTo(entry);
        }
        assertThat(entry).isEqualTo(SortedLeaf.end(leaf));
        assertThat(SortedLeaf.count(leaf)).isEqualTo(count);
        return count;
    }

    /** Returns how many members the table has. */
    private static long checkTable(long table, Heap heap, Inventory inventory) {
        int buckets = MemberIndex.buckets(table);
        long bytes = inventory.add(heap, table, MemberIndex.tableBytes(buckets));
        long members = 0;
        for (int i = 0; i < MemberIndex.segments(buckets); i++) {
            long segment = Raw.getLong(MemberIndex.segmentAt(table, i));
            if (segment != 0) {
                bytes += inventory.add(heap, segment, MemberIndex.segmentBytes(buckets, i));
            }
        }
        for (int bucket = 0; bucket < buckets; bucket++) {
            long at = MemberIndex.bucket(table, bucket);
            members += at == 0 ? 0 : MemberIndex.used(at);
        }
        assertThat(MemberIndex.bytes(table)).isEqualTo(bytes);
        return members;
    }
}
