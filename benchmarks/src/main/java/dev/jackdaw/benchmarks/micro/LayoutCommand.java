package dev.jackdaw.benchmarks.micro;

import dev.jackdaw.benchmarks.trace.Trace;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.EntryStore;
import dev.jackdaw.server.memory.LogStore;
import dev.jackdaw.server.memory.Memory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Owned by one command line: {@code bench layout}, the workloads by which it was decided where entries lie. */
@Command(name = "layout", description = "Where entries lie: bytes, time and the longest step of each candidate.")
public final class LayoutCommand implements Callable<Integer> {
    private static final int KEYS = 3_000_000;
    private static final long KEY = io.netty.util.internal.PlatformDependent.allocateMemory(64);

    @Parameters(paramLabel = "TRACE", arity = "0..*")
    private List<Path> traces = new ArrayList<>();

    /** One candidate, with what has been measured of it. */
    private abstract static class Candidate {
        final Memory memory = new Memory();
        long steps;
        long longest;

        abstract void put(int length, int value, long expireAtMillis, long now);

        abstract boolean get(int length, long now);

        abstract boolean step(long now);

        abstract long held();

        abstract long size();

        abstract void evict(long now);

        void background(long now, int most) {
            boolean more = true;
            for (int i = 0; more && i < most; i++) {
                long from = System.nanoTime();
                more = step(now);
                longest = Math.max(longest, System.nanoTime() - from);
                steps++;
            }
        }
    }

    private static final class SlabCandidate extends Candidate {
        private final EntryStore store = new EntryStore(memory, 7, 0);
        private final SplittableRandom random = new SplittableRandom(3);
        private int clock;
        private int uses;

        private int stamp() {
            if (--uses <= 0) {
                uses = (int) Math.max(16, store.size() >> 6);
                clock = clock + 1 & EntryStore.MAX_RECENCY;
            }
            return clock;
        }

        @Override
        void put(int length, int value, long expireAtMillis, long now) {
            store.put(KEY, length, 0, value, expireAtMillis, stamp(), now);
        }

        @Override
        boolean get(int length, long now) {
            long entry = store.find(KEY, length);
            if (entry != 0) {
                store.recency(stamp());
            }
            return entry != 0;
        }

        @Override
        boolean step(long now) {
            return store.expire(now, 256, store::remove) | store.compact(128, now);
        }

        @Override
        long held() {
            return store.heldBytes();
        }

        @Override
        long size() {
            return store.size();
        }

        @Override
        void evict(long now) {
            long victim = 0;
            int oldest = -1;
            for (int i = 0; i < 5; i++) {
                long entry = store.coldest(random.nextLong(), clock, false);
                int age = entry == 0 ? -1 : clock - store.recency() & EntryStore.MAX_RECENCY;
                if (age > oldest) {
                    oldest = age;
                    victim = entry;
                }
            }
            if (victim != 0) {
                store.remove(victim);
            }
        }
    }

    private static final class LogCandidate extends Candidate {
        private final LogStore store;

        LogCandidate(double mostDead) {
            store = new LogStore(memory, 7, mostDead);
        }

        @Override
        void put(int length, int value, long expireAtMillis, long now) {
            store.put(KEY, length, value, expireAtMillis, now);
        }

        @Override
        boolean get(int length, long now) {
            return store.find(KEY, length, 1) != 0;
        }

        @Override
        boolean step(long now) {
            return store.background(now, 256);
        }

        @Override
        long held() {
            return store.heldBytes();
        }

        @Override
        long size() {
            return store.size();
        }

        @Override
        void evict(long now) {
            store.evict(now, 16);
        }
    }

    private static int key(long number) {
        long left = number;
        for (int i = 15; i >= 0; i--) {
            Raw.putByte(KEY + i, (int) ('0' + left % 10));
            left /= 10;
        }
        return 16;
    }

