package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.server.engine.KeyEvent;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.StreamGroups;
import dev.jackdaw.server.memory.StreamLog;
import dev.jackdaw.server.value.StreamValue;

/** Owned by the event loop: the bodies of the commands on the groups of streams, but for reading. */
final class StreamGroupHandlers {
    private static final int DEFAULT_CLAIMED = 100;
    /** Of the entries that XAUTOCLAIM looks at, it claims at least one in so many, or stops. */
    private static final int ATTEMPTS = 10;

    private static final long MAX_CLAIMED = 10_000;
    private static final long MAX_COUNT = Long.MAX_VALUE / 16;

    private final StreamValue stream;
    private final StreamLog log;
    private final StreamGroups groups;
    private final StreamReplies replies;
    private final GroupEffects effects;
    private final StreamId start = new StreamId();
    private final StreamId end = new StreamId();
    private final ClaimOptions claim = new ClaimOptions();
    private final StreamIds claimed = new StreamIds();
    private final StreamIds lost = new StreamIds();

    StreamGroupHandlers(StreamValue stream, StreamReplies replies) {
        this.stream = stream;
        this.log = stream.log();
        this.groups = stream.groups();
        this.replies = replies;
        this.effects = new GroupEffects(groups);
    }

    // --- XGROUP ---

    void create(Call call) {
        boolean makesStream = false;
        long read = StreamValue.UNKNOWN;
        for (int i = 5; i < call.count(); i++) {
            if (call.is(i, "MKSTREAM")) {
                makesStream = true;
            } else if (call.is(i, "ENTRIESREAD") && i + 1 < call.count()) {
                read = entriesRead(call, ++i);
            } else {
                throw wrongWords(call);
            }
        }
        boolean exists = write(call, 2);
        if (!exists && !makesStream) {
            throw new Refusal(CommandError.XGROUP_NO_KEY);
        }
        if (call.count() > 8) {
            throw wrongWords(call);
        }
        readGroupId(call, exists);
        if (exists && groups.find(call.address(3), call.length(3))) {
            throw new Refusal(CommandError.BUSY_GROUP);
        }

        if (!exists) {
            stream.create(call.keyspace(), call.address(2), call.length(2));
        }
        groups.add(call.address(3), call.length(3));
        groups.last(start.upper(), start.lower());
        groups.entriesRead(read);
        stream.settleGroups(KeyEvent.XGROUP_CREATE);
        call.reply().ok();
    }

    void setid(Call call) {
        long read = StreamValue.UNKNOWN;
        for (int i = 5; i < call.count(); i += 2) {
            if (!call.is(i, "ENTRIESREAD") || i + 1 == call.count()) {
                throw wrongWords(call);
            }
            read = entriesRead(call, i + 1);
        }
        findGroupOfKey(call);
        if (call.count() > 7) {
            throw wrongWords(call);
        }
        if (!start.readEdge(call, 4)) {
            readGroupId(call, true);
        }

        groups.last(start.upper(), start.lower());
        groups.entriesRead(read);
        stream.settleGroups(KeyEvent.XGROUP_SETID);
        call.reply().ok();
    }

    /** Reads the ID from which on a group reads; {@code $} is the last of the stream. */
    private void readGroupId(Call call, boolean exists) {
        if (call.length(4) != 1 || Raw.getByte(call.address(4)) != '$') {
            start.read(call, 4);
        } else if (exists) {
            start.set(log.lastUpper(), log.lastLower());
        } else {
            start.set(0, 0);
        }
    }

    private static long entriesRead(Call call, int i) {
        long read = call.integer(i);
        if (read < 0 && read != StreamValue.UNKNOWN) {
            throw new Refusal(CommandError.ENTRIES_READ_NEGATIVE);
        }
        return read;
    }

    private static Refusal wrongWords(Call call) {
        return new Refusal(CommandError.unknownSubcommandOrArity(call.text(1), "XGROUP"));
    }

    void destroy(Call call) {
        if (!write(call, 2)) {
            throw new Refusal(CommandError.XGROUP_NO_KEY);
        }
        boolean found = groups.find(call.address(3), call.length(3));
        if (found) {
            groups.remove();
            stream.settleRemovedGroup();
        }
        call.reply().integer(found ? 1 : 0);
    }

    void createconsumer(Call call) {
        findGroupOfKey(call);
        boolean isNew = groups.findConsumer(call.address(4), call.length(4)) == 0;
        if (isNew) {
            groups.seen(groups.addConsumer(call.address(4), call.length(4)), call.nowMillis());
            stream.settleGroups(KeyEvent.XGROUP_CREATECONSUMER);
        }
        call.reply().integer(isNew ? 1 : 0);
    }

    void delconsumer(Call call) {
        findGroupOfKey(call);
        long consumer = groups.findConsumer(call.address(4), call.length(4));
        long pending = 0;
        if (consumer != 0) {
            pending = groups.pending(consumer);
            groups.removeConsumer(consumer);
            stream.settleGroups(KeyEvent.XGROUP_DELCONSUMER);
        }
        call.reply().integer(pending);
    }

