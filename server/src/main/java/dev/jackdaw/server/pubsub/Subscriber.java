package dev.jackdaw.server.pubsub;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiPredicate;

/** Owned by the event loop: a client as one who may listen: what it listens to, and where its messages go. */
public final class Subscriber {
    private final Outlet outlet;
    private final Map<Topic, Subscription> channels = new LinkedHashMap<>();
    private final Map<Topic, Subscription> patterns = new LinkedHashMap<>();
    private final Map<Topic, Subscription> shardChannels = new LinkedHashMap<>();

    public Subscriber(Outlet outlet) {
        this.outlet = outlet;
    }

    public Outlet outlet() {
        return outlet;
    }

    Map<Topic, Subscription> topics(TopicKind kind) {
        return switch (kind) {
            case CHANNEL -> channels;
            case PATTERN -> patterns;
            case SHARD_CHANNEL -> shardChannels;
        };
    }

    /** How many topics of a kind it listens to. */
    public int count(TopicKind kind) {
        return topics(kind).size();
    }

    /** Whether it listens to anything. */
    public boolean listens() {
        return channels.size() + patterns.size() + shardChannels.size() > 0;
    }

    /** Whether the test holds for everything that it listens to. */
    public boolean listensOnlyTo(BiPredicate<TopicKind, Topic> test) {
        return Arrays.stream(TopicKind.values())
                .allMatch(kind -> topics(kind).keySet().stream().allMatch(topic -> test.test(kind, topic)));
    }

    /** What a confirmation counts: channels and patterns together, or channels of shards. */
    public int confirmedCount(TopicKind kind) {
        return kind == TopicKind.SHARD_CHANNEL ? shardChannels.size() : channels.size() + patterns.size();
    }

    /** Some topic of a kind that it listens to, or null. */
    public Topic any(TopicKind kind) {
        Map<Topic, Subscription> mine = topics(kind);
        return mine.isEmpty() ? null : mine.keySet().iterator().next();
    }
}
