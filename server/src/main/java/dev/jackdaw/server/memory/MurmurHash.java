package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/** Shared and stateless: MurmurHash64A (Austin Appleby), for what is stored where others read it too. */
public final class MurmurHash {
    private static final long FACTOR = 0xc6a4a7935bd1e995L;
    private static final int SHIFT = 47;

    private MurmurHash() {}

    public static long of(long address, int length, long seed) {
        long hash = seed ^ length * FACTOR;
        int words = length & ~7;
        for (int at = 0; at < words; at += Long.BYTES) {
            hash = (hash ^ mixed(Raw.getLong(address + at))) * FACTOR;
        }
        if (words < length) {
            long rest = 0;
            for (int at = length - 1; at >= words; at--) {
                rest = rest << 8 | Raw.getUnsignedByte(address + at);
            }
            hash = (hash ^ rest) * FACTOR;
        }
        hash = (hash ^ hash >>> SHIFT) * FACTOR;
        return hash ^ hash >>> SHIFT;
    }

    private static long mixed(long word) {
        long mixed = word * FACTOR;
        return (mixed ^ mixed >>> SHIFT) * FACTOR;
    }
}
