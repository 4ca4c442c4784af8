package dev.jackdaw.server.persistence;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.rdb.Crc64;

/**
 * Shared and stateless: commands that were written to the log at once, and the line before them that tells whether they are
 * still as they were. To Redis such a line is a remark.
 *
 * <pre>
 *   #C:00000039 0000000000001f40 5fd2a1c34c09be77\r\n*3\r\n$3\r\nSET\r\n...
 *      length   synced           checksum            commands, of so many bytes
 * </pre>
 *
 * <p>{@code synced} says how far the file was known to be on the disk when the group was written: what is damaged before that
 * place was not torn by a crash. The checksum begins with the place in the file, so that a group proves itself only where it
 * belongs.
 */
final class LogGroup {
    private static final int LENGTH_AT = 3;
    private static final int LENGTH_DIGITS = 8;
    private static final int SYNCED_AT = LENGTH_AT + LENGTH_DIGITS + 1;
    private static final int SYNCED_DIGITS = 16;
    private static final int SUM_AT = SYNCED_AT + SYNCED_DIGITS + 1;
    private static final int SUM_DIGITS = 16;
    private static final int LINE_END_AT = SUM_AT + SUM_DIGITS;

    /** The bytes of the line. */
    static final int HEADER_BYTES = LINE_END_AT + 2;

    private LogGroup() {}

    /** Writes the line before commands of so many bytes, for which there is room at the address. */
    static void seal(long address, int commandBytes, long offset, long synced) {
        Raw.putByte(address, '#');
        Raw.putByte(address + 1, 'C');
        Raw.putByte(address + 2, ':');
        putHex(address + LENGTH_AT, LENGTH_DIGITS, commandBytes);
        Raw.putByte(address + SYNCED_AT - 1, ' ');
        putHex(address + SYNCED_AT, SYNCED_DIGITS, synced);
        Raw.putByte(address + SUM_AT - 1, ' ');
        putHex(address + SUM_AT, SUM_DIGITS, sum(address, commandBytes, offset));
        Raw.putByte(address + LINE_END_AT, '\r');
        Raw.putByte(address + LINE_END_AT + 1, '\n');
    }

    private static long sum(long address, long commandBytes, long offset) {
        return Crc64.update(Crc64.update(offset, address, SUM_AT), address + HEADER_BYTES, commandBytes);
    }

    private static void putHex(long address, int digits, long value) {
        for (int i = 0; i < digits; i++) {
            Raw.putByte(address + i, Character.forDigit((int) (value >>> (digits - 1 - i) * 4) & 0xf, 16));
        }
    }

    /** Whether a line begins here that says so. */
    static boolean isAt(long address, long available) {
        return available >= LENGTH_AT
                && Raw.getByte(address) == '#'
                && Raw.getByte(address + 1) == 'C'
                && Raw.getByte(address + 2) == ':';
    }

    /** Whether a group that begins here, at this place of its file, is all there and as it was written. */
    static boolean isIntact(long address, long available, long offset) {
        if (available < HEADER_BYTES || !isAt(address, available)) {
            return false;
        }
        long length = length(address);
        return length >= 0
                && length <= available - HEADER_BYTES
                && hex(address + SUM_AT, SUM_DIGITS) == sum(address, length, offset)
                && Raw.getByte(address + LINE_END_AT) == '\r'
                && Raw.getByte(address + LINE_END_AT + 1) == '\n';
    }

    /** The bytes of the commands of an intact group. */
    static long length(long address) {
        return hex(address + LENGTH_AT, LENGTH_DIGITS);
    }

    static long synced(long address) {
        return hex(address + SYNCED_AT, SYNCED_DIGITS);
    }

    /** The number, or -1 where there is none; a checksum may be that as well. */
    private static long hex(long address, int digits) {
        long value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = Character.digit(Raw.getByte(address + i), 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }
}
