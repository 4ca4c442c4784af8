package dev.jackdaw.server.command;

import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.server.memory.StreamLog;

/** Owned by the event loop: how the entries of streams look in replies. */
final class StreamReplies implements StreamLog.Visitor {
    private ReplyWriter out;

    /** The entry at the cursor: its ID, and its fields with their values. */
    void entry(ReplyWriter reply, StreamLog log) {
        reply.array(2);
        reply.bulkId(log.upper(), log.lower());
        reply.array(2 * log.fields());
        out = reply;
        log.visit(this);
    }

    @Override
    public void bytes(long address, int length) {
        out.bulk(address, length);
    }

    @Override
    public void integer(long value) {
        out.bulkInteger(value);
    }

    /** The entries of a range, at most so many if {@code count} is not 0. */
    void range(ReplyWriter reply, StreamLog log, StreamId start, StreamId end, long count) {
        long mark = reply.mark();
        int found = 0;
        boolean more = log.ceiling(start.upper(), start.lower());
        while (more && end.compareTo(log.upper(), log.lower()) >= 0) {
            entry(reply, log);
            more = ++found != count && log.next();
        }
        reply.arrayAt(mark, found);
    }

    /** The same, the last entry first. */
    void reverseRange(ReplyWriter reply, StreamLog log, StreamId start, StreamId end, long count) {
        long mark = reply.mark();
        int found = 0;
        boolean more = log.floor(end.upper(), end.lower());
        while (more && start.compareTo(log.upper(), log.lower()) <= 0) {
            entry(reply, log);
            more = ++found != count && log.previous();
        }
        reply.arrayAt(mark, found);
    }
}
