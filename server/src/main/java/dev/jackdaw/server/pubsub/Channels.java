package dev.jackdaw.server.pubsub;

import dev.jackdaw.protocol.Glob;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.server.engine.Engine;
import java.nio.charset.StandardCharsets;

/**
 * Owned by the event loop: who of this node's clients listens to what, and the delivery of messages. A message is written
 * straight into the output of each listener, and leaves with that connection's next flush.
 */
public final class Channels {
    private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SHARD_MESSAGE = "smessage".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PATTERN_MESSAGE = "pmessage".getBytes(StandardCharsets.US_ASCII);

    /** Subscriptions of all clients: each takes some 150 bytes of the heap, which is small. */
    private static final int MOST_SUBSCRIPTIONS = 200_000;

    private final Topics[] topics = new Topics[TopicKind.values().length];

    private final Glob glob = new Glob();
    private int subscriptions;

    public Channels(Engine engine) {
        for (TopicKind kind : TopicKind.values()) {
            topics[kind.ordinal()] = new Topics(engine.heap(), engine.random());
        }
    }

    private Topics topics(TopicKind kind) {
        return topics[kind.ordinal()];
    }

    /** Whether there may be so many subscriptions more. */
    public boolean hasRoomFor(int more) {
        return more <= MOST_SUBSCRIPTIONS - subscriptions;
    }

    public void subscribe(Subscriber subscriber, TopicKind kind, long name, int length) {
        if (topics(kind).subscribe(subscriber, subscriber.topics(kind), name, length)) {
            subscriptions++;
        }
    }

    public void unsubscribe(Subscriber subscriber, TopicKind kind, long name, int length) {
        unsubscribe(subscriber, kind, topics(kind).find(name, length));
    }

    public void unsubscribe(Subscriber subscriber, TopicKind kind, Topic topic) {
        if (topics(kind).unsubscribe(subscriber.topics(kind), topic)) {
            subscriptions--;
        }
    }

    /** Ends all subscriptions of a client, and tells it nothing. */
    public void forget(Subscriber subscriber) {
        for (TopicKind kind : TopicKind.values()) {
            for (Topic topic = subscriber.any(kind); topic != null; topic = subscriber.any(kind)) {
                unsubscribe(subscriber, kind, topic);
            }
        }
    }

    /** Delivers a message; returns how many times, for a client may listen to the channel and to patterns that match it. */
    public int publish(long channel, int channelLength, long message, int messageLength) {
        int deliveries = deliver(MESSAGE, TopicKind.CHANNEL, channel, channelLength, message, messageLength);
        for (Topic pattern = topics(TopicKind.PATTERN).first(); pattern != null; pattern = pattern.next) {
            if (glob.at(pattern.address(), pattern.length(), false).matches(channel, channelLength)) {
                deliveries += pattern.listeners();
                deliver(pattern, channel, channelLength, message, messageLength);
            }
        }
        return deliveries;
    }

    /** Delivers a message on a channel of a shard; returns how many times. */
    public int publishToShard(long channel, int channelLength, long message, int messageLength) {
        return deliver(SHARD_MESSAGE, TopicKind.SHARD_CHANNEL, channel, channelLength, message, messageLength);
    }

    private int deliver(byte[] word, TopicKind kind, long channel, int channelLength, long message, int messageLength) {
        Topic topic = topics(kind).find(channel, channelLength);
        if (topic == null) {
            return 0;
        }
        for (Subscription each = topic.first; each != null; each = each.next) {
            ReplyWriter out = each.subscriber.outlet().push();
            out.push(3);
            out.bulk(word);
            out.bulk(channel, channelLength);
            out.bulk(message, messageLength);
            each.subscriber.outlet().pushed();
        }
        return topic.listeners();
    }

    private static void deliver(Topic pattern, long channel, int channelLength, long message, int messageLength) {
        for (Subscription each = pattern.first; each != null; each = each.next) {
            ReplyWriter out = each.subscriber.outlet().push();
            out.push(4);
            out.bulk(PATTERN_MESSAGE);
            out.bulk(pattern.address(), pattern.length());
            out.bulk(channel, channelLength);
            out.bulk(message, messageLength);
            each.subscriber.outlet().pushed();
        }
    }

    /** How many clients listen to a channel itself. */
    public int listeners(TopicKind kind, long channel, int length) {
        Topic topic = topics(kind).find(channel, length);
        return topic == null ? 0 : topic.listeners();
    }

    /** How many topics of a kind somebody listens to. */
    public int count(TopicKind kind) {
        return topics(kind).size();
    }

    /** Writes the names that somebody listens to, as an array. */
    public void list(TopicKind kind, ReplyWriter out) {
        out.array(count(kind));
        for (Topic topic = topics(kind).first(); topic != null; topic = topic.next) {
            out.bulk(topic.address(), topic.length());
        }
    }

    /** Writes those of them that match the pattern. */
    public void list(TopicKind kind, long pattern, int length, ReplyWriter out) {
        glob.at(pattern, length, false);
        long mark = out.mark();
        int count = 0;
        for (Topic topic = topics(kind).first(); topic != null; topic = topic.next) {
            if (glob.matches(topic.address(), topic.length())) {
                out.bulk(topic.address(), topic.length());
                count++;
            }
        }
        out.arrayAt(mark, count);
    }
}