    @Override
    public Integer call() throws IOException {
        if (traces.isEmpty()) {
            ttl("slabs", new SlabCandidate());
            ttl("log 10 %", new LogCandidate(0.10));
            overwrites("slabs", new SlabCandidate());
            overwrites("log 5 %", new LogCandidate(0.05));
            overwrites("log 10 %", new LogCandidate(0.10));
            overwrites("log 20 %", new LogCandidate(0.20));
        }
        for (Path path : traces) {
            Trace trace = Trace.read(path);
            for (int percent : new int[] {10}) {
                long limit = (long) trace.uniqueKeys() * percent / 100 * 148;
                replay("slabs", new SlabCandidate(), trace, limit);
                replay("log", new LogCandidate(1), trace, limit);
            }
        }
        return 0;
    }

    /** Keys written once, at a steady rate, to live for 10 s to 3 h, until as many expire as come. */
    private static void ttl(String name, Candidate candidate) {
        SplittableRandom random = new SplittableRandom(11);
        long now = 0;
        long payload = 0;
        int writes = 2 * KEYS;
        java.util.PriorityQueue<long[]> dies = new java.util.PriorityQueue<>((a, b) -> Long.compare(a[0], b[0]));
        long nanos = 0;
        double worst = 0;
        double sum = 0;
        int samples = 0;
        for (int i = 0; i < writes; ) {
            long from = System.nanoTime();
            for (int end = i + 1000; i < end; i++) {
                long life = (long) (10_000 * Math.pow(1080, random.nextDouble()));
                candidate.put(key(i), 32, now + life, now);
                if (i % 16 == 0) {
                    dies.add(new long[] {now + life});
                }
            }
            now += 1200;
            candidate.background(now, 4);
            nanos += System.nanoTime() - from;
            while (!dies.isEmpty() && dies.peek()[0] <= now) {
                dies.poll();
            }
            payload = 16L * dies.size() * (16 + 32);
            if (i > writes / 2) {
                double perKey = (double) candidate.held() / payload * 48;
                worst = Math.max(worst, perKey);
                sum += perKey;
                samples++;
            }
        }
        System.out.printf(
                "ttl        %-9s %6.1f bytes a live key (worst %.1f), %4.0f ns a write, longest step %.2f ms%n",
                name, sum / samples, worst, (double) nanos / writes, candidate.longest / 1e6);
        candidate.memory.close();
    }

    private static void overwrites(String name, Candidate candidate) {
        SplittableRandom random = new SplittableRandom(12);
        int[] lengths = new int[KEYS];
        for (int i = 0; i < KEYS; i++) {
            lengths[i] = 32;
            candidate.put(key(i), 32, Entry.NEVER, 0);
        }
        candidate.longest = 0;
        long from = System.nanoTime();
        for (int i = 0; i < 3 * KEYS; i++) {
            int at = random.nextInt(KEYS);
            lengths[at] = 16 + random.nextInt(49);
            candidate.put(key(at), lengths[at], Entry.NEVER, 0);
            if (i % 64 == 0) {
                candidate.background(0, 4);
            }
        }
        double nanos = (double) (System.nanoTime() - from) / (3.0 * KEYS);
        long payload = 16L * KEYS;
        for (int length : lengths) {
            payload += length;
        }
        System.out.printf(
                "overwrites %-9s %6.1f bytes a key beyond payload, %4.0f ns a write, longest step %.2f ms%s%n",
                name,
                (double) (candidate.held() - payload) / KEYS,
                nanos,
                candidate.longest / 1e6,
                candidate instanceof LogCandidate log
                        ? ", %.1f copies a byte".formatted(log.store.copiesPerByte())
                        : "");
        candidate.memory.close();
    }

    private static void replay(String name, Candidate candidate, Trace trace, long limit) {
        long misses = 0;
        long from = System.nanoTime();
        for (int i = 0; i < trace.requests(); i++) {
            int length = key(trace.id(i));
            if (!candidate.get(length, 0)) {
                misses++;
                candidate.put(length, 32, Entry.NEVER, 0);
                for (int j = 0; candidate.held() > limit && candidate.size() > 100 && j < 2000; j++) {
                    candidate.evict(0);
                    candidate.background(0, 1);
                }
            }
        }
        System.out.printf(
                "trace      %-9s %s, %,d bytes: miss ratio %.4f, %,d keys held, %4.0f ns a request%n",
                name,
                trace.name(),
                limit,
                (double) misses / trace.requests(),
                candidate.size(),
                (double) (System.nanoTime() - from) / trace.requests());
        candidate.memory.close();
    }
}
