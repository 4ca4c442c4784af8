package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/** Shared and stateless: the registers of a HyperLogLog as six bits each, the lowest bits of a byte first. */
public final class DenseRegisters {
    public static final int COUNT = 1 << 14;
    public static final int BYTES = COUNT * 6 / 8;

    private static final int MAX = 63;
    /** From here on in a byte, a register reaches into the next byte. */
    private static final int LAST_WHOLE = 2;

    private DenseRegisters() {}

    public static int get(long registers, int i) {
        long at = registers + (i * 6L >>> 3);
        int shift = i * 6 & 7;
        int upper = shift > LAST_WHOLE ? Raw.getUnsignedByte(at + 1) << 8 : 0;
        return (upper | Raw.getUnsignedByte(at)) >>> shift & MAX;
    }

    public static void set(long registers, int i, int value) {
        long at = registers + (i * 6L >>> 3);
        int shift = i * 6 & 7;
        Raw.putByte(at, Raw.getUnsignedByte(at) & ~(MAX << shift) | value << shift);
        if (shift > LAST_WHOLE) {
            Raw.putByte(at + 1, Raw.getUnsignedByte(at + 1) & ~(MAX >>> (8 - shift)) | value >>> (8 - shift));
        }
    }
}
