package dev.jackdaw.server.persistence;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.rdb.CorruptRdbException;
import dev.jackdaw.server.rdb.Crc64;
import dev.jackdaw.server.rdb.RdbFormat;
import dev.jackdaw.server.rdb.RdbInput;
import dev.jackdaw.server.rdb.ValueReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owned by the event loop: reads RDB files, of Redis and of Valkey, into databases that are empty. The file is mapped, and
 * its checksum computed on another thread meanwhile.
 */
final class RdbFile implements Loader {
    private static final Logger LOG = LoggerFactory.getLogger(RdbFile.class);
    private static final String REDIS = "REDIS";
    private static final String VALKEY = "VALKEY";
    private static final int MAGIC_BYTES = 9;
    private static final int FIRST_VERSION_WITH_CHECKSUM = 5;

    /** Keys that are looked up in the index at the same time. */
    private static final int FETCHED_KEYS = 32;

    private static final int SHOWN_KEY_BYTES = 100;

    /** What a key and its value take at least. */
    private static final int MIN_KEY_BYTES = 4;

    private final Engine engine;
    private final Disk disk;
    private final RdbInput in;
    private final ValueReader values;
    private Arena arena;
    private CompletableFuture<Long> sum;
    private long totalBytes;
    private int version;
    private boolean checks;
    private Keyspace keyspace;
    private boolean ended;
    /** How far the places of keys have been loaded ahead. */
    private long fetched;

    private long loaded;
    private long expired;

    /** Of the key that comes next. */
    private long expireAtMillis;

    private long idleSeconds;
    private int frequency;

    RdbFile(Engine engine, Config config, Disk disk) {
        this.engine = engine;
        this.disk = disk;
        this.in = new RdbInput(engine.heap());
        this.values = new ValueReader(engine, config, in);
    }

    /** Whether the bytes of a file begin as those of an RDB file do. */
    static boolean isOne(MemorySegment bytes) {
        long compared = Math.min(bytes.byteSize(), VALKEY.length());
        String magic = Raw.latin1(bytes.address(), (int) compared);
        return magic.startsWith(REDIS) || magic.startsWith(VALKEY);
    }

    /** The version of the file. */
    int version() {
        return version;
    }

    /** The keys that the last file brought. */
    long loaded() {
        return loaded;
    }

    /** The keys in it that had expired, and were left out; none where commands follow, which may need them. */
    long expired() {
        return expired;
    }

    /**
     * Turns to a file.
     *
     * @throws CorruptRdbException if it is none of a version that is known
     */
    void open(Path path, boolean checksum) throws IOException {
        loaded = 0;
        expired = 0;
        ended = false;
        fetched = 0;
        keyspace = engine.keyspace(0);
        forgetAttributes();
        arena = Arena.ofShared();
        MemorySegment bytes = disk.map(path, arena);
        totalBytes = bytes.byteSize();
        in.at(bytes.address(), totalBytes);
        version = readVersion();
        checks = checksum && version >= FIRST_VERSION_WITH_CHECKSUM;
        sum = CompletableFuture.supplyAsync(() -> checks ? sum(bytes) : 0);
    }

    @Override
    public boolean load(int bytes) {
        long until = in.offset() + bytes;
        engine.quietly(() -> {
            while (!ended && in.offset() < until) {
                if (in.offset() >= fetched) {
                    fetchAhead();
                }
                read(in.uint8());
            }
        });
        if (ended) {
            check();
        }
        return !ended;
    }

    private void check() {
        long summed = in.offset();
        long expected = version >= FIRST_VERSION_WITH_CHECKSUM ? in.int64() : 0;
        if (checks && expected != 0 && expected != sum(summed)) {
            throw in.corrupt("a wrong checksum");
        }
        if (expired > 0) {
            LOG.info("{} keys had expired", expired);
        }
    }

    @Override
    public long totalBytes() {
        return totalBytes;
    }

    @Override
    public long loadedBytes() {
        return in.offset();
    }

    @Override
    public void close() {
        if (sum != null) {
            sum.join();
            sum = null;
        }
        arena.close();
    }

    /** Old logs have commands behind the snapshot that they begin with. */
    private long sum(long length) {
        return in.offset() == totalBytes ? sum.join() : Crc64.update(0, in.address(), length);
    }

    private static long sum(MemorySegment bytes) {
        return Crc64.update(0, bytes.address(), bytes.byteSize() - Long.BYTES);
    }

    private int readVersion() {
        String magic = Raw.latin1(in.take(MAGIC_BYTES), MAGIC_BYTES);
        String name = magic.startsWith(VALKEY) ? VALKEY : REDIS;
        String digits = magic.substring(name.length());
        if (!magic.startsWith(name) || !digits.matches("[0-9]+") || !RdbFormat.isKnown(Integer.parseInt(digits))) {
            throw in.corrupt("no RDB file of a version that is known");
        }
        return Integer.parseInt(digits);
    }

