package dev.jackdaw.server.persistence;

import dev.jackdaw.protocol.Versions;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.config.Directive;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.Witness;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.EntryStore;
import dev.jackdaw.server.rdb.RdbFormat;
import dev.jackdaw.server.rdb.RdbOutput;
import dev.jackdaw.server.rdb.ValueWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Owned by the event loop: all databases as they are when it begins, written to a file in short steps between commands.
 *
 * <pre>
 *   hashes of keys   0 ........................ cursor ........................ 2^48
 *                    written                      still to be written, but for entries with
 *                                                 a note: written before they changed, or new
 * </pre>
 *
 * The steps walk each database in the order of its keys' hashes, in which entries keep their places whatever the index
 * does meanwhile. What is about to change beyond the cursor is written out first.
 *
 * <p>The cursor stays in front of a long value until that has been written, in steps of its own. What else is written
 * meanwhile is held back until it is whole. A command that would change a long value waits until it is written; what does not wait, as
 * expiry and eviction, has it written at once.
 */
final class Snapshot implements Witness {
    /** Bytes after which a step ends: some tens of microseconds. */
    private static final int STEP_BYTES = 16 << 10;

    /** Buckets of the index after which it ends, however few keys they have. */
    private static final int STEP_BUCKETS = 64;

    /** Buckets between two looks at the clock. */
    private static final int LOOK_BUCKETS = 4;

    /** What is written of a long value at a time. */
    private static final int PIECE_BYTES = 4 << 10;

    /** Owned by its snapshot: one database. */
    private static final class Part {
        private final EntryStore store;
        private final int database;
        private long cursor;
        /** Whether the database was cleared meanwhile, and nobody else has its entries any more. */
        private boolean orphaned;

        Part(EntryStore store, int database) {
            this.store = store;
            this.database = database;
            store.walk(0);
        }
    }

    private final Engine engine;
    private final Config config;
    private final SnapshotFile file;
    private final Pace pace;
    private final RdbOutput main;
    private final ValueWriter writer;
    private final boolean compresses;
    private final boolean withFrequency;
    private final boolean withIdleTime;
    private final long startMillis;
    private final List<Part> parts = new ArrayList<>();
    private final List<Part> selected = new ArrayList<>();
    private final EntryStore.Visitor visit = this::visit;
    private final EntryStore.Visitor lookForLong = this::lookForLong;
    /** Where keys are written: what is held while a long value is written. */
    private RdbOutput out;

    private HeldOutput held;
    private Part current;
    private Part lastWritten;
    /** The key, in memory of its own, of the long value that is to be written or being written; 0 if there is none. */
    private long longKey;

    private int longKeyLength;
    private Part longPart;
    private long keys;
    /** Whether nothing is written any more. */
    private boolean abandoned;

    private boolean completed;

    /** @param isBase whether it is that of a log */
    Snapshot(Engine engine, Config config, ValueWriter writer, SnapshotFile file, boolean isBase) {
        this.engine = engine;
        this.config = config;
        this.writer = writer;
        this.file = file;
        this.pace = new Pace(engine);
        this.withFrequency = engine.countsFrequency();
        this.withIdleTime = engine.countsTime();
        this.startMillis = engine.nowMillis();
        this.compresses = config.is(Directive.RDBCOMPRESSION);
        this.main = new RdbOutput(engine.heap(), file, file.open(), SnapshotFile.BUFFER_BYTES);
        this.out = main;
        main.compresses(compresses);
        boolean fieldsExpire = false;
        for (int i = 0; i < engine.databases(); i++) {
            if (engine.keyspace(i).size() > 0) {
                parts.add(new Part(engine.keyspace(i).store(), i));
                fieldsExpire |= engine.keyspace(i).fieldsMayExpire();
            }
        }
        header(fieldsExpire ? RdbFormat.VERSION_WITH_FIELD_EXPIRY : RdbFormat.VERSION, isBase);
        engine.witness(this);
    }

