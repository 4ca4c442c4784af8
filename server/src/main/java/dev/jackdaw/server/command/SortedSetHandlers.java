package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.SortedSetCommand;
import dev.jackdaw.protocol.resp.Doubles;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.server.command.SortedSetAlgebra.Operation;
import dev.jackdaw.server.command.SortedSetRange.By;
import dev.jackdaw.server.config.Directive;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.KeyEvent;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.SortedTree;
import dev.jackdaw.server.value.SortedSetValue;
import java.util.HashSet;
import java.util.Set;

/** Owned by the event loop: the bodies of the commands on sorted sets. */
final class SortedSetHandlers {
    /** Immutable: which scores are popped, and what that is called. */
    private enum Extreme {
        LOWEST(KeyEvent.ZPOPMIN, "ZPOPMIN"),
        HIGHEST(KeyEvent.ZPOPMAX, "ZPOPMAX");

        private final KeyEvent popped;
        private final String pop;

        Extreme(KeyEvent popped, String pop) {
            this.popped = popped;
            this.pop = pop;
        }

        /** What argument {@code i} names. */
        static Extreme of(Call call, int i) {
            if (call.is(i, "MIN")) {
                return LOWEST;
            }
            if (call.is(i, "MAX")) {
                return HIGHEST;
            }
            throw Refusal.SYNTAX;
        }
    }

    /** Scores that are kept for the next ZADD to use their room again. */
    private static final int KEPT_SCORES = 1024;

    private final Engine engine;
    private final SortedSetValue set;
    private final SortedSetRange range = new SortedSetRange();
    private final SortedSetAlgebra algebra;
    private final ZaddOptions options = new ZaddOptions();
    private final ScanPage page = new ScanPage();
    private double[] scores = new double[16];

    SortedSetHandlers(Node node) {
        this.engine = node.engine();
        this.set = new SortedSetValue(engine);
        node.config().follow(Directive.ZSET_MAX_LISTPACK_ENTRIES, set::maxListpackEntries);
        node.config().follow(Directive.ZSET_MAX_LISTPACK_VALUE, set::maxListpackValue);
        this.algebra = new SortedSetAlgebra(engine);
    }

    void run(SortedSetCommand command, Call call) {
        switch (command) {
            case ZADD -> zadd(call, false);
            case ZINCRBY -> zadd(call, true);
            case ZREM -> zrem(call);
            case ZSCORE -> zscore(call);
            case ZMSCORE -> zmscore(call);
            case ZCARD -> zcard(call);
            case ZRANK -> zrank(call, false);
            case ZREVRANK -> zrank(call, true);
            case ZCOUNT -> count(call, By.SCORE);
            case ZLEXCOUNT -> count(call, By.MEMBER);
            case ZRANGE -> zrange(call);
            case ZREVRANGE -> range(call, By.RANK, true);
            case ZRANGEBYSCORE -> range(call, By.SCORE, false);
            case ZREVRANGEBYSCORE -> range(call, By.SCORE, true);
            case ZRANGEBYLEX -> range(call, By.MEMBER, false);
            case ZREVRANGEBYLEX -> range(call, By.MEMBER, true);
            case ZRANGESTORE -> zrangestore(call);
            case ZREMRANGEBYRANK -> removeRange(call, By.RANK, KeyEvent.ZREMRANGEBYRANK);
            case ZREMRANGEBYSCORE -> removeRange(call, By.SCORE, KeyEvent.ZREMRANGEBYSCORE);
            case ZREMRANGEBYLEX -> removeRange(call, By.MEMBER, KeyEvent.ZREMRANGEBYLEX);
            case ZPOPMIN -> pop(call, Extreme.LOWEST);
            case ZPOPMAX -> pop(call, Extreme.HIGHEST);
            case ZMPOP -> zmpop(call, 1);
            case BZPOPMIN -> blockingPop(call, Extreme.LOWEST);
            case BZPOPMAX -> blockingPop(call, Extreme.HIGHEST);
            case BZMPOP -> zmpop(call, 2);
            case ZRANDMEMBER -> zrandmember(call);
            case ZUNION -> combine(call, Operation.UNION);
            case ZINTER -> combine(call, Operation.INTERSECTION);
            case ZDIFF -> combine(call, Operation.DIFFERENCE);
            case ZUNIONSTORE -> combineAndStore(call, Operation.UNION, KeyEvent.ZUNIONSTORE);
            case ZINTERSTORE -> combineAndStore(call, Operation.INTERSECTION, KeyEvent.ZINTERSTORE);
            case ZDIFFSTORE -> combineAndStore(call, Operation.DIFFERENCE, KeyEvent.ZDIFFSTORE);
            case ZINTERCARD -> zintercard(call);
            case ZSCAN -> zscan(call);
        }
    }

    // --- Reading ---

