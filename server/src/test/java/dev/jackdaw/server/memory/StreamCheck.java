package dev.jackdaw.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.raw.Raw;
import java.util.function.LongConsumer;

/** Owned by one check: that a stream is sound; lists its blocks. */
public final class StreamCheck {
    private static final int BLOCK_RECORD = IdNode.ID_BYTES + Long.BYTES;
    private static final int PENDING_RECORD = IdNode.ID_BYTES + StreamGroups.PENDING_BYTES;

    private final Heap heap;
    private final Inventory inventory;
    private long bytes;
    private long live;
    private long records;
    private long lastUpper;
    private long lastLower;

    private StreamCheck(Heap heap, Inventory inventory) {
        this.heap = heap;
        this.inventory = inventory;
    }

    public static void check(long root, Heap heap, Inventory inventory) {
        StreamCheck check = new StreamCheck(heap, inventory);
        long handle = Raw.getLong(root + StreamLog.HANDLE);
        check.add(root, StreamLog.ROOT_BYTES);
        check.bytes += inventory.addHandle(heap, handle, root);
        check.tree(root, BLOCK_RECORD, record -> check.block(record, handle));
        assertThat(Raw.getLong(root + StreamLog.LENGTH)).isEqualTo(check.live);
        check.named(root + StreamLog.GROUPS, StreamGroups.GROUP_NAME, check::group);
        assertThat(StreamLog.bytes(heap, root)).isEqualTo(check.bytes);
    }

    private void add(long address, int length) {
        bytes += inventory.add(heap, address, length);
    }

    private void block(long record, long handle) {
        long block = Raw.getLong(record + IdNode.ID_BYTES);
        assertThat(IdNode.upper(StreamBlock.id(block))).isEqualTo(IdNode.upper(record));
        assertThat(IdNode.lower(StreamBlock.id(block))).isEqualTo(IdNode.lower(record));
        int taken = (int) (StreamBlock.pack(block) - block) + StreamBlock.capacity(block);
        bytes += inventory.addOwned(heap, block, taken, handle);
        assertThat(StreamBlock.bytes(block)).isLessThanOrEqualTo(StreamBlock.capacity(block));
        live += StreamBlock.live(block);
        assertThat(StreamBlock.last(block)).isEqualTo(StreamBlock.before(StreamBlock.end(block)));
        int entries = 0;
        for (long at = StreamBlock.end(block); at != StreamBlock.first(block); at = StreamBlock.before(at)) {
            entries++;
        }
        assertThat(StreamBlock.live(block) + StreamBlock.removed(block)).isEqualTo(entries);
    }

    private void group(long group) {
        tree(group + StreamGroups.PENDING, PENDING_RECORD, record -> {});
        long pending = records;
        long[] owned = {0};
        named(group + StreamGroups.CONSUMERS, StreamGroups.CONSUMER_NAME, consumer -> {
            tree(consumer + StreamGroups.PENDING, IdNode.ID_BYTES, record -> {});
            owned[0] += records;
        });
        assertThat(owned[0]).isEqualTo(pending);
    }

    private void named(long root, int nameAt, LongConsumer each) {
        NamedBlocks blocks = new NamedBlocks(heap, nameAt);
        blocks.at(root);
        if (blocks.count() > 0) {
            add(Raw.getLong(root), Long.BYTES * Raw.getInt(root + NamedBlocks.CAPACITY));
        }
        for (int i = 0; i < blocks.count(); i++) {
            add(blocks.get(i), nameAt + NamedBlocks.nameLength(blocks.get(i)));
            each.accept(blocks.get(i));
        }
    }

    private void tree(long root, int recordBytes, LongConsumer each) {
        records = 0;
        if (Raw.getLong(root) != 0) {
            node(Raw.getLong(root), Raw.getInt(root + IdTree.HEIGHT), recordBytes, each);
        }
        assertThat(records).isEqualTo(IdTree.size(root));
    }

    private void node(long node, int level, int leafRecord, LongConsumer each) {
        int recordBytes = level == 0 ? leafRecord : IdTree.BRANCH_RECORD;
        add(node, IdNode.bytes(IdNode.capacity(node), recordBytes));
        assertThat(IdNode.count(node)).isPositive().isLessThanOrEqualTo(IdNode.capacity(node));
        for (int i = 0; i < IdNode.count(node); i++) {
            long record = IdNode.record(node, i, recordBytes);
            if (level > 0) {
                node(IdNode.child(node, i), level - 1, leafRecord, each);
            } else {
                boolean above = IdNode.compare(IdNode.upper(record), IdNode.lower(record), lastUpper, lastLower) > 0;
                assertThat(records == 0 || above).as("ids ascend").isTrue();
                lastUpper = IdNode.upper(record);
                lastLower = IdNode.lower(record);
                records++;
                each.accept(record);
            }
        }
    }
}
