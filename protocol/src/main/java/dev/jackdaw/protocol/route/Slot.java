package dev.jackdaw.protocol.route;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.topology.Topology;

/**
 * Shared and stateless: the slot of a key, as Redis Cluster computes it: CRC16 (XMODEM) of the hash tag, modulo 16384.
 *
 * <p>The hash tag is what stands between the first <code>{</code> and the first <code>}</code> after it; without such a pair,
 * or with nothing between them, it is the whole key.
 */
public final class Slot {
    private static final int POLYNOMIAL = 0x1021;
    private static final char[] CRC = crcOfEveryByte();

    private Slot() {}

    /** The slot of the key that lies at {@code address}. */
    public static int of(long address, int length) {
        int open = indexOf('{', address, 0, length);
        if (open >= 0) {
            int close = indexOf('}', address, open + 1, length);
            if (close > open + 1) {
                return crc16(address + open + 1, close - open - 1) & (Topology.SLOTS - 1);
            }
        }
        return crc16(address, length) & (Topology.SLOTS - 1);
    }

    private static int indexOf(char wanted, long address, int from, int length) {
        for (int at = from; at < length; at++) {
            if (Raw.getByte(address + at) == wanted) {
                return at;
            }
        }
        return -1;
    }

    private static int crc16(long address, int length) {
        int crc = 0;
        for (long at = address, end = address + length; at < end; at++) {
            crc = (crc << 8 ^ CRC[(crc >>> 8 ^ Raw.getByte(at)) & 0xff]) & 0xffff;
        }
        return crc;
    }

    private static char[] crcOfEveryByte() {
        char[] table = new char[256];
        for (int value = 0; value < table.length; value++) {
            int crc = value << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ POLYNOMIAL;
            }
            table[value] = (char) crc;
        }
        return table;
    }
}
