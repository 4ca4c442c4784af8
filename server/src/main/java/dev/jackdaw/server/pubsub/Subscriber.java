package dev.jackdaw.server.pubsub;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** Owned by the event loop: a client as one who may listen: what it listens to, and where its messages go. */
public final class Subscriber {
    private final Outlet outlet;
    final Map<Topic, Subscription> channels = new LinkedHashMap<>();
    final Map<Topic, Subscription> patterns = new LinkedHashMap<>();

    public Subscriber(Outlet outlet) {
        this.outlet = outlet;
    }

    public Outlet outlet() {
        return outlet;
    }

    public int channels() {
        return channels.size();
    }

    public int patterns() {
        return patterns.size();
    }

    /** Channels and patterns. */
    public int subscriptions() {
        return channels.size() + patterns.size();
    }

    /** Whether the tests hold for all channels and all patterns that it listens to. */
    public boolean listensOnlyTo(Predicate<Topic> channelTest, Predicate<Topic> patternTest) {
        return channels.keySet().stream().allMatch(channelTest)
                && patterns.keySet().stream().allMatch(patternTest);
    }

    /** Some channel that it listens to, or null. */
    public Topic anyChannel() {
        return channels.isEmpty() ? null : channels.keySet().iterator().next();
    }

    /** Some pattern that it listens to, or null. */
    public Topic anyPattern() {
        return patterns.isEmpty() ? null : patterns.keySet().iterator().next();
    }
}
