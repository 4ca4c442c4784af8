package dev.jackdaw.server.persistence;

import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.EntryStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Owned by the event loop: all databases as they are when it begins, written to a file in short steps between commands.
 *
 * <pre>
 *   hashes of keys   0 ........................ cursor ........................ 2^48
 *                    written                      still to be written, but for
 *                                                 keys that were handled: written before they changed, or new
 * </pre>
 *
 * The steps walk each database in the order of its keys' hashes, in which entries keep their places whatever the index
 * does meanwhile. What is about to change beyond the cursor is written out first. A large value is written in one step.
 */
final class Snapshot implements Engine.Witness {
    /** Bytes after which a step ends: some tens of microseconds. */
    private static final int STEP_BYTES = 16 << 10;

    /** Buckets of the index after which it ends, however few keys they have. */
    private static final int STEP_BUCKETS = 64;

    /** Cursors are hashes without so many of their lower bits. */
    private static final int CURSOR_SHIFT = 16;

    private static final String REDIS_VERSION = "7.0.15";

    /** Owned by its snapshot: one database. */
    private static final class Part {
        private final EntryStore store;
        private final int database;
        private long cursor;
        /** Keys beyond the cursor that are not to be written any more; null while there are none. */
        private EntryStore handled;
        /** Whether the database was cleared meanwhile, and nobody else has its entries any more. */
        private boolean orphaned;

        Part(EntryStore store, int database) {
            this.store = store;
            this.database = database;
        }

        boolean isBehind(long hash) {
            return hash >>> CURSOR_SHIFT < cursor;
        }

        boolean isHandled(long key, int length) {
            return handled != null && handled.find(key, length) != 0;
        }
    }

    private final Engine engine;
    private final SnapshotFile file;
    private final RdbOutput out;
    private final ValueWriter writer;
    private final boolean withFrequency;
    private final boolean withIdleTime;
    private final long startMillis;
    private final List<Part> parts = new ArrayList<>();
    private final List<Part> selected = new ArrayList<>();
    private final EntryStore.Visitor visit = this::visit;
    private Part current;
    private Part lastWritten;
    private long stepped;
    private long keys;
    private boolean completed;

    Snapshot(Engine engine, ValueWriter writer, SnapshotFile file, boolean compresses) {
        this.engine = engine;
        this.writer = writer;
        this.file = file;
        this.withFrequency = engine.countsFrequency();
        this.withIdleTime = engine.countsTime();
        this.startMillis = engine.nowMillis();
        this.out = new RdbOutput(engine.heap(), this::full, file.open(), SnapshotFile.BUFFER_BYTES);
        out.compresses(compresses);
        boolean fieldsExpire = false;
        for (int i = 0; i < engine.databases(); i++) {
            if (engine.keyspace(i).size() > 0) {
                parts.add(new Part(engine.keyspace(i).store(), i));
                fieldsExpire |= engine.keyspace(i).fieldsMayExpire();
            }
        }
        header(fieldsExpire ? RdbFormat.VERSION_WITH_FIELD_EXPIRY : RdbFormat.VERSION);
        engine.witness(this);
    }

    private long full(long buffer, int bytes) {
        stepped += bytes;
        return file.full(buffer, bytes);
    }

    private void header(int version) {
        String magic = "REDIS000" + version / 10 + version % 10;
        magic = "REDIS" + magic.substring(magic.length() - 4);
        for (int i = 0; i < magic.length(); i++) {
            out.int8(magic.charAt(i));
        }
        aux("redis-ver", REDIS_VERSION);
        aux("redis-bits", "64");
        aux("ctime", Long.toString(startMillis / 1000));
        aux("used-mem", Long.toString(engine.usedMemory()));
        aux("aof-base", "0");
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

    /** Writes some more; returns whether there is more to do at once. */
    boolean step() {
        if (completed || file.isBehind()) {
            return false;
        }
        long from = written();
        for (int i = 0; i < STEP_BUCKETS && written() - from < STEP_BYTES && !completed; i++) {
            walkOn();
        }
        return !completed;
    }

    /** All of it. */
    void walk() {
        while (!completed) {
            walkOn();
        }
    }

    private long written() {
        return stepped + out.size();
    }

    private void walkOn() {
        if (parts.isEmpty()) {
            out.int8(RdbFormat.END);
            file.complete(out.address(), out.size());
            engine.witness(null);
            completed = true;
            return;
        }
        current = parts.getFirst();
        long next = current.store.scan(current.cursor, visit);
        current.cursor = next;
        if (next == 0) {
            end(current);
            parts.removeFirst();
        }
    }

    private void end(Part part) {
        if (part.handled != null) {
            engine.closeStore(part.handled);
        }
        if (part.orphaned) {
            engine.bury(part.store);
        }
    }

    private void visit(long entry) {
        long key = Entry.keyAddress(entry);
        int length = Entry.keyLength(entry);
        // A bucket may have grown, so that a part of it has been walked through already.
        if (!current.isBehind(current.store.hash(key, length)) && !current.isHandled(key, length)) {
            write(current, entry);
        }
    }

    // --- What changes meanwhile ---

    @Override
    public void beforeChange(EntryStore store, long key, int length) {
        Part part = part(store);
        if (part == null || part.isBehind(store.hash(key, length)) || part.isHandled(key, length)) {
            return;
        }
        long entry = store.find(key, length);
        if (entry != 0) {
            write(part, entry);
        }
        if (part.handled == null) {
            part.handled = engine.openStore();
        }
        part.handled.put(key, length, 0, 0, Entry.NEVER, engine.nowMillis());
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
        long expireAtMillis = Entry.expireAtMillis(entry);
        if (expireAtMillis != Entry.NEVER && expireAtMillis <= startMillis) {
            return;
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
        writer.write(entry, out);
        keys++;
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

    /** Whether the file is complete, or has failed. */
    boolean isDone() {
        return file.isDone();
    }

    /** Waits for the file, however far it is; throws what has gone wrong. */
    void close() throws IOException {
        if (!completed) {
            file.giveUp();
            engine.witness(null);
            parts.forEach(this::end);
            parts.clear();
            completed = true;
        }
        file.close();
    }
}
