package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.StreamGroups;
import dev.jackdaw.server.memory.StreamLog;
import dev.jackdaw.server.value.StreamValue;

/** Owned by the event loop: the bodies of XINFO. */
final class StreamInfo {
    private static final long DEFAULT_COUNT = 10;

    private final StreamValue stream;
    private final StreamLog log;
    private final StreamGroups groups;
    private final StreamReplies replies;
    private final StreamId first = new StreamId();
    private final StreamId last = new StreamId();

    StreamInfo(StreamValue stream, StreamReplies replies) {
        this.stream = stream;
        this.log = stream.log();
        this.groups = stream.groups();
        this.replies = replies;
        last.set(-1, -1);
    }

    // --- XINFO STREAM ---

    void stream(Call call) {
        find(call);
        int words = call.count();
        if (words == 3) {
            replyStream(call.reply());
            return;
        }
        boolean counted = words == 6;
        if (words != 4 && !counted || !call.is(3, "FULL") || counted && !call.is(4, "COUNT")) {
            throw new Refusal(CommandError.unknownSubcommandOrArity(call.text(1), "XINFO"));
        }
        long count = counted ? call.integer(5) : DEFAULT_COUNT;
        replyAll(call.reply(), count < 0 ? DEFAULT_COUNT : count);
    }

    private void replyStream(ReplyWriter reply) {
        reply.map(10);
        replyFacts(reply);
        field(reply, "groups", groups.count());
        reply.bulkText("first-entry");
        replyEntry(reply, log.first());
        reply.bulkText("last-entry");
        replyEntry(reply, log.last());
    }

    private void replyFacts(ReplyWriter reply) {
        field(reply, "length", log.length());
        field(reply, "radix-tree-keys", log.blocks());
        field(reply, "radix-tree-nodes", log.blocks() + 1);
        field(reply, "last-generated-id", log.lastUpper(), log.lastLower());
        field(reply, "max-deleted-entry-id", log.highestRemovedUpper(), log.highestRemovedLower());
        field(reply, "entries-added", log.appended());
        field(reply, "recorded-first-entry-id", log.firstUpper(), log.firstLower());
    }

    private void replyEntry(ReplyWriter reply, boolean found) {
        if (found) {
            replies.entry(reply, log);
        } else {
            reply.nullBulk();
        }
    }

    /** Replies with everything; of entries, and of what is pending, at most so many, unless {@code count} is 0. */
    private void replyAll(ReplyWriter reply, long count) {
        reply.map(9);
        replyFacts(reply);
        reply.bulkText("entries");
        replies.range(reply, log, first, last, count);
        reply.bulkText("groups");
        reply.array(groups.count());
        for (int i = 0; i < groups.count(); i++) {
            groups.choose(i);
            reply.map(7);
            replyName(reply);
            replyProgress(reply);
            field(reply, "pel-count", groups.pending());
            reply.bulkText("pending");
            replyPending(reply, count);
            reply.bulkText("consumers");
            reply.array(groups.consumers());
            for (int j = 0; j < groups.consumers(); j++) {
                replyConsumer(reply, groups.consumer(j), count);
            }
        }
    }

    private void replyPending(ReplyWriter reply, long count) {
        long mark = reply.mark();
        int found = 0;
        for (boolean more = groups.ceilingPending(0, 0); more; more = found != count && groups.nextPending()) {
            reply.array(4);
            reply.bulkId(groups.upper(), groups.lower());
            reply.bulk(groups.consumerName(groups.owner()), groups.consumerNameLength(groups.owner()));
            reply.integer(groups.deliveredMillis());
            reply.integer(groups.deliveries());
            found++;
        }
        reply.arrayAt(mark, found);
    }

    private void replyConsumer(ReplyWriter reply, long consumer, long count) {
        reply.map(4);
        replyName(reply, consumer);
        field(reply, "seen-time", groups.seenMillis(consumer));
        field(reply, "pel-count", groups.pending(consumer));
        reply.bulkText("pending");
        long mark = reply.mark();
        int found = 0;
        boolean more = groups.ceilingPending(consumer, 0, 0);
        while (more) {
            reply.array(3);
            reply.bulkId(groups.upper(), groups.lower());
            reply.integer(groups.deliveredMillis());
            reply.integer(groups.deliveries());
            more = ++found != count && groups.nextPendingOfConsumer();
        }
        reply.arrayAt(mark, found);
    }

    // --- XINFO GROUPS and CONSUMERS ---

    void groups(Call call) {
        find(call);
        ReplyWriter reply = call.reply();
        reply.array(groups.count());
        for (int i = 0; i < groups.count(); i++) {
            groups.choose(i);
            reply.map(6);
            replyName(reply);
            field(reply, "consumers", groups.consumers());
            field(reply, "pending", groups.pending());
            replyProgress(reply);
        }
    }

    void consumers(Call call) {
        find(call);
        if (!groups.find(call.address(3), call.length(3))) {
            throw new Refusal(CommandError.noGroupOfKey(call.text(3), call.text(2)));
        }
        ReplyWriter reply = call.reply();
        reply.array(groups.consumers());
        for (int i = 0; i < groups.consumers(); i++) {
            long consumer = groups.consumer(i);
            reply.map(3);
            replyName(reply, consumer);
            field(reply, "pending", groups.pending(consumer));
            field(reply, "idle", Math.max(0, call.nowMillis() - groups.seenMillis(consumer)));
        }
    }

    // --- Common parts ---

    /** How far the current group is. */
    private void replyProgress(ReplyWriter reply) {
        field(reply, "last-delivered-id", groups.lastUpper(), groups.lastLower());
        knownField(reply, "entries-read", groups.entriesRead(), StreamValue.UNKNOWN);
        knownField(reply, "lag", stream.lag(), StreamValue.NO_LAG);
    }

    private void replyName(ReplyWriter reply) {
        reply.bulkText("name");
        reply.bulk(groups.name(), groups.nameLength());
    }

    private void replyName(ReplyWriter reply, long consumer) {
        reply.bulkText("name");
        reply.bulk(groups.consumerName(consumer), groups.consumerNameLength(consumer));
    }

    private static void field(ReplyWriter reply, String name, long value) {
        reply.bulkText(name);
        reply.integer(value);
    }

    private static void knownField(ReplyWriter reply, String name, long value, long unknown) {
        reply.bulkText(name);
        if (value == unknown) {
            reply.nullBulk();
        } else {
            reply.integer(value);
        }
    }

    private static void field(ReplyWriter reply, String name, long upper, long lower) {
        reply.bulkText(name);
        reply.bulkId(upper, lower);
    }

    private void find(Call call) {
        long entry = call.read(2, Kind.Type.STREAM);
        if (entry == 0) {
            throw Refusal.NO_SUCH_KEY;
        }
        stream.at(call.keyspace(), entry);
    }
}
