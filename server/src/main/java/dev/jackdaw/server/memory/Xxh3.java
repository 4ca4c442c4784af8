package dev.jackdaw.server.memory;

import dev.jackdaw.protocol.raw.Raw;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * Owned by one event loop: XXH3 of 64 bits (Yann Collet) without a seed, which clients compute too. How bytes are mixed depends on
 * how many there are: up to 16 at once, up to 240 in pairs of words, more in eight lanes side by side.
 */
public final class Xxh3 {
    private static final long PRIME32_1 = 0x9E3779B1L;
    private static final long PRIME32_2 = 0x85EBCA77L;
    private static final long PRIME32_3 = 0xC2B2AE3DL;
    private static final long PRIME64_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME64_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME64_3 = 0x165667B19E3779F9L;
    private static final long PRIME64_4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME64_5 = 0x27D4EB2F165667C5L;
    private static final long MIX_1 = 0x165667919E3779F9L;
    private static final long MIX_2 = 0x9FB21C651E98DF25L;

    /** The secret that everybody has who has no other. */
    private static final byte[] SECRET = HexFormat.of()
            .parseHex("b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671f"
                    + "cb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c"
                    + "3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8"
                    + "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364"
                    + "eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e"
                    + "2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e");

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int LANES = 8;
    private static final int STRIPE = LANES * Long.BYTES;
    private static final int STRIPES_OF_BLOCK = (SECRET.length - STRIPE) / Long.BYTES;
    private static final int PAIR = 2 * Long.BYTES;
    private static final int MOST_AT_ONCE = 16;
    private static final int MOST_FROM_BOTH_ENDS = 128;
    private static final int MOST_IN_PAIRS = 240;
    private static final int FEWEST_OF_SECRET = 136;

    private final long[] lanes = new long[LANES];

    /** The hash of some bytes. */
    public long of(long address, int length) {
        if (length <= MOST_AT_ONCE) {
            return ofFew(address, length);
        }
        if (length <= MOST_FROM_BOTH_ENDS) {
            return fromBothEnds(address, length);
        }
        return length <= MOST_IN_PAIRS ? inPairs(address, length) : inLanes(address, length);
    }

    // --- Up to 16 bytes ---

    private static long ofFew(long address, int length) {
        if (length > 8) {
            long low = Raw.getLong(address) ^ secret(24) ^ secret(32);
            long high = Raw.getLong(address + length - 8) ^ secret(40) ^ secret(48);
            return avalanche(length + Long.reverseBytes(low) + high + folded(low, high));
        }
        if (length > 3) {
            long first = Raw.getInt(address);
            long last = Raw.getInt(address + length - 4) & 0xFFFFFFFFL;
            long mixed = last + (first << 32) ^ secret(8) ^ secret(16);
            mixed ^= Long.rotateLeft(mixed, 49) ^ Long.rotateLeft(mixed, 24);
            mixed *= MIX_2;
            mixed ^= (mixed >>> 35) + length;
            mixed *= MIX_2;
            return mixed ^ mixed >>> 28;
        }
        if (length > 0) {
            long first = Raw.getUnsignedByte(address);
            long middle = Raw.getUnsignedByte(address + (length >> 1));
            long last = Raw.getUnsignedByte(address + length - 1);
            long word = first << 16 | middle << 24 | last | (long) length << 8;
            return strongAvalanche(word ^ (secret(0) ^ secret(0) >>> 32) & 0xFFFFFFFFL);
        }
        return strongAvalanche(secret(56) ^ secret(64));
    }

    // --- Up to 240 bytes ---

    private static long fromBothEnds(long address, int length) {
        long sum = length * PRIME64_1;
        for (int i = (length - 1) / (2 * PAIR); i >= 0; i--) {
            sum += pair(address + (long) PAIR * i, 2 * PAIR * i);
            sum += pair(address + length - (long) PAIR * (i + 1), 2 * PAIR * i + PAIR);
        }
        return avalanche(sum);
    }

    private static long inPairs(long address, int length) {
        long sum = length * PRIME64_1;
        for (int i = 0; i < 8; i++) {
            sum += pair(address + (long) PAIR * i, PAIR * i);
        }
        sum = avalanche(sum);
        for (int i = 8; i < length / PAIR; i++) {
            sum += pair(address + (long) PAIR * i, PAIR * (i - 8) + 3);
        }
        return avalanche(sum + pair(address + length - PAIR, FEWEST_OF_SECRET - PAIR - 1));
    }

    private static long pair(long address, int secret) {
        return folded(Raw.getLong(address) ^ secret(secret), Raw.getLong(address + 8) ^ secret(secret + 8));
    }

    // --- More ---

    private long inLanes(long address, int length) {
        lanes[0] = PRIME32_3;
        lanes[1] = PRIME64_1;
        lanes[2] = PRIME64_2;
        lanes[3] = PRIME64_3;
        lanes[4] = PRIME64_4;
        lanes[5] = PRIME32_2;
        lanes[6] = PRIME64_5;
        lanes[7] = PRIME32_1;
        int stripes = (length - 1) / STRIPE;
        for (int i = 0; i < stripes; i++) {
            int ofBlock = i % STRIPES_OF_BLOCK;
            addStripe(address + (long) STRIPE * i, Long.BYTES * ofBlock);
            if (ofBlock == STRIPES_OF_BLOCK - 1) {
                scramble();
            }
        }
        addStripe(address + length - STRIPE, SECRET.length - STRIPE - 7);
        long sum = length * PRIME64_1;
        for (int i = 0; i < LANES; i += 2) {
            sum += folded(lanes[i] ^ secret(11 + Long.BYTES * i), lanes[i + 1] ^ secret(19 + Long.BYTES * i));
        }
        return avalanche(sum);
    }

    private void addStripe(long address, int secret) {
        for (int i = 0; i < LANES; i++) {
            long word = Raw.getLong(address + (long) Long.BYTES * i);
            long key = word ^ secret(secret + Long.BYTES * i);
            lanes[i ^ 1] += word;
            lanes[i] += (key & 0xFFFFFFFFL) * (key >>> 32);
        }
    }

    private void scramble() {
        for (int i = 0; i < LANES; i++) {
            long lane = lanes[i] ^ lanes[i] >>> 47 ^ secret(SECRET.length - STRIPE + Long.BYTES * i);
            lanes[i] = lane * PRIME32_1;
        }
    }

    // --- Mixing ---

    private static long secret(int at) {
        return (long) WORD.get(SECRET, at);
    }

    /** The halves of the product, one laid over the other. */
    private static long folded(long a, long b) {
        return a * b ^ Math.unsignedMultiplyHigh(a, b);
    }

    private static long avalanche(long hash) {
        long mixed = (hash ^ hash >>> 37) * MIX_1;
        return mixed ^ mixed >>> 32;
    }

    private static long strongAvalanche(long hash) {
        long mixed = (hash ^ hash >>> 33) * PRIME64_2;
        mixed = (mixed ^ mixed >>> 29) * PRIME64_3;
        return mixed ^ mixed >>> 32;
    }
}