    /** The group that XGROUP names, which has to exist. */
    private void findGroupOfKey(Call call) {
        if (!write(call, 2)) {
            throw new Refusal(CommandError.XGROUP_NO_KEY);
        }
        if (!groups.find(call.address(3), call.length(3))) {
            throw new Refusal(CommandError.noGroupOfKey(call.text(3), call.text(2)));
        }
    }

    // --- Pending entries ---

    void xack(Call call) {
        long entry = call.read(1, Kind.Type.STREAM);
        if (!turnTo(call, entry) || !groups.find(call.address(2), call.length(2))) {
            call.reply().integer(0);
            return;
        }
        for (int i = 3; i < call.count(); i++) {
            start.read(call, i);
        }

        int acknowledged = 0;
        for (int i = 3; i < call.count(); i++) {
            start.read(call, i);
            if (groups.findPending(start.upper(), start.lower())) {
                groups.removePending();
                acknowledged++;
            }
        }
        if (acknowledged > 0) {
            stream.settleGroups();
        }
        call.reply().integer(acknowledged);
    }

    void xpending(Call call) {
        int words = call.count();
        if (words == 3) {
            findGroup(call);
            replySummary(call.reply());
            return;
        }
        if (words < 6 || words > 9) {
            throw Refusal.SYNTAX;
        }
        long minIdle = 0;
        int at = 3;
        if (call.is(3, "IDLE")) {
            minIdle = call.integer(4);
            if (words < 8) {
                throw Refusal.SYNTAX;
            }
            at = 5;
        }
        long count = Math.max(0, call.integer(at + 2));
        start.readStart(call, at);
        end.readEnd(call, at + 1);
        findGroup(call);
        long consumer = 0;
        if (at + 3 < words) {
            consumer = groups.findConsumer(call.address(at + 3), call.length(at + 3));
            if (consumer == 0) {
                call.reply().array(0);
                return;
            }
        }
        replyPending(call, consumer, minIdle, count);
    }

    private void replySummary(ReplyWriter reply) {
        reply.array(4);
        reply.integer(groups.pending());
        if (!groups.ceilingPending(0, 0)) {
            reply.nullBulk();
            reply.nullBulk();
            reply.nullArray();
            return;
        }
        reply.bulkId(groups.upper(), groups.lower());
        groups.lastPending();
        reply.bulkId(groups.upper(), groups.lower());
        long mark = reply.mark();
        int busy = 0;
        for (int i = 0; i < groups.consumers(); i++) {
            long consumer = groups.consumer(i);
            if (groups.pending(consumer) > 0) {
                reply.array(2);
                reply.bulk(groups.consumerName(consumer), groups.consumerNameLength(consumer));
                reply.bulkInteger(groups.pending(consumer));
                busy++;
            }
        }
        reply.arrayAt(mark, busy);
    }

    /** Replies with pending entries of the range, of one consumer unless {@code consumer} is 0. */
    private void replyPending(Call call, long consumer, long minIdle, long count) {
        ReplyWriter reply = call.reply();
        long mark = reply.mark();
        int found = 0;
        boolean more = count > 0
                && (consumer == 0
                        ? groups.ceilingPending(start.upper(), start.lower())
                        : groups.ceilingPending(consumer, start.upper(), start.lower()));
        while (more && found < count && end.compareTo(groups.upper(), groups.lower()) >= 0) {
            long idle = call.nowMillis() - groups.deliveredMillis();
            if (minIdle == 0 || idle >= minIdle) {
                reply.array(4);
                reply.bulkId(groups.upper(), groups.lower());
                reply.bulk(groups.consumerName(groups.owner()), groups.consumerNameLength(groups.owner()));
                reply.integer(Math.max(0, idle));
                reply.integer(groups.deliveries());
                found++;
            }
            more = consumer == 0 ? groups.nextPending() : groups.nextPendingOfConsumer();
        }
        reply.arrayAt(mark, found);
    }

    // --- Claiming ---

    void xclaim(Call call) {
        findGroup(call);
        long minIdle = minIdle(call);
        int ids = 5;
        while (ids < call.count() && start.isId(call, ids)) {
            ids++;
        }
        claim.read(call, ids);

        effects.at(call, 1, 2);
        if (claim.lastId().compareTo(groups.lastUpper(), groups.lastLower()) > 0) {
            groups.last(claim.lastId().upper(), claim.lastId().lower());
            effects.read();
        }
        long mark = call.reply().mark();
        int claimed = 0;
        for (int i = 5; i < ids; i++) {
            start.read(call, i);
            if (claims(call, minIdle)) {
                replyClaimed(call.reply(), claim.onlyIds());
                claimed++;
            }
        }
        stream.settleGroups();
        call.reply().arrayAt(mark, claimed);
    }

