package dev.jackdaw.server.pubsub;

/** Owned by the event loop: a channel or a pattern that somebody listens to, and the list of those who do. */
public final class Topic {
    private final long address;
    private final int length;
    final long hash;
    /** The next in the same bucket of {@link Topics}. */
    Topic nextInBucket;

    /** Neighbours in the order in which topics came to be. */
    Topic next;

    Topic previous;

    Subscription first;
    private Subscription last;
    private int listeners;

    Topic(long address, int length, long hash) {
        this.address = address;
        this.length = length;
        this.hash = hash;
    }

    /** Where its name is, in native memory. */
    public long address() {
        return address;
    }

    public int length() {
        return length;
    }

    public int listeners() {
        return listeners;
    }

    void add(Subscription subscription) {
        subscription.previous = last;
        if (last == null) {
            first = subscription;
        } else {
            last.next = subscription;
        }
        last = subscription;
        listeners++;
    }

    void remove(Subscription subscription) {
        if (subscription.previous == null) {
            first = subscription.next;
        } else {
            subscription.previous.next = subscription.next;
        }
        if (subscription.next == null) {
            last = subscription.previous;
        } else {
            subscription.next.previous = subscription.previous;
        }
        listeners--;
    }
}