    /**
     * Has the places of the next keys loaded all at the same time: to wait for them one by one takes longer than all the rest.
     * What is no such key, or none at all, is left to {@link #read}.
     */
    private void fetchAhead() {
        long from = in.offset();
        try {
            for (int i = 0; i < FETCHED_KEYS && fetch(); i++) {
                fetched = in.offset();
            }
        } catch (CorruptRdbException ahead) {
            fetched = ahead.offset();
        }
        fetched = Math.max(fetched, from + 1);
        in.back(from);
    }

    private boolean fetch() {
        int what = in.uint8();
        if (what == RdbFormat.EXPIRE_MILLIS) {
            in.int64();
            what = in.uint8();
        }
        if (what == RdbFormat.FREQUENCY || what == RdbFormat.IDLE) {
            in.length();
            what = in.uint8();
        }
        if (!RdbFormat.isOneString(what)) {
            return false;
        }
        RdbInput.Text key = in.keyString();
        keyspace.fetchBucket(key.address(), key.length());
        in.close();
        in.skipString();
        return true;
    }

    private void read(int what) {
        switch (what) {
            case RdbFormat.END -> ended = true;
            case RdbFormat.SELECT -> keyspace = select(in.length());
            case RdbFormat.EXPIRE_MILLIS -> expireAtMillis = in.int64();
            case RdbFormat.EXPIRE_SECONDS -> expireAtMillis = in.int32() * 1000L;
            case RdbFormat.IDLE -> idleSeconds = in.length();
            case RdbFormat.FREQUENCY -> frequency = in.uint8();
            case RdbFormat.AUX -> {
                in.skipString();
                in.skipString();
            }
            case RdbFormat.RESIZE -> resize(in.length(), in.length());
            case RdbFormat.SLOT_INFO -> skipLengths(3);
            case RdbFormat.FUNCTION -> {
                LOG.warn("The file has functions, which are left out");
                in.skipString();
            }
            case RdbFormat.MODULE_AUX -> skipModule();
            default -> key(what);
        }
    }

    private Keyspace select(long number) {
        if (number < 0 || number >= engine.databases()) {
            throw in.corrupt("a database that there is not here, " + number + ',');
        }
        return engine.keyspace((int) number);
    }

    /** Keys that expire may have done so, and a file may say anything: room is made for what is sure to come. */
    private void resize(long keys, long expiring) {
        long most = (in.bytes() - in.offset()) / MIN_KEY_BYTES;
        keyspace.store().reserve(Math.min(keys - expiring, most));
    }

    private void skipLengths(int count) {
        for (int i = 0; i < count; i++) {
            in.length();
        }
    }

    /** What a module has saved beside keys says itself where it ends. */
    private void skipModule() {
        LOG.warn("The file has data of a module, which are left out");
        in.length();
        while (true) {
            long kind = in.length();
            switch ((int) Math.min(kind, RdbFormat.MODULE_STRING + 1)) {
                case RdbFormat.MODULE_END -> {
                    return;
                }
                case RdbFormat.MODULE_SIGNED, RdbFormat.MODULE_UNSIGNED -> in.length();
                case RdbFormat.MODULE_FLOAT -> in.int32();
                case RdbFormat.MODULE_DOUBLE -> in.int64();
                case RdbFormat.MODULE_STRING -> in.skipString();
                default -> throw in.corrupt("data of a module that cannot be skipped");
            }
        }
    }

    private void forgetAttributes() {
        expireAtMillis = 0;
        idleSeconds = -1;
        frequency = -1;
    }

    private void key(int type) {
        RdbInput.Text key = in.keyString();
        try {
            key(type, key.address(), key.length());
        } catch (CorruptRdbException corrupt) {
            values.abandon();
            throw corrupt.of(Raw.latin1(key.address(), Math.min(key.length(), SHOWN_KEY_BYTES)));
        } finally {
            in.close();
        }
        forgetAttributes();
    }

    private void key(int type, long key, int length) {
        boolean isExpired = expireAtMillis != 0 && engine.isPast(expireAtMillis);
        long atMillis = expireAtMillis == 0 || isExpired ? Entry.NEVER : expireAtMillis;
        long before = keyspace.size();
        if (type != RdbFormat.STRING && keyspace.peek(key, length) != 0
                || values.read(type, version, keyspace, key, length, atMillis) && keyspace.size() == before) {
            throw in.corrupt("a key twice");
        }
        if (keyspace.size() == before) {
            return;
        }
        if (isExpired) {
            keyspace.remove(keyspace.peek(key, length));
            expired++;
            return;
        }
        loaded++;
        if (type != RdbFormat.STRING && atMillis != Entry.NEVER) {
            keyspace.expireAt(keyspace.peek(key, length), atMillis);
        }
        if (idleSeconds >= 0) {
            keyspace.idleMillis(key, length, idleSeconds * 1000);
        } else if (frequency >= 0) {
            keyspace.frequency(key, length, frequency);
        }
    }
}
