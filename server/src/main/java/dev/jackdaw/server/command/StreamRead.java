package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.server.engine.KeyEvent;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.StreamGroups;
import dev.jackdaw.server.memory.StreamLog;
import dev.jackdaw.server.value.StreamValue;

/**
 * Owned by the event loop: the bodies of XREAD and XREADGROUP. Who waits is run again when one of the streams has changed:
 * for the IDs that were wanted when the wait began, whatever {@code $} would mean now.
 */
final class StreamRead {
    /** The entries that a client is sent at most, unless it says otherwise, when it has waited. */
    private static final long COUNT_AFTER_WAIT = 1_000;

    private static final long NO_WAIT = -1;

    private final StreamValue stream;
    private final StreamLog log;
    private final StreamGroups groups;
    private final StreamReplies replies;
    private final GroupEffects effects;
    private final StreamId id = new StreamId();
    private final StreamIds read = new StreamIds();
    /** The IDs above which entries are wanted; the highest stands for those that nobody in the group has read. */
    private StreamIds above = read;

    // The options
    private boolean grouped;
    private boolean acknowledged;
    private long count;
    private long timeoutMillis;
    private int group;
    private int firstKey;
    private int keys;

    StreamRead(StreamValue stream, StreamReplies replies) {
        this.stream = stream;
        this.log = stream.log();
        this.groups = stream.groups();
        this.replies = replies;
        this.effects = new GroupEffects(groups);
    }

    void xread(Call call) {
        grouped = false;
        run(call);
    }

    void xreadgroup(Call call) {
        grouped = true;
        run(call);
    }

    private void run(Call call) {
        readOptions(call);
        if (call.memo() instanceof StreamIds wanted) {
            above = wanted;
            count = count == 0 ? COUNT_AFTER_WAIT : count;
            checkGroups(call);
        } else {
            above = read;
            readIds(call);
        }

        long mark = call.reply().mark();
        int served = 0;
        for (int i = 0; i < keys; i++) {
            served += serve(call, i) ? 1 : 0;
        }
        if (served == 0) {
            waitFor(call);
        } else if (call.reply().protocol() == 3) {
            call.reply().mapAt(mark, served);
        } else {
            call.reply().arrayAt(mark, served);
        }
    }

    private void waitFor(Call call) {
        // A group that goes is to be told of, and with it whatever takes its stream's place.
        Kind.Type type = grouped ? null : Kind.Type.STREAM;
        Memo memo = call.memo() == null && timeoutMillis != NO_WAIT ? above.copy() : null;
        int lastKey = firstKey + keys - 1;
        if (timeoutMillis == NO_WAIT || !call.waitFor(type, firstKey, lastKey, timeoutMillis, memo)) {
            call.reply().nullArray();
        }
    }

    /** Refuses to wait on for a stream that has gone, or the group with which it was to be read. */
    private void checkGroups(Call call) {
        for (int i = firstKey; grouped && i < firstKey + keys; i++) {
            if (call.offers(i)) {
                if (!turnTo(call, call.peek(i))) {
                    throw new Refusal(CommandError.STREAM_GONE);
                }
                if (!groups.find(call.address(group), call.length(group))) {
                    throw new Refusal(CommandError.GROUP_GONE);
                }
            }
        }
    }

    // --- Arguments ---

    private void readOptions(Call call) {
        acknowledged = false;
        count = 0;
        timeoutMillis = NO_WAIT;
        group = 0;
        firstKey = 0;
        for (int i = 1; i < call.count() && firstKey == 0; i++) {
            int more = call.count() - i - 1;
            if (more > 0 && call.is(i, "BLOCK")) {
                timeoutMillis = call.integerTimeoutMillis(++i);
            } else if (more > 0 && call.is(i, "COUNT")) {
                count = Math.max(0, call.integer(++i));
            } else if (more > 0 && call.is(i, "STREAMS")) {
                if (more % 2 != 0) {
                    throw new Refusal(CommandError.UNBALANCED_STREAMS);
                }
                firstKey = i + 1;
                keys = more / 2;
            } else if (more > 1 && call.is(i, "GROUP")) {
                if (!grouped) {
                    throw new Refusal(CommandError.GROUP_WITH_XREAD);
                }
                group = i + 1;
                i += 2;
            } else if (call.is(i, "NOACK")) {
                if (!grouped) {
                    throw new Refusal(CommandError.NOACK_WITH_XREAD);
                }
                acknowledged = true;
            } else {
                throw Refusal.SYNTAX;
            }
        }
        if (firstKey == 0) {
            throw Refusal.SYNTAX;
        }
        if (grouped && group == 0) {
            throw new Refusal(CommandError.NO_GROUP_OPTION);
        }
    }

