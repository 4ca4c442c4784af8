package dev.jackdaw.server.pubsub;

/** Immutable: what a client may listen to; the three have names and listeners of their own. */
public enum TopicKind {
    CHANNEL("subscribe", "unsubscribe"),
    /** All channels, but those of shards, whose names match. */
    PATTERN("psubscribe", "punsubscribe"),
    /** A channel that belongs to the shard of its hash slot. */
    SHARD_CHANNEL("ssubscribe", "sunsubscribe");

    private final String subscribed;
    private final String unsubscribed;

    TopicKind(String subscribed, String unsubscribed) {
        this.subscribed = subscribed;
        this.unsubscribed = unsubscribed;
    }

    /** What a subscription is confirmed with. */
    public String subscribed() {
        return subscribed;
    }

    /** What the end of a subscription is confirmed with. */
    public String unsubscribed() {
        return unsubscribed;
    }
}
