package dev.jackdaw.server.rdb;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.memory.Entry;

/**
 * Owned by the event loop: what DUMP makes of a value and RESTORE makes a value of.
 *
 * <pre>
 *   | type 1 | value | version 2 | CRC-64 of all before 8 |
 * </pre>
 */
public final class DumpPayload {
    private final RdbOutput out;
    private final ValueWriter writer;
    private final RdbInput in;
    private final ValueReader reader;

    public DumpPayload(Engine engine, Config config) {
        this.out = new RdbOutput(engine.heap());
        this.writer = new ValueWriter(engine);
        this.in = new RdbInput(engine.heap());
        this.reader = new ValueReader(engine, config, in);
    }

    /** What is done with a payload. */
    public interface Receiver {
        void payload(long address, int length);
    }

    /** Hands the payload of an entry over, which is gone then. */
    public void dump(long entry, Receiver receiver) {
        try {
            out.int8(ValueWriter.type(entry));
            writer.write(entry, out);
            out.int16(ValueWriter.version(entry));
            out.int64(Crc64.update(0, out.address(), out.size()));
            receiver.payload(out.address(), out.size());
        } finally {
            out.close();
        }
    }

    /** Whether the bytes end as a payload does that can be read here. */
    public static boolean isWhole(long payload, int length) {
        long footer = payload + length - RdbFormat.FOOTER_BYTES;
        return length >= RdbFormat.FOOTER_BYTES
                && RdbFormat.isKnown(version(footer))
                && Raw.getLong(footer + Short.BYTES) == Crc64.update(0, payload, (long) length - Long.BYTES);
    }

    private static int version(long footer) {
        return Raw.getUnsignedShort(footer);
    }

    /**
     * Gives a key that does not exist the value of a payload that {@link #isWhole}.
     *
     * @return false if it is none; there is no key then
     */
    public boolean restore(long payload, int length, Keyspace keyspace, long key, int keyLength) {
        long footer = payload + length - RdbFormat.FOOTER_BYTES;
        in.at(payload, footer - payload);
        try {
            return reader.read(in.uint8(), version(footer), keyspace, key, keyLength, Entry.NEVER);
        } catch (CorruptRdbException corrupt) {
            reader.abandon();
            long part = keyspace.peek(key, keyLength);
            if (part != 0) {
                keyspace.remove(part);
            }
            return false;
        } finally {
            in.close();
        }
    }
}
