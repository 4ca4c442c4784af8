package dev.jackdaw.benchmarks.micro;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.engine.Clock;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.Entry;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Owned by its thread: random keys of 16 bytes with values of 32, found and overwritten in a keyspace that holds them all. */
@State(Scope.Thread)
public class KeyspaceBenchmark {
    private static final int VALUE_BYTES = 32;

    @Param({"1000000"})
    public int keyCount;

    private Keys keys;
    private Engine engine;
    private Keyspace keyspace;

    @Setup
    public void fill() {
        keys = new Keys(keyCount);
        engine = new Engine(Clock.SYSTEM, 1, 1);
        keyspace = engine.keyspace(0);
        for (int i = 0; i < keyCount; i++) {
            put(keys.address(i));
        }
    }

    @TearDown
    public void close() {
        engine.close();
        keys.close();
    }

    /** The index alone: the walk to an entry, without reading its value. */
    @Benchmark
    public long peek() {
        return keyspace.peek(keys.next(), Keys.BYTES);
    }

    @Benchmark
    public long read() {
        return Raw.getLong(Entry.valueAddress(keyspace.read(keys.next(), Keys.BYTES)));
    }

    @Benchmark
    public long overwrite() {
        return put(keys.next());
    }

    @Benchmark
    public long removeAndPut() {
        long key = keys.next();
        keyspace.remove(keyspace.write(key, Keys.BYTES));
        return put(key);
    }

    private long put(long key) {
        long entry = keyspace.put(key, Keys.BYTES, Kind.STRING, VALUE_BYTES);
        Raw.fill(Entry.valueAddress(entry), VALUE_BYTES, 'x');
        return entry;
    }
}
