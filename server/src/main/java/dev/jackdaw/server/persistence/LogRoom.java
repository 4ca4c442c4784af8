package dev.jackdaw.server.persistence;

import dev.jackdaw.protocol.raw.Raw;
import java.nio.ByteBuffer;

/**
 * Shared and stateless: room for groups at the end of the log. To sync a file that does not grow takes the system about half as
 * long, so under {@code always} it is made longer in large steps, by lines that are remarks to Redis:
 *
 * <pre>
 *   ...group#####\n######...######\n######...######\n
 *                 line of 512 bytes, each of which is what belongs at its place of the file
 * </pre>
 *
 * <p>Lines end in the midst of a sector. When sectors of a group were lost, what is found between the others is therefore seen to
 * be no room, and no command.
 */
final class LogRoom {
    /** By so much the file grows at once. */
    static final int STEP_BYTES = 1 << 20;

    private static final int LINE_BYTES = 512;
    private static final int LINE_END_AT = 255;
    private static final int PIECE_BYTES = 64 << 10;

    /** As at the beginning of a file. */
    private static final ByteBuffer LINES = lines();

    private LogRoom() {}

    /** Where room ends that reaches to some place at least: behind a line. */
    static long end(long atLeast) {
        return atLeast + Math.floorMod(LINE_END_AT + 1 - atLeast, LINE_BYTES);
    }

    /** Whether a line ends with the byte at this place of the file. */
    static boolean isLineEnd(long offset) {
        return offset % LINE_BYTES == LINE_END_AT;
    }

    private static byte at(long offset) {
        return (byte) (isLineEnd(offset) ? '\n' : '#');
    }

    /** What is to be written from some place of the file to another, or the first bytes of it. */
    static ByteBuffer bytes(long from, long to) {
        return LINES.slice((int) (from % LINE_BYTES), (int) Math.min(to - from, PIECE_BYTES));
    }

    private static ByteBuffer lines() {
        ByteBuffer bytes = ByteBuffer.allocateDirect(PIECE_BYTES + LINE_BYTES);
        while (bytes.hasRemaining()) {
            bytes.put(at(bytes.position()));
        }
        return bytes.asReadOnlyBuffer();
    }

    /** Whether room begins where a group has ended. */
    static boolean isAt(long address, long available) {
        return available > 0
                && Raw.getByte(address) == '#'
                && (available == 1 || Raw.getByte(address + 1) == '#' || Raw.getByte(address + 1) == '\n');
    }

    /** How many bytes are room, at this place of a file. */
    static long length(long address, long available, long offset) {
        long length = 1;
        while (length < available && Raw.getByte(address + length) == at(offset + length)) {
            length++;
        }
        return length;
    }

    /** Whether it may end at this place of a file although there is something behind. */
    static boolean mayEnd(long offset) {
        return isLineEnd(offset - 1);
    }
}