    private void zscore(Call call) {
        if (read(call, 1) && set.find(call.address(2), call.length(2))) {
            call.reply().number(set.score());
        } else {
            call.reply().nullBulk();
        }
    }

    private void zmscore(Call call) {
        boolean exists = read(call, 1);

        call.reply().array(call.count() - 2);
        for (int i = 2; i < call.count(); i++) {
            if (exists && set.find(call.address(i), call.length(i))) {
                call.reply().number(set.score());
            } else {
                call.reply().nullBulk();
            }
        }
    }

    private void zcard(Call call) {
        call.reply().integer(read(call, 1) ? set.size() : 0);
    }

    private void zrank(Call call, boolean fromLast) {
        boolean withScore = call.count() > 3;
        if (withScore && !call.is(3, "WITHSCORE")) {
            throw Refusal.SYNTAX;
        }
        boolean found = read(call, 1) && set.find(call.address(2), call.length(2));

        if (found) {
            long rank = set.rank();
            if (withScore) {
                call.reply().array(2);
            }
            call.reply().integer(fromLast ? set.size() - 1 - rank : rank);
            if (withScore) {
                call.reply().number(set.score());
            }
        } else if (withScore) {
            call.reply().nullArray();
        } else {
            call.reply().nullBulk();
        }
    }

    private void count(Call call, By by) {
        range.read(call, 2, by);
        long count = 0;
        if (read(call, 1)) {
            range.resolve(set);
            count = range.count();
        }
        call.reply().integer(count);
    }

    private void zrange(Call call) {
        range.readAny(call, 2, true);
        replyRange(call);
    }

    private void range(Call call, By by, boolean downwards) {
        range.read(call, 2, by, downwards);
        replyRange(call);
    }

    private void replyRange(Call call) {
        if (!read(call, 1)) {
            call.reply().array(0);
            return;
        }
        range.resolve(set);
        beginMembers(call.reply(), range.count(), range.withScores());
        boolean more = range.count() > 0 && set.seek(range.first());
        for (long left = range.count(); more && left > 0; left--) {
            replyMember(call.reply(), range.withScores());
            more = range.isReverse() ? set.previous() : set.next();
        }
    }

    private void zrandmember(Call call) {
        if (call.count() == 2) {
            if (read(call, 1)) {
                set.seek(random(set.size()));
                call.reply().bulk(set.address(), set.length());
            } else {
                call.reply().nullBulk();
            }
            return;
        }
        long count = call.drawCount(2);
        boolean withScores = call.count() == 4 && call.is(3, "WITHSCORES");
        if (call.count() > 3 && !withScores) {
            throw Refusal.SYNTAX;
        }
        if (withScores && count > Long.MAX_VALUE / 2) {
            throw new Refusal(CommandError.OUT_OF_RANGE);
        }
        if (!read(call, 1)) {
            call.reply().array(0);
        } else if (count < 0) {
            replyRepeated(call, -count, withScores);
        } else {
            replyDistinct(call.reply(), Math.min(count, set.size()), withScores);
        }
    }

    private void replyRepeated(Call call, long count, boolean withScores) {
        ReplyWriter reply = call.reply();
        long mark = reply.mark();
        beginMembers(reply, count, withScores);
        for (long i = 0; i < count; i++) {
            set.seek(random(set.size()));
            replyMember(reply, withScores);
            call.checkDrawn(mark);
        }
    }

    private void replyDistinct(ReplyWriter reply, long count, boolean withScores) {
        beginMembers(reply, count, withScores);
        long size = set.size();
        if (count > size >> 3) {
            long left = count;
            boolean more = left > 0 && set.seek(0);
            for (long rank = 0; more && left > 0; rank++) {
                if (random(size - rank) < left) {
                    replyMember(reply, withScores);
                    left--;
                }
                more = set.next();
            }
            return;
        }
        // Floyd's way: each round adds one rank, and each choice of ranks is as likely as any other.
        Set<Long> chosen = new HashSet<>();
        for (long rank = size - count; rank < size; rank++) {
            long choice = random(rank + 1);
            choice = chosen.add(choice) ? choice : rank;
            chosen.add(choice);
            set.seek(choice);
            replyMember(reply, withScores);
        }
    }

    private long random(long bound) {
        return Long.remainderUnsigned(engine.random(), bound);
    }

    private void zscan(Call call) {
        long cursor = ScanPage.cursor(call, 2) & 0xffffffffL;
        ReplyWriter reply = call.reply();
        long mark = reply.mark();
        if (!read(call, 1)) {
            reply.scanAt(mark, 0, 0);
            return;
        }
        page.read(call, 3);

        do {
            cursor = set.scan(cursor, (score, member, length) -> {
                if (page.takes(member, length)) {
                    reply.bulk(member, length);
                    if (set.isListpack() && Doubles.isListpackInteger(score)) {
                        reply.bulkInteger((long) score);
                    } else {
                        reply.bulkText(Doubles.text(score));
                    }
                }
            });
        } while (cursor != 0 && !page.isFull());
        reply.scanAt(mark, cursor, 2 * page.taken());
    }

