package dev.jackdaw.server.memory;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.invoke.MethodHandle;

/**
 * Shared and stateless: address space from the operating system. A reservation costs nothing until a page of it is
 * touched, reads as zero, and its pages can be given back one by one (mmap(2), madvise(2)).
 */
final class NativeMemory {
    private static final int READ_WRITE = 1 | 2;
    private static final int PRIVATE_ANONYMOUS_NORESERVE = 0x02 | 0x20 | 0x4000;
    private static final int DONTNEED = 4;
    private static final int HUGEPAGE = 14;
    private static final int NOHUGEPAGE = 15;
    private static final int POPULATE_WRITE = 23;
    private static final long SMALLEST_RESERVATION = 64L << 20;

    private static final MethodHandle MMAP = function(
            "mmap", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP =
            function("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle MADVISE =
            function("madvise", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));

    private NativeMemory() {}

    /** A range of address space: {@code bytes} from {@code address} on. */
    record Range(long address, long bytes) {}

    /** Reserves {@code wanted} bytes, or as much of it as the system's limits allow, halving. */
    static Range reserve(long wanted) {
        for (long bytes = wanted; bytes >= Math.min(wanted, SMALLEST_RESERVATION); bytes >>= 1) {
            long address = map(bytes);
            if (address > 0) {
                return new Range(address, bytes);
            }
        }
        throw new OutOfMemoryError("no address space: mmap refused " + wanted + " bytes");
    }

    private static long map(long bytes) {
        try {
            return (long) MMAP.invokeExact(0L, bytes, READ_WRITE, PRIVATE_ANONYMOUS_NORESERVE, -1, 0L);
        } catch (Throwable e) {
            throw new IllegalStateException("mmap", e);
        }
    }

    static void release(Range range) {
        try {
            int ignored = (int) MUNMAP.invokeExact(range.address, range.bytes);
            assert ignored == 0;
        } catch (Throwable e) {
            throw new IllegalStateException("munmap", e);
        }
    }

    /** Gives the pages of the range back to the system; they read as zero afterwards. */
    static void discard(long address, long bytes) {
        advise(address, bytes, DONTNEED);
    }

    /** Asks for huge pages: fewer TLB misses on random access. A system without them ignores it. */
    static void preferHugePages(long address, long bytes) {
        advise(address, bytes, HUGEPAGE);
    }

    /** Has pages that are touched from now on be small. A system without huge ones ignores it. */
    static void refuseHugePages(long address, long bytes) {
        advise(address, bytes, NOHUGEPAGE);
    }

    /** Makes the pages of the range resident, and changes nothing in them. A system that cannot ignores it. */
    static void populate(long address, long bytes) {
        advise(address, bytes, POPULATE_WRITE);
    }

    private static void advise(long address, long bytes, int advice) {
        try {
            int result = (int) MADVISE.invokeExact(address, bytes, advice);
            assert result == 0 || advice != DONTNEED : "madvise " + advice;
        } catch (Throwable e) {
            throw new IllegalStateException("madvise", e);
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor shape) {
        Linker linker = Linker.nativeLinker();
        for (MemoryLayout argument : shape.argumentLayouts()) {
            assert argument.byteSize() <= Long.BYTES;
        }
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), shape);
    }
}
