package dev.jackdaw.server.command;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.server.memory.Heap;
import dev.jackdaw.server.memory.StreamLog;

/** Owned by the event loop: how the IDs and entries of streams look in replies. */
final class StreamReplies implements StreamLog.Visitor {
    private static final int MAX_ID_BYTES = 2 * Integers.MAX_BYTES + 1;

    /** Where an ID is written before it is known how long it is. */
    private final long scratch;

    private ReplyWriter out;

    StreamReplies(Heap heap) {
        this.scratch = heap.allocate(MAX_ID_BYTES);
    }

    void id(ReplyWriter reply, long upper, long lower) {
        long at = write(upper, scratch);
        Raw.putByte(at, '-');
        at = write(lower, at + 1);
        reply.bulk(scratch, (int) (at - scratch));
    }

    private static long write(long unsigned, long at) {
        if (unsigned >= 0) {
            return Integers.write(unsigned, at);
        }
        long end = Integers.write(Long.divideUnsigned(unsigned, 10), at);
        return Integers.write(Long.remainderUnsigned(unsigned, 10), end);
    }

    /** The entry at the cursor: its ID, and its fields with their values. */
    void entry(ReplyWriter reply, StreamLog log) {
        reply.array(2);
        id(reply, log.upper(), log.lower());
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