    // --- Adding and removing ---

    private void zadd(Call call, boolean increments) {
        int first = options.read(call, 2, increments);
        int members = (call.count() - first) / 2;
        if (members == 0 || (call.count() - first) % 2 != 0) {
            throw Refusal.SYNTAX;
        }
        options.check(members);
        readScores(call, first, members);
        boolean exists = write(call, 1);
        if (!exists && options.onlyExisting) {
            replyUnchanged(call);
            return;
        }

        int added = 0;
        int updated = 0;
        boolean done = false;
        double score = 0;
        for (int i = 0; i < members; i++) {
            long member = call.address(first + 2 * i + 1);
            int length = call.length(first + 2 * i + 1);
            score = scores[i];
            if (!exists) {
                set.create(call.keyspace(), call.address(1), call.length(1), score, member, length);
                exists = true;
                added++;
                done = true;
            } else if (!set.find(member, length)) {
                if (!options.onlyExisting) {
                    set.insert(score, member, length);
                    added++;
                    done = true;
                }
            } else if (!options.onlyNew) {
                double old = set.score();
                score = options.increments ? sum(old, score) : score;
                if (options.allows(old, score)) {
                    done = true;
                    if (score != old) {
                        set.move(score, member, length);
                        updated++;
                    }
                }
            }
        }
        if (added + updated > 0) {
            set.settle(options.increments ? KeyEvent.ZINCR : KeyEvent.ZADD);
        }
        if (!options.increments) {
            call.reply().integer(options.countsChanged ? added + updated : added);
        } else if (done) {
            call.reply().number(score);
        } else {
            call.reply().nullBulk();
        }
    }

    private void replyUnchanged(Call call) {
        if (options.increments) {
            call.reply().nullBulk();
        } else {
            call.reply().integer(0);
        }
    }

    private void readScores(Call call, int first, int members) {
        if (scores.length < members || scores.length > KEPT_SCORES) {
            scores = new double[Math.max(16, members)];
        }
        for (int i = 0; i < members; i++) {
            scores[i] = call.number(first + 2 * i);
        }
    }

    private static double sum(double a, double b) {
        double sum = a + b;
        if (Double.isNaN(sum)) {
            throw Refusal.SCORE_NOT_A_NUMBER;
        }
        return sum;
    }

    private void zrem(Call call) {
        int removed = 0;
        if (write(call, 1)) {
            for (int i = 2; i < call.count(); i++) {
                if (set.find(call.address(i), call.length(i))) {
                    set.remove();
                    removed++;
                }
            }
            if (removed > 0) {
                set.settle(KeyEvent.ZREM);
            }
        }
        call.reply().integer(removed);
    }

    private void removeRange(Call call, By by, KeyEvent event) {
        range.read(call, 2, by);
        long removed = 0;
        if (write(call, 1)) {
            range.resolve(set);
            removed = range.count();
            if (removed > 0) {
                set.remove(range.first(), removed);
                set.settle(event);
            }
        }
        call.reply().integer(removed);
    }

    private void pop(Call call, Extreme extreme) {
        if (call.count() > 3) {
            throw Refusal.SYNTAX;
        }
        boolean counted = call.count() == 3;
        long count = counted ? call.integer(2, 0, CommandError.NOT_POSITIVE) : 1;
        if (!write(call, 1)) {
            call.reply().array(0);
            return;
        }

        boolean nested = counted && call.reply().protocol() == 3;
        replyAndRemove(call.reply(), count, extreme, nested);
    }

    private void blockingPop(Call call, Extreme extreme) {
        int last = call.count() - 2;
        long timeoutMillis = call.timeoutMillis(last + 1);
        for (int i = 1; i <= last; i++) {
            if (call.offers(i) && write(call, i)) {
                call.reply().array(3);
                call.reply().bulk(call.address(i), call.length(i));
                replyAndRemoveMembers(call.reply(), 1, extreme, false);
                call.effect(extreme.pop).argument(i);
                return;
            }
        }
        if (!call.waitFor(Kind.Type.SORTED_SET, 1, last, timeoutMillis, null)) {
            call.reply().nullArray();
        }
    }

