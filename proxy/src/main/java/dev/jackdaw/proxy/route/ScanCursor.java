package dev.jackdaw.proxy.route;

/**
 * Shared and stateless: the cursor of a SCAN over all nodes, which carries the node: {@code cursor at the node * nodes + node}, as
 * an unsigned number. Zero still means both the start and the end, and small cursors stay small.
 */
public final class ScanCursor {
    private static final long DONE = 0;

    private ScanCursor() {}

    public static int node(long cursor, int nodes) {
        return (int) Long.remainderUnsigned(cursor, nodes);
    }

    public static long atNode(long cursor, int nodes) {
        return Long.divideUnsigned(cursor, nodes);
    }

    /** What the client is to send next, after {@code node} answered with {@code atNode}; nodes are walked in their order. */
    public static long next(long atNode, int node, int nodes) {
        if (atNode != DONE) {
            return atNode * nodes + node;
        }
        return node + 1 < nodes ? node + 1 : DONE;
    }

    /** Whether the text is an unsigned number of 64 bits. */
    public static boolean isCursor(String text) {
        if (text.isEmpty() || text.length() > 20 || !text.chars().allMatch(letter -> letter >= '0' && letter <= '9')) {
            return false;
        }
        return text.length() < 20 || text.compareTo("18446744073709551615") <= 0;
    }
}
