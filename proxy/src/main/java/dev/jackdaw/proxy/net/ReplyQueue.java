package dev.jackdaw.proxy.net;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.ReplyWriter;
import io.netty.buffer.ByteBuf;

/**
 * Owned by one client: the requests that have no reply yet, in their order. The reply to the first goes straight to the output;
 * one that comes early is held until all before it are there.
 *
 * <pre>
 *   sequence   7        8        9        10
 *              waiting  held     waiting  held      7 arrives: 7 and 8 go out, 9 is first
 * </pre>
 */
final class ReplyQueue {
    private static final long WAITING = -1;
    /** Waiting for a reply that the client does not want. */
    private static final long MUTED = -2;

    private static final int COMPACT_AT_BYTES = 64 * 1024;

    private final Buffers buffers;
    private final Output output;
    /** By sequence number: one of the above, or the held reply's offset in the upper half and its length in the lower. */
    private long[] slots = new long[16];

    private int head;
    private int tail;
    private ByteBuf held;
    private int liveBytes;
    private int writtenFrom;

    ReplyQueue(Buffers buffers, Output output) {
        this.buffers = buffers;
        this.output = output;
    }

    boolean isEmpty() {
        return head == tail;
    }

    int size() {
        return tail - head;
    }

    int heldBytes() {
        return held == null ? 0 : held.writerIndex();
    }

    /** A place for one more reply; returns its sequence number. */
    int open(boolean muted) {
        return append(muted ? MUTED : WAITING);
    }

    /** The reply to a request that has waited. */
    void reply(int sequence, long address, int length) {
        int slot = sequence & (slots.length - 1);
        boolean muted = slots[slot] == MUTED;
        if (sequence == head) {
            if (!muted) {
                output.append(address, length);
            }
            head++;
            releaseHeld();
        } else {
            slots[slot] = muted ? 0 : hold(address, length);
        }
    }

    /** Lets the proxy write a reply that follows all others; {@link #written} must be next. */
    void lend(ReplyWriter writer) {
        if (isEmpty()) {
            output.lend(writer);
        } else {
            ensureHeld(0);
            writtenFrom = held.writerIndex();
            writer.attach(held);
        }
    }

    /** Takes the reply, or drops it if it is {@code muted}. */
    void written(ReplyWriter writer, boolean muted) {
        if (muted) {
            writer.truncate(writer.mark() - writer.bytesWritten());
        }
        if (isEmpty()) {
            output.takeBack(writer);
        } else {
            held = writer.detach();
            int length = held.writerIndex() - writtenFrom;
            liveBytes += length;
            append((long) writtenFrom << 32 | length);
        }
    }

    void close() {
        if (held != null) {
            held.release();
            held = null;
        }
    }

    private int append(long slot) {
        if (tail - head == slots.length) {
            grow();
        }
        slots[tail & (slots.length - 1)] = slot;
        return tail++;
    }

    private void grow() {
        long[] more = new long[2 * slots.length];
        for (int sequence = head; sequence != tail; sequence++) {
            more[sequence & (more.length - 1)] = slots[sequence & (slots.length - 1)];
        }
        slots = more;
    }

    private long hold(long address, int length) {
        ensureHeld(length);
        int offset = held.writerIndex();
        Raw.copy(address, held.memoryAddress() + offset, length);
        held.writerIndex(offset + length);
        liveBytes += length;
        return (long) offset << 32 | length;
    }

    private void releaseHeld() {
        while (head != tail) {
            long slice = slots[head & (slots.length - 1)];
            if (slice < 0) {
                break;
            }
            int length = (int) slice;
            if (length > 0) {
                output.append(held.memoryAddress() + (slice >>> 32), length);
                liveBytes -= length;
            }
            head++;
        }
        if (held != null && liveBytes == 0) {
            buffers.giveBack(held);
            held = null;
        }
    }

    private void ensureHeld(int length) {
        if (held == null) {
            held = buffers.borrow();
        } else if (held.writerIndex() > COMPACT_AT_BYTES && liveBytes < held.writerIndex() / 2) {
            compact();
        }
        if (held.writableBytes() < length) {
            held.capacity((int)
                    Math.min(held.maxCapacity(), Math.max(2L * held.capacity(), (long) held.writerIndex() + length)));
        }
    }

    private void compact() {
        ByteBuf live = buffers.borrow();
        for (int sequence = head; sequence != tail; sequence++) {
            int slot = sequence & (slots.length - 1);
            if (slots[slot] >= 0) {
                int offset = live.writerIndex();
                live.writeBytes(held, (int) (slots[slot] >>> 32), (int) slots[slot]);
                slots[slot] = (long) offset << 32 | (int) slots[slot];
            }
        }
        buffers.giveBack(held);
        held = live;
    }
}