    /** @param numkeys the argument that says how many keys follow it; before it BZMPOP has its timeout */
    private void zmpop(Call call, int numkeys) {
        int first = numkeys + 1;
        int where = call.behindKeys(numkeys);
        Extreme extreme = Extreme.of(call, where);
        long count = call.countOption(where + 1);
        boolean waits = call.command() == SortedSetCommand.BZMPOP;
        long timeoutMillis = waits ? call.timeoutMillis(1) : 0;
        for (int i = first; i < where; i++) {
            if (call.offers(i) && write(call, i)) {
                call.reply().array(2);
                call.reply().bulk(call.address(i), call.length(i));
                call.effect(extreme.pop).argument(i).integer(Math.min(count, set.size()));
                replyAndRemove(call.reply(), count, extreme, true);
                return;
            }
        }
        if (!waits || !call.waitFor(Kind.Type.SORTED_SET, first, where - 1, timeoutMillis, null)) {
            call.reply().nullArray();
        }
    }

    private void replyAndRemove(ReplyWriter reply, long count, Extreme extreme, boolean nested) {
        long removed = Math.min(count, set.size());
        reply.array((int) (nested ? removed : 2 * removed));
        replyAndRemoveMembers(reply, removed, extreme, nested);
    }

    private void replyAndRemoveMembers(ReplyWriter reply, long removed, Extreme extreme, boolean nested) {
        for (long left = removed; left > 0; left--) {
            set.seek(extreme == Extreme.LOWEST ? 0 : set.size() - 1);
            if (nested) {
                reply.array(2);
            }
            reply.bulk(set.address(), set.length());
            reply.number(set.score());
            set.remove();
        }
        if (removed > 0) {
            set.settle(extreme.popped);
        }
    }

    // --- Several sets ---

    private void zrangestore(Call call) {
        range.readAny(call, 3, false);
        if (!read(call, 2)) {
            store(call, 0, KeyEvent.ZRANGESTORE);
            return;
        }
        range.resolve(set);
        SortedTree result = algebra.result();
        long root = result.create();
        boolean more = range.count() > 0 && set.seek(range.first());
        // Redis gives the result a listpack, which has no sign of zero, until a member comes that makes it a table.
        boolean isListpack = !range.isByRank() || set.packs(range.count(), 0);
        for (long left = range.count(); more && left > 0; left--) {
            isListpack = isListpack && set.packs(result.size() + 1, set.length());
            result.insert(isListpack ? set.score() + 0.0 : set.score(), set.address(), set.length());
            more = range.isReverse() ? set.previous() : set.next();
        }
        store(call, root, KeyEvent.ZRANGESTORE);
    }

    private void combine(Call call, Operation operation) {
        algebra.read(call, 1, operation);

        long root = algebra.compute(call);
        SortedTree result = algebra.result();
        ReplyWriter reply = call.reply();
        beginMembers(reply, result.size(), algebra.withScores());
        for (boolean more = result.seek(0); more; more = result.next()) {
            beginMember(reply, algebra.withScores());
            reply.bulk(result.address(), result.length());
            if (algebra.withScores()) {
                reply.number(result.score());
            }
        }
        algebra.free(root);
    }

    private void combineAndStore(Call call, Operation operation, KeyEvent event) {
        algebra.read(call, 2, operation);

        store(call, algebra.compute(call), event);
    }

    /** Gives the key in argument 1 this result, or removes it if the result is empty, and replies with the number of members. */
    private void store(Call call, long root, KeyEvent event) {
        long size = 0;
        if (root != 0) {
            algebra.result().at(root);
            size = algebra.result().size();
        }
        if (size > 0) {
            set.create(call.keyspace(), call.address(1), call.length(1), root);
            call.event(event, 1);
        } else {
            if (root != 0) {
                algebra.free(root);
            }
            long old = call.write(1);
            if (old != 0) {
                call.keyspace().remove(old);
            }
        }
        call.reply().integer(size);
    }

    private void zintercard(Call call) {
        algebra.readForCount(call);
        call.reply().integer(algebra.count(call));
    }

    // --- Common parts ---

    /** Turns to the sorted set of the key in argument {@code i} for reading; false if there is none. */
    private boolean read(Call call, int i) {
        long entry = call.read(i, Kind.Type.SORTED_SET);
        return entry != 0 && set.at(call.keyspace(), entry);
    }

    /** Turns to the sorted set of the key in argument {@code i} for changing; false if there is none. */
    private boolean write(Call call, int i) {
        long entry = call.write(i, Kind.Type.SORTED_SET);
        return entry != 0 && set.at(call.keyspace(), entry);
    }

    /** Begins a reply of members: with scores, RESP3 has pairs and RESP2 both in turn. */
    private static void beginMembers(ReplyWriter reply, long count, boolean withScores) {
        reply.array((int) (withScores && reply.protocol() == 2 ? 2 * count : count));
    }

    private static void beginMember(ReplyWriter reply, boolean withScores) {
        if (withScores && reply.protocol() == 3) {
            reply.array(2);
        }
    }

    private void replyMember(ReplyWriter reply, boolean withScores) {
        beginMember(reply, withScores);
        reply.bulk(set.address(), set.length());
        if (withScores) {
            reply.number(set.score());
        }
    }
}
