package dev.jackdaw.server.pubsub;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.server.memory.Hash;
import dev.jackdaw.server.memory.Heap;
import java.util.Map;

/**
 * Owned by the event loop: the channels, or the patterns, that somebody listens to, found by name. A hash table of its own,
 * since the name of a message's channel is bytes in a read buffer, and looking it up must not make an object.
 */
final class Topics {
    private static final int FIRST_BUCKETS = 16;

    private final Heap heap;
    private final long seed;
    private Topic[] buckets = new Topic[FIRST_BUCKETS];
    private Topic first;
    private Topic last;
    private int size;

    Topics(Heap heap, long seed) {
        this.heap = heap;
        this.seed = seed;
    }

    int size() {
        return size;
    }

    /** The oldest topic, from which {@link Topic#next} leads to all the others; null if there is none. */
    Topic first() {
        return first;
    }

    /** The topic of that name, or null. */
    Topic find(long name, int length) {
        return size == 0 ? null : find(name, length, Hash.of(name, length, seed));
    }

    private Topic find(long name, int length, long hash) {
        Topic topic = buckets[(int) hash & buckets.length - 1];
        while (topic != null
                && !(topic.hash == hash && topic.length() == length && Raw.equal(topic.address(), name, length))) {
            topic = topic.nextInBucket;
        }
        return topic;
    }

    /** Makes the subscriber, whose topics here are {@code own}, listen; false if it did already. */
    boolean subscribe(Subscriber subscriber, Map<Topic, Subscription> own, long name, int length) {
        long hash = Hash.of(name, length, seed);
        Topic topic = find(name, length, hash);
        if (topic == null) {
            topic = add(name, length, hash);
        } else if (own.containsKey(topic)) {
            return false;
        }
        Subscription subscription = new Subscription(subscriber);
        own.put(topic, subscription);
        topic.add(subscription);
        return true;
    }

    /** Ends that; a topic that nobody listens to any more is gone. False if the subscriber did not listen. */
    boolean unsubscribe(Map<Topic, Subscription> own, Topic topic) {
        Subscription subscription = own.remove(topic);
        if (subscription == null) {
            return false;
        }
        topic.remove(subscription);
        if (topic.first == null) {
            remove(topic);
        }
        return true;
    }

    private Topic add(long name, int length, long hash) {
        if (size == buckets.length) {
            grow();
        }
        long copy = heap.allocate(Math.max(1, length));
        Raw.copy(name, copy, length);
        Topic topic = new Topic(copy, length, hash);
        putInBucket(topic);
        topic.previous = last;
        if (last == null) {
            first = topic;
        } else {
            last.next = topic;
        }
        last = topic;
        size++;
        return topic;
    }

    private void remove(Topic topic) {
        int bucket = (int) topic.hash & buckets.length - 1;
        if (buckets[bucket] == topic) {
            buckets[bucket] = topic.nextInBucket;
        } else {
            Topic before = buckets[bucket];
            while (before.nextInBucket != topic) {
                before = before.nextInBucket;
            }
            before.nextInBucket = topic.nextInBucket;
        }
        if (topic.previous == null) {
            first = topic.next;
        } else {
            topic.previous.next = topic.next;
        }
        if (topic.next == null) {
            last = topic.previous;
        } else {
            topic.next.previous = topic.previous;
        }
        size--;
        heap.free(topic.address(), Math.max(1, topic.length()));
    }

    private void grow() {
        buckets = new Topic[2 * buckets.length];
        for (Topic topic = first; topic != null; topic = topic.next) {
            putInBucket(topic);
        }
    }

    private void putInBucket(Topic topic) {
        int bucket = (int) topic.hash & buckets.length - 1;
        topic.nextInBucket = buckets[bucket];
        buckets[bucket] = topic;
    }
}
