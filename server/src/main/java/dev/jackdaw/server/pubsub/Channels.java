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
    private static final byte[] PATTERN_MESSAGE = "pmessage".getBytes(StandardCharsets.US_ASCII);

    private final Topics channels;
    private final Topics patterns;

    public Channels(Engine engine) {
        channels = new Topics(engine.heap(), engine.random());
        patterns = new Topics(engine.heap(), engine.random());
    }

    /** False if the subscriber listened to the channel already. */
    public boolean subscribe(Subscriber subscriber, long channel, int length) {
        return channels.subscribe(subscriber, subscriber.channels, channel, length);
    }

    /** False if the subscriber did not listen to the channel. */
    public boolean unsubscribe(Subscriber subscriber, long channel, int length) {
        return unsubscribe(subscriber, channels.find(channel, length));
    }

    public boolean unsubscribe(Subscriber subscriber, Topic channel) {
        return channels.unsubscribe(subscriber.channels, channel);
    }

    /** False if the subscriber listened to the pattern already. */
    public boolean subscribePattern(Subscriber subscriber, long pattern, int length) {
        return patterns.subscribe(subscriber, subscriber.patterns, pattern, length);
    }

    /** False if the subscriber did not listen to the pattern. */
    public boolean unsubscribePattern(Subscriber subscriber, long pattern, int length) {
        return unsubscribePattern(subscriber, patterns.find(pattern, length));
    }

    public boolean unsubscribePattern(Subscriber subscriber, Topic pattern) {
        return patterns.unsubscribe(subscriber.patterns, pattern);
    }

    /** Ends all subscriptions of a client, and tells it nothing. */
    public void forget(Subscriber subscriber) {
        for (Topic topic = subscriber.anyChannel(); topic != null; topic = subscriber.anyChannel()) {
            unsubscribe(subscriber, topic);
        }
        for (Topic topic = subscriber.anyPattern(); topic != null; topic = subscriber.anyPattern()) {
            unsubscribePattern(subscriber, topic);
        }
    }

    /** Delivers a message; returns how many times, for a client may listen to the channel and to patterns that match it. */
    public int publish(long channel, int channelLength, long message, int messageLength) {
        int deliveries = 0;
        Topic topic = channels.find(channel, channelLength);
        if (topic != null) {
            deliveries = topic.listeners();
            for (Subscription each = topic.first; each != null; each = each.next) {
                ReplyWriter out = each.subscriber.outlet().push();
                out.push(3);
                out.bulk(MESSAGE);
                out.bulk(channel, channelLength);
                out.bulk(message, messageLength);
                each.subscriber.outlet().pushed();
            }
        }
        for (Topic pattern = patterns.first(); pattern != null; pattern = pattern.next) {
            if (Glob.matches(pattern.address(), pattern.length(), channel, channelLength, false)) {
                deliveries += pattern.listeners();
                deliver(pattern, channel, channelLength, message, messageLength);
            }
        }
        return deliveries;
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

    /** How many clients listen to the channel itself. */
    public int listeners(long channel, int length) {
        Topic topic = channels.find(channel, length);
        return topic == null ? 0 : topic.listeners();
    }

    /** How many channels somebody listens to. */
    public int channels() {
        return channels.size();
    }

    /** How many patterns somebody listens to. */
    public int patterns() {
        return patterns.size();
    }

    /** Writes the channels that somebody listens to, as an array. */
    public void list(ReplyWriter out) {
        out.array(channels.size());
        for (Topic topic = channels.first(); topic != null; topic = topic.next) {
            out.bulk(topic.address(), topic.length());
        }
    }

    /** Writes those of them that match the pattern. */
    public void list(long pattern, int length, ReplyWriter out) {
        long mark = out.mark();
        int count = 0;
        for (Topic topic = channels.first(); topic != null; topic = topic.next) {
            if (Glob.matches(pattern, length, topic.address(), topic.length(), false)) {
                out.bulk(topic.address(), topic.length());
                count++;
            }
        }
        out.arrayAt(mark, count);
    }
}
