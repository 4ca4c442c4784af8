package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;

/** Shared and stateless: the 64-bit hash of a byte string, keyed by a seed. A multiply-and-fold hash after Wang Yi's wyhash. */
public final class Hash {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
    private static final long SECRET_A = 0xA0761D6478BD642FL;
    private static final long SECRET_B = 0xE7037ED1A0B428DBL;

    private Hash() {}

    public static long of(long address, int length, long seed) {
        long a;
        long b;
        long state = seed;
        if (length <= 16) {
            if (length >= 8) {
                a = Raw.getLong(address);
                b = Raw.getLong(address + length - 8);
            } else if (length >= 4) {
                a = Raw.getInt(address) & 0xffffffffL;
                b = Raw.getInt(address + length - 4) & 0xffffffffL;
            } else if (length > 0) {
                a = Raw.getUnsignedByte(address)
                        | Raw.getUnsignedByte(address + (length >> 1)) << 8
                        | Raw.getUnsignedByte(address + length - 1) << 16;
                b = 0;
            } else {
                a = 0;
                b = 0;
            }
        } else {
            int at = 0;
            for (; at + 16 < length; at += 16) {
                state = fold(Raw.getLong(address + at) ^ SECRET_A, Raw.getLong(address + at + 8) ^ state);
            }
            a = Raw.getLong(address + length - 16);
            b = Raw.getLong(address + length - 8);
        }
        return fold(SECRET_A ^ length, fold(a ^ SECRET_B, b ^ state) ^ MULTIPLIER);
    }

    private static long fold(long a, long b) {
        return Math.unsignedMultiplyHigh(a, b) ^ a * b;
    }

    /** The next of a sequence of random numbers (Steele, Lea and Flood's SplitMix64). */
    static long mixed(long bits) {
        long next = bits + 0x9E3779B97F4A7C15L;
        next = (next ^ next >>> 30) * 0xBF58476D1CE4E5B9L;
        next = (next ^ next >>> 27) * 0x94D049BB133111EBL;
        return next ^ next >>> 31;
    }
}