    /** Gives the entry to the consumer if it is pending, or has to become so; false if it is not or has not waited. */
    private boolean claims(Call call, long minIdle) {
        boolean pending = groups.findPending(start.upper(), start.lower());
        if (!log.find(start.upper(), start.lower())) {
            if (pending) {
                effects.dropped();
                groups.removePending();
            }
            return false;
        }
        long deliveries = 1;
        if (pending) {
            if (minIdle > 0 && call.nowMillis() - groups.deliveredMillis() < minIdle) {
                return false;
            }
            deliveries = groups.deliveries();
            groups.assign(consumer(call));
        } else if (claim.isForced()) {
            groups.addPending(start.upper(), start.lower(), consumer(call));
        } else {
            return false;
        }
        if (claim.deliveries() >= 0) {
            deliveries = claim.deliveries();
        } else if (!claim.onlyIds()) {
            deliveries++;
        }
        groups.delivered(claim.deliveredMillis(), deliveries);
        effects.delivered();
        return true;
    }

    void xautoclaim(Call call) {
        long entry = call.read(1);
        long minIdle = minIdle(call);
        start.readStart(call, 5);
        long count = DEFAULT_CLAIMED;
        boolean onlyIds = false;
        for (int i = 6; i < call.count(); i++) {
            if (call.is(i, "COUNT") && i + 1 < call.count()) {
                count = call.integer(++i, 1, CommandError.COUNT_NOT_ABOVE_ZERO);
                if (count > MAX_COUNT) {
                    throw new Refusal(CommandError.COUNT_NOT_ABOVE_ZERO);
                }
            } else if (call.is(i, "JUSTID")) {
                onlyIds = true;
            } else {
                throw Refusal.SYNTAX;
            }
        }
        findGroup(call, entry);

        effects.at(call, 1, 2);
        boolean more = claimAll(call, minIdle, Math.min(count, MAX_CLAIMED), onlyIds);
        ReplyWriter reply = call.reply();
        reply.array(3);
        reply.bulkId(more ? groups.upper() : 0, more ? groups.lower() : 0);
        reply.array(claimed.size());
        for (int i = 0; i < claimed.size(); i++) {
            start.set(claimed.upper(i), claimed.lower(i));
            log.find(start.upper(), start.lower());
            replyClaimed(reply, onlyIds);
        }
        reply.array(lost.size());
        for (int i = 0; i < lost.size(); i++) {
            reply.bulkId(lost.upper(i), lost.lower(i));
        }
    }

    /** Notes what is claimed and what is there no more; returns whether there are pending entries left to look at. */
    private boolean claimAll(Call call, long minIdle, long count, boolean onlyIds) {
        claimed.clear();
        lost.clear();
        boolean more = groups.ceilingPending(start.upper(), start.lower());
        for (long left = count * ATTEMPTS; more && left > 0 && claimed.size() + lost.size() < count; left--) {
            start.set(groups.upper(), groups.lower());
            if (!log.find(start.upper(), start.lower())) {
                effects.dropped();
                groups.removePending();
                lost.add(start);
                more = groups.ceilingPending(start.upper(), start.lower());
                continue;
            }
            if (minIdle == 0 || call.nowMillis() - groups.deliveredMillis() >= minIdle) {
                groups.assign(consumer(call));
                groups.delivered(call.nowMillis(), groups.deliveries() + (onlyIds ? 0 : 1));
                effects.delivered();
                claimed.add(start);
            }
            more = groups.nextPending();
        }
        stream.settleGroups();
        return more;
    }

    /** The entry at the cursor, or its ID alone. */
    private void replyClaimed(ReplyWriter reply, boolean onlyId) {
        if (onlyId) {
            reply.bulkId(start.upper(), start.lower());
        } else {
            replies.entry(reply, log);
        }
    }

    private static long minIdle(Call call) {
        if (!Integers.isInteger(call.address(4), call.length(4))) {
            String command = call.command().name();
            throw new Refusal(CommandError.invalidClaimOption("min-idle-time", command));
        }
        return Math.max(0, call.integer(4));
    }

    // --- Common parts ---

    /** The consumer that claims, which is made if there is none. */
    private long consumer(Call call) {
        long consumer = groups.findConsumer(call.address(3), call.length(3));
        if (consumer == 0) {
            consumer = groups.addConsumer(call.address(3), call.length(3));
            stream.settleGroups(KeyEvent.XGROUP_CREATECONSUMER);
            effects.consumerAdded();
        }
        groups.seen(consumer, call.nowMillis());
        return consumer;
    }

    /** The group in argument 2 of the stream in argument 1, which has to exist. */
    private void findGroup(Call call) {
        findGroup(call, call.read(1));
    }

    private void findGroup(Call call, long entry) {
        if (entry != 0 && !turnTo(call, entry)) {
            throw Refusal.WRONG_TYPE;
        }
        if (entry == 0 || !groups.find(call.address(2), call.length(2))) {
            throw new Refusal(CommandError.noGroup(call.text(1), call.text(2)));
        }
    }

    private boolean write(Call call, int key) {
        return turnTo(call, call.write(key, Kind.Type.STREAM));
    }

    private boolean turnTo(Call call, long entry) {
        return entry != 0 && stream.at(call.keyspace(), entry);
    }
}
