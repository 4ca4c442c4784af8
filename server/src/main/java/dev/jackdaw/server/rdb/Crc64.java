package dev.jackdaw.server.rdb;

import dev.jackdaw.protocol.raw.Raw;

/** Shared and stateless: the checksum of RDB files and DUMP payloads: CRC-64 with Jones's polynomial, bits reflected. */
public final class Crc64 {
    private static final long POLYNOMIAL = 0x95ac9329ac4bc9b5L;
    private static final int BYTE_VALUES = 256;
    /** For eight bytes at once: row i has what a byte amounts to when i more follow. */
    private static final long[] TABLE = table();

    private Crc64() {}

    private static long[] table() {
        long[] table = new long[Long.BYTES * BYTE_VALUES];
        for (int value = 0; value < BYTE_VALUES; value++) {
            long crc = value;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ POLYNOMIAL;
            }
            table[value] = crc;
        }
        for (int i = BYTE_VALUES; i < table.length; i++) {
            long before = table[i - BYTE_VALUES];
            table[i] = before >>> Byte.SIZE ^ table[(int) (before & 0xff)];
        }
        return table;
    }

    /** The checksum of some bytes, going on from that of those before them, 0 at first. */
    public static long update(long crc, long address, long length) {
        long sum = crc;
        long end = address + length;
        long at = address;
        for (; end - at >= Long.BYTES; at += Long.BYTES) {
            long word = Raw.getLong(at) ^ sum;
            sum = 0;
            for (int i = 0; i < Long.BYTES; i++) {
                int value = (int) (word >>> i * Byte.SIZE) & 0xff;
                sum ^= TABLE[(Long.BYTES - 1 - i) * BYTE_VALUES + value];
            }
        }
        for (; at < end; at++) {
            sum = sum >>> Byte.SIZE ^ TABLE[(int) (sum ^ Raw.getByte(at)) & 0xff];
        }
        return sum;
    }
}