    private void header(int version, boolean isBase) {
        String magic = String.format(Locale.ROOT, "REDIS%04d", version);
        for (int i = 0; i < magic.length(); i++) {
            out.int8(magic.charAt(i));
        }
        aux("redis-ver", Versions.REDIS);
        aux("redis-bits", "64");
        aux("ctime", Long.toString(startMillis / 1000));
        aux("used-mem", Long.toString(engine.usedMemory()));
        aux("aof-base", isBase ? "1" : "0");
    }

    private void aux(String name, String value) {
        out.int8(RdbFormat.AUX);
        out.string(name);
        out.string(value);
    }

    /** The keys that were written. */
    long keys() {
        return keys;
    }

    // --- The walk ---

    /** Writes some more, if it is time to; returns whether there is more to do at once. */
    boolean step() {
        abandoned |= file.hasFailed();
        if (completed || !abandoned && (file.isBehind() || isEarly())) {
            return false;
        }
        if (!pace.begin()) {
            return true;
        }
        long until = main.written() + STEP_BYTES;
        for (int i = 0; i < STEP_BUCKETS && main.written() < until && !completed; i += LOOK_BUCKETS) {
            boolean hadLong = longKey != 0;
            for (int j = 0; j < LOOK_BUCKETS && !completed; j++) {
                walkOn();
            }
            // Who waited for a long value goes on before the next one is begun.
            if (pace.isOver() || hadLong && longKey == 0 || isEarly()) {
                break;
            }
        }
        return !completed;
    }

    /** Whether the directive for tests that want snapshots to take long lets the next key wait. */
    private boolean isEarly() {
        long delayMicros = config.number(Directive.RDB_KEY_SAVE_DELAY);
        return delayMicros > 0 && keys * delayMicros > 1000 * (engine.clock().millis() - startMillis);
    }

    /** All of it. */
    void walk() {
        while (!completed) {
            if (!abandoned && isEarly()) {
                engine.clock().sleep(1);
            } else {
                walkOn();
            }
        }
    }

    private void walkOn() {
        if (parts.isEmpty()) {
            end();
            return;
        }
        current = parts.getFirst();
        if (longKey == 0 && !abandoned) {
            current.store.scan(current.cursor, lookForLong);
        }
        if (longKey != 0) {
            writeLong(PIECE_BYTES);
            return;
        }
        long next = current.store.scan(current.cursor, visit);
        current.cursor = next;
        current.store.walk(next);
        if (next != 0) {
            current.store.fetchEntries(next);
            return;
        }
        current.store.endWalk();
        if (current.orphaned) {
            engine.bury(current.store);
        }
        parts.removeFirst();
    }

    private void end() {
        if (!abandoned) {
            main.int8(RdbFormat.END);
            file.complete(main.address(), main.size());
        }
        engine.witness(null);
        completed = true;
    }

    private void visit(long entry) {
        if (Entry.isNoted(entry)) {
            Entry.note(entry, false);
        } else if (isAhead(entry)) {
            // A bucket may have grown, so that a part of it has been walked through already.
            write(current, entry);
        }
    }

    // --- Long values ---

    private void lookForLong(long entry) {
        if (longKey != 0 || Entry.isNoted(entry) || !ValueWriter.isLong(engine, entry) || !isAhead(entry)) {
            return;
        }
        beginLong(current, entry);
    }

    private void beginLong(Part part, long entry) {
        if (!writeHead(part, entry)) {
            Entry.note(entry, true);
            return;
        }
        longPart = part;
        longKeyLength = Entry.keyLength(entry);
        longKey = engine.heap().allocate(longKeyLength);
        Raw.copy(Entry.keyAddress(entry), longKey, longKeyLength);
        writer.another().begin(entry, main);
        held = new HeldOutput(engine.heap(), file, file.empty(main.address()), compresses);
        out = held.out();
        lastWritten = null;
    }

    private boolean isAhead(long entry) {
        return current.store.isAhead(current.store.hash(Entry.keyAddress(entry), Entry.keyLength(entry)));
    }

    /** Goes on with the long value, of which the entry gets a note when it is whole. */
    private void writeLong(long bytes) {
        if (!abandoned && writer.another().write(bytes)) {
            return;
        }
        Entry.note(longPart.store.find(longKey, longKeyLength), true);
        engine.heap().free(longKey, longKeyLength);
        longKey = 0;
        main.flush();
        held.release();
        held = null;
        out = main;
        abandoned |= file.hasFailed();
    }

