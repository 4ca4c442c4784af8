package dev.jackdaw.server.algorithm;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.ReplyWriter;
import java.lang.foreign.Arena;

/**
 * Owned by one LCS command: the longest sequence of bytes that two strings have in common, in order but with gaps.
 *
 * <p>The textbook table of lengths, of which only two neighbouring rows are kept. What the way back needs of a cell is
 * whether its neighbour above is greater than the one to its left: one bit, a 32nd of the whole table.
 */
public final class LongestCommonSubsequence {
    private final long a;
    private final int lengthA;
    private final long b;
    private final int lengthB;
    private final long bits;
    private final int length;

    /** Takes its memory from the arena: an eighth of a byte for each pair of bytes. */
    public LongestCommonSubsequence(long a, int lengthA, long b, int lengthB, Arena arena) {
        this.a = a;
        this.lengthA = lengthA;
        this.b = b;
        this.lengthB = lengthB;
        this.bits = arena.allocate(((long) lengthA * lengthB >> 3) + 1).address();
        this.length = lengthA >= lengthB ? fillByRows() : fillByColumns();
    }

    public int length() {
        return length;
    }

    /** What one byte more of {@code a} makes of a row, for one after the other. */
    private int fillByRows() {
        int[] row = new int[lengthB + 1];
        for (int i = 0; i < lengthA; i++) {
            byte letter = Raw.getByte(a + i);
            int diagonal = 0;
            for (int j = 0; j < lengthB; j++) {
                int above = row[j + 1];
                int left = row[j];
                if (above > left) {
                    mark(i, j);
                }
                row[j + 1] = letter == Raw.getByte(b + j) ? diagonal + 1 : Math.max(above, left);
                diagonal = above;
            }
        }
        return row[lengthB];
    }

    /** The same with the roles exchanged, so that what is kept is as long as the shorter string. */
    private int fillByColumns() {
        int[] column = new int[lengthA + 1];
        for (int j = 0; j < lengthB; j++) {
            byte letter = Raw.getByte(b + j);
            int diagonal = 0;
            for (int i = 0; i < lengthA; i++) {
                int above = column[i];
                int left = column[i + 1];
                if (above > left) {
                    mark(i, j);
                }
                column[i + 1] = letter == Raw.getByte(a + i) ? diagonal + 1 : Math.max(above, left);
                diagonal = left;
            }
        }
        return column[lengthA];
    }

    private void mark(int i, int j) {
        long cell = (long) i * lengthB + j;
        long at = bits + (cell >> 3);
        Raw.putByte(at, Raw.getByte(at) | 1 << (cell & 7));
    }

    /** Whether the longer subsequence does without the byte {@code i} of {@code a}. */
    private boolean isMarked(int i, int j) {
        long cell = (long) i * lengthB + j;
        return (Raw.getByte(bits + (cell >> 3)) >> (cell & 7) & 1) != 0;
    }

    /** Replies with the bytes of the subsequence. */
    public void replyBytes(ReplyWriter reply) {
        byte[] found = new byte[length];
        int left = length;
        for (int i = lengthA - 1, j = lengthB - 1; left > 0; ) {
            if (Raw.getByte(a + i) == Raw.getByte(b + j)) {
                found[--left] = Raw.getByte(a + i);
                i--;
                j--;
            } else if (isMarked(i, j)) {
                i--;
            } else {
                j--;
            }
        }
        reply.bulk(found);
    }

    /** Replies with where the pieces of at least {@code minLength} bytes are, the last one first. */
    public void replyPieces(ReplyWriter reply, long minLength, boolean withLengths) {
        reply.map(2);
        reply.bulkText("matches");
        long mark = reply.mark();
        int pieces = 0;
        for (int i = lengthA - 1, j = lengthB - 1; i >= 0 && j >= 0; ) {
            int common = 0;
            while (i - common >= 0 && j - common >= 0 && Raw.getByte(a + i - common) == Raw.getByte(b + j - common)) {
                common++;
            }
            if (common > 0 && common >= minLength) {
                reply.array(withLengths ? 3 : 2);
                replyRange(reply, i - common + 1, i);
                replyRange(reply, j - common + 1, j);
                if (withLengths) {
                    reply.integer(common);
                }
                pieces++;
            }
            i -= common;
            j -= common;
            if (i >= 0 && j >= 0) {
                if (isMarked(i, j)) {
                    i--;
                } else {
                    j--;
                }
            }
        }
        reply.arrayAt(mark, pieces);
        reply.bulkText("len");
        reply.integer(length);
    }

    private static void replyRange(ReplyWriter reply, int first, int last) {
        reply.array(2);
        reply.integer(first);
        reply.integer(last);
    }
}
