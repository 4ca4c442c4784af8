package dev.jackdaw.server.rdb;

import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.LargeStructures;
import dev.jackdaw.server.memory.Listpack;
import dev.jackdaw.server.memory.StreamGroups;
import dev.jackdaw.server.memory.StreamLog;

/** Owned by the event loop: writes streams as RDB has them, part by part: their blocks as they lie here, and then their groups. */
final class StreamWriter {
    private static final int ID_BYTES = 16;

    /** What the next part is one of, if there are more of these. */
    private enum Stage {
        BLOCKS,
        PENDING,
        PENDING_OF_CONSUMER,
        END
    }

    private final StreamLog log;
    private final StreamGroups groups;
    private RdbOutput out;
    private Stage stage;
    private boolean more;
    private int group;
    private int consumer;

    StreamWriter(Engine engine) {
        this.log = new StreamLog(engine.heap());
        this.groups = log.groups();
    }

    /** Begins with a stream, which must not change until {@link #next} has written all of it. */
    void begin(long entry, RdbOutput to) {
        out = to;
        log.at(LargeStructures.root(entry));
        out.length(log.blocks());
        stage = Stage.BLOCKS;
        more = log.firstBlock();
    }

    /** Writes the next part; returns whether there is another. */
    boolean next() {
        switch (stage) {
            case BLOCKS -> {
                if (more) {
                    block();
                } else {
                    numbers();
                    group(0);
                }
            }
            case PENDING -> {
                if (more) {
                    pending();
                } else {
                    out.length(groups.consumers());
                    consumer(0);
                }
            }
            case PENDING_OF_CONSUMER -> {
                if (more) {
                    out.id(groups.upper(), groups.lower());
                    more = groups.nextPendingOfConsumer();
                } else {
                    consumer(consumer + 1);
                }
            }
            case END -> throw new IllegalStateException("the stream is written");
        }
        return stage != Stage.END;
    }

    private void block() {
        out.length(ID_BYTES);
        out.id(log.blockUpper(), log.blockLower());
        out.string(log.blockPack(), Listpack.bytes(log.blockPack()));
        more = log.nextBlock();
    }

    private void numbers() {
        out.length(log.length());
        number(log.lastUpper(), log.lastLower());
        number(log.firstUpper(), log.firstLower());
        number(log.highestRemovedUpper(), log.highestRemovedLower());
        out.length(log.appended());
        out.length(groups.count());
    }

    private void number(long upper, long lower) {
        out.length(upper);
        out.length(lower);
    }

    private void group(int next) {
        group = next;
        if (group == groups.count()) {
            stage = Stage.END;
            return;
        }
        groups.choose(group);
        out.string(groups.name(), groups.nameLength());
        number(groups.lastUpper(), groups.lastLower());
        out.length(groups.entriesRead());
        out.length(groups.pending());
        stage = Stage.PENDING;
        more = groups.ceilingPending(0, 0);
    }

    private void pending() {
        out.id(groups.upper(), groups.lower());
        out.int64(groups.deliveredMillis());
        out.length(groups.deliveries());
        more = groups.nextPending();
    }

    private void consumer(int next) {
        consumer = next;
        if (consumer == groups.consumers()) {
            group(group + 1);
            return;
        }
        long at = groups.consumer(consumer);
        out.string(groups.consumerName(at), groups.consumerNameLength(at));
        out.int64(groups.seenMillis(at));
        out.length(groups.pending(at));
        stage = Stage.PENDING_OF_CONSUMER;
        more = groups.ceilingPending(at, 0, 0);
    }
}