    private boolean isBeingWritten(Part part, long key, int length) {
        return longKey != 0 && part == longPart && length == longKeyLength && Raw.equal(key, longKey, length);
    }

    // --- What changes meanwhile ---

    /** Where the disk or whoever else takes the file does not keep up, it is better to write more at once than to let them wait. */
    @Override
    public boolean delaysChange(EntryStore store, long key, int length) {
        Part part = part(store);
        long entry = part == null ? 0 : unwritten(store, key, length);
        if (entry == 0 || abandoned || file.isBehind() || !ValueWriter.isLong(engine, entry)) {
            return false;
        }
        if (longKey == 0) {
            beginLong(part, entry);
        }
        return longKey != 0;
    }

    @Override
    public boolean isDelaying() {
        return longKey != 0 && !file.isBehind();
    }

    /** The key's entry, if it has to be written before it changes; otherwise 0. */
    private static long unwritten(EntryStore store, long key, int length) {
        long entry = store.isAhead(store.hash(key, length)) ? store.find(key, length) : 0;
        return entry == 0 || Entry.isNoted(entry) ? 0 : entry;
    }

    @Override
    public void beforeChange(EntryStore store, long key, int length) {
        Part part = part(store);
        long entry = part == null ? 0 : unwritten(store, key, length);
        if (entry == 0) {
            return;
        }
        if (isBeingWritten(part, key, length)) {
            writeLong(Long.MAX_VALUE >> 1);
        } else {
            write(part, entry);
            Entry.note(entry, true);
        }
    }

    @Override
    public boolean keeps(EntryStore store) {
        Part part = part(store);
        if (part != null) {
            part.orphaned = true;
        }
        return part != null;
    }

    private Part part(EntryStore store) {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).store == store) {
                return parts.get(i);
            }
        }
        return null;
    }

    // --- One key ---

    private void write(Part part, long entry) {
        if (writeHead(part, entry)) {
            writer.write(entry, out);
            abandoned = file.hasFailed();
        }
    }

    /** Writes all but the value; false if nothing is to be written. */
    private boolean writeHead(Part part, long entry) {
        long expireAtMillis = Entry.expireAtMillis(entry);
        if (abandoned || expireAtMillis != Entry.NEVER && expireAtMillis <= startMillis) {
            return false;
        }
        select(part);
        if (expireAtMillis != Entry.NEVER) {
            out.int8(RdbFormat.EXPIRE_MILLIS);
            out.int64(expireAtMillis);
        }
        if (withFrequency || withIdleTime) {
            use(part, entry);
        }
        out.int8(ValueWriter.type(entry));
        out.string(Entry.keyAddress(entry), Entry.keyLength(entry));
        keys++;
        return true;
    }

    private void select(Part part) {
        if (part == lastWritten) {
            return;
        }
        lastWritten = part;
        out.int8(RdbFormat.SELECT);
        out.length(part.database);
        if (!selected.contains(part)) {
            selected.add(part);
            out.int8(RdbFormat.RESIZE);
            out.length(part.store.size());
            out.length(part.store.expiring());
        }
    }

    private void use(Part part, long entry) {
        part.store.find(Entry.keyAddress(entry), Entry.keyLength(entry));
        if (withFrequency) {
            out.int8(RdbFormat.FREQUENCY);
            out.int8(engine.frequency(part.store));
        } else {
            out.int8(RdbFormat.IDLE);
            out.length(engine.idleMillis(part.store) / 1000);
        }
    }

    // --- The end ---

    /** Whether the file is complete, or has failed, and the walk is at its end. */
    boolean isDone() {
        return completed && file.isDone();
    }

    /** Writes no more. The walk has to go on to its end all the same, for the notes. */
    void giveUp() {
        if (!completed && !abandoned) {
            abandoned = true;
            file.giveUp("given up");
        }
    }

    /** Goes to the end, and waits for the file; throws what has gone wrong. */
    void close() throws IOException {
        walk();
        file.close();
    }
}
