package dev.jackdaw.proxy.route;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.protocol.resp.ReplyReader;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.route.Merge;
import dev.jackdaw.protocol.route.Splitter;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongBinaryOperator;

/**
 * Owned by one event loop and used again: keeps the replies of several nodes until the last is there, then makes one of them.
 * The tag of a reply is its part's number. An error in any part is the whole reply, as the client could not tell otherwise.
 *
 * <pre>
 * MGET a b c d    part 0: *2 b d    keys 1 3
 *                 part 1: *2 a c    keys 0 2     ->  *4 a b c d
 * </pre>
 */
public final class Merger implements ReplySink {
    private static final int KEPT_BYTES = 64 * 1024;

    private final Mergers pool;
    private final ReplyReader reader = new ReplyReader();
    private final ReplyWriter writer = new ReplyWriter();
    private final ByteBuf received;
    private final ByteBuf merged;

    /** Where each part lies in {@code received}: its offset in the upper half, its length in the lower. */
    private long[] parts = new long[4];

    private long[] elements = new long[16];
    /** The keys of part p are {@code keys[firstKey[p]]} to {@code keys[firstKey[p + 1] - 1]}. */
    private int[] keys = new int[16];

    private int[] firstKey = new int[5];
    private int count;
    private int missing;
    private Merge merge;
    private ReplySink to;
    private int tag;

    Merger(Mergers pool, ByteBuf received, ByteBuf merged) {
        this.pool = pool;
        this.received = received;
        this.merged = merged;
    }

    Merger begin(Merge by, int partCount, ReplySink sink, int sinkTag) {
        merge = by;
        count = partCount;
        missing = partCount;
        to = sink;
        tag = sinkTag;
        if (parts.length < partCount) {
            parts = new long[2 * partCount];
            firstKey = new int[2 * partCount + 1];
        }
        return this;
    }

    /** Remembers which keys each part has, for {@link Merge#KEY_ORDER}. */
    void keys(Splitter splitter) {
        if (keys.length < splitter.keys()) {
            keys = new int[2 * splitter.keys()];
        }
        int next = 0;
        for (int part = 0; part < count; part++) {
            firstKey[part] = next;
            for (int i = 0; i < splitter.size(part); i++) {
                keys[next++] = splitter.key(part, i);
            }
        }
        firstKey[count] = next;
    }

    @Override
    public void reply(int part, long address, int length) {
        keep(part, received.writerIndex(), length);
        received.ensureWritable(length);
        Raw.copy(address, received.memoryAddress() + received.writerIndex(), length);
        received.writerIndex(received.writerIndex() + length);
        partDone();
    }

    @Override
    public void failed(int part, String error) {
        int start = received.writerIndex();
        received.writeByte('-');
        received.writeCharSequence(error, StandardCharsets.ISO_8859_1);
        received.writeByte('\r').writeByte('\n');
        keep(part, start, received.writerIndex() - start);
        partDone();
    }

    private void keep(int part, int offset, int length) {
        parts[part] = (long) offset << 32 | length;
    }

    private void partDone() {
        if (--missing > 0) {
            return;
        }
        writer.attach(merged);
        merge();
        writer.detach();
        to.reply(tag, merged.memoryAddress(), merged.writerIndex());
        to = null;
        received.clear();
        merged.clear();
        if (received.capacity() + merged.capacity() <= KEPT_BYTES) {
            pool.giveBack(this);
        } else {
            release();
        }
    }

    void release() {
        received.release();
        merged.release();
    }

    private void merge() {
        int error = merge == Merge.ANY_OK ? -1 : firstError();
        if (error >= 0) {
            copy(parts[error]);
            return;
        }
        boolean fits = switch (merge) {
            case KEY_ORDER -> keyOrder();
            case SUM -> sum();
            case MIN -> minimum();
            case ALL_OK -> copy(parts[0]);
            case ANY_OK -> copy(parts[firstGood()]);
            case ALL_TRUE -> allTrue();
            case CONCAT -> concat();
            case CURSOR -> false;
        };
        if (!fits) {
            writer.truncate(0);
            writer.error(CommandError.REPLIES_DO_NOT_FIT);
        }
    }

    private int firstError() {
        for (int part = 0; part < count; part++) {
            if (type(parts[part]) == '-') {
                return part;
            }
        }
        return -1;
    }