    /** Reads the IDs, and checks the streams and groups. */
    private void readIds(Call call) {
        above.clear();
        for (int i = 0; i < keys; i++) {
            boolean exists = turnTo(call, call.read(firstKey + i, Kind.Type.STREAM));
            if (grouped && !(exists && groups.find(call.address(group), call.length(group)))) {
                throw new Refusal(CommandError.noGroupToRead(call.text(firstKey + i), call.text(group)));
            }
            int argument = firstKey + keys + i;
            if (isLetter(call, argument, '$')) {
                if (grouped) {
                    throw new Refusal(CommandError.LAST_ID_WITH_XREADGROUP);
                }
                id.set(exists ? log.lastUpper() : 0, exists ? log.lastLower() : 0);
            } else if (isLetter(call, argument, '>')) {
                if (!grouped) {
                    throw new Refusal(CommandError.NEW_ID_WITH_XREAD);
                }
                id.set(-1, -1);
            } else {
                id.read(call, argument);
            }
            above.add(id);
        }
    }

    private static boolean isLetter(Call call, int i, char letter) {
        return call.length(i) == 1 && Raw.getByte(call.address(i)) == letter;
    }

    // --- Entries ---

    /** Replies with the entries of a stream, if there are any that are wanted; of what is pending even if there are none. */
    private boolean serve(Call call, int i) {
        int key = firstKey + i;
        if (!call.offers(key) || !turnTo(call, call.peek(key))) {
            return false;
        }
        id.set(above.upper(i), above.lower(i));
        boolean onlyNew = grouped && id.isLast();
        if (grouped) {
            groups.find(call.address(group), call.length(group));
            effects.at(call, key, group);
        }
        if (onlyNew) {
            id.set(groups.lastUpper(), groups.lastLower());
        }
        boolean exhausted = !id.increment();
        if ((!grouped || onlyNew) && (exhausted || !log.ceiling(id.upper(), id.lower()))) {
            return false;
        }
        ReplyWriter reply = call.reply();
        if (reply.protocol() == 2) {
            reply.array(2);
        }
        reply.bulk(call.address(key), call.length(key));
        if (!grouped) {
            replyEntries(reply);
        } else if (onlyNew) {
            deliver(call, consumer(call));
        } else {
            replyPending(call, consumer(call));
        }
        return true;
    }

    /** Replies with the entries from the cursor on. */
    private void replyEntries(ReplyWriter reply) {
        long mark = reply.mark();
        int found = 0;
        do {
            replies.entry(reply, log);
        } while (++found != count && log.next());
        reply.arrayAt(mark, found);
    }

    /** The same, and the entries are pending for the consumer then. */
    private void deliver(Call call, long consumer) {
        long mark = call.reply().mark();
        int found = 0;
        do {
            stream.read(log.upper(), log.lower());
            replies.entry(call.reply(), log);
            if (!acknowledged) {
                if (groups.findPending(log.upper(), log.lower())) {
                    groups.assign(consumer);
                } else {
                    groups.addPending(log.upper(), log.lower(), consumer);
                }
                groups.delivered(call.nowMillis(), 1);
                effects.delivered();
            }
        } while (++found != count && log.next());
        effects.read();
        stream.settleGroups();
        call.reply().arrayAt(mark, found);
    }

    /** Replies with what is pending for the consumer; entries that are there no more have no fields. */
    private void replyPending(Call call, long consumer) {
        ReplyWriter reply = call.reply();
        long mark = reply.mark();
        int found = 0;
        boolean more = groups.ceilingPending(consumer, id.upper(), id.lower());
        while (more) {
            if (log.find(groups.upper(), groups.lower())) {
                replies.entry(reply, log);
                groups.delivered(call.nowMillis(), groups.deliveries() + 1);
                effects.delivered();
            } else {
                reply.array(2);
                reply.bulkId(groups.upper(), groups.lower());
                reply.nullArray();
            }
            more = ++found != count && groups.nextPendingOfConsumer();
        }
        stream.settleGroups();
        reply.arrayAt(mark, found);
    }

    private long consumer(Call call) {
        int i = group + 1;
        long consumer = groups.findConsumer(call.address(i), call.length(i));
        if (consumer == 0) {
            consumer = groups.addConsumer(call.address(i), call.length(i));
            stream.settleGroups(KeyEvent.XGROUP_CREATECONSUMER);
            effects.consumerAdded();
        }
        groups.seen(consumer, call.nowMillis());
        return consumer;
    }

    private boolean turnTo(Call call, long entry) {
        return entry != 0 && stream.at(call.keyspace(), entry);
    }
}
