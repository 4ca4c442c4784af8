package dev.jackdaw.server.persistence;

import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.memory.Listpack;
import dev.jackdaw.server.memory.StreamGroups;
import dev.jackdaw.server.memory.StreamLog;

/** Owned by the event loop: writes streams as RDB has them: their blocks as they lie here, and then their groups. */
final class StreamWriter {
    private static final int ID_BYTES = 16;

    private final StreamLog log;
    private final StreamGroups groups;

    StreamWriter(Engine engine) {
        this.log = new StreamLog(engine.heap());
        this.groups = log.groups();
    }

    void write(long entry, RdbOutput out) {
        log.at(Engine.largeRoot(entry));
        out.length(log.blocks());
        log.visitBlocks((upper, lower, listpack) -> {
            out.length(ID_BYTES);
            out.id(upper, lower);
            out.string(listpack, Listpack.bytes(listpack));
        });
        out.length(log.length());
        number(out, log.lastUpper(), log.lastLower());
        number(out, log.firstUpper(), log.firstLower());
        number(out, log.highestRemovedUpper(), log.highestRemovedLower());
        out.length(log.appended());
        out.length(groups.count());
        for (int i = 0; i < groups.count(); i++) {
            groups.choose(i);
            group(out);
        }
    }

    private static void number(RdbOutput out, long upper, long lower) {
        out.length(upper);
        out.length(lower);
    }

    private void group(RdbOutput out) {
        out.string(groups.name(), groups.nameLength());
        number(out, groups.lastUpper(), groups.lastLower());
        out.length(groups.entriesRead());
        out.length(groups.pending());
        for (boolean more = groups.ceilingPending(0, 0); more; more = groups.nextPending()) {
            out.id(groups.upper(), groups.lower());
            out.int64(groups.deliveredMillis());
            out.length(groups.deliveries());
        }
        out.length(groups.consumers());
        for (int i = 0; i < groups.consumers(); i++) {
            long consumer = groups.consumer(i);
            out.string(groups.consumerName(consumer), groups.consumerNameLength(consumer));
            out.int64(groups.seenMillis(consumer));
            out.length(groups.pending(consumer));
            for (boolean more = groups.ceilingPending(consumer, 0, 0); more; more = groups.nextPendingOfConsumer()) {
                out.id(groups.upper(), groups.lower());
            }
        }
    }
}
