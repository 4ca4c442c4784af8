package dev.jackdaw.server.algorithm;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.DenseRegisters;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.MurmurHash;
import dev.jackdaw.server.memory.SparseRegisters;

/**
 * Owned by the event loop: the HyperLogLog that a key's string is, one at a time, byte for byte as Redis stores it.
 *
 * <pre>
 *   | HYLL | encoding 1: 0 dense, 1 sparse | 0 0 0 | count 8, the highest bit set if it is not known | registers |
 * </pre>
 *
 * Whoever can write strings can write nonsense: what does not add up to all registers is refused as corrupted.
 */
public final class HyperLogLog {
    private static final int HEADER = 16;
    private static final int DENSE_BYTES = HEADER + DenseRegisters.BYTES;
    private static final int EMPTY_BYTES = HEADER + 2;
    private static final int MAGIC = 'H' | 'Y' << 8 | 'L' << 16 | 'L' << 24;
    private static final int ENCODING = 4;
    private static final int DENSE = 0;
    private static final int SPARSE = 1;
    private static final int COUNT = 8;
    private static final long UNKNOWN = 1L << 63;

    private static final int INDEX_BITS = 14;
    private static final long SEED = 0xadc83b19L;
    private static final int MAX_SPLIT_BYTES = 5;

    private long maxSparseBytes;
    private Keyspace keyspace;
    private long entry;
    private long value;

    /** What hll-sparse-max-bytes says. */
    public void maxSparseBytes(long bytes) {
        maxSparseBytes = bytes;
    }

    // --- The key ---

    /** Turns to the string of an entry; refuses one that is no HyperLogLog. */
    public void at(Keyspace newKeyspace, long newEntry) {
        keyspace = newKeyspace;
        place(newEntry);
        int length = Entry.valueLength(entry);
        boolean valid = Entry.kind(entry) == Kind.STRING.ordinal()
                && length >= HEADER
                && Raw.getInt(value) == MAGIC
                && (encoding() == SPARSE || encoding() == DENSE && length == DENSE_BYTES);
        if (!valid) {
            throw new Refusal(CommandError.NOT_A_HYPERLOGLOG);
        }
    }

    /** Gives the key, which has none, an empty HyperLogLog and turns to it. */
    public void create(Keyspace newKeyspace, long key, int length) {
        keyspace = newKeyspace;
        place(keyspace.put(key, length, Kind.STRING, EMPTY_BYTES));
        Raw.fill(value, HEADER, 0);
        Raw.putInt(value, MAGIC);
        Raw.putByte(value + ENCODING, SPARSE);
        SparseRegisters.write(value + HEADER, 0, DenseRegisters.COUNT);
    }

    /** As Redis does with a string that is about to be changed. */
    public void makeRaw() {
        Entry.mark(entry, true);
    }

    /** Ends a change. */
    public void settle() {
        forgetCount();
        keyspace.changed(entry);
    }

    private void place(long newEntry) {
        entry = newEntry;
        value = Entry.valueAddress(entry);
    }

    private int encoding() {
        return Raw.getUnsignedByte(value + ENCODING);
    }

    public boolean isSparse() {
        return encoding() == SPARSE;
    }

    private long end() {
        return value + Entry.valueLength(entry);
    }

    // --- The count ---

    /** The number that was computed last, or a negative one if something has changed since. */
    public long count() {
        return Raw.getLong(value + COUNT);
    }

    public void count(long count) {
        Raw.putLong(value + COUNT, count);
    }

    /** The old number stays beneath the mark, as in Redis. */
    private void forgetCount() {
        count(count() | UNKNOWN);
    }

    // --- Reading ---

    /** Raises each of {@code registers} that is below the one here. */
    public void mergeInto(byte[] registers) {
        if (!isSparse()) {
            for (int i = 0; i < DenseRegisters.COUNT; i++) {
                registers[i] = (byte) Math.max(registers[i], DenseRegisters.get(value + HEADER, i));
            }
            return;
        }
        long first = 0;
        for (long run = value + HEADER; run < end(); run = next(run)) {
            int length = SparseRegisters.length(run);
            int of = SparseRegisters.value(run);
            if (of > 0) {
                refuseIf(first + length > DenseRegisters.COUNT);
                for (int i = (int) first; i < first + length; i++) {
                    registers[i] = (byte) Math.max(registers[i], of);
                }
            }
            first += length;
        }
        refuseIf(first != DenseRegisters.COUNT);
    }

    /** The run behind one. */
    private long next(long run) {
        long next = run + SparseRegisters.bytes(run);
        refuseIf(next > end());
        return next;
    }

    private static void refuseIf(boolean corrupted) {
        if (corrupted) {
            throw Refusal.CORRUPTED_HYPERLOGLOG;
        }
    }

    public int register(int i) {
        return DenseRegisters.get(value + HEADER, i);
    }