    private int firstGood() {
        for (int part = 0; part < count; part++) {
            char type = type(parts[part]);
            boolean isNull = type == '_' || ((type == '$' || type == '*') && number(parts[part]) < 0);
            if (type != '-' && !isNull) {
                return part;
            }
        }
        return 0;
    }

    private boolean keyOrder() {
        int all = firstKey[count];
        elements = atLeast(elements, all);
        for (int part = 0; part < count; part++) {
            int size = firstKey[part + 1] - firstKey[part];
            if (type(parts[part]) != '*' || number(parts[part]) != size) {
                return false;
            }
            openList(parts[part]);
            for (int i = firstKey[part]; i < firstKey[part + 1]; i++) {
                elements[keys[i]] = nextElement();
            }
        }
        writer.array(all);
        for (int key = 0; key < all; key++) {
            copy(elements[key]);
        }
        return true;
    }

    private boolean sum() {
        if (type(parts[0]) == ':') {
            long sum = 0;
            for (int part = 0; part < count; part++) {
                if (type(parts[part]) != ':') {
                    return false;
                }
                sum += number(parts[part]);
            }
            writer.integer(sum);
            return true;
        }
        return eachElement((sum, value) -> sum + value);
    }

    private boolean minimum() {
        long least = Long.MAX_VALUE;
        for (int part = 0; part < count; part++) {
            if (type(parts[part]) != ':') {
                return false;
            }
            least = Math.min(least, number(parts[part]));
        }
        writer.integer(least);
        return true;
    }

    private boolean allTrue() {
        return eachElement(Math::min);
    }

    /** Arrays of one shape become one: integers are combined, the rest is the first part's. */
    private boolean eachElement(LongBinaryOperator combine) {
        if (type(parts[0]) != '*') {
            return false;
        }
        int size = (int) number(parts[0]);
        elements = atLeast(elements, count * size);
        for (int part = 0; part < count; part++) {
            if (type(parts[part]) != '*' || number(parts[part]) != size) {
                return false;
            }
            openList(parts[part]);
            for (int i = 0; i < size; i++) {
                elements[part * size + i] = nextElement();
            }
        }
        writer.array(size);
        for (int i = 0; i < size; i++) {
            if (type(elements[i]) != ':') {
                copy(elements[i]);
                continue;
            }
            long value = number(elements[i]);
            for (int part = 1; part < count; part++) {
                value = combine.applyAsLong(value, number(elements[part * size + i]));
            }
            writer.integer(value);
        }
        return true;
    }

    private boolean concat() {
        char type = type(parts[0]);
        long size = 0;
        for (int part = 0; part < count; part++) {
            if (type(parts[part]) != type || (type != '*' && type != '~')) {
                return false;
            }
            size += Math.max(0, number(parts[part]));
        }
        writer.protocol(type == '~' ? 3 : 2);
        writer.set((int) size);
        for (int part = 0; part < count; part++) {
            int header = headerLength(parts[part]);
            writer.raw(address(parts[part]) + header, length(parts[part]) - header);
        }
        return true;
    }

    /** Turns to the elements of a list. */
    private void openList(long slice) {
        received.readerIndex(offset(slice) + headerLength(slice));
    }

    private long nextElement() {
        int offset = received.readerIndex();
        reader.scan(received);
        return (long) offset << 32 | reader.bytes();
    }

    private boolean copy(long slice) {
        writer.raw(address(slice), length(slice));
        return true;
    }

    private char type(long slice) {
        return (char) Raw.getUnsignedByte(address(slice));
    }

    /** The number in the first line. */
    private long number(long slice) {
        int digits = headerLength(slice) - 3;
        return Integers.isInteger(address(slice) + 1, digits) ? Integers.parse(address(slice) + 1, digits) : -1;
    }

    private int headerLength(long slice) {
        int length = 1;
        while (Raw.getByte(address(slice) + length) != '\n') {
            length++;
        }
        return length + 1;
    }

    private long address(long slice) {
        return received.memoryAddress() + offset(slice);
    }

    private static int offset(long slice) {
        return (int) (slice >>> 32);
    }

    private static int length(long slice) {
        return (int) slice;
    }

    private static long[] atLeast(long[] slices, int size) {
        return slices.length >= size ? slices : Arrays.copyOf(slices, 2 * size);
    }
}
