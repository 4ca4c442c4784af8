package dev.jackdaw.protocol.command;

import static dev.jackdaw.protocol.command.CommandSpec.container;
import static dev.jackdaw.protocol.command.CommandSpec.row;
import static dev.jackdaw.protocol.command.CommandSpec.sub;
import static dev.jackdaw.protocol.command.Flag.FAST;
import static dev.jackdaw.protocol.command.Flag.LOADING;
import static dev.jackdaw.protocol.command.Flag.MAY_REPLICATE;
import static dev.jackdaw.protocol.command.Flag.NOSCRIPT;
import static dev.jackdaw.protocol.command.Flag.STALE;
import static dev.jackdaw.protocol.command.KeyFlag.NOT_KEY;
import static dev.jackdaw.protocol.command.KeySpec.all;
import static dev.jackdaw.protocol.command.KeySpec.first;
import static dev.jackdaw.protocol.route.Merge.CONCAT;
import static dev.jackdaw.protocol.route.Merge.SUM;
import static dev.jackdaw.protocol.route.Route.ANY_NODE;
import static dev.jackdaw.protocol.route.Route.BY_KEY;
import static dev.jackdaw.protocol.route.Route.PINNED;
import static dev.jackdaw.protocol.route.Route.everyNode;

/** Immutable: the commands of publish and subscribe. */
public enum PubSubCommand implements Command {
    // spotless:off
    SUBSCRIBE(row("channel [channel ...]").flags(Flag.PUBSUB, NOSCRIPT, LOADING, STALE)
            .since("2.0.0").summary("Listens to channels.").complexity("O(N) for N channels")),
    UNSUBSCRIBE(row("[channel [channel ...]]").flags(Flag.PUBSUB, NOSCRIPT, LOADING, STALE)
            .since("2.0.0").summary("Stops listening to channels, or to all of them.").complexity("O(N) for N channels")),
    PSUBSCRIBE(row("(pattern) [(pattern) ...]").flags(Flag.PUBSUB, NOSCRIPT, LOADING, STALE)
            .since("2.0.0").summary("Listens to all channels that match patterns.").complexity("O(N) for N patterns")),
    PUNSUBSCRIBE(row("[pattern [pattern ...]]").flags(Flag.PUBSUB, NOSCRIPT, LOADING, STALE)
            .since("2.0.0").summary("Stops listening to patterns, or to all of them.").complexity("O(N) for N patterns")),
    PUBLISH(row("channel message").flags(Flag.PUBSUB, LOADING, STALE, FAST, MAY_REPLICATE).route(ANY_NODE)
            .since("2.0.0").summary("Sends a message to a channel.").complexity("O(N+M) for N listeners, M patterns")),
    SSUBSCRIBE(row("shardchannel [shardchannel ...]").keys(all(NOT_KEY)).flags(Flag.PUBSUB, NOSCRIPT, LOADING, STALE).route(PINNED)
            .since("7.0.0").summary("Listens to channels of a shard.").complexity("O(N) for N channels")),
    SUNSUBSCRIBE(row("[shardchannel [shardchannel ...]]").keys(all(NOT_KEY)).flags(Flag.PUBSUB, NOSCRIPT, LOADING, STALE).route(PINNED)
            .since("7.0.0").summary("Stops listening to channels of a shard, or to all of them.").complexity("O(N) for N channels")),
    SPUBLISH(row("shardchannel message").keys(first(NOT_KEY)).flags(Flag.PUBSUB, LOADING, STALE, FAST, MAY_REPLICATE).route(BY_KEY)
            .since("7.0.0").summary("Sends a message to a channel of a shard.").complexity("O(N) for N listeners")),
    PUBSUB(container().since("2.8.0").summary("Tells who listens to what.")),
    PUBSUB_CHANNELS(sub("[pattern]").flags(Flag.PUBSUB, LOADING, STALE).route(everyNode(CONCAT))
            .since("2.8.0").summary("Lists the channels that somebody listens to.").complexity("O(N) for N channels")),
    PUBSUB_NUMSUB(sub("[channel [channel ...]]").flags(Flag.PUBSUB, LOADING, STALE).route(everyNode(SUM))
            .since("2.8.0").summary("Counts the listeners of channels.").complexity("O(N) for N channels")),
    PUBSUB_NUMPAT(sub("").flags(Flag.PUBSUB, LOADING, STALE).route(everyNode(SUM))
            .since("2.8.0").summary("Counts the patterns that somebody listens to.")),
    PUBSUB_SHARDCHANNELS(sub("[pattern]").flags(Flag.PUBSUB, LOADING, STALE).route(PINNED)
            .since("7.0.0").summary("Lists the channels of shards that somebody listens to.").complexity("O(N) for N channels")),
    PUBSUB_SHARDNUMSUB(sub("[shardchannel [shardchannel ...]]").flags(Flag.PUBSUB, LOADING, STALE).route(PINNED)
            .since("7.0.0").summary("Counts the listeners of channels of shards.").complexity("O(N) for N channels")),
    PUBSUB_HELP(sub("").flags(LOADING, STALE).since("6.2.0").summary("Prints this help."));
    // spotless:on

    private final CommandSpec spec;

    PubSubCommand(CommandSpec.Builder row) {
        this.spec = row.build(name(), Family.PUBSUB);
    }

    @Override
    public Family family() {
        return Family.PUBSUB;
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }
}
