package dev.jackdaw.benchmarks.trace;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** Immutable: the key ids of recorded requests, in their order. */
public final class Trace {
    /** Ids are written into keys with eight digits. */
    private static final int MAX_ID = 99_999_999;

    private final String name;
    private final int[] ids;
    private final int uniqueKeys;

    private Trace(String name, int[] ids) {
        this.name = name;
        this.ids = ids;
        BitSet seen = new BitSet();
        for (int id : ids) {
            seen.set(id);
        }
        this.uniqueKeys = seen.cardinality();
    }

    /** Reads a file of one id per line, plain or compressed by gzip. */
    public static Trace read(Path file) throws IOException {
        int[] ids = new int[1 << 16];
        int count = 0;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(open(file), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (count == ids.length) {
                    ids = Arrays.copyOf(ids, count * 2);
                }
                ids[count++] = id(line, file, count);
            }
        }
        String name = file.getFileName().toString().replaceFirst("\\..*", "");
        return new Trace(name, Arrays.copyOf(ids, count));
    }

    static Trace of(String name, int... ids) {
        return new Trace(name, ids.clone());
    }

    /** The ids from {@code first} on, each once. */
    static Trace distinct(int first, int count) {
        return of("distinct", IntStream.range(first, first + count).toArray());
    }

    public String name() {
        return name;
    }

    public int requests() {
        return ids.length;
    }

    public int uniqueKeys() {
        return uniqueKeys;
    }

    public int id(int request) {
        return ids[request];
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file));
        in.mark(2);
        boolean isGzip = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        return isGzip ? new GZIPInputStream(in, 1 << 16) : in;
    }

    private static int id(String line, Path file, int number) throws IOException {
        try {
            int id = Integer.parseInt(line.trim());
            if (id >= 0 && id <= MAX_ID) {
                return id;
            }
        } catch (NumberFormatException e) {
            throw new IOException(file + ", line " + number + ": not a key id: " + line, e);
        }
        throw new IOException(file + ", line " + number + ": a key id is at most " + MAX_ID + ": " + line);
    }
}