    /** The runs of a sparse one, as PFDEBUG DECODE tells them. */
    public String runs() {
        StringBuilder text = new StringBuilder();
        for (long run = value + HEADER; run < end(); run = next(run)) {
            int length = SparseRegisters.length(run);
            text.append(text.isEmpty() ? "" : " ");
            if (SparseRegisters.isZeros(run)) {
                text.append(SparseRegisters.bytes(run) == 1 ? "z:" : "Z:").append(length);
            } else {
                text.append("v:").append(SparseRegisters.value(run)).append(',').append(length);
            }
        }
        return text.toString();
    }

    // --- Changing ---

    /** Adds an element; returns whether that changed a register. */
    public boolean add(long address, int length) {
        long hash = MurmurHash.of(address, length, SEED);
        int index = (int) hash & DenseRegisters.COUNT - 1;
        long rest = hash >>> INDEX_BITS | 1L << (Long.SIZE - INDEX_BITS);
        return raise(index, Long.numberOfTrailingZeros(rest) + 1);
    }

    /** Gives a register at least this value; returns whether that changed it. */
    public boolean raise(int index, int to) {
        return isSparse() ? raiseSparse(index, to) : raiseDense(index, to);
    }

    private boolean raiseDense(int index, int to) {
        if (DenseRegisters.get(value + HEADER, index) >= to) {
            return false;
        }
        DenseRegisters.set(value + HEADER, index, to);
        return true;
    }

    private boolean raiseSparse(int index, int to) {
        if (to > SparseRegisters.MAX_VALUE) {
            makeDense();
            return raiseDense(index, to);
        }
        long before = 0;
        long run = value + HEADER;
        long end = end();
        int first = 0;
        while (true) {
            refuseIf(run >= end);
            int length = SparseRegisters.length(run);
            long next = run + SparseRegisters.bytes(run);
            refuseIf(next > end);
            if (index < first + length) {
                break;
            }
            first += length;
            before = run;
            run = next;
        }
        if (SparseRegisters.value(run) >= to) {
            return false;
        }
        return split(before, run, index - first, to) || raiseDense(index, to);
    }

    /**
     * Puts up to three runs in place of one, of which a register gets another value.
     *
     * @param before the run before it, 0 if there is none
     * @return whether that was done; otherwise it would have taken too much, and all has become dense
     */
    private boolean split(long before, long run, int register, int to) {
        int old = SparseRegisters.value(run);
        int behind = SparseRegisters.length(run) - register - 1;
        int oldBytes = SparseRegisters.bytes(run);
        int newBytes = SparseRegisters.runBytes(old, register) + 1 + SparseRegisters.runBytes(old, behind);
        assert newBytes <= MAX_SPLIT_BYTES;
        int length = Entry.valueLength(entry);
        int newLength = length + newBytes - oldBytes;
        if (newLength > length && newLength > maxSparseBytes) {
            makeDense();
            return false;
        }
        long offset = run - value;
        long mergeFrom = before == 0 ? HEADER : before - value;
        if (newLength > length) {
            place(keyspace.resize(entry, newLength));
        }
        long at = value + offset;
        Raw.copy(at + oldBytes, at + newBytes, length - offset - oldBytes);
        at = SparseRegisters.write(at, old, register);
        at = SparseRegisters.write(at, to, 1);
        SparseRegisters.write(at, old, behind);
        long end = SparseRegisters.merge(value + mergeFrom, value + newLength);
        if (end != end()) {
            place(keyspace.resize(entry, (int) (end - value)));
        }
        forgetCount();
        return true;
    }

    /** Gives each register six bits of its own. */
    public void makeDense() {
        if (!isSparse()) {
            return;
        }
        int sparseBytes = Entry.valueLength(entry);
        long total = 0;
        for (long run = value + HEADER; run < end(); run = next(run)) {
            total += SparseRegisters.length(run);
        }
        refuseIf(total != DenseRegisters.COUNT);
        // Beside one another, since the registers come to lie where the runs are.
        int both = Math.addExact(DENSE_BYTES, sparseBytes);
        place(keyspace.resize(entry, both));
        long runs = value + DENSE_BYTES;
        Raw.copy(value, runs, sparseBytes);
        Raw.fill(value + HEADER, DenseRegisters.BYTES, 0);
        Raw.putByte(value + ENCODING, DENSE);
        int first = 0;
        for (long run = runs + HEADER; run < value + both; run += SparseRegisters.bytes(run)) {
            int length = SparseRegisters.length(run);
            for (int i = 0; SparseRegisters.value(run) > 0 && i < length; i++) {
                DenseRegisters.set(value + HEADER, first + i, SparseRegisters.value(run));
            }
            first += length;
        }
        place(keyspace.resize(entry, DENSE_BYTES));
    }
}
