package dev.jackdaw.proxy.net;

import dev.jackdaw.proxy.route.ReplySink;

/** Owned by one node connection: who waits for a reply, in the order of the requests; a ring that is used again and again. */
final class PendingReplies {
    private ReplySink[] sinks = new ReplySink[64];
    private int[] tags = new int[64];
    private int head;
    private int tail;

    boolean isEmpty() {
        return head == tail;
    }

    int size() {
        return tail - head;
    }

    void add(ReplySink sink, int tag) {
        if (tail - head == sinks.length) {
            grow();
        }
        int slot = tail++ & (sinks.length - 1);
        sinks[slot] = sink;
        tags[slot] = tag;
    }

    /** Gives the first of those that wait its reply. */
    void reply(long address, int length) {
        int slot = removeFirst();
        ReplySink sink = sinks[slot];
        sinks[slot] = null;
        sink.reply(tags[slot], address, length);
    }

    /** Tells the first of those that wait that there will be none. */
    void fail(String error) {
        int slot = removeFirst();
        ReplySink sink = sinks[slot];
        sinks[slot] = null;
        sink.failed(tags[slot], error);
    }

    private int removeFirst() {
        assert head != tail;
        return head++ & (sinks.length - 1);
    }

    private void grow() {
        ReplySink[] moreSinks = new ReplySink[2 * sinks.length];
        int[] moreTags = new int[2 * tags.length];
        for (int i = head; i != tail; i++) {
            moreSinks[i & (moreSinks.length - 1)] = sinks[i & (sinks.length - 1)];
            moreTags[i & (moreTags.length - 1)] = tags[i & (tags.length - 1)];
        }
        sinks = moreSinks;
        tags = moreTags;
    }
}
